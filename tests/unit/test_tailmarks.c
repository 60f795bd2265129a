/* SPDX-License-Identifier: ISC */
#include "collector/tailmarks.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { LINES = 5000 };

static void
tailmarks_begin_where_the_reading_began(void **state)
{
	struct tailmarks marks;

	(void)state;
	tailmarks_begin(&marks, 300);
	assert_int_equal(tailmarks_replay(&marks, INT64_MIN), 300);
	assert_int_equal(tailmarks_replay(&marks, INT64_MAX), 300);
	tailmarks_note(&marks, 400, 1000);
	assert_int_equal(tailmarks_replay(&marks, 1000), 300);
	assert_int_equal(tailmarks_replay(&marks, 1001), 400);
	tailmarks_begin(&marks, 7);
	assert_int_equal(tailmarks_replay(&marks, 1001), 7);
}

static void
tailmarks_keep_one_mark_a_minute_and_the_last_one(void **state)
{
	struct tailmarks marks;

	(void)state;
	tailmarks_begin(&marks, 0);
	for (int i = 0; i <= 600; i++)
		tailmarks_note(&marks, 10 + (uint64_t)i, 1000 + i);
	assert_int_equal(marks.count, 11);
	assert_int_equal(tailmarks_replay(&marks, 1601), 610);
	assert_int_equal(tailmarks_replay(&marks, 1600), 550);
	assert_int_equal(tailmarks_replay(&marks, 1541), 550);
	assert_int_equal(tailmarks_replay(&marks, 1540), 490);
	assert_int_equal(tailmarks_replay(&marks, 1001), 10);
	assert_int_equal(tailmarks_replay(&marks, 1000), 0);
}

static void
tailmarks_do_not_believe_a_time_that_goes_back(void **state)
{
	struct tailmarks marks;

	(void)state;
	tailmarks_begin(&marks, 0);
	tailmarks_note(&marks, 10, 1000);
	tailmarks_note(&marks, 20, 5000);
	tailmarks_note(&marks, 30, 1100);
	assert_int_equal(tailmarks_replay(&marks, 1200), 10);
	assert_int_equal(tailmarks_replay(&marks, 5000), 10);
	assert_int_equal(tailmarks_replay(&marks, 5001), 30);
}

static void
tailmarks_forget_the_oldest_and_are_early_then(void **state)
{
	struct tailmarks marks;

	(void)state;
	tailmarks_begin(&marks, 5);
	for (int i = 0; i < 1000; i++)
		tailmarks_note(&marks, 10 + (uint64_t)i, i * TAILMARKS_STEP_S);
	assert_int_equal(marks.count, TAILMARKS_MAX);
	/* An hour and a half is kept. */
	assert_int_equal(
		tailmarks_replay(&marks, 999 * TAILMARKS_STEP_S - 5400),
		10 + 999 - 91);
	assert_int_equal(tailmarks_replay(&marks, 10 * TAILMARKS_STEP_S), 5);
}

/* Lines of nearly ascending times in blocks of any size. */
static void
tailmarks_never_lead_behind_a_line_of_that_time(void **state)
{
	static int64_t times[LINES];
	struct tailmarks marks;
	size_t tried = 0, better = 0;

	(void)state;
	srandom(7);
	tailmarks_begin(&marks, 0);
	for (size_t i = 0, first = 0; i < LINES; i++) {
		times[i] = (int64_t)i * 7 + random() % 200;
		if (random() % 20 != 0)
			continue;
		int64_t latest = times[first];
		for (size_t k = first; k <= i; k++)
			latest = times[k] > latest ? times[k] : latest;
		first = i + 1;
		tailmarks_note(&marks, i + 1, latest);
		int64_t since = latest + 100 - random() % 7200;
		uint64_t replay = tailmarks_replay(&marks, since);
		for (size_t k = 0; k < replay; k++)
			assert_true(times[k] < since);
		tried++;
		better += replay > 0;
	}
	assert_true(better > tried / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tailmarks_begin_where_the_reading_began),
		cmocka_unit_test(
			tailmarks_keep_one_mark_a_minute_and_the_last_one),
		cmocka_unit_test(
			tailmarks_do_not_believe_a_time_that_goes_back),
		cmocka_unit_test(
			tailmarks_forget_the_oldest_and_are_early_then),
		cmocka_unit_test(
			tailmarks_never_lead_behind_a_line_of_that_time),
	};

	return cmocka_run_group_tests_name("tailmarks", tests, NULL, NULL);
}
