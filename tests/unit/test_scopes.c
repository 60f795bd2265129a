/* SPDX-License-Identifier: ISC */
/* test_scopes — the tables by source, host and domain. */
#include "agent/scopes.c"

#include "tests/unit/areabox.h"

static const char rows[] = "row total 1 all 110=100 111=50\n"
			   "row source 9 opendkim 110=5\n"
			   "row source 2 spamd\n"
			   "row host 1 mx1 110=7 1602=4\n"
			   "row domain 4294967295 last.example 111=3\n"
			   "row domain 3 first.example 110=8 100000=5\n"
			   "row future 1 strange 110=1\n"
			   "step 1200 source 9 110=+1 111=+4\n";

static void
rows_stand_by_index_and_zeros_are_shown(void **state)
{
	(void)state;
	areabox_check_lines(&scopes_source, rows,
		"2.2 string spamd\n2.9 string opendkim\n"
		"110.2 counter64 0\n110.9 counter64 6\n"
		"111.2 counter64 0\n111.9 counter64 4\n"
		"400.2 counter64 0\n400.9 counter64 0\n");
	areabox_check_lines(&scopes_host, rows,
		"2.1 string mx1\n110.1 counter64 7\n111.1 counter64 0\n"
		"400.1 counter64 0\n");
	areabox_check_lines(&scopes_domain, rows,
		"2.3 string first.example\n2.4294967295 string last.example\n"
		"110.3 counter64 8\n110.4294967295 counter64 0\n"
		"111.3 counter64 0\n111.4294967295 counter64 3\n"
		"400.3 counter64 0\n400.4294967295 counter64 0\n");
}

static void
hostile_names_are_harmless(void **state)
{
	(void)state;
	struct buf lines = {0};
	buf_adds(&lines, "row domain 1 a%1B[31m%0A\xc3\xa4\nrow domain 2 ");
	for (int i = 0; i < 300; i++)
		buf_addc(&lines, 'x');
	buf_adds(&lines, "\n");
	struct view *view = areabox_view(lines.data);
	const struct moment moment = {.view = view};
	struct value value;
	assert_true(scopes_domain.cell(&moment, COLUMNS_NAME, 0, &value));
	assert_string_equal(value.text, "a?[31m???");
	assert_true(scopes_domain.cell(&moment, COLUMNS_NAME, 1, &value));
	assert_int_equal(value.len, VIEW_TEXT_MAX);
	view_free(view);
	buf_free(&lines);
}

static void
without_rows_there_is_nothing(void **state)
{
	(void)state;
	const struct moment moment = {.view = NULL};
	areabox_check(&scopes_source, &moment, "");
	areabox_check_lines(&scopes_domain, "row host 1 mx1 110=7\n", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_stand_by_index_and_zeros_are_shown),
		cmocka_unit_test(hostile_names_are_harmless),
		cmocka_unit_test(without_rows_there_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
