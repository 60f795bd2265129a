/* SPDX-License-Identifier: ISC */
/* test_wrap — lines of at most 80 columns. */
#include "cli/wrap.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
assert_wrapped(const char *text, int indent, const char *expected)
{
	char *out = NULL;
	size_t len;
	FILE *file = open_memstream(&out, &len);
	wrap_print(text, indent, file);
	fclose(file);
	assert_string_equal(out, expected);
	free(out);
}

#define TEN "123456789 "
#define FORTY TEN TEN TEN TEN
#define WHOLE "1234567890"
#define SIXTY WHOLE WHOLE WHOLE WHOLE WHOLE WHOLE

static void
words_are_kept_whole(void **state)
{
	(void)state;
	assert_wrapped("a b", 2, "  a b\n");
	assert_wrapped(
		FORTY FORTY "x", 0, FORTY TEN TEN TEN "123456789\n  x\n");
	assert_wrapped(
		FORTY FORTY "x", 1, " " FORTY TEN TEN TEN "123456789\n   x\n");
	assert_wrapped(FORTY FORTY "x", 2,
		"  " FORTY TEN TEN "123456789\n    123456789 x\n");
}

static void
long_words_are_cut(void **state)
{
	(void)state;
	assert_wrapped(SIXTY SIXTY, 10,
		"          " SIXTY WHOLE
		"\n            1234567890123456789012345"
		"6789012345678901234567890\n");
	assert_wrapped("a " SIXTY SIXTY, 0,
		"a\n  " SIXTY "123456789012345678\n  "
		"901234567890123456789012345678901234567890\n");
}

static void
a_character_is_a_column(void **state)
{
	(void)state;
	assert_wrapped(
		"ääääääääää" WHOLE SIXTY, 0, "ääääääääää" WHOLE SIXTY "\n");
	assert_wrapped("ää " SIXTY WHOLE "123456 ä", 0,
		"ää " SIXTY WHOLE "123456\n  ä\n");
}

static void
no_text_is_an_empty_line(void **state)
{
	(void)state;
	assert_wrapped("", 0, "\n");
	assert_wrapped("   ", 0, "\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_kept_whole),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(a_character_is_a_column),
		cmocka_unit_test(no_text_is_an_empty_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
