/* SPDX-License-Identifier: ISC */
/* test_slice — pieces of somebody else's bytes. */
#include "lib/slice.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
assert_slice(struct slice slice, const char *text)
{
	if (!slice_is(slice, text))
		fail_msg(
			"'%.*s' is not '%s'", (int)slice.len, slice.data, text);
}

static void
slice_equals_compares_all_bytes(void **state)
{
	(void)state;
	assert_true(slice_is((struct slice){"abcd", 3}, "abc"));
	assert_false(slice_is((struct slice){"abcd", 4}, "abc"));
	assert_false(slice_is((struct slice){"abcd", 2}, "abc"));
	assert_true(slice_equals(
		(struct slice){"a\0b", 3}, (struct slice){"a\0b", 3}));
	assert_false(slice_equals(
		(struct slice){"a\0b", 3}, (struct slice){"a\0c", 3}));
}

static void
slice_that_is_absent_equals_an_empty_one(void **state)
{
	(void)state;
	assert_true(slice_is((struct slice){NULL, 0}, ""));
	assert_false(slice_is((struct slice){NULL, 0}, "a"));
}

static void
slice_before_and_from_divide_at_a_place(void **state)
{
	(void)state;
	struct slice whole = slice_of("left|right");
	const char *bar = strchr(whole.data, '|');
	assert_slice(slice_before(whole, bar), "left");
	assert_slice(slice_from(whole, bar + 1), "right");
	assert_slice(slice_before(whole, whole.data), "");
	assert_slice(slice_from(whole, whole.data + whole.len), "");
}

static void
slice_words_stand_between_blanks_and_tabs(void **state)
{
	(void)state;
	struct slice text = slice_of(" \t one\ttwo  three \t");
	assert_slice(slice_take_word(&text), "one");
	assert_slice(slice_take_word(&text), "two");
	assert_slice(text, "  three \t");
	assert_slice(slice_take_word(&text), "three");
	assert_slice(slice_take_word(&text), "");
	assert_slice(slice_take_word(&text), "");
	assert_int_equal(text.len, 0);
}

static void
slice_lines_come_one_by_one_with_and_without_a_last_newline(void **state)
{
	(void)state;
	struct slice text = slice_of("a\n\nb\r\nlast"), line;
	const char *const lines[] = {"a", "", "b\r", "last"};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_true(slice_take_line(&text, &line));
		assert_slice(line, lines[i]);
	}
	assert_false(slice_take_line(&text, &line));
	text = slice_of("a\n");
	assert_true(slice_take_line(&text, &line));
	assert_false(slice_take_line(&text, &line));
}

static void
slice_domain_is_behind_the_last_at(void **state)
{
	(void)state;
	assert_slice(slice_domain(slice_of("u@example.org")), "example.org");
	assert_slice(slice_domain(slice_of("a@b@example.org")), "example.org");
	assert_slice(slice_domain(slice_of("example.org")), "example.org");
	assert_slice(slice_domain(slice_of("u@")), "");
	assert_slice(slice_domain((struct slice){NULL, 0}), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slice_equals_compares_all_bytes),
		cmocka_unit_test(slice_that_is_absent_equals_an_empty_one),
		cmocka_unit_test(slice_before_and_from_divide_at_a_place),
		cmocka_unit_test(slice_words_stand_between_blanks_and_tabs),
		cmocka_unit_test(
			slice_lines_come_one_by_one_with_and_without_a_last_newline),
		cmocka_unit_test(slice_domain_is_behind_the_last_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
