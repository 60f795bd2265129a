/* SPDX-License-Identifier: ISC */
/* test_match_random — a set of random rules says what each would say alone. */
#include "collector/match.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A random pattern with named groups a and b, over a tiny alphabet. */
static void
random_pattern(char *out, size_t size)
{
	static const char *const pieces[] = {"x", "y", "[xy]", "x?", "(x|yy)",
		"(?:y)", "\\(?", "x*", "(?=x)", "."};
	size_t count = sizeof(pieces) / sizeof(*pieces);
	const char *one = pieces[(size_t)random() % count];
	const char *two = pieces[(size_t)random() % count];
	const char *three = pieces[(size_t)random() % count];
	switch (random() % 4) {
	case 0:
		snprintf(out, size, "%s(?<a>%s)%s", one, two, three);
		break;
	case 1:
		snprintf(out, size, "(?<a>%s)(?<b>%s)?%s", one, two, three);
		break;
	case 2:
		snprintf(out, size, "%s|(?<b>%s%s)$", one, two, three);
		break;
	default:
		snprintf(out, size, "%s%s%s", one, two, three);
	}
}

enum { RULES = 12 };

/* One rule alone behind its prefix: the text of groups a and b. */
static bool
match_alone(const char *prefix, const char *rule, const char *text,
	struct slice found[2])
{
	char whole[1024];
	snprintf(whole, sizeof(whole), "(?>%s)(?:%s)", prefix, rule);
	pcre2_code *re = compile(whole, PCRE2_NO_AUTO_CAPTURE, NULL);
	assert_non_null(re);
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(re, NULL);
	int rc = pcre2_match(
		re, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL);
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
	for (int g = 0; g < 2; g++) {
		found[g] = (struct slice){NULL, 0};
		int n = pcre2_substring_number_from_name(
			re, (PCRE2_SPTR)(g == 0 ? "a" : "b"));
		if (n > 0 && n < rc && offsets[2 * n] != PCRE2_UNSET)
			found[g] = (struct slice){text + offsets[2 * n],
				offsets[2 * n + 1] - offsets[2 * n]};
	}
	pcre2_match_data_free(data);
	pcre2_code_free(re);
	return rc >= 0;
}

static void
assert_same(const struct match_groups *groups, const struct match *match,
	const struct slice found[2])
{
	for (int g = 0; g < 2; g++) {
		struct slice text = {NULL, 0};
		for (size_t i = groups->count; i-- > 0;)
			if (strcmp(groups->items[i].name, g == 0 ? "a" : "b") ==
				0)
				text = match_text(
					match, groups->items[i].number);
		assert_ptr_equal(text.data, found[g].data);
		assert_int_equal(text.len, found[g].len);
	}
}

static void
random_sets_say_what_their_rules_say_one_by_one(void **state)
{
	(void)state;
	srandom(11);
	for (int round = 0; round < 400; round++) {
		struct match_room *room = match_room_new();
		struct match_set *set = match_new(room, true);
		struct match_groups open = {0}, groups[RULES] = {{0}};
		char rules[RULES][64], prefix[8] = "";
		const char *prefixes[RULES];
		int from = (int)(random() % RULES),
		    to = (int)(random() % RULES);
		strcpy(prefix, "(?<p>z)");
		for (int r = 0; r < RULES; r++) {
			if (r == from)
				match_open(set, prefix, &open, NULL);
			random_pattern(rules[r], sizeof(rules[r]));
			prefixes[r] = r >= from && r <= to ? prefix : "";
			if (r >= from && to < from)
				prefixes[r] = prefix;
			assert_int_equal(
				match_add(set, rules[r], &groups[r], NULL), 0);
			if (r == to && r >= from)
				match_close(set);
		}
		if (to < from)
			match_close(set);
		assert_int_equal(match_compile(set, NULL), 0);
		for (int i = 0; i < 40; i++) {
			char text[8] = "";
			for (int c = 0; c < 1 + i % 6; c++)
				text[c] = "xyz("[random() % 4];
			struct match match = {.rule = RULES};
			struct slice found[2];
			enum match_result result =
				match_run(set, slice_of(text), &match);
			int r = 0;
			while (r < RULES && !match_alone(prefixes[r], rules[r],
						    text, found))
				r++;
			assert_int_equal(result == MATCH_RULE, r < RULES);
			assert_int_equal(match.rule, r);
			if (r < RULES)
				assert_same(&groups[r], &match, found);
		}
		for (int r = 0; r < RULES; r++)
			match_groups_free(&groups[r]);
		match_groups_free(&open);
		match_free(set);
		match_room_free(room);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			random_sets_say_what_their_rules_say_one_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
