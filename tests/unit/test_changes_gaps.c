/* SPDX-License-Identifier: ISC */
/* test_changes_gaps — when changes are gone, or their numbers began anew. */
#include "agent/changes.c"

#include "tests/unit/changesbox.h"

#define GAP CHANGE("8", "x", "raised")

static void
a_gap_counts_and_the_present_state_is_told(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	struct view *view = areabox_view(ALERT("old", "raised", "103") ALERT(
		"r", "raised", "104") ALERT("s", "silenced", "120") ALERT("p",
		"pending", "120") ALERT("c", "clear", "120") ALERT("u", "odd",
		"120") CHANGE("8", "s", "raised") CHANGE("9", "c", "cleared"));
	struct change_told told = {0};
	bool seen[128] = {false};
	for (int n = 0; n < 4; n++) {
		assert_true(changes_next(changes, view, &told));
		assert_int_equal(told.number, 9);
		assert_int_equal(
			told.is_raised, strchr("rs", *told.key) != NULL);
		assert_int_equal(told.time, *told.key == 'r' ? 104 : 120);
		seen[(int)*told.key] = true;
		changesbox_save(changes);
	}
	assert_true(seen['r'] && seen['s'] && seen['p'] && seen['c']);
	assert_false(changes_next(changes, view, &told));
	assert_int_equal(changes_dropped(changes), 3); /* 5, 6, 7 */
	changesbox_expect_file("mailtally-told 1 4 104\n");
	changes_confirm(changes);
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 9 109\n");
	view_free(view);
	changesbox_expect(
		changes, areabox_view(CHANGE("10", "x", "raised")), "10:x+ ");
	assert_int_equal(changes_dropped(changes), 3);
	changes_free(changes);
}

static void
a_gap_between_those_kept_is_one_too(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	changesbox_expect(changes,
		areabox_view(ALERT("x", "clear", "120") CHANGE(
			"5", "x", "raised") CHANGE("7", "x", "cleared")),
		"5:x+ 7:x- ");
	assert_int_equal(changes_dropped(changes), 1);
	changes_free(changes);
}

