/* SPDX-License-Identifier: ISC */
/* test_changes — the first start, the queue, the file (gaps:
 * test_changes_gaps; at random: test_changes_random). */
#include "agent/changes.c"

#include "tests/unit/changesbox.h"

static void
at_the_first_start_only_what_is_raised_is_told(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open();
	struct change_told told = {0};
	assert_false(changes_next(changes, NULL, &told));
	struct view *view = areabox_view(ALERT("x", "raised", "7") ALERT("y",
		"clear", "9") ALERT("z", "pending", "9") ALERT("u", "odd", "9")
			CHANGE("5", "w", "raised") CHANGE("6", "x", "raised"));
	assert_true(changes_next(changes, view, &told));
	assert_true(told.is_raised);
	assert_int_equal(told.number, 6);
	assert_int_equal(told.time, 7);
	assert_string_equal(told.name, "a");
	assert_string_equal(told.key, "x");
	assert_string_equal(told.value, "5");
	assert_string_equal(told.threshold, "1");
	assert_string_equal(told.severity, "critical");
	assert_string_equal(told.text, "some words");
	changesbox_expect(changes, view, "");
	assert_int_equal(changes_sent(changes), 1);
	assert_int_equal(changes_dropped(changes), 0);
	changesbox_save(changes);
	changesbox_expect_file("none");
	changes_confirm(changes);
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 6 106\n");
	changes_free(changes);
}

static void
a_first_start_without_changes_is_remembered(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open();
	changesbox_expect(changes, areabox_view(""), "");
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 0 0\n");
	changes_free(changes);
	changes = changesbox_open();
	changesbox_expect(
		changes, areabox_view(CHANGE("1", "x", "raised")), "1:x+ ");
	changes_free(changes);
}

static void
changes_are_told_one_by_one_with_all_they_say(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("5 105");
	struct view *view = areabox_view(CHANGE("4", "x", "raised") CHANGE("5",
		"x", "cleared") "change 6 1 \x01n k%0A\xff raised\n"
				"change 7 2 n k cleared 8 9 info to\ttell\n");
	struct change_told told = {0};
	assert_true(changes_next(changes, view, &told));
	assert_true(told.is_raised);
	assert_int_equal(told.number, 6);
	assert_int_equal(told.time, 1);
	assert_string_equal(told.name, "?n");
	assert_string_equal(told.key, "k??");
	assert_string_equal(told.severity, "");
	assert_string_equal(told.value, "");
	assert_string_equal(told.text, "");
	assert_true(changes_next(changes, view, &told));
	assert_false(told.is_raised);
	assert_int_equal(told.number, 7);
	assert_string_equal(told.value, "8");
	assert_string_equal(told.threshold, "9");
	assert_string_equal(told.severity, "info");
	assert_string_equal(told.text, "to?tell");
	changesbox_expect(changes, view, "");
	changes_free(changes);
}

static void
a_text_is_cut_at_255_bytes(void **state)
{
	(void)state;
	struct buf lines = {0};
	buf_adds(&lines, "change 1 1 a ");
	for (int i = 0; i < 300; i++)
		buf_addc(&lines, 'k');
	buf_adds(&lines, " raised\n");
	struct view *view = areabox_view(lines.data);
	struct changes *changes = changesbox_open_at("0 0");
	struct change_told told = {0};
	assert_true(changes_next(changes, view, &told));
	assert_int_equal(strlen(told.key), 255);
	view_free(view);
	buf_free(&lines);
	changes_free(changes);
}

static void
the_file_follows_what_is_confirmed(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	const char *lines = CHANGE("5", "x", "raised")
		CHANGE("6", "y", "raised") CHANGE("7", "z", "raised");
	struct view *view = areabox_view(lines);
	changesbox_expect_up_to(changes, view, 2, "5:x+ 6:y+ ");
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 4 104\n");
	changes_confirm(changes);
	changesbox_expect_up_to(changes, view, 1, "7:z+ ");
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 6 106\n");
	assert_int_equal(unlink("told"), 0);
	changesbox_save(changes); /* nothing has moved */
	changesbox_expect_file("none");
	changes_confirm(changes);
	changesbox_save(changes);
	changesbox_expect_file("mailtally-told 1 7 107\n");
	changesbox_expect(changes, view, "");
	changes_free(changes);
}

