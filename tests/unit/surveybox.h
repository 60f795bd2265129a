/* SPDX-License-Identifier: ISC */
/*
 * surveybox — a survey over the shipped rules, told lines of 2026-11-20.
 */
#ifndef TESTS_UNIT_SURVEYBOX_H
#define TESTS_UNIT_SURVEYBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/survey.h"
#include "lib/buf.h"

enum { SURVEYBOX_NOW = 1795132800 }; /* 2026-11-20 00:00:00 UTC */

struct surveybox {
	struct config *config;
	struct tally *tally;
	struct survey *survey;
	struct stamp stamp;
	struct buf text;
	unsigned long lines;
};

static inline int
surveybox_setup(void **state)
{
	struct surveybox *box = calloc(1, sizeof(*box));
	struct err err = {""};
	setenv("TZ", "UTC", 1);
	tzset();
	box->config = config_default();
	box->tally = tally_new(box->config, NULL, &err);
	if (box->tally == NULL)
		fail_msg("%s", err.text);
	box->survey = survey_new(box->tally, SURVEYBOX_NOW);
	stamp_init(&box->stamp, SURVEYBOX_NOW, 0);
	*state = box;
	return 0;
}

static inline int
surveybox_teardown(void **state)
{
	struct surveybox *box = *state;
	survey_free(box->survey);
	tally_free(box->tally);
	config_free(box->config);
	buf_free(&box->text);
	free(box);
	return 0;
}

/* A line as it stands in the log; len may hold a NUL byte. */
static inline void
surveybox_raw(struct surveybox *box, const char *text, size_t len)
{
	struct merge_line at = {.file = "log", .number = ++box->lines};
	struct slice raw = {text, len};
	at.is_log = line_parse(&box->stamp, raw, &at.line);
	survey_line(box->survey, &at);
}

/* "HOST PROGRAM: MESSAGE", so many times. */
static inline void
surveybox_tell(struct surveybox *box, size_t times, const char *text)
{
	buf_clear(&box->text);
	buf_printf(&box->text, "2026-11-19T10:00:00+00:00 %s", text);
	while (times-- > 0)
		surveybox_raw(box, box->text.data, box->text.len);
}

#define SURVEYBOX_TEST(name)             \
	cmocka_unit_test_setup_teardown( \
		name, surveybox_setup, surveybox_teardown)

#endif
