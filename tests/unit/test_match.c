/* SPDX-License-Identifier: ISC */
/* test_match — many rules in one expression say what each would say alone. */
#include "collector/match.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A set under construction and the groups of all its rules, newest last. */
struct bench {
	struct match_room *room;
	struct match_set *set;
	struct match_groups groups;
};

static struct bench
begin_set(bool is_checked)
{
	struct match_room *room = match_room_new();
	return (struct bench){room, .set = match_new(room, is_checked)};
}

static struct bench
begin(void)
{
	return begin_set(true);
}

/* A set of pieces that are known to be good. */
static struct bench
begin_known(void)
{
	return begin_set(false);
}

static void
finish(struct bench *bench)
{
	match_free(bench->set);
	match_room_free(bench->room);
	match_groups_free(&bench->groups);
}

static void
add(struct bench *bench, const char *pattern)
{
	struct err err = {""};
	if (match_add(bench->set, pattern, &bench->groups, &err) != 0)
		fail_msg("%s: %s", pattern, err.text);
}

static void
open_prefix(struct bench *bench, const char *pattern)
{
	struct err err = {""};
	if (match_open(bench->set, pattern, &bench->groups, &err) != 0)
		fail_msg("%s: %s", pattern, err.text);
}

static void
compile_all(struct bench *bench)
{
	struct err err = {""};
	if (match_compile(bench->set, &err) != 0)
		fail_msg("%s", err.text);
}

/* Number of the rule that takes the text, -1 for none. */
static int
run(const struct bench *bench, const char *text, struct match *match)
{
	enum match_result result = match_run(bench->set, slice_of(text), match);
	assert_int_not_equal(result, MATCH_LIMIT);
	return result == MATCH_RULE ? match->rule : -1;
}

/* The text of the newest group of this name. */
static struct slice
text_of(const struct bench *bench, const struct match *match, const char *name)
{
	for (size_t i = bench->groups.count; i-- > 0;)
		if (strcmp(bench->groups.items[i].name, name) == 0)
			return match_text(match, bench->groups.items[i].number);
	fail_msg("no group %s", name);
	return (struct slice){NULL, 0};
}

static void
assert_refused(const char *pattern, const char *sentence)
{
	struct bench bench = begin();
	struct err err = {""};
	if (match_add(bench.set, pattern, &bench.groups, &err) == 0)
		fail_msg("%s: accepted, but should say: %s", pattern, sentence);
	if (strstr(err.text, sentence) == NULL)
		fail_msg(
			"%s: says '%s', not '%s'", pattern, err.text, sentence);
	finish(&bench);
}

static void
first_rule_that_matches_takes_the_text(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	add(&bench, "a(?:b|c)$");
	add(&bench, "a|z");
	add(&bench, "ab");
	compile_all(&bench);
	assert_int_equal(run(&bench, "ab", &match), 0);
	assert_int_equal(run(&bench, "abc", &match), 1);
	assert_int_equal(run(&bench, "z", &match), 1);
	assert_int_equal(run(&bench, "xa", &match), -1);
	assert_int_equal(run(&bench, "", &match), -1);
	finish(&bench);
}

static void
rules_are_told_apart_however_many_there_are(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	char text[32];
	for (int i = 0; i < 1200; i++) {
		snprintf(text, sizeof(text), "rule %d$", i);
		add(&bench, text);
	}
	compile_all(&bench);
	for (int i = 0; i < 1200; i++) {
		snprintf(text, sizeof(text), "rule %d", i);
		assert_int_equal(run(&bench, text, &match), i);
	}
	finish(&bench);
}

static void
set_without_rules_matches_nothing(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	open_prefix(&bench, "a");
	match_close(bench.set);
	compile_all(&bench);
	assert_int_equal(run(&bench, "a", &match), -1);
	finish(&bench);
	bench = begin();
	compile_all(&bench);
	assert_int_equal(run(&bench, "", &match), -1);
	finish(&bench);
	bench = begin();
	open_prefix(&bench, "a");
	match_close(bench.set);
	add(&bench, "ab");
	compile_all(&bench);
	assert_int_equal(run(&bench, "a", &match), -1);
	assert_int_equal(run(&bench, "ab", &match), 0);
	finish(&bench);
}