static void
a_file_that_cannot_be_written_is_tried_again(void **state)
{
	(void)state;
	struct err err = {""};
	struct changes *changes = changes_open("sub/told", &err);
	assert_string_equal(err.text, "");
	changesbox_expect(changes, areabox_view(""), "");
	assert_int_equal(changes_save(changes, &err), -1);
	assert_non_null(strstr(err.text, "sub/"));
	assert_int_equal(mkdir("sub", 0755), 0);
	changesbox_save(changes);
	assert_int_equal(access("sub/told", F_OK), 0);
	changes_free(changes);
}

static void
what_is_not_confirmed_is_told_again(void **state)
{
	(void)state;
	struct changes *changes = changesbox_open_at("4 104");
	struct view *view = areabox_view(CHANGE("5", "x", "raised")
			CHANGE("6", "y", "raised") CHANGE("7", "z", "raised"));
	changesbox_expect_up_to(changes, view, 1, "5:x+ ");
	changes_confirm(changes);
	changesbox_expect_up_to(changes, view, 1, "6:y+ ");
	changes_again(changes);
	changesbox_expect(changes, view, "6:y+ 7:z+ ");
	assert_int_equal(changes_sent(changes), 4);
	changes_free(changes);
}

static void
a_damaged_file_is_a_first_start(void **state)
{
	(void)state;
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"", "told:1: damaged: not one line"},
		{"mailtally-told 1 5 7", "told:1: damaged: not one line"},
		{"mailtally-told 1 5 7\n\n", "told:1: damaged: not one line"},
		{"\n", "told:1: format is missing"},
		{"mailtally-snapshot 1 5 7\n",
			"told:1: not the number of a change"},
		{"mailtally-told 2 5 7\n",
			"told:1: version '2' of the format is not known"},
		{"mailtally-told 1 5\n", "told:1: time is missing"},
		{"mailtally-told 1 x 7\n",
			"told:1: number 'x' is not a number up to "
			"18446744073709551615"},
		{"mailtally-told 1 5 -7\n",
			"told:1: time '-7' is not a number up to 253402300799"},
		{"mailtally-told 1 5 7 8\n",
			"told:1: '8' behind the last field"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = {""};
		folder_put("told", cases[i].text);
		struct changes *changes = changes_open("told", &err);
		assert_string_equal(err.text, cases[i].sentence);
		changesbox_expect(changes,
			areabox_view(ALERT("x", "raised", "1") ALERT("y",
				"clear", "200") CHANGE("6", "y", "cleared")),
			"6:x+ ");
		changes_confirm(changes);
		changesbox_save(changes);
		changesbox_expect_file("mailtally-told 1 6 106\n");
		changes_free(changes);
	}
}

static void
a_file_that_cannot_be_read_is_said(void **state)
{
	(void)state;
	struct err err = {""};
	assert_int_equal(mkdir("told", 0755), 0);
	struct changes *changes = changes_open("told", &err);
	assert_string_equal(err.text, "cannot read told: not a regular file");
	changes_free(changes);
	assert_int_equal(rmdir("told"), 0);
	struct buf large = {0};
	for (int i = 0; i < 200; i++)
		buf_addc(&large, '1');
	folder_put("told", large.data);
	changes = changes_open("told", &err);
	assert_string_equal(
		err.text, "cannot read told: larger than 128 bytes");
	changes_free(changes);
	buf_free(&large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(at_the_first_start_only_what_is_raised_is_told),
		FOLDER_TEST(a_first_start_without_changes_is_remembered),
		FOLDER_TEST(changes_are_told_one_by_one_with_all_they_say),
		FOLDER_TEST(a_text_is_cut_at_255_bytes),
		FOLDER_TEST(the_file_follows_what_is_confirmed),
		FOLDER_TEST(a_file_that_cannot_be_written_is_tried_again),
		FOLDER_TEST(what_is_not_confirmed_is_told_again),
		FOLDER_TEST(a_damaged_file_is_a_first_start),
		FOLDER_TEST(a_file_that_cannot_be_read_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
