/* SPDX-License-Identifier: ISC */
/* test_line — every form of a log line, and what only looks like one. */
#include "collector/line.c"

#include "tests/unit/linebox.h"

static void
line_knows_every_framing(void **state)
{
	(void)state;
	static const struct form forms[] = {
		/* RFC 3164, journalctl short, maillog_file */
		{"Nov  8 10:00:00 mx1 postfix/qmgr[77]: " MSG, "mx1",
			"postfix/qmgr", MSG, 1},
		{"Nov 08 10:00:00 mx1 postfix/qmgr[77]: " MSG, "mx1",
			"postfix/qmgr", MSG, 1},
		{"Nov  8 10:00:00.123456 mx1 postfix/qmgr[77]: " MSG, "mx1",
			"postfix/qmgr", MSG, 1},
		/* RFC 3339 and its relatives */
		{"2026-05-17T14:57:51.742322+02:00 mx1 postfix/qmgr[7]: " MSG,
			"mx1", "postfix/qmgr", MSG, 1},
		{"2026-05-17T12:57:51Z mx1 opendkim[7]: " MSG, "mx1",
			"opendkim", MSG, 1},
		{"2026-05-17T14:57:51+0200 mx1 opendkim[7]: " MSG, "mx1",
			"opendkim", MSG, 1},
		/* with a priority */
		{"<22>Nov  8 10:00:00 mx1 opendkim[7]: " MSG, "mx1", "opendkim",
			MSG, 1},
		{"<191>2026-05-17T12:57:51Z mx1 opendkim: " MSG, "mx1",
			"opendkim", MSG, 1},
		/* without a pid, a host, a blank */
		{"Nov  8 10:00:00 mx1 milter-greylist: " MSG, "mx1",
			"milter-greylist", MSG, 1},
		{"Nov  8 10:00:00 postfix/qmgr[77]: " MSG, NULL, "postfix/qmgr",
			MSG, 1},
		{"Nov  8 10:00:00 milter: " MSG, NULL, "milter", MSG, 1},
		{"Nov  8 10:00:00 mx1 opendkim[7]:" MSG, "mx1", "opendkim", MSG,
			1},
		{"Nov  8 10:00:00 mx1 opendkim[7]:", "mx1", "opendkim", "", 1},
		/* names and hosts of all kinds */
		{"Nov  8 10:00:00 gw/mx1 postfix-out/submission/smtpd[7]: x",
			"gw/mx1", "postfix-out/submission/smtpd", "x", 1},
		{"Nov  8 10:00:00 2001:db8::1 a.b-c_d[7]: x", "2001:db8::1",
			"a.b-c_d", "x", 1},
		/* Solaris, containers, \r\n */
		{"Nov  8 10:00:00 mx1 postfix/qmgr[7]: [ID 197553 mail.info] x",
			"mx1", "postfix/qmgr", "x", 1},
		{"mail_1  | Nov  8 10:00:00 mx1 opendkim[7]: " MSG, "mx1",
			"opendkim", MSG, 1},
		{"mail_1  | 2026-05-17T12:57:51Z mx1 opendkim[7]: " MSG, "mx1",
			"opendkim", MSG, 1},
		{"Nov  8 10:00:00 mx1 opendkim[7]: x\r", "mx1", "opendkim", "x",
			1},
	};
	ASSERT_FORMS(forms);
}

static void
line_reads_rfc_5424(void **state)
{
	(void)state;
	static const struct form forms[] = {
		{"<22>1 2026-05-17T14:57:51.742322+02:00 mx1 postfix 7 - "
		 "- " MSG,
			"mx1", "postfix", MSG, 1},
		{"<22>1 2026-05-17T12:57:51Z mx1 postfix/smtpd 7 - -  " MSG,
			"mx1", "postfix/smtpd", MSG, 1},
		{"<22>1 2026-05-17T12:57:51Z - opendkim - - - " MSG, NULL,
			"opendkim", MSG, 1},
		{"<22>1 2026-05-17T12:57:51Z mx1 a 7 id [x@1 k=\"v\"] " MSG,
			"mx1", "a", MSG, 1},
		{"<22>1 2026-05-17T12:57:51Z mx1 a 7 id "
		 "[x@1 k=\"a] \\\" b\" l=\"\"][y] " MSG,
			"mx1", "a", MSG, 1},
		{"<22>1 2026-05-17T12:57:51Z mx1 a 7 id [x]", "mx1", "a", "",
			1},
		{"<22>1 2026-05-17T12:57:51Z mx1 a 7 id [x k=\"never ended",
			"mx1", "a", "", 1},
		{"<22>1 2026-05-17T12:57:51Z mx1 a 7 - - "
		 "message repeated 3 times: [ x]",
			"mx1", "a", "x", 3},
	};
	ASSERT_FORMS(forms);
}