static void
groups_of_prefixes_and_rules_hold_their_own_text(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	add(&bench, "(?<zero>\\d+)(?<more>!)?$");
	open_prefix(&bench, "(?<id>\\w+)(x|y): ");
	add(&bench, "from=(?<from>\\S+) (?<a>a)");
	open_prefix(&bench, "to=(?<to>\\S+) ");
	add(&bench, "by=(?<by>\\S+)");
	add(&bench, "(no|with)(in) (?<by>\\S+)");
	match_close(bench.set);
	add(&bench, "last=(?<last>\\S+)");
	match_close(bench.set);
	add(&bench, "(?<end>end)");
	compile_all(&bench);
	assert_int_equal(run(&bench, "1x: to=me within home", &match), 3);
	assert_true(slice_is(text_of(&bench, &match, "id"), "1"));
	assert_true(slice_is(text_of(&bench, &match, "to"), "me"));
	assert_true(slice_is(text_of(&bench, &match, "by"), "home"));
	assert_int_equal(run(&bench, "1x: last=you", &match), 4);
	assert_true(slice_is(text_of(&bench, &match, "id"), "1"));
	assert_true(slice_is(text_of(&bench, &match, "last"), "you"));
	assert_int_equal(run(&bench, "1x: from=me a", &match), 1);
	assert_true(slice_is(text_of(&bench, &match, "from"), "me"));
	assert_true(slice_is(text_of(&bench, &match, "a"), "a"));
	assert_int_equal(run(&bench, "7", &match), 0);
	assert_true(slice_is(text_of(&bench, &match, "zero"), "7"));
	assert_null(text_of(&bench, &match, "more").data);
	assert_int_equal(run(&bench, "end", &match), 5);
	assert_true(slice_is(text_of(&bench, &match, "end"), "end"));
	finish(&bench);
}

static void
group_zero_is_none(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	add(&bench, "(?<a>a)");
	compile_all(&bench);
	assert_int_equal(run(&bench, "a", &match), 0);
	assert_null(match_text(&match, 0).data);
	assert_null(match_text(&match, -1).data);
	assert_null(match_text(&match, 99).data);
	finish(&bench);
}

static void
parentheses_of_all_kinds_keep_the_groups_in_order(void **state)
{
	(void)state;
	static const char *const before[] = {"(x)?", "\\(?", "[(]?", "[^(x]{0}",
		"[](]?", "[[:space:](]?", "(?#note ()", "(?#(?'[[:)", "(?:x)?",
		"(?=n)", "(?!x)", "(?<=^)", "(?<!x)", "(?<*^)", "(?*n)", "(?i)",
		"(?>x)?", "\\Q(\\E?", "(?<o>x)?", "(?P<o>x)?", "(?'o'x)?",
		"((((x))))?", "\\\\?", "[\\](]?", "(?s-i:x)?", "(*atomic:x)?",
		"(*pla:n)"};
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		char text[128];
		struct bench bench = begin();
		struct match match;
		snprintf(text, sizeof(text), "^%s(?<n>n+)(o)(?<p>p+)",
			before[i]);
		add(&bench, "(?<other>zzz)");
		add(&bench, text);
		compile_all(&bench);
		if (run(&bench, "nnopp", &match) != 1 ||
			!slice_is(text_of(&bench, &match, "n"), "nn") ||
			!slice_is(text_of(&bench, &match, "p"), "pp"))
			fail_msg("wrong groups: %s", text);
		finish(&bench);
	}
}

static void
bad_pattern_is_refused_with_its_place(void **state)
{
	(void)state;
	assert_refused("abc(", "at character 4");
	assert_refused("a)b", "at character 1");
	assert_refused("[a", "at character 2");
	assert_refused("a\\", "at character 2");
	assert_refused("*", "bad pattern: ");
}

