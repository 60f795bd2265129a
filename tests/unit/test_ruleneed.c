/* SPDX-License-Identifier: ISC */
/* test_ruleneed — the `needs` statement, good and wrong. */
#include "collector/ruleneed.c"

#include "collector/rules.h"
#include "lib/buf.h"
#include "tests/unit/rulebox.h"

static int
parse(struct rulebox *box, const char *text, struct rule_need *need,
	struct err *why)
{
	return ruleneed_parse(&box->catalogue, slice_of(text), need, why);
}

static void
a_need_has_counters_and_a_setting_in_words(void **state)
{
	struct rule_need need = {.source = 7, .line = 3};
	struct err why = {""};
	assert_int_equal(parse(*state,
				 " dkim.pass  spf.pass :  Log yes : all, "
				 "dkim.fail too",
				 &need, &why),
		0);
	assert_int_equal(need.count, 2);
	assert_int_equal(
		need.counters[0], rulebox_counter(*state, "dkim.pass"));
	assert_int_equal(need.counters[1], rulebox_counter(*state, "spf.pass"));
	assert_string_equal(need.setting, "Log yes : all, dkim.fail too");
	assert_int_equal(need.source, 7);
	assert_int_equal(need.line, 3);
	free(need.setting);
}

static void
what_is_wrong_with_a_need_is_said(void **state)
{
	static const char form[] = "'needs' must be COUNTER… : SETTING in "
				   "words";
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"", form},
		{": yes", form},
		{"dkim.pass", form},
		{"dkim.pass :", form},
		{"dkim.pass : ", form},
		{"dkim.pass dkim.pass : x", "'dkim.pass' is there twice"},
		{"dkim.pas : x", "unknown counter 'dkim.pas'"},
		{"dkim.pass: x", "unknown counter 'dkim.pass:'"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rule_need need = {.count = 77};
		struct err why = {""};
		assert_int_equal(parse(*state, cases[i].text, &need, &why), -1);
		assert_string_equal(why.text, cases[i].sentence);
		assert_int_equal(need.count, 77);
	}
}

static void
counters_of_a_need_are_bounded(void **state)
{
	struct catalogue catalogue = {0};
	struct buf lines = {0}, text = {0};
	for (int i = 1; i <= RULE_NEED_COUNTERS_MAX + 1; i++)
		buf_printf(&lines, "%d x.c%d line none m\n", i, i);
	catalogue_add(&catalogue,
		&(struct catalogue_file){"c", slice_of(lines.data), false},
		NULL);
	catalogue_sort(&catalogue);
	for (int i = 1; i <= RULE_NEED_COUNTERS_MAX; i++)
		buf_printf(&text, "x.c%d ", i);
	struct rule_need need = {0};
	struct err why = {""};
	(void)state;
	buf_adds(&text, ": s");
	assert_int_equal(
		ruleneed_parse(&catalogue, slice_of(text.data), &need, &why),
		0);
	assert_int_equal(need.count, RULE_NEED_COUNTERS_MAX);
	free(need.setting);
	text.len -= 3;
	buf_printf(&text, "x.c%d : s", RULE_NEED_COUNTERS_MAX + 1);
	assert_int_equal(
		ruleneed_parse(&catalogue, slice_of(text.data), &need, &why),
		-1);
	assert_string_equal(why.text, "more than 32 counters");
	catalogue_free(&catalogue);
	buf_free(&lines);
	buf_free(&text);
}

/* What is loaded knows its source, file and line. */
static void
the_rules_tell_their_needs(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "source one\nneeds dkim.pass : a\n"
			  "program /^x$/\n/y/ dkim.pass\n"
			  "source two\n\nneeds spf.pass : b c \n"
			  "needs smtp.sent : d\n");
	assert_int_equal(box->set.need_count, 3);
	const struct rule_need *need = &box->set.needs[1];
	assert_string_equal(box->set.sources[need->source], "two");
	assert_string_equal(need->setting, "b c");
	assert_string_equal(need->file, "good");
	assert_int_equal(need->line, 7);
	assert_int_equal(box->set.needs[0].source, 0);
	assert_string_equal(box->set.needs[2].setting, "d");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RULEBOX_TEST(a_need_has_counters_and_a_setting_in_words),
		RULEBOX_TEST(what_is_wrong_with_a_need_is_said),
		RULEBOX_TEST(counters_of_a_need_are_bounded),
		RULEBOX_TEST(the_rules_tell_their_needs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