static void
line_without_a_stamp_needs_a_pid_or_a_slash(void **state)
{
	(void)state;
	static const struct form forms[] = {
		{"postfix/qmgr[77]: " MSG, NULL, "postfix/qmgr", MSG, 1},
		{"postfix/qmgr: " MSG, NULL, "postfix/qmgr", MSG, 1},
		{"opendkim[77]: " MSG, NULL, "opendkim", MSG, 1},
		{"mx1 opendkim[77]: " MSG, "mx1", "opendkim", MSG, 1},
		{"  opendkim[77]: " MSG, NULL, "opendkim", MSG, 1},
	};
	ASSERT_FORMS(forms);
	struct line line;
	assert_false(parse("warning: something", &line));
	assert_false(parse("mx1 opendkim: something", &line));
}

static void
line_without_a_stamp_takes_the_time_of_the_line_before(void **state)
{
	(void)state;
	struct line first, line;
	assert_true(parse("Nov  8 10:00:07 mx1 a[1]: x", &first));
	assert_int_equal(first.time % 60, 7);
	assert_true(parse("a[1]: x", &line));
	assert_int_equal(line.time, first.time);
	assert_false(parse("nothing known", &line));
	assert_int_equal(line.time, first.time);
	assert_true(parse("Nov  8 10:00:09 mx1 a[1]: x", &line));
	assert_int_equal(line.time, first.time + 2);
}

static void
line_that_was_repeated_counts_its_times(void **state)
{
	(void)state;
#define HEAD "Nov  8 10:00:00 mx1 postfix/smtpd[7]: message repeated "
	static const struct form forms[] = {
		{HEAD "2 times: [ warning: x]", "mx1", "postfix/smtpd",
			"warning: x", 2},
		{HEAD "2 times: [warning: x]", "mx1", "postfix/smtpd",
			"warning: x", 2},
		{HEAD "1 times: [ x[1]: y]", "mx1", "postfix/smtpd", "x[1]: y",
			1},
		{HEAD "1000000 times: [ x]", "mx1", "postfix/smtpd", "x",
			LINE_REPEAT_MAX},
		/* cut behind 800 bytes of text: no bracket */
		{HEAD "3 times: [ warning: cut of", "mx1", "postfix/smtpd",
			"warning: cut of", 3},
		{HEAD "3 times: [", "mx1", "postfix/smtpd", "", 3},
		{HEAD "3 times: []", "mx1", "postfix/smtpd", "", 3},
	};
	ASSERT_FORMS(forms);
}

static void
line_does_not_believe_an_absurd_number_of_times(void **state)
{
	(void)state;
#define TEXT "message repeated "
	static const char *const texts[] = {TEXT "0 times: [ x]",
		TEXT "1000001 times: [ x]", TEXT "4294967297 times: [ x]",
		TEXT "99999999999999999999999999 times: [ x]",
		TEXT "-1 times: [ x]", TEXT "times: [ x]", TEXT "2 time: [ x]",
		TEXT "2 times", TEXT};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char text[256];
		struct line line;
		snprintf(text, sizeof(text), "Nov  8 10:00:00 mx1 a[7]: %s",
			texts[i]);
		assert_true(parse(text, &line));
		assert_int_equal(line.repeat, 1);
		assert_slice(text, line.message, texts[i]);
	}
}

static void
line_that_only_says_that_others_were_repeated_is_bare(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"Nov  8 10:00:00 mx1 last message repeated 3 times",
		"Nov  8 10:00:00 last message repeated 3 times",
		"Nov  8 10:00:00 mx1 last message buffered 3 times",
		"Nov  8 10:00:00 mx1 -- MARK --",
		"last message repeated 3 times"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct line line;
		if (!parse(texts[i], &line))
			fail_msg("malformed: %s", texts[i]);
		assert_true(line.is_bare);
		assert_int_equal(line.message.len, 0);
		assert_int_equal(line.repeat, 1);
	}
}

