/* SPDX-License-Identifier: ISC */
/*
 * tallybox — a tally over rules of its own, which five sources share, and a
 * step in which everything counts.  The lines tell no queue id: each stands for
 * itself.
 *
 *   SOURCE: ID signer=D from=D mailfrom=A rcpt=A COUNTER
 */
#ifndef TESTS_UNIT_TALLYBOX_H
#define TESTS_UNIT_TALLYBOX_H

#include "tests/unit/folder.h"

#include "collector/steps.h"
#include "collector/tally.h"
#include "lib/buf.h"

static const char *const tallybox_sources[] = {
	"opendkim", "amavis", "spamd", "mine", "yours"};
static const char *const tallybox_counters[] = {"dkim.pass", "dkim.fail",
	"dkim.signatures", "spf.pass", "spf.softfail", "dmarc.fail",
	"smtp.sent", "smtpd.sessions"};
enum { TALLYBOX_SOURCES = 5, TALLYBOX_COUNTERS = 8 };

struct tallybox {
	struct config *config;
	struct tally *tally;
	struct steps steps;
	struct stamp stamp;
	char *folder;
};

static inline void
tallybox_put_rules(void)
{
	struct buf text = {0};
	for (int s = 0; s < TALLYBOX_SOURCES; s++) {
		buf_printf(&text,
			"source %s\nprogram /^t-%s$/\n"
			"within /\\w+ signer=(?<signer>\\S*) "
			"from=(?<from>\\S*) mailfrom=(?<mailfrom>\\S*) "
			"rcpt=(?<rcpt>\\S*) /\n",
			tallybox_sources[s], tallybox_sources[s]);
		for (int c = 0; c < TALLYBOX_COUNTERS; c++)
			buf_printf(&text, "/%s$/ %s\n", tallybox_counters[c],
				tallybox_counters[c]);
		buf_adds(&text, "/none$/ ignore\n"
				"/bytes=(?<n>\\d+)/ own.bytes+=n\nend\n");
	}
	mkdir("own", 0755);
	folder_put("own/catalogue", "100000 own.bytes byte none m\n");
	folder_put("own/test.rules", text.data);
	buf_free(&text);
}

/* Rooms for this many hosts and domains; 0: as configured by default. */
static inline struct tallybox *
tallybox_new(long hosts_max, long domains_max)
{
	struct tallybox *box = calloc(1, sizeof(*box));
	struct err err = {""};
	setenv("TZ", "UTC", 1);
	tzset();
	box->config = config_default();
	if (hosts_max > 0)
		box->config->hosts_max = hosts_max;
	if (domains_max > 0)
		box->config->domains_max = domains_max;
	tallybox_put_rules();
	box->tally = tally_new(box->config, "own", &err);
	if (box->tally == NULL)
		fail_msg("%s", err.text);
	stamp_init(&box->stamp, 1798761599, 0); /* 2026-12-31 23:59:59 */
	return box;
}

static inline void
tallybox_free(struct tallybox *box)
{
	steps_free(&box->steps);
	tally_free(box->tally);
	config_free(box->config);
	free(box);
}

/* Counts one line of a log in the step of its time. */
static inline const struct rules_outcome *
tallybox_count(struct tallybox *box, const char *text)
{
	struct line line;
	bool is_late;
	bool is_log = line_parse(&box->stamp, slice_of(text), &line);
	struct step *step = steps_for(&box->steps, line.time, &is_late);
	return count_line(box->tally->count, &line, is_log, step);
}

/* The value now: base and all steps. */
static inline uint64_t
tallybox_value(
	const struct tallybox *box, const struct row *row, const char *name)
{
	int c = catalogue_find(&box->tally->catalogue, slice_of(name));
	assert_true(c >= 0);
	if (row == NULL)
		return 0;
	uint64_t value = row->base[c];
	for (size_t i = 0; i < box->steps.count; i++) {
		const struct step *step = box->steps.items[i];
		if (row->number < step->size &&
			step->added[row->number] != NULL)
			value += step->added[row->number][c];
	}
	return value;
}

static inline struct row *
tallybox_row(const struct tallybox *box, enum rows_kind kind, const char *key)
{
	return rows_find(box->tally->rows, kind, slice_of(key));
}

#endif
