/* SPDX-License-Identifier: ISC */
/* test_rulepattern — delimiters, flags and defines. */
#include "collector/rulepattern.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void
define(struct rulepattern *patterns, const char *name, const char *text)
{
	struct err why = {""};
	if (rulepattern_define(
		    patterns, slice_of(name), slice_of(text), &why) != 0)
		fail_msg("refused: %s", why.text);
}

/* Takes a pattern and says what it is and what is left of the line. */
static void
assert_takes(struct rulepattern *patterns, const char *line,
	const char *pattern, const char *rest)
{
	struct err why = {""};
	struct slice text = slice_of(line);
	if (rulepattern_take(patterns, &text, &why) != 0)
		fail_msg("%s: %s", line, why.text);
	assert_string_equal(patterns->text.data, pattern);
	if (!slice_is(text, rest))
		fail_msg("%s: leaves '%.*s', not '%s'", line, (int)text.len,
			text.data, rest);
}

static void
assert_refused(
	struct rulepattern *patterns, const char *line, const char *sentence)
{
	struct err why = {""};
	struct slice text = slice_of(line);
	if (rulepattern_take(patterns, &text, &why) == 0)
		fail_msg("accepted, but should say: %s", sentence);
	assert_string_equal(why.text, sentence);
}

static void
pattern_stands_between_any_two_delimiters(void **state)
{
	(void)state;
	struct rulepattern patterns = {0};
	assert_takes(&patterns, "/a b/ x", "a b", " x");
	assert_takes(&patterns, "  !a/b! x", "a/b", " x");
	assert_takes(&patterns, "~a~", "a", "");
	assert_takes(&patterns, "%a%\tx", "a", "\tx");
	assert_takes(&patterns, "/a\\/b\\\\/ x", "a\\/b\\\\", " x");
	rulepattern_free(&patterns);
	assert_true(rulepattern_starts(slice_of("/")));
	assert_false(rulepattern_starts(slice_of("a/")));
	assert_false(rulepattern_starts(slice_of("")));
	assert_false(rulepattern_starts((struct slice){"\0", 1}));
}

static void
flag_i_ignores_case(void **state)
{
	(void)state;
	struct rulepattern patterns = {0};
	assert_takes(&patterns, "/a|b/i x", "(?i:a|b)", " x");
	assert_takes(&patterns, "/a|b/ i", "a|b", " i");
	assert_refused(&patterns, "/a/x y", "unknown flag 'x'");
	assert_refused(&patterns, "/a/ii", "unknown flag 'ii'");
	rulepattern_free(&patterns);
}

static void
pattern_that_is_none_is_refused(void **state)
{
	(void)state;
	struct rulepattern patterns = {0};
	const char *missing = "a pattern between two '/' is missing";
	assert_refused(&patterns, "", missing);
	assert_refused(&patterns, "abc", missing);
	assert_refused(&patterns, "/abc", "the pattern has no closing '/'");
	assert_refused(&patterns, "!abc/", "the pattern has no closing '!'");
	assert_refused(&patterns, "/abc\\/", "the pattern has no closing '/'");
	assert_refused(&patterns, "/abc\\", "the pattern has no closing '/'");
	assert_refused(&patterns, "/", "the pattern has no closing '/'");
	assert_refused(&patterns, "// x", "the pattern is empty");
	rulepattern_free(&patterns);
}

static void
define_stands_for_its_text_wherever_it_is_used(void **state)
{
	(void)state;
	struct rulepattern patterns = {0};
	define(&patterns, "id", "[0-9]+|none");
	define(&patterns, "two", "%{id}-%{id}");
	assert_takes(&patterns, "/^%{id}: /", "^(?:[0-9]+|none): ", "");
	assert_takes(&patterns, "/%{two}/",
		"(?:(?:[0-9]+|none)-(?:[0-9]+|none))", "");
	assert_takes(&patterns, "/100%/", "100%", "");
	assert_takes(&patterns, "/%x{/", "%x{", "");
	rulepattern_free(&patterns);
}

static void
define_that_is_wrong_is_refused(void **state)
{
	(void)state;
	struct rulepattern patterns = {0};
	struct err why;
	define(&patterns, "id", "x");
	assert_int_equal(rulepattern_define(&patterns, slice_of("id"),
				 slice_of("y"), &why),
		-1);
	assert_string_equal(why.text, "'id' is defined twice");
	assert_int_equal(rulepattern_define(&patterns, slice_of("b"),
				 slice_of("%{b}"), &why),
		-1);
	assert_string_equal(why.text, "no define 'b'");
	assert_refused(&patterns, "/%{none}/", "no define 'none'");
	assert_refused(&patterns, "/%{id/", "'%{' without '}'");
	rulepattern_free(&patterns);
}

static void
pattern_is_bounded_whatever_the_defines_multiply_to(void **state)
{
	(void)state;
	struct rulepattern patterns = {0};
	struct err why = {""};
	char name[2] = "a", text[64];
	define(&patterns, name, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	int result = 0;
	for (char c = 'b'; result == 0 && c <= 'z'; c++) {
		snprintf(text, sizeof(text), "%%{%s}%%{%s}%%{%s}", name, name,
			name);
		name[0] = c;
		result = rulepattern_define(
			&patterns, slice_of(name), slice_of(text), &why);
	}
	assert_int_equal(result, -1);
	assert_string_equal(why.text, "a pattern of more than 8192 bytes");
	rulepattern_free(&patterns);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pattern_stands_between_any_two_delimiters),
		cmocka_unit_test(flag_i_ignores_case),
		cmocka_unit_test(pattern_that_is_none_is_refused),
		cmocka_unit_test(
			define_stands_for_its_text_wherever_it_is_used),
		cmocka_unit_test(define_that_is_wrong_is_refused),
		cmocka_unit_test(
			pattern_is_bounded_whatever_the_defines_multiply_to),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
