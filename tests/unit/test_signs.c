/* SPDX-License-Identifier: ISC */
/* test_signs — the domains whose mail we sign. */
#include "collector/signs.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { NOON = 1000000000, LATE = 2000000000 };

static void
learn(struct signs *signs, const char *domain, int64_t time)
{
	signs_learn(signs, slice_of(domain), time);
}

static bool
has(const struct signs *signs, const char *domain)
{
	return signs_has(signs, signs_hash(slice_of(domain)), LATE);
}

static const char *
numbered(int number)
{
	static char name[32];
	snprintf(name, sizeof(name), "d%d.example", number);
	return name;
}

/* "domain=time " of each. */
static void
append(const char *domain, int64_t time, void *arg)
{
	char *text = arg;
	size_t len = strlen(text);
	snprintf(text + len, 256 - len, "%s=%jd ", domain, (intmax_t)time);
}

static void
count_one(const char *domain, int64_t time, void *arg)
{
	(void)domain;
	(void)time;
	++*(int *)arg;
}

static void
domain_stands_for_itself_whatever_the_case(void **state)
{
	(void)state;
	struct signs *signs = signs_new();
	signs_add(signs, slice_of("Example.ORG"));
	learn(signs, "b\xc3\xbc.Example.net.", NOON);
	assert_true(has(signs, "example.org"));
	assert_true(has(signs, "EXAMPLE.org."));
	assert_true(has(signs, "b\xc3\xbc.example.NET"));
	assert_false(has(signs, "sub.example.org"));
	assert_false(has(signs, "example.or"));
	signs_free(signs);
}

static void
what_is_no_domain_has_no_number_and_is_not_taken(void **state)
{
	(void)state;
	char longest[SIGNS_DOMAIN_MAX + 2];
	memset(longest, 'a', sizeof(longest));
	longest[SIGNS_DOMAIN_MAX + 1] = '\0';
	assert_true(signs_hash(slice_of("")) == 0);
	assert_true(signs_hash(slice_of(".")) == 0);
	assert_true(signs_hash(slice_of(longest)) == 0);
	assert_true(signs_hash(slice_of(longest + 1)) != 0);
	struct signs *signs = signs_new();
	int count = 0;
	learn(signs, "", NOON);
	learn(signs, ".", NOON);
	learn(signs, longest, NOON);
	signs_add(signs, slice_of(""));
	signs_each(signs, count_one, &count);
	assert_int_equal(count, 0);
	assert_false(signs_has(signs, 0, LATE));
	signs_free(signs);
}

static void
learned_domains_are_shown_with_their_first_time(void **state)
{
	(void)state;
	char text[256] = "";
	struct signs *signs = signs_new();
	signs_add(signs, slice_of("own.example"));
	learn(signs, "b.example", NOON);
	learn(signs, "A.example", NOON + 1);
	learn(signs, "b.EXAMPLE", NOON + 2);
	/* one of the configuration */
	learn(signs, "own.example", NOON + 3);
	signs_each(signs, append, text);
	assert_string_equal(text, "b.example=1000000000 a.example=1000000001 ");
	signs_free(signs);
}

static void
learned_domain_that_the_configuration_names_is_learned_no_more(void **state)
{
	(void)state;
	char text[256] = "";
	struct signs *signs = signs_new();
	learn(signs, "a.example", NOON);
	signs_add(signs, slice_of("a.example"));
	signs_add(signs, slice_of("a.example"));
	signs_each(signs, append, text);
	assert_string_equal(text, "");
	assert_true(has(signs, "a.example"));
	assert_int_equal(signs->learned, 0);
	signs_free(signs);
}

static void
one_learned_first_gives_way(void **state)
{
	(void)state;
	struct signs *signs = signs_new();
	for (int i = 0; i < SIGNS_MAX; i++)
		learn(signs, numbered(i), NOON + (i == 0 ? SIGNS_MAX : i));
	/* signed for again: it was learned when it was */
	learn(signs, numbered(1), NOON + SIGNS_MAX + 1);
	/* full: all are there */
	for (int i = 0; i < SIGNS_MAX; i++)
		assert_true(has(signs, numbered(i)));
	learn(signs, "new.example", NOON + SIGNS_MAX + 1);
	assert_true(has(signs, "new.example"));
	assert_true(has(signs, numbered(0)));
	assert_false(has(signs, numbered(1)));
	assert_true(has(signs, numbered(2)));
	int count = 0;
	signs_each(signs, count_one, &count);
	assert_int_equal(count, SIGNS_MAX);
	/* it may come back */
	learn(signs, numbered(1), NOON + SIGNS_MAX + 2);
	assert_true(has(signs, numbered(1)));
	assert_false(has(signs, numbered(2)));
	signs_free(signs);
}

static void
domain_is_known_from_when_it_was_learned(void **state)
{
	(void)state;
	struct signs *signs = signs_new();
	const uint64_t learned = signs_hash(slice_of("a.example")),
		       own = signs_hash(slice_of("own.example"));
	learn(signs, "a.example", NOON);
	learn(signs, "timeless.example", 0);
	signs_add(signs, slice_of("own.example"));
	assert_false(signs_has(signs, learned, NOON));
	assert_true(signs_has(signs, learned, NOON + 1));
	assert_true(signs_has(signs, own, 1));
	int count = 0;
	signs_each(signs, count_one, &count);
	assert_int_equal(count, 2);
	signs_free(signs);
}

static void
domains_of_the_configuration_never_give_way_and_take_no_room(void **state)
{
	(void)state;
	struct signs *signs = signs_new();
	for (int i = 0; i < 50; i++)
		signs_add(signs, slice_of(numbered(i)));
	for (int i = 50; i < 50 + 3 * SIGNS_MAX; i++)
		learn(signs, numbered(i), NOON + i);
	for (int i = 0; i < 50; i++)
		assert_true(has(signs, numbered(i)));
	int count = 0;
	signs_each(signs, count_one, &count);
	assert_int_equal(count, SIGNS_MAX);
	assert_int_equal(signs->count, SIGNS_MAX + 50);
	assert_false(has(signs, numbered(50 + 2 * SIGNS_MAX - 1)));
	assert_true(has(signs, numbered(50 + 2 * SIGNS_MAX)));
	signs_free(signs);
}

static void
restart_knows_what_was_learned(void **state)
{
	(void)state;
	char before[256] = "", after[256] = "";
	struct signs *signs = signs_new(), *again = signs_new();
	learn(signs, "c.example", NOON + 3);
	learn(signs, "a.example", NOON + 1);
	learn(signs, "b.example", NOON + 1);
	signs_each(signs, append, before);
	for (char *next, *at = before; *at != '\0'; at = next + 1) {
		next = strchr(at, ' ');
		char *value = strchr(at, '=');
		signs_learn(again, (struct slice){at, (size_t)(value - at)},
			strtoll(value + 1, NULL, 10));
	}
	signs_each(again, append, after);
	assert_string_equal(after, before);
	signs_free(signs);
	signs_free(again);
	signs_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domain_stands_for_itself_whatever_the_case),
		cmocka_unit_test(
			what_is_no_domain_has_no_number_and_is_not_taken),
		cmocka_unit_test(
			learned_domains_are_shown_with_their_first_time),
		cmocka_unit_test(
			learned_domain_that_the_configuration_names_is_learned_no_more),
		cmocka_unit_test(one_learned_first_gives_way),
		cmocka_unit_test(domain_is_known_from_when_it_was_learned),
		cmocka_unit_test(
			domains_of_the_configuration_never_give_way_and_take_no_room),
		cmocka_unit_test(restart_knows_what_was_learned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