static void
numbers_that_began_anew_tell_the_present_state(void **state)
{
	(void)state;
	static const struct {
		const char *told, *lines, *expected, *file;
		uint64_t dropped;
	} cases[] = {
		/* the newest is below the last told */
		{"9 104",
			ALERT("x", "raised", "105") CHANGE("1", "x", "raised")
				CHANGE("2", "y", "cleared"),
			"2:x+ ", "mailtally-told 1 2 102\n", 0},
		{"9 104",
			ALERT("x", "raised", "105") CHANGE("4", "x", "raised"),
			"4:x+ ", "mailtally-told 1 4 104\n", 3},
		{"9 104", ALERT("x", "clear", "105"), "0:x- ",
			"mailtally-told 1 0 104\n", 0},
		/* the last told has another time */
		{"2 9",
			ALERT("x", "raised", "105") CHANGE("2", "x", "cleared")
				CHANGE("3", "x", "raised"),
			"3:x+ ", "mailtally-told 1 3 103\n", 1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct changes *changes = changesbox_open_at(cases[i].told);
		changesbox_expect(changes, areabox_view(cases[i].lines),
			cases[i].expected);
		assert_int_equal(changes_dropped(changes), cases[i].dropped);
		changes_confirm(changes);
		changesbox_save(changes);
		changesbox_expect_file(cases[i].file);
		changes_free(changes);
	}
}

static void
the_largest_numbers_are_no_gap(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("18446744073709551614 7");
	changesbox_expect(changes,
		areabox_view("change 18446744073709551615 8 a x raised\n"),
		"4294967295:x+ ");
	changesbox_expect(changes,
		areabox_view("change 18446744073709551615 8 a x raised\n"), "");
	assert_int_equal(changes_dropped(changes), 0);
	changes_free(changes);
}

static void
a_sweep_goes_on_where_it_was_confirmed(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	struct view *view = areabox_view(ALERT("x", "raised", "120") ALERT(
		"y", "raised", "120") ALERT("z", "raised", "120") GAP);
	struct change_told told = {0};
	char first[8], second[8];
	assert_true(changes_next(changes, view, &told));
	strcpy(first, told.key);
	changes_confirm(changes);
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 4 104\n");
	assert_true(changes_next(changes, view, &told));
	strcpy(second, told.key);
	changes_again(changes);
	assert_true(changes_next(changes, view, &told));
	assert_string_equal(told.key, second);
	assert_string_not_equal(first, second);
	changes_confirm(changes);
	assert_true(changes_next(changes, view, &told));
	changes_confirm(changes);
	assert_false(changes_next(changes, view, &told));
	changesbox_save(changes); /* over with the call that found no more */
	changesbox_expect_file("mailtally-told 1 8 108\n");
	assert_int_equal(changes_dropped(changes), 3);
	view_free(view);
	changes_free(changes);
}

static void
a_sweep_begun_again_counts_its_gap_once(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	struct view *view = areabox_view(ALERT("x", "raised", "120") GAP);
	changesbox_expect_up_to(changes, view, 1, "8:x+ ");
	changes_again(changes);
	assert_int_equal(changes_dropped(changes), 3);
	changesbox_expect(changes, view, "8:x+ ");
	assert_int_equal(changes_dropped(changes), 3);
	changes_free(changes);
}

/* What changed since the sweep began is told by its change alone; a state
 * without a change is told by the sweep. */
static void
a_new_snapshot_within_a_sweep_repeats_nothing(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	struct view *view = areabox_view(ALERT("x", "raised", "120") ALERT(
		"y", "raised", "120") ALERT("z", "raised", "120") GAP);
	struct buf rest = {0};
	for (size_t i = 1; i < 3; i++)
		buf_printf(&rest, "%s", view->alerts[i].key);
	assert_int_equal(rest.len, 2);
	struct buf lines = {0}, expected = {0};
	struct change_told told = {0};
	assert_true(changes_next(changes, view, &told));
	changes_confirm(changes);
	buf_printf(&lines,
		"alert a %s clear 130 0 0 info\n"
		"alert a %c clear 131 0 0 info\n"
		"alert a %c pending 131 0 0 info\n" GAP
		"change 9 130 a %s cleared\nchange 10 131 a %c cleared\n",
		told.key, rest.data[0], rest.data[1], told.key, rest.data[0]);
	buf_printf(&expected, "8:%c- 9:%s- 10:%c- ", rest.data[1], told.key,
		rest.data[0]);
	view_free(view);
	changesbox_expect(changes, areabox_view(lines.data), expected.data);
	buf_free(&lines);
	buf_free(&expected);
	buf_free(&rest);
	changes_free(changes);
}

static void
a_gap_within_a_sweep_makes_another_one(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	struct view *view = areabox_view(ALERT("x", "raised", "120") GAP);
	changesbox_expect_up_to(changes, view, 1, "8:x+ ");
	view_free(view);
	changesbox_expect(changes,
		areabox_view(ALERT("x", "clear", "120")
				CHANGE("12", "x", "cleared")),
		"12:x- ");
	assert_int_equal(changes_dropped(changes), 3 + 3);
	changes_free(changes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(a_gap_counts_and_the_present_state_is_told),
		FOLDER_TEST(a_gap_between_those_kept_is_one_too),
		FOLDER_TEST(numbers_that_began_anew_tell_the_present_state),
		FOLDER_TEST(the_largest_numbers_are_no_gap),
		FOLDER_TEST(a_sweep_goes_on_where_it_was_confirmed),
		FOLDER_TEST(a_sweep_begun_again_counts_its_gap_once),
		FOLDER_TEST(a_new_snapshot_within_a_sweep_repeats_nothing),
		FOLDER_TEST(a_gap_within_a_sweep_makes_another_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
