/* SPDX-License-Identifier: ISC */
/* test_line_own — lines of files that one program writes for itself. */
#include "collector/line.c"

#include "tests/unit/linebox.h"

#define TASK "<8d265a>; proxy; rspamd_task_write_log: id: <a[1]: b>"

static void
rspamds_own_file_is_known_by_its_framing(void **state)
{
	(void)state;
	static const struct form forms[] = {
		{"2026-09-07 23:51:44 #3765778(rspamd_proxy) " TASK, NULL,
			"rspamd", TASK, 1},
		{"2026-09-07 23:51:44.03286 #1(main) " TASK, NULL, "rspamd",
			TASK, 1},
		{"2026-09-07 23:51:44 [notice] #1(normal) " TASK, NULL,
			"rspamd", TASK, 1},
		{"rspamd-1  | 2026-09-07 23:51:44 #1(normal) " TASK, NULL,
			"rspamd", TASK, 1},
		{"#1(rspamd_proxy) " TASK, NULL, "rspamd", TASK, 1},
		{"2026-09-07 23:51:44 #1(main) ", NULL, "rspamd", "", 1},
	};
	ASSERT_FORMS(forms);
	struct line line;
	/* in the zone of this machine */
	setenv("TZ", "CET-1", 1);
	tzset();
	stamp_init(&stamp, stamp.reference, 0);
	assert_true(parse("2026-09-07 23:51:44 #1(main) x", &line));
	assert_int_equal(line.time, 1788821504);
	live_in_utc(state);
}

static void
what_only_looks_like_rspamds_file_is_none(void **state)
{
	(void)state;
	static const char *const texts[] = {"#", "#(main) x", "#1main) x",
		"#1(main)x", "#1(main", "#x(main) y", "[notice] 1(main) x",
		"[notice #1(main) x", "[notice]", "1(main) x"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct line line;
		char text[128];
		assert_false(parse(texts[i], &line));
		sprintf(text, "2026-09-07 23:51:44 %s", texts[i]);
		if (parse(text, &line))
			fail_msg("'%s' was taken", text);
	}
}

static void
file_of_one_program_needs_no_framing(void **state)
{
	(void)state;
	static const struct {
		const char *text, *program, *message;
	} forms[] = {
		{"(rspamd_proxy) " TASK, "own", "(rspamd_proxy) " TASK},
		{"just words", "own", "just words"},
		{"2026-09-07 23:51:44 just words\r", "own", "just words"},
		{"2026-09-07T23:51:44Z just words", "own", "just words"},
		{"Nov  8 10:00:00 mx1 cron[1]: x", "cron", "x"},
		{"2026-09-07 23:51:44 #1(main) x", "rspamd", "x"},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct line line;
		assert_true(line_parse_of(&stamp, slice_of("own"),
			slice_of(forms[i].text), &line));
		assert_slice(forms[i].text, line.program, forms[i].program);
		assert_slice(forms[i].text, line.message, forms[i].message);
		assert_null(i == 4 ? NULL : line.host.data);
		assert_false(i < 4 && parse(forms[i].text, &line));
	}
	struct line line;
	assert_true(line_parse_of(&stamp, slice_of("own"),
		slice_of("2026-09-07 23:51:44 x"), &line));
	assert_int_equal(line.time, 1788825104);
	assert_false(
		line_parse_of(&stamp, slice_of("own"), slice_of(""), &line));
	assert_false(
		line_parse_of(&stamp, slice_of("own"), slice_of("\r"), &line));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rspamds_own_file_is_known_by_its_framing),
		cmocka_unit_test(what_only_looks_like_rspamds_file_is_none),
		cmocka_unit_test(file_of_one_program_needs_no_framing),
	};
	return cmocka_run_group_tests(tests, live_in_utc, NULL);
}
