/* SPDX-License-Identifier: ISC */
/*
 * ledgerlog — lines of mail programs, with the shipped rules, for tests of what
 * they amount to.
 */
#ifndef TESTS_UNIT_LEDGERLOG_H
#define TESTS_UNIT_LEDGERLOG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "collector/steps.h"
#include "collector/tally.h"

enum { LEDGERLOG_NOON = 1795348800 }; /* 2026-11-22 12:00:00 UTC */

struct ledgerlog {
	struct config *config;
	struct tally *tally;
	struct step *step;
	struct stamp stamp;
};

/* Strings that the configuration takes over; ends with NULL. */
static inline void
ledgerlog_set(struct config_strings *strings, const char *first, ...)
{
	va_list list;
	for (size_t i = 0; i < strings->count; i++)
		free(strings->items[i]);
	strings->count = 0;
	free(strings->items);
	strings->items = calloc(8, sizeof(*strings->items));
	va_start(list, first);
	for (const char *item = first; item != NULL;
		item = va_arg(list, const char *))
		strings->items[strings->count++] = strdup(item);
	va_end(list);
}

/* Takes the configuration. */
static inline void
ledgerlog_open(struct ledgerlog *log, struct config *config)
{
	struct err err = {""};
	setenv("TZ", "UTC", 1);
	tzset();
	log->config = config;
	log->tally = tally_new(config, NULL, &err);
	if (log->tally == NULL)
		fail_msg("%s", err.text);
	log->step = step_new(0);
	stamp_init(&log->stamp, LEDGERLOG_NOON + 86400, 0);
}

static inline void
ledgerlog_close(struct ledgerlog *log)
{
	step_free(log->step);
	tally_free(log->tally);
	config_free(log->config);
}

/* A whole line of a log. */
static inline void
ledgerlog_count(struct ledgerlog *log, const char *text)
{
	struct line line;
	bool is_log = line_parse(&log->stamp, slice_of(text), &line);
	if (!is_log)
		fail_msg("no log line: %s", text);
	count_advance(log->tally->count, line.time, log->step);
	if (count_line(log->tally->count, &line, is_log, log->step)->status >
		RULES_IGNORED)
		fail_msg("not understood: %s", text);
}

/* "HH:MM:SS HOST PROGRAM: …" of the one day. */
static inline void
ledgerlog_say(struct ledgerlog *log, const char *text)
{
	char line[1024];
	snprintf(line, sizeof(line), "Nov 22 %s", text);
	ledgerlog_count(log, line);
}

static inline void
ledgerlog_end(struct ledgerlog *log)
{
	count_advance(log->tally->count, INT64_MAX, log->step);
}

static inline uint64_t
ledgerlog_value(const struct ledgerlog *log, const struct row *row, int counter)
{
	uint64_t *vector = row != NULL && row->number < log->step->size
				   ? log->step->added[row->number]
				   : NULL;
	return vector != NULL ? vector[counter] : 0;
}

static inline uint64_t
ledgerlog_of(const struct ledgerlog *log, enum rows_kind kind, const char *key,
	const char *name)
{
	int c = catalogue_find(&log->tally->catalogue, slice_of(name));
	assert_true(c >= 0);
	return ledgerlog_value(
		log, rows_find(log->tally->rows, kind, slice_of(key)), c);
}

static inline uint64_t
ledgerlog_total(const struct ledgerlog *log, const char *name)
{
	return ledgerlog_of(log, ROWS_TOTAL, ROWS_TOTAL_KEY, name);
}

#endif
