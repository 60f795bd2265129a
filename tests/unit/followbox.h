/* SPDX-License-Identifier: ISC */
/*
 * followbox — logs in a folder, and a tally that follows them.
 */
#ifndef TESTS_UNIT_FOLLOWBOX_H
#define TESTS_UNIT_FOLLOWBOX_H

#include "collector/follow.h"
#include "lib/mem.h"
#include "tests/unit/tallybox.h"

enum { MINUTE = ROWS_STEP_S, LONG_LINE = 50000 };
static const int64_t NOON = INT64_C(1795262400); /* 2026-11-21 12:00 UTC */

struct followbox {
	void *folder;
	struct tallybox *tally;
	struct unmatched *unmatched;
	struct follow *follow;
	struct snapshot *snapshot; /* where it goes on from; NULL: nowhere */
};

static inline int
setup(void **state)
{
	struct followbox *box = mem_zalloc(1, sizeof(*box));
	*state = box;
	if (folder_enter(&box->folder) != 0)
		return -1;
	box->tally = tallybox_new(0, 0);
	box->unmatched = unmatched_new();
	return 0;
}

static inline int
teardown(void **state)
{
	struct followbox *box = *state;
	follow_free(box->follow);
	snapshot_free(box->snapshot);
	unmatched_free(box->unmatched);
	tallybox_free(box->tally);
	int result = folder_leave(&box->folder);
	free(box);
	return result;
}

static inline void
add_input(struct followbox *box, const char *name, bool at_end)
{
	struct config *config = box->tally->config;
	struct buf path = {0};
	buf_printf(&path, "%s/%s", (char *)box->folder, name);
	config->inputs = mem_realloc(config->inputs, config->input_count + 1,
		sizeof(*config->inputs));
	config->inputs[config->input_count++] =
		(struct config_input){.path = path.data, .at_end = at_end};
}

static inline void
start(struct followbox *box)
{
	follow_free(box->follow);
	box->follow = follow_new(
		&(struct follow_parts){box->tally->config, box->tally->tally,
			&box->tally->steps, box->unmatched},
		box->snapshot);
}

static inline void
append(const char *path, const char *text)
{
	FILE *file = fopen(path, "a");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Appends a line of this time, padded to at least `len` bytes, that counts
 * `what`. */
static inline void
put_padded(const char *path, int64_t time, const char *what, int len)
{
	struct buf line = {0};
	char stamp[32];
	time_t t = (time_t)time;
	struct tm tm;
	strftime(stamp, sizeof(stamp), "%FT%TZ", gmtime_r(&t, &tm));
	buf_printf(&line,
		"%s mx t-mine[1]: 4F1A signer= from=%0*d mailfrom= rcpt= %s\n",
		stamp, len, 0, what);
	append(path, line.data);
	buf_free(&line);
}

static inline void
put(const char *path, int64_t time, const char *what)
{
	put_padded(path, time, what, 1);
}

static inline void
read_all(struct followbox *box, int64_t now)
{
	while (follow_read(box->follow, now))
		;
}

static inline void
poll_all(struct followbox *box, int64_t now)
{
	follow_drain(box->follow);
	follow_check(box->follow, now);
	read_all(box, now);
}

static inline uint64_t
total(const struct followbox *box, const char *name)
{
	return tallybox_value(box->tally, box->tally->tally->rows->total, name);
}

/* What the minute that begins at this time has. */
static inline uint64_t
in_minute(const struct followbox *box, int64_t begin, const char *name)
{
	const struct rows *rows = box->tally->tally->rows;
	int c = catalogue_find(rows->catalogue, slice_of(name));
	assert_true(c >= 0);
	for (size_t i = 0; i < box->tally->steps.count; i++) {
		struct step *step = box->tally->steps.items[i];
		if (step->end == begin + MINUTE)
			return step_vector(step, rows, rows->total)[c];
	}
	return 0;
}

/* Stops behind a snapshot, and takes it up again. */
static inline void
restart(struct followbox *box, int64_t now)
{
	struct publish_input inputs[TAIL_FILES_MAX];
	struct buf text = {0};
	struct err err = {""};
	follow_positions(box->follow, inputs);
	publish_format(
		&(struct publish_state){
			.written_us = now * 1000000,
			.boot = "b",
			.rows = box->tally->tally->rows,
			.authority = box->tally->tally->authority,
			.signs = box->tally->tally->signs,
			.shares = box->tally->tally->shares,
			.ledger = follow_ledger(box->follow),
			.inputs = inputs,
			.input_count = follow_input_count(box->follow),
		},
		&text);
	snapshot_free(box->snapshot);
	box->snapshot = snapshot_parse(text.data, text.len, "own", &err);
	if (box->snapshot == NULL)
		fail_msg("%s", err.text);
	buf_free(&text);
	follow_free(box->follow);
	box->follow = NULL;
}

#endif
