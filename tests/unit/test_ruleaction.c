/* SPDX-License-Identifier: ISC */
/* test_ruleaction — the words behind a pattern. */
#include "collector/ruleaction.c"

#include "tests/unit/rulebox.h"

static struct match_group group_items[] = {
	{(char[]){"qid"}, 1}, {(char[]){"size"}, 2}, {(char[]){"qid"}, 3}};
static const struct match_groups groups = {group_items, 3, 3};
static const struct rule_table tables[] = {{.name = (char[]){"size"}},
	{.name = (char[]){"qid"}}, {.name = (char[]){"size"}}};

static struct ruleaction_names
names_of(const struct rulebox *box)
{
	return (struct ruleaction_names){.catalogue = &box->catalogue,
		.groups = &groups,
		.tables = tables,
		.first_table = 1,
		.table_count = 3};
}

static struct rule
parse(const struct rulebox *box, const char *words)
{
	struct rule rule = {0};
	struct err why = {""};
	struct ruleaction_names names = names_of(box);
	if (ruleaction_parse(&names, slice_of(words), &rule, &why) != 0)
		fail_msg("%s: %s", words, why.text);
	return rule;
}

static void
assert_refused(
	const struct rulebox *box, const char *words, const char *sentence)
{
	struct rule rule = {0};
	struct err why = {""};
	struct ruleaction_names names = names_of(box);
	if (ruleaction_parse(&names, slice_of(words), &rule, &why) == 0)
		fail_msg("%s: accepted, but should say: %s", words, sentence);
	assert_string_equal(why.text, sentence);
}

static void
actions_name_counters_groups_and_tables(void **state)
{
	const struct rulebox *box = *state;
	struct rule rule = parse(box, "\t dkim.pass qmgr.bytes+=size  @size "
				      "qid?smtp.filter_hop:smtp.sent ");
	assert_int_equal(rule.action_count, 4);
	const struct rule_action *a = rule.actions;
	assert_int_equal(a[0].verb, RULE_ADD);
	assert_int_equal(a[0].counter, rulebox_counter(box, "dkim.pass"));
	assert_int_equal(a[1].verb, RULE_ADD_NUMBER);
	assert_int_equal(a[1].counter, rulebox_counter(box, "qmgr.bytes"));
	assert_int_equal(a[1].group, 2);
	assert_int_equal(a[2].verb, RULE_LOOK_UP);
	assert_int_equal(a[2].group, 2);
	assert_int_equal(a[3].verb, RULE_CHOOSE);
	assert_int_equal(a[3].counter, rulebox_counter(box, "smtp.filter_hop"));
	assert_int_equal(a[3].other, rulebox_counter(box, "smtp.sent"));
}

static void
hash_counts_the_items_of_a_group(void **state)
{
	const struct rulebox *box = *state;
	struct rule rule = parse(box, "qmgr.bytes+=#size");
	assert_int_equal(rule.actions[0].verb, RULE_ADD_ITEMS);
	assert_int_equal(rule.actions[0].group, 2);
	assert_int_equal(
		rule.actions[0].counter, rulebox_counter(box, "qmgr.bytes"));
}

static void
table_is_looked_for_in_the_same_file_only(void **state)
{
	const struct rulebox *box = *state;
	assert_int_equal(parse(box, "@size").actions[0].table, 2);
	assert_int_equal(parse(box, "@qid").actions[0].table, 1);
}

static void
group_is_the_innermost_of_its_name(void **state)
{
	(void)state;
	assert_int_equal(ruleaction_group(&groups, slice_of("qid")), 3);
	assert_int_equal(ruleaction_group(&groups, slice_of("size")), 2);
	assert_int_equal(ruleaction_group(&groups, slice_of("none")), 0);
	assert_int_equal(ruleaction_group(&groups, slice_of("")), 0);
}

static void
ignore_stands_alone_and_adds_nothing(void **state)
{
	const struct rulebox *box = *state;
	assert_int_equal(parse(box, " ignore ").action_count, 0);
	assert_refused(box, "ignore dkim.pass", "'ignore' stands alone");
	assert_refused(box, "dkim.pass ignore", "'ignore' stands alone");
}

static void
action_that_names_what_is_not_there_is_refused(void **state)
{
	const struct rulebox *box = *state;
	static const char *const texts[][2] = {
		{"", "the rule does nothing (write 'ignore')"},
		{"  ", "the rule does nothing (write 'ignore')"},
		{"dkim.pas", "unknown counter 'dkim.pas'"},
		{"dkim.pass spf", "unknown counter 'spf'"},
		{"@", "the pattern has no group ''"},
		{"@none", "the pattern has no group 'none'"},
		{"qmgr.bytes+=none", "the pattern has no group 'none'"},
		{"qmgr.bytes+=", "the pattern has no group ''"},
		{"qmgr.bytes+=#", "the pattern has no group ''"},
		{"qmgr.bytes+=#none", "the pattern has no group 'none'"},
		{"qmgr.bytes+=##size", "the pattern has no group '#size'"},
		{"qmgr+=size", "unknown counter 'qmgr'"},
		{"+=size", "unknown counter ''"},
		{"none?dkim.pass:dkim.fail", "the pattern has no group 'none'"},
		{"size?dkim.pass", "'size?dkim.pass' is not "
				   "group?counter:other"},
		{"size?", "'size?' is not group?counter:other"},
		{"size?a.b:dkim.pass", "unknown counter 'a.b'"},
		{"size?dkim.pass:a.b", "unknown counter 'a.b'"},
		{"size?dkim.pass:", "unknown counter ''"},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_refused(box, texts[i][0], texts[i][1]);
}

static void
look_up_needs_a_table_of_the_groups_name(void **state)
{
	const struct rulebox *box = *state;
	struct rule rule = {0};
	struct err why;
	struct ruleaction_names names = names_of(box);
	names.first_table = names.table_count;
	assert_int_equal(
		ruleaction_parse(&names, slice_of("@size"), &rule, &why), -1);
	assert_string_equal(why.text, "no table or list 'size'");
}

static void
actions_of_a_rule_are_bounded(void **state)
{
	const struct rulebox *box = *state;
	char words[16 * (RULE_COUNTERS_MAX + 1)] = "";
	for (int i = 0; i < RULE_COUNTERS_MAX; i++)
		strcat(words, "dkim.pass ");
	assert_int_equal(parse(box, words).action_count, RULE_COUNTERS_MAX);
	strcat(words, "dkim.pass ");
	assert_refused(box, words, "more than 8 actions");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RULEBOX_TEST(actions_name_counters_groups_and_tables),
		RULEBOX_TEST(hash_counts_the_items_of_a_group),
		RULEBOX_TEST(table_is_looked_for_in_the_same_file_only),
		RULEBOX_TEST(group_is_the_innermost_of_its_name),
		RULEBOX_TEST(ignore_stands_alone_and_adds_nothing),
		RULEBOX_TEST(action_that_names_what_is_not_there_is_refused),
		RULEBOX_TEST(look_up_needs_a_table_of_the_groups_name),
		RULEBOX_TEST(actions_of_a_rule_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
