/* SPDX-License-Identifier: ISC */
/* test_survey — what is noted of a log's lines. */
#include "cli/survey.c"

#include "tests/unit/surveybox.h"

#define PASS "mx1 opendkim[7]: 4XyZ12345: DKIM verification successful"
#define SIGNED "mx1 opendkim[7]: 4XyZ12345: DKIM-Signature field added"
#define NEW "mx1 postfix/smtpd[7]: words of a later version"

static const struct survey_program *
program(const struct surveybox *box, const char *name)
{
	for (size_t i = 0; i < box->survey->program_count; i++)
		if (strcmp(box->survey->programs[i].name, name) == 0)
			return &box->survey->programs[i];
	return NULL;
}

static void
sources_have_their_lines_and_counters(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 3, PASS);
	surveybox_tell(box, 2, SIGNED);
	surveybox_tell(box, 1, "mx1 opendkim[7]: OpenDKIM Filter v2.11.0");
	surveybox_tell(box, 1, NEW);
	const struct survey_source *dkim =
		survey_source(box->survey, "opendkim");
	assert_int_equal(dkim->lines, 6);
	assert_int_equal(dkim->matched, 5);
	assert_int_equal(dkim->ignored, 1);
	assert_int_equal(dkim->unmatched, 0);
	assert_int_equal(survey_value(box->survey, dkim, "dkim.pass"), 3);
	assert_int_equal(survey_value(box->survey, dkim, "dkim.signatures"), 2);
	assert_int_equal(survey_value(box->survey, dkim, "no.such"), 0);
	assert_int_equal(survey_value(box->survey, NULL, "dkim.pass"), 0);
	assert_int_equal(survey_source(box->survey, "postfix")->unmatched, 1);
	assert_null(survey_source(box->survey, "opendmarc"));
	assert_null(survey_source(box->survey, "nobody"));
}

static void
the_first_line_that_is_not_known_is_kept_with_its_place(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, PASS);
	surveybox_tell(box, 1, NEW);
	surveybox_tell(box, 1, "mx1 postfix/smtpd[7]: other words");
	surveybox_tell(box, 2, "mx1 dovecot[7]: hello");
	surveybox_raw(box, "no line", 7);
	const struct survey_program *known = program(box, "postfix/smtpd");
	assert_int_equal(known->lines, 2);
	assert_string_equal(
		box->survey->sources[known->source].name, "postfix");
	assert_string_equal(known->example, "2026-11-19T10:00:00+00:00 " NEW);
	assert_string_equal(known->file, "log");
	assert_int_equal(known->number, 2);
	const struct survey_program *foreign = program(box, "dovecot");
	assert_int_equal(foreign->lines, 2);
	assert_int_equal(foreign->source, -1);
	assert_int_equal(box->survey->malformed.lines, 1);
	assert_string_equal(box->survey->malformed.example, "no line");
	assert_int_equal(box->survey->malformed.number, 6);
	assert_int_equal(box->survey->lines, 6);
	assert_int_equal(box->survey->program_count, 2);
}

static void
an_example_is_cut(void **state)
{
	struct surveybox *box = *state;
	char line[1000];
	memset(line, 'x', sizeof(line));
	surveybox_raw(box, line, sizeof(line));
	assert_int_equal(
		strlen(box->survey->malformed.example), SURVEY_EXAMPLE_MAX);
}

static void
hosts_are_told_apart_whatever_their_case(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, "mx1 cron[7]: x");
	surveybox_tell(box, 2, "MX1 cron[7]: x");
	surveybox_tell(box, 1, "mx cron[7]: x");
	surveybox_tell(box, 1, "mx12 cron[7]: x");
	assert_int_equal(box->survey->host_count, 3);
	assert_int_equal(box->survey->hosts[0].lines, 3);
	static const char nul[] =
		"2026-11-19T10:00:00+00:00 mx1\0abcdefghijklmnop cron: x";
	surveybox_raw(box, nul, sizeof(nul) - 1);
	assert_int_equal(box->survey->hosts[0].lines, 3);
}

static void
hosts_and_programs_are_bounded(void **state)
{
	struct surveybox *box = *state;
	struct buf line = {0};
	for (int i = 0; i < 400; i++) {
		buf_clear(&line);
		buf_printf(&line, "h%d p%d[1]: x", i, i);
		surveybox_tell(box, 1, line.data);
	}
	const struct survey *s = box->survey;
	assert_int_equal(s->host_count, SURVEY_HOSTS_MAX + 1);
	assert_string_equal(s->hosts[SURVEY_HOSTS_MAX].name, "(other)");
	assert_int_equal(
		s->hosts[SURVEY_HOSTS_MAX].lines, 400 - SURVEY_HOSTS_MAX);
	assert_int_equal(s->program_count, SURVEY_PROGRAMS_MAX + 1);
	assert_int_equal(s->programs[SURVEY_PROGRAMS_MAX].lines,
		400 - SURVEY_PROGRAMS_MAX);
	assert_int_equal(s->programs[SURVEY_PROGRAMS_MAX].source, -1);
	buf_free(&line);
}

static void
the_span_and_what_is_still_to_come_are_noted(void **state)
{
	struct surveybox *box = *state;
	static const char *const lines[] = {
		"2026-11-18T10:00:00+00:00 mx1 cron[7]: x",
		"2026-11-17T10:00:00+00:00 mx1 cron[7]: x",
		"2026-11-20T00:59:00+00:00 mx1 cron[7]: x",
		"2026-11-20T01:00:01+00:00 mx1 cron[7]: x"};
	for (size_t i = 0; i < 4; i++)
		surveybox_raw(box, lines[i], strlen(lines[i]));
	assert_int_equal(box->survey->first, SURVEYBOX_NOW - 62 * 3600);
	assert_int_equal(box->survey->last, SURVEYBOX_NOW + 3601);
	assert_int_equal(box->survey->future, 1);
}

static void
loggers_that_drop_lines_are_heard(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1,
		"mx1 systemd-journald[7]: Suppressed 12 messages from x");
	surveybox_tell(box, 1,
		"mx1 rsyslogd[7]: imuxsock[pid: 9]: 45 messages "
		"lost due to rate-limiting (200 allowed)");
	surveybox_tell(box, 1, "mx1 cron[7]: lost due to rate-limiting");
	surveybox_tell(box, 1, "mx1 systemd-journald[7]: Journal started");
	assert_int_equal(box->survey->dropped, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SURVEYBOX_TEST(sources_have_their_lines_and_counters),
		SURVEYBOX_TEST(
			the_first_line_that_is_not_known_is_kept_with_its_place),
		SURVEYBOX_TEST(an_example_is_cut),
		SURVEYBOX_TEST(hosts_are_told_apart_whatever_their_case),
		SURVEYBOX_TEST(hosts_and_programs_are_bounded),
		SURVEYBOX_TEST(the_span_and_what_is_still_to_come_are_noted),
		SURVEYBOX_TEST(loggers_that_drop_lines_are_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
