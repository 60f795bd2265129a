/* SPDX-License-Identifier: ISC */
/* test_view — a snapshot, sorted and made harmless. */
#include "agent/view.c"

#include "tests/unit/areabox.h"

static void
values_are_rows_plus_steps(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"row total 1 all 110=18446744073709551610 400=1\n"
		"row host 7 mx1\n"
		"step 1200 total 1 110=+1\nstep 1200 host 7 400=+3\n"
		"step 1260 total 1 110=+2 111=+1\n");
	assert_int_equal(view->row_count, 2);
	assert_int_equal(view->cell_count, 4);
	static const struct {
		size_t row;
		uint32_t number;
		uint64_t value;
	} cases[] = {
		{0, 110, 18446744073709551613u},
		{0, 111, 1},
		{0, 400, 1},
		{1, 400, 3},
		{1, 110, 0},
		{1, 5, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t value;
		bool is_there = view_value(view, &view->rows[cases[i].row],
			cases[i].number, &value);
		assert_true(value == cases[i].value);
		assert_int_equal(is_there, cases[i].value != 0);
	}
	view_free(view);
}

static void
gauges_are_told_from_counters(void **state)
{
	(void)state;
	struct view *view = areabox_view("row total 1 all 110=0 1602=0\n");
	assert_true(view_counter(view, 1602)->is_gauge);
	assert_false(view_counter(view, 110)->is_gauge);
	assert_null(view_counter(view, 109));
	assert_int_equal(view->scalar_count, 3);
	assert_int_equal(view->gauge_count, 2);
	assert_int_equal(view->cell_count, 1);
	view_free(view);
}

static void
values_without_a_counter_and_rows_of_other_kinds_are_passed_over(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"row total 1 all 7=3 110=2\nrow planet 1 earth 110=9\n"
		"step 1200 planet 1 110=+1\n");
	assert_int_equal(view->row_count, 1);
	assert_int_equal(view->cell_count, 1);
	view_free(view);
}

static void
an_index_that_is_taken_is_passed_on(void **state)
{
	(void)state;
	uint32_t index[4] = {3, 3, 3, 9};
	for (size_t i = 1; i < 4; i++)
		index[i] = free_index(index[i], index[i - 1]);
	assert_int_equal(index[1], 4);
	assert_int_equal(index[2], 5);
	assert_int_equal(index[3], 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_rows_plus_steps),
		cmocka_unit_test(gauges_are_told_from_counters),
		cmocka_unit_test(
			values_without_a_counter_and_rows_of_other_kinds_are_passed_over),
		cmocka_unit_test(an_index_that_is_taken_is_passed_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
