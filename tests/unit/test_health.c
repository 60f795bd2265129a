/* SPDX-License-Identifier: ISC */
/* test_health — what the agent says of the numbers and of itself. */
#include "agent/health.c"

#include "tests/unit/areabox.h"

enum { SECOND = 1000000 };

static const struct moment without_snapshot = {
	.now_us = 5000 * INT64_C(1000000),
	.uptime = 700,
	.health = {.refused = 3, .sent = 4294967297, .dropped = 2},
};

static void
without_a_snapshot_it_says_so(void **state)
{
	(void)state;
	areabox_check(&health_area, &without_snapshot,
		"1.0 integer 3\n10.0 string " VERSION "\n"
		"11.0 counter32 3\n12.0 counter32 1\n13.0 counter32 2\n");
}

static void
all_of_it_is_there_with_a_snapshot(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"input /a 1 2 30 0000000000000000 0 4 5\n"
		"input /b 1 3 30 0000000000000000 0 6 0\n"
		"row total 1 all\nrow source 1 opendkim\nrow source 2 postfix\n"
		"row host 1 mx1\nrow domain 5 a\nrow domain 6 b\n"
		"row domain 7 c\nledger 1990\n");
	struct moment moment = without_snapshot;
	moment.view = view;
	moment.now_us = 2004 * INT64_C(1000000);
	moment.counting_since = 600;
	areabox_check(&health_area, &moment,
		"1.0 integer 1\n2.0 gauge 3\n"
		"3.0 string <07><b2><01><01><00>!<14><00>+<00><00>\n"
		"4.0 string <07><b2><01><01><00><10>(<00>+<00><00>\n"
		"5.0 ticks 600\n"
		"6.0 string <07><b2><01><01><00>!<0a><00>+<00><00>\n"
		"7.0 gauge 14\n8.0 gauge 10\n9.0 gauge 2\n"
		"10.0 string " VERSION "\n"
		"11.0 counter32 3\n12.0 counter32 1\n13.0 counter32 2\n"
		"14.0 gauge 2\n15.0 gauge 1\n16.0 gauge 3\n");
	view_free(view);
}

static void
a_snapshot_older_than_ten_seconds_is_stale(void **state)
{
	(void)state;
	struct view *view = areabox_view("");
	struct moment moment = {.view = view};
	struct value value;
	const int64_t written = INT64_C(2000500000);
	const struct {
		int64_t after_us;
		uint64_t state, age;
	} cases[] = {
		{0, STATE_RUNNING, 0},
		{11 * SECOND - 1, STATE_RUNNING, 10},
		{11 * SECOND, STATE_STALE, 11},
		{-3600 * INT64_C(1000000), STATE_RUNNING, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		moment.now_us = written + cases[i].after_us;
		assert_true(cell(&moment, 1, 0, &value));
		assert_int_equal(value.number, cases[i].state);
		assert_true(cell(&moment, 2, 0, &value));
		assert_int_equal(value.number, cases[i].age);
	}
	view_free(view);
}

static void
a_clock_set_back_makes_no_snapshot_young(void **state)
{
	(void)state;
	struct view *view = areabox_view("");
	struct moment moment = {.view = view};
	struct value value;
	const struct {
		int64_t held_us;
		uint64_t state, age;
	} cases[] = {
		{0, STATE_RUNNING, 0},
		{11 * SECOND - 1, STATE_RUNNING, 10},
		{11 * SECOND, STATE_STALE, 11},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		moment.held_us = cases[i].held_us;
		assert_true(cell(&moment, 1, 0, &value));
		assert_int_equal(value.number, cases[i].state);
		assert_true(cell(&moment, 2, 0, &value));
		assert_int_equal(value.number, cases[i].age);
	}
	view_free(view);
}

static void
no_line_yet_has_no_time(void **state)
{
	(void)state;
	struct view *view = areabox_view("");
	const struct moment moment = {.view = view};
	struct value value;
	assert_false(cell(&moment, 6, 0, &value));
	assert_false(cell(&moment, 7, 0, &value));
	view_free(view);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_snapshot_it_says_so),
		cmocka_unit_test(all_of_it_is_there_with_a_snapshot),
		cmocka_unit_test(a_snapshot_older_than_ten_seconds_is_stale),
		cmocka_unit_test(a_clock_set_back_makes_no_snapshot_young),
		cmocka_unit_test(no_line_yet_has_no_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