static void
pattern_that_would_reach_beyond_its_rule_is_refused(void **state)
{
	(void)state;
	assert_refused("(?<a>x)\\k<a>", "back references are not supported");
	assert_refused("(?<a>x)\\1", "back references are not supported");
	assert_refused("(?<a>x)(?(<a>)y|z)", "");
	static const char *const patterns[] = {"a(?R)?", "(?<a>x)(?1)",
		"(?<a>x)(?&a)", "(?<a>x)(?P>a)", "(?<a>x)\\g<a>",
		"(?<a>x)\\g'1'", "(?<a>x)(?-1)", "(?+1)(?<a>x)", "a(*ACCEPT)b",
		"a(*COMMIT)b", "(*MARK:7)a", "(*:7)a", "(*UTF)a", "a\\Qb",
		"(?x)a # comment", "(?x)a # (?'b",
		"(?x)a # [[:", "(?n)(?<a>x)(?<b>y)",
		/* which of the two would it be? */
		"(?<a>x)|(?<a>y)", "(?J)(?<a>x)|(?<a>y)",
		"(?iJ:(?<a>x)|(?<a>y))"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		assert_refused(patterns[i], "");
}

static void
rule_that_backtracks_without_end_hits_the_limit(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	char text[64];
	memset(text, 'a', sizeof(text));
	add(&bench, "(?:a|aa)+(?:b|c)");
	compile_all(&bench);
	assert_int_equal(match_run(bench.set,
				 (struct slice){text, sizeof(text)}, &match),
		MATCH_LIMIT);
	assert_int_equal(run(&bench, "aab", &match), 0);
	finish(&bench);
}

static void
rules_match_bytes_and_the_dollar_only_the_very_end(void **state)
{
	(void)state;
	struct bench bench = begin();
	struct match match;
	add(&bench, "a[\\x00\\xff]b$");
	compile_all(&bench);
	assert_int_equal(
		match_run(bench.set, (struct slice){"a\0b", 3}, &match),
		MATCH_RULE);
	assert_int_equal(run(&bench,
				 "a\xff"
				 "b",
				 &match),
		0);
	assert_int_equal(run(&bench,
				 "a\xff"
				 "b\n",
				 &match),
		-1);
	finish(&bench);
}

static void
known_pieces_are_compiled_when_a_text_comes(void **state)
{
	(void)state;
	struct bench bench = begin_known();
	struct match match;
	open_prefix(&bench, "(?<id>\\w+): ");
	add(&bench, "to=(?<to>\\S+)(x|y)?");
	add(&bench, "(?<end>end)");
	match_close(bench.set);
	assert_null(bench.set->code);
	assert_int_equal(run(&bench, "A1: to=me", &match), 0);
	assert_non_null(bench.set->code);
	assert_true(slice_is(text_of(&bench, &match, "id"), "A1"));
	assert_true(slice_is(text_of(&bench, &match, "to"), "me"));
	for (int i = 0; i < 2 * JIT_AFTER; i++)
		assert_int_equal(run(&bench, "A1: end", &match), 1);
	assert_true(slice_is(text_of(&bench, &match, "end"), "end"));
	finish(&bench);
}

static void
set_that_cannot_be_compiled_says_so_and_takes_no_text(void **state)
{
	(void)state;
	struct bench bench = begin_known();
	struct err err = {""};
	struct match match;
	add(&bench, "a(");
	assert_int_equal(match_compile(bench.set, &err), -1);
	assert_non_null(strstr(err.text, "bad pattern"));
	for (int i = 0; i < 2; i++)
		assert_int_equal(match_run(bench.set, slice_of("a"), &match),
			MATCH_LIMIT);
	finish(&bench);
}

/* However many groups each has, before and after they are machine code. */
static void
sets_of_one_room_do_not_disturb_each_other(void **state)
{
	(void)state;
	struct bench one = begin(), two = {.room = one.room};
	struct match match;
	two.set = match_new(one.room, true);
	add(&one, "(?<x>.)$");
	add(&two, "(?<a>.)(?<b>.)(?<c>.)(?<d>.)(?<e>.)(?<f>.)(?<g>.)$");
	for (int i = 0; i < 3 * JIT_AFTER; i++) {
		assert_int_equal(run(&one, "1", &match), 0);
		assert_true(slice_is(text_of(&one, &match, "x"), "1"));
		if (i % 2 == 0)
			continue;
		assert_int_equal(run(&two, "1234567", &match), 0);
		assert_true(slice_is(text_of(&two, &match, "g"), "7"));
		assert_int_equal(run(&one, "12", &match), -1);
	}
	match_free(two.set);
	match_groups_free(&two.groups);
	finish(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_rule_that_matches_takes_the_text),
		cmocka_unit_test(rules_are_told_apart_however_many_there_are),
		cmocka_unit_test(set_without_rules_matches_nothing),
		cmocka_unit_test(
			groups_of_prefixes_and_rules_hold_their_own_text),
		cmocka_unit_test(group_zero_is_none),
		cmocka_unit_test(
			parentheses_of_all_kinds_keep_the_groups_in_order),
		cmocka_unit_test(bad_pattern_is_refused_with_its_place),
		cmocka_unit_test(
			pattern_that_would_reach_beyond_its_rule_is_refused),
		cmocka_unit_test(
			rule_that_backtracks_without_end_hits_the_limit),
		cmocka_unit_test(
			rules_match_bytes_and_the_dollar_only_the_very_end),
		cmocka_unit_test(sets_of_one_room_do_not_disturb_each_other),
		cmocka_unit_test(known_pieces_are_compiled_when_a_text_comes),
		cmocka_unit_test(
			set_that_cannot_be_compiled_says_so_and_takes_no_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
