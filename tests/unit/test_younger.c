/* SPDX-License-Identifier: ISC */
/* test_younger — which alerts have a change behind a number. */
#include "agent/younger.c"

#include "tests/unit/areabox.h"

static bool
has(struct younger *younger, const struct view *view, uint64_t from,
	const char *key)
{
	struct view_alert alert = {.name = "a", .key = key};
	return younger_has(younger, view, from, &alert);
}

static void
a_change_counts_from_its_number_on(void **state)
{
	(void)state;
	struct younger younger = {0};
	struct view *view =
		areabox_view("change 5 1 a x raised\nchange 6 1 a y raised\n"
			     "change 7 1 b z raised\n");
	assert_true(has(&younger, view, 4, "x"));
	assert_true(has(&younger, view, 4, "y"));
	assert_false(has(&younger, view, 5, "x"));
	assert_true(has(&younger, view, 5, "y"));
	assert_false(has(&younger, view, 7, "y"));
	assert_false(has(&younger, view, 4, "z"));
	younger_clear(&younger);
	view_free(view);
}

static void
what_was_seen_stays_and_what_is_new_comes_to_it(void **state)
{
	(void)state;
	struct younger younger = {0};
	struct view *view = areabox_view("change 5 1 a x raised\n");
	assert_true(has(&younger, view, 4, "x"));
	assert_false(has(&younger, view, 4, "y"));
	view_free(view);
	view = areabox_view("change 8 1 a y raised\n");
	assert_true(has(&younger, view, 4, "x"));
	assert_true(has(&younger, view, 4, "y"));
	assert_int_equal(younger.count, 2);
	younger_clear(&younger);
	assert_false(has(&younger, view, 4, "x"));
	younger_clear(&younger);
	view_free(view);
}

static void
texts_are_compared_as_a_view_shows_them(void **state)
{
	(void)state;
	struct younger younger = {0};
	char key[VIEW_TEXT_MAX + 1] = "";
	memset(key, 'k', VIEW_TEXT_MAX);
	struct buf lines = {0};
	buf_printf(&lines, "change 1 1 a %sk raised\n", key);
	buf_adds(&lines, "change 2 1 a x%0A\xff raised\n");
	struct view *view = areabox_view(lines.data);
	assert_true(has(&younger, view, 0, key));
	assert_true(has(&younger, view, 0, "x??"));
	younger_clear(&younger);
	view_free(view);
	buf_free(&lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_counts_from_its_number_on),
		cmocka_unit_test(
			what_was_seen_stays_and_what_is_new_comes_to_it),
		cmocka_unit_test(texts_are_compared_as_a_view_shows_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
