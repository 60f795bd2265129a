/* SPDX-License-Identifier: ISC */
/* test_unmatched — the last lines that no rule knew. */
#include "collector/unmatched.c"

#include "tests/unit/folder.h"

/* The file after saving; the caller's to free. */
static char *
saved(struct unmatched *unmatched)
{
	struct err err = {""};
	struct buf text = {0};
	if (unmatched_save(unmatched, "unmatched", &err) != 0 ||
		file_read("unmatched", 1 << 20, &text, &err) != 0)
		fail_msg("%s", err.text);
	return text.data;
}

static void
assert_saves(struct unmatched *unmatched, const char *expected)
{
	char *text = saved(unmatched);
	assert_string_equal(text, expected);
	free(text);
}

static void
lines_come_oldest_first_and_survive_a_restart(void **state)
{
	(void)state;
	struct unmatched *one = unmatched_new();
	unmatched_load(one, "unmatched"); /* there is none */
	unmatched_add(one, slice_of("a"));
	unmatched_add(one, slice_of(""));
	unmatched_add(one, slice_of("b c"));
	assert_saves(one, "a\n\nb c\n");
	unmatched_free(one);
	struct unmatched *two = unmatched_new();
	unmatched_load(two, "unmatched");
	unmatched_add(two, slice_of("d"));
	assert_saves(two, "a\n\nb c\nd\n");
	unmatched_free(two);
	unmatched_free(NULL);
}

static void
only_the_last_hundred_are_kept(void **state)
{
	(void)state;
	struct unmatched *unmatched = unmatched_new();
	struct buf expected = {0};
	for (int i = 0; i < 5 * UNMATCHED_LINES / 2; i++) {
		char text[32];
		snprintf(text, sizeof(text), "line %d", i);
		unmatched_add(unmatched, slice_of(text));
		if (i >= 3 * UNMATCHED_LINES / 2)
			buf_printf(&expected, "%s\n", text);
	}
	assert_saves(unmatched, expected.data);
	struct unmatched *again = unmatched_new();
	unmatched_load(again, "unmatched");
	unmatched_add(again, slice_of("last"));
	buf_adds(&expected, "last\n");
	assert_saves(again, strchr(expected.data, '\n') + 1);
	unmatched_free(again);
	unmatched_free(unmatched);
	buf_free(&expected);
}

static void
long_lines_are_cut_and_control_characters_replaced(void **state)
{
	(void)state;
	struct unmatched *unmatched = unmatched_new();
	char line[2 * UNMATCHED_LINE_MAX];
	memset(line, 'x', sizeof(line));
	memcpy(line, "a\n\r\0\x1b\x7f\t\xff", 8);
	unmatched_add(unmatched, (struct slice){line, sizeof(line)});
	char *text = saved(unmatched);
	assert_int_equal(strlen(text), UNMATCHED_LINE_MAX + 1);
	assert_memory_equal(text, "a??????\xffxx", 10);
	free(text);
	unmatched_free(unmatched);
}

static void
full_store_of_the_longest_lines_can_be_loaded_again(void **state)
{
	(void)state;
	struct unmatched *unmatched = unmatched_new();
	char line[UNMATCHED_LINE_MAX];
	for (int i = 0; i < UNMATCHED_LINES; i++) {
		memset(line, 'a' + i % 26, sizeof(line));
		unmatched_add(unmatched, (struct slice){line, sizeof(line)});
	}
	char *text = saved(unmatched);
	struct unmatched *again = unmatched_new();
	unmatched_load(again, "unmatched");
	unmatched_add(again, slice_of("last"));
	char *more = saved(again);
	assert_memory_equal(more, text + UNMATCHED_LINE_MAX + 1,
		(UNMATCHED_LINES - 1) * (UNMATCHED_LINE_MAX + 1));
	free(more);
	free(text);
	unmatched_free(again);
	unmatched_free(unmatched);
}

static void
nothing_is_written_when_nothing_was_added(void **state)
{
	(void)state;
	struct err err = {""};
	struct unmatched *unmatched = unmatched_new();
	assert_int_equal(unmatched_save(unmatched, "unmatched", &err), 0);
	assert_int_equal(access("unmatched", F_OK), -1);
	unmatched_add(unmatched, slice_of("a"));
	assert_int_equal(unmatched_save(unmatched, "unmatched", &err), 0);
	assert_int_equal(unlink("unmatched"), 0);
	assert_int_equal(unmatched_save(unmatched, "unmatched", &err), 0);
	assert_int_equal(access("unmatched", F_OK), -1);
	unmatched_free(unmatched);
}

static void
failed_save_is_tried_again(void **state)
{
	(void)state;
	struct err err = {""};
	struct unmatched *unmatched = unmatched_new();
	unmatched_add(unmatched, slice_of("a"));
	assert_int_equal(unmatched_save(unmatched, "no/unmatched", &err), -1);
	assert_string_not_equal(err.text, "");
	assert_saves(unmatched, "a\n");
	unmatched_free(unmatched);
}

static void
file_that_is_none_of_ours_is_left_alone(void **state)
{
	(void)state;
	struct unmatched *unmatched = unmatched_new();
	mkdir("folder", 0700);
	unmatched_load(unmatched, "folder");
	folder_put("cut", "whole\nnot ended");
	unmatched_load(unmatched, "cut");
	unmatched_add(unmatched, slice_of("b"));
	assert_saves(unmatched, "whole\nb\n");
	unmatched_free(unmatched);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(lines_come_oldest_first_and_survive_a_restart),
		FOLDER_TEST(only_the_last_hundred_are_kept),
		FOLDER_TEST(long_lines_are_cut_and_control_characters_replaced),
		FOLDER_TEST(
			full_store_of_the_longest_lines_can_be_loaded_again),
		FOLDER_TEST(nothing_is_written_when_nothing_was_added),
		FOLDER_TEST(failed_save_is_tried_again),
		FOLDER_TEST(file_that_is_none_of_ours_is_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