static void
line_with_binary_bytes_is_taken_as_it_is(void **state)
{
	(void)state;
	static const char text[] =
		"Nov  8 10:00:00 mx1 a[7]: x\0\xff\xfe\x01\x80 y";
	struct line line;
	assert_true(parse_bytes(text, sizeof(text) - 1, &line));
	assert_int_equal(line.message.len, 8);
	assert_memory_equal(line.message.data, "x\0\xff\xfe\x01\x80 y", 8);
	char zeros[200] = {0};
	assert_false(parse_bytes(zeros, sizeof(zeros), &line));
}

static void
line_that_is_none_is_malformed_and_has_no_host(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "\r", " ", "<", "<22>", "<22",
		"<22>1 ", "<22>1 2026-05-17T12:57:51Z mx1 a 7", " | ", "a | b",
		"Nov  8 10:00:00", "Nov  8 10:00:00 ", "Nov  8 10:00:00 mx1",
		"Nov  8 10:00:00 mx1 ", "Nov  8 10:00:00 mx1 a",
		"Nov  8 10:00:00 mx1 a[7", "Nov  8 10:00:00 mx1 a[7] x",
		"Nov  8 10:00:00 mx1 no program here",
		"Nov  8 10:00:00mx1 a[7]: x", "Nov 32 10:00:00 mx1 a: x",
		"Nov  8 10:00:00 mx1 [7]: x", "Nov  8 10:00:00 mx1 : x",
		"2026-05-17T12:57:51Zmx1 a: x", "no: program", "mx1 a: no pid"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct line line;
		if (parse(texts[i], &line))
			fail_msg("should be malformed: '%s'", texts[i]);
		assert_int_equal(line.host.len, 0);
		assert_int_equal(line.repeat, 1);
		assert_false(line.is_bare);
	}
}

static void
line_bounds_the_names_of_host_and_program(void **state)
{
	(void)state;
	for (int extra = 0; extra <= 1; extra++) {
		char text[1024];
		struct line line;
		snprintf(text, sizeof(text), "Nov  8 10:00:00 mx1 %0*d[7]: x",
			LINE_PROGRAM_MAX + extra, 7);
		assert_int_equal(parse(text, &line), extra == 0);
		snprintf(text, sizeof(text), "Nov  8 10:00:00 %0*d a[7]: x",
			LINE_HOST_MAX + extra, 7);
		assert_int_equal(parse(text, &line), extra == 0);
		snprintf(text, sizeof(text), "Nov  8 10:00:00 mx1 a[%0*d]: x",
			LINE_PROGRAM_MAX + 1000 * extra / 4, 7);
		assert_int_equal(parse(text, &line), extra == 0);
	}
}

/* Each good line, cut at each byte: whatever comes out lies within the line. */
static void
line_that_is_cut_anywhere_never_points_outside(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"<22>1 2026-05-17T12:57:51.5+02:00 mx1 a 7 i [x k=\"v\\\"\"] m",
		"c | Nov  8 10:00:00 mx1 a[7]: message repeated 2 times: [ x]",
		"Nov  8 10:00:00 mx1 a[7]: [ID 1 mail.info] x",
		"Nov  8 10:00:00 mx1 last message repeated 2 times\r"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (size_t len = 0; len <= strlen(texts[i]); len++) {
			struct line line;
			if (!parse_bytes(texts[i], len, &line))
				continue;
			const char *from = line.raw.data, *to = from + len;
			assert_true(line.message.data >= from &&
				    line.message.data + line.message.len <= to);
			assert_true(line.program.data >= from &&
				    line.program.data + line.program.len <= to);
			assert_true(
				line.host.len == 0 ||
				(line.host.data >= from &&
					line.host.data + line.host.len <= to));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_knows_every_framing),
		cmocka_unit_test(line_reads_rfc_5424),
		cmocka_unit_test(line_without_a_stamp_needs_a_pid_or_a_slash),
		cmocka_unit_test(
			line_without_a_stamp_takes_the_time_of_the_line_before),
		cmocka_unit_test(line_that_was_repeated_counts_its_times),
		cmocka_unit_test(
			line_does_not_believe_an_absurd_number_of_times),
		cmocka_unit_test(
			line_that_only_says_that_others_were_repeated_is_bare),
		cmocka_unit_test(line_with_binary_bytes_is_taken_as_it_is),
		cmocka_unit_test(
			line_that_is_none_is_malformed_and_has_no_host),
		cmocka_unit_test(line_bounds_the_names_of_host_and_program),
		cmocka_unit_test(
			line_that_is_cut_anywhere_never_points_outside),
	};
	return cmocka_run_group_tests(tests, live_in_utc, NULL);
}
