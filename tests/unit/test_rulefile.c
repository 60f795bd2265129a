/* SPDX-License-Identifier: ISC */
/* test_rulefile — what a rule file may say, and the sentence for what not. */
#include "collector/rulefile.c"

#include "tests/unit/rulebox.h"

#define HEAD "source s\nprogram /^p$/\n"

static void
assert_refused(const struct rulebox *box, const char *text, size_t len,
	const char *sentence)
{
	struct ruleset set = {0};
	struct err err = {""};
	struct rulefile file = {"bad", {text, len}};
	int result = rulefile_parse(&set, &box->catalogue, &file, &err);
	ruleset_free(&set);
	if (result == 0)
		fail_msg("%s: accepted, but should say: %s", text, sentence);
	if (strncmp(err.text, sentence, strlen(sentence)) != 0)
		fail_msg("%s: says '%s', not '%s'", text, err.text, sentence);
}

/* Runs the first section on a message; NULL if no rule takes it. */
static const struct rule *
rule_for(struct rulebox *box, const char *message, struct match *match)
{
	const struct rule_section *section = &box->set.sections[0];
	if (match_run(section->match, slice_of(message), match) != MATCH_RULE)
		return NULL;
	return &section->rules[match->rule];
}

static void
assert_group(const struct match *match, int group, const char *text)
{
	assert_true(slice_is(match_text(match, group), text));
}

static void
rulefile_makes_sections_of_programs_and_rules(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "# comment\n\n  source one\n"
			  "program /^a$/\nprogram !^b!i\n"
			  "/x/ dkim.pass\n"
			  "\tprogram /^c$/\r\n"
			  "~y~ ignore\n"
			  "source two\nprogram /^a$/\n/z/ ignore");
	const struct ruleset *set = &box->set;
	assert_int_equal(set->section_count, 3);
	struct match match;
	assert_int_equal(
		match_run(set->sections[0].programs, slice_of("Bc"), &match),
		MATCH_RULE);
	assert_int_equal(match.rule, 1);
	assert_int_equal(
		match_run(set->sections[0].programs, slice_of("c"), &match),
		MATCH_NONE);
	assert_int_equal(
		match_run(set->sections[1].programs, slice_of("c"), &match),
		MATCH_RULE);
	assert_int_equal(set->sections[1].rules[0].line, 8);
	assert_int_equal(set->sections[1].rules[0].action_count, 0);
	assert_string_equal(set->sections[2].rules[0].file, "good");
	assert_string_equal(set->sources[set->sections[1].source], "one");
	assert_string_equal(set->sources[set->sections[2].source], "two");
}

static void
rulefile_joins_the_same_source_of_several_files(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, HEAD "/x/ ignore\n");
	rulebox_load(box, "source t\n" HEAD "/x/ ignore\n");
	assert_int_equal(box->set.source_count, 2);
	assert_int_equal(box->set.sections[1].source, 0);
}

static void
nested_withins_map_groups_to_the_right_text(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box,
		HEAD "define id [0-9]+\n"
		     "within /(?<qid>%{id}): /\n"
		     "/pass d=(?<signer>\\S+)/ dkim.pass\n"
		     "within /from=<(?<mailfrom>[^>]*)> /\n"
		     "/to=<(?<rcpt>[^>]*)> n=(?<n>%{id})/ "
		     "smtp.sent qmgr.bytes+=n\n"
		     "/relay (?<qid>\\w+)/ ignore\n"
		     "end\n"
		     "/fail d=(?<x>\\S+) h=(?<signer>\\S+)/ dkim.fail\n"
		     "end\n"
		     "/last (?<from>\\S+)/ ignore\n");
	struct match m;
	const struct rule *rule = rule_for(box, "12: pass d=a.org", &m);
	assert_group(&m, rule->queue_id, "12");
	assert_group(&m, rule->domains[CATALOGUE_SIGNER], "a.org");
	assert_int_equal(rule->domains[CATALOGUE_FROM], 0);
	rule = rule_for(box, "12: from=<u@b> to=<v@c> n=77", &m);
	assert_int_equal(rule->line, 7);
	assert_group(&m, rule->queue_id, "12");
	assert_group(&m, rule->domains[CATALOGUE_MAILFROM], "u@b");
	assert_group(&m, rule->domains[CATALOGUE_RCPT], "v@c");
	assert_group(&m, rule->actions[1].group, "77");
	rule = rule_for(box, "12: from=<u@b> relay 34", &m);
	assert_group(&m, rule->queue_id, "34");
	rule = rule_for(box, "12: fail d=a.org h=b.org", &m);
	assert_group(&m, rule->domains[CATALOGUE_SIGNER], "b.org");
	assert_int_equal(rule->domains[CATALOGUE_MAILFROM], 0);
	rule = rule_for(box, "last me", &m);
	assert_int_equal(rule->line, 12);
	assert_int_equal(rule->queue_id, 0);
	assert_group(&m, rule->domains[CATALOGUE_FROM], "me");
	assert_null(rule_for(box, "12: none", &m));
}

static void
tables_hold_words_in_lower_case_with_their_counters(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "source s\ntable result\n"
			  "# comment\n"
			  "PASS dkim.pass spf.pass\n"
			  "/none/ ignore\n"
			  "end\nprogram /^p$/\n/(?<result>\\w+)/ @result\n");
	assert_int_equal(box->set.table_count, 1);
	const struct rule_table *table = &box->set.tables[0];
	assert_string_equal(table->name, "result");
	assert_int_equal(table->count, 2);
	assert_string_equal(table->words[0].word, "pass");
	assert_int_equal(table->words[0].count, 2);
	assert_int_equal(
		table->words[0].counters[1], rulebox_counter(box, "spf.pass"));
	assert_string_equal(table->words[1].word, "/none/");
	assert_int_equal(table->words[1].count, 0);
}

static void
lists_are_tables_whose_words_have_groups(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "source s\nlist t\nA dkim.pass\nB spf.pass\n"
			  "C dkim.fail+=options\nend\n"
			  "program /^p$/\n/(?<t>.*)/ @t\n");
	const struct rule_table *list = &box->set.tables[0];
	assert_true(list->is_list);
	assert_int_equal(list->group_count, 2);
	assert_int_equal(list->words[0].group, list->words[2].group);
	assert_int_not_equal(list->words[0].group, list->words[1].group);
	assert_true(list->words[2].is_per_option[0]);
	assert_int_equal(
		list->words[2].counters[0], rulebox_counter(box, "dkim.fail"));
}

static void
list_is_for_so_many_groups(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	char text[512] = "", rules[512] = "list t\n";
	for (int i = 0; i <= RULE_LIST_GROUPS_MAX; i++) {
		sprintf(text + strlen(text), "%d g%d.x line none m\n", i + 1,
			i);
		sprintf(rules + strlen(rules), "w%d g%d.x\n", i, i);
	}
	strcat(rules, "end\n");
	catalogue_add(&catalogue,
		&(struct catalogue_file){"c", slice_of(text), false}, NULL);
	struct ruleset set = {0};
	struct err err = {""};
	struct rulefile file = {"bad", slice_of(rules)};
	assert_int_equal(rulefile_parse(&set, &catalogue, &file, &err), -1);
	assert_string_equal(err.text, "bad:10: a list for more than 8 groups");
	ruleset_free(&set);
	catalogue_free(&catalogue);
}

static void
aliases_are_kept_for_the_dispatcher(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "alias mydkim opendkim\n" HEAD "/x/ ignore\n");
	assert_int_equal(box->set.alias_count, 1);
	assert_string_equal(box->set.aliases[0].name, "mydkim");
	assert_string_equal(box->set.aliases[0].program, "opendkim");
}

static const char *const bad_texts[][2] = {
	{"hello\n", "bad:1: 'hello' is no statement of a rule file"},
	{"source\n", "bad:1: 'source' needs a name of 1 to 32 bytes"},
	{"source 123456789012345678901234567890123\n",
		"bad:1: 'source' needs a name of 1 to 32 bytes"},
	{"program /^p$/\n", "bad:1: 'program' before 'source'"},
	{"source s\n/x/ ignore\n", "bad:2: a rule before the first 'program'"},
	{HEAD "/x/ ignore\nsource t\n/x/ ignore\n",
		"bad:5: a rule before the first 'program'"},
	{"source s\nwithin /x/\n", "bad:2: 'within' before the first "
				   "'program'"},
	{"source s\nprogram ^p$\n",
		"bad:2: a pattern between two '/' is missing"},
	{"source s\nprogram /(/\n", "bad:2: bad pattern: missing closing "
				    "parenthesis at character 1"},
	{HEAD "/x\n", "bad:3: the pattern has no closing '/'"},
	{HEAD "//\n", "bad:3: the pattern is empty"},
	{HEAD "/x/g ignore\n", "bad:3: unknown flag 'g'"},
	{HEAD "/x/\n", "bad:3: the rule does nothing (write 'ignore')"},
	{HEAD "/x/ dkim.good\n", "bad:3: unknown counter 'dkim.good'"},
	{HEAD "/x/ @y\n", "bad:3: the pattern has no group 'y'"},
	{HEAD "/(?<y>x)/ @y\n", "bad:3: no table or list 'y'"},
	{HEAD "\n\n/a(b/ ignore\n", "bad:5: bad pattern: missing closing "
				    "parenthesis at character 3"},
	{HEAD "/a{2,1}/ ignore\n", "bad:3: bad pattern: "},
	{HEAD "/(?<a>x)\\k<a>/ ignore\n",
		"bad:3: back references are not supported"},
	{HEAD "/x/ ignore\nwithin /(/\nend\n", "bad:4: bad pattern: "},
	{HEAD "within /x/\n/^y/ ignore\nend\n",
		"bad:4: '^' behind a within can never match"},
	{HEAD "within /x/\n/^y/i ignore\nend\n",
		"bad:4: '^' behind a within can never match"},
	{HEAD "within /x/\nwithin /^y/\nend\nend\n",
		"bad:4: '^' behind a within can never match"},
	{HEAD "within /x/\n/y/ ignore\n", "bad:4: the file ends before 'end'"},
	{HEAD "within /x/\nsource t\n",
		"bad:4: the within of line 3 is not ended"},
	{HEAD "within /x/\nwithin /y/\nprogram /p/\n",
		"bad:5: the within of line 4 is not ended"},
	{HEAD "end\n", "bad:3: 'end' without 'within', "
		       "'table' or 'list'"},
	{"table\n", "bad:1: 'table' needs a name"},
	{"table t\nx dkim.pass\n", "bad:2: the file ends before 'end'"},
	{"table t\nx\nend\n", "bad:2: 'x' does nothing (write 'ignore')"},
	{"table t\nx no.such\nend\n", "bad:2: unknown counter 'no.such'"},
	{"table t\nx dkim.pass dkim.pass dkim.pass dkim.pass dkim.pass "
	 "dkim.pass dkim.pass dkim.pass dkim.pass\nend\n",
		"bad:2: more than 8 counters"},
	{"table t\nx ignore\nX dkim.pass\nend\n", "bad:3: 'x' is there twice"},
	{"table t\nend\ntable t\nend\n", "bad:3: table 't' is there twice"},
	{"list\n", "bad:1: 'list' needs a name"},
	{"list t symbols\n", "bad:1: 'symbols' is one word too many"},
	{"list t results x\n", "bad:1: 'x' is one word too many"},
	{"table t results\n", "bad:1: 'results' is one word too many"},
	{"list t\n", "bad:1: the file ends before 'end'"},
	{"list t\nx\nend\n", "bad:2: 'x' does nothing (write 'ignore')"},
	{"list t\nx no.such\nend\n", "bad:2: unknown counter 'no.such'"},
	{"list t\nx no.such+=options\nend\n",
		"bad:2: unknown counter 'no.such'"},
	{"list t\nx +=options\nend\n", "bad:2: unknown counter '+=options'"},
	{"list t\nx dkim.pass+=size\nend\n",
		"bad:2: unknown counter 'dkim.pass+=size'"},
	{"table t\nx dkim.pass+=options\nend\n",
		"bad:2: unknown counter 'dkim.pass+=options'"},
	{"table t\nend\nlist t\nend\n", "bad:3: table 't' is there twice"},
	{HEAD "within /x/\nlist t\n",
		"bad:4: the within of line 3 is not ended"},
	{"define\n", "bad:1: 'define' needs a name and a text"},
	{"define x\n", "bad:1: 'define' needs a name and a text"},
	{"define x a\ndefine x b\n", "bad:2: 'x' is defined twice"},
	{"define x %{y}\n", "bad:1: no define 'y'"},
	{HEAD "/%{y}/ ignore\n", "bad:3: no define 'y'"},
	{"needs dkim.pass : x\n", "bad:1: 'needs' before 'source'"},
	{"source s\nneeds dkim.good : x\n",
		"bad:2: unknown counter 'dkim.good'"},
	{HEAD "within /x/\nneeds dkim.pass : x\n",
		"bad:4: the within of line 3 is not ended"},
	{"alias a\n", "bad:1: 'alias' needs a name and a program"},
	/* what stands behind a whole statement is a mistake, too */
	{"source s t\n", "bad:1: 't' is one word too many"},
	{"source s\nprogram /^a$/ /^b$/\n",
		"bad:2: '/^b$/' is one word too many"},
	{HEAD "within /x/ dkim.pass\n",
		"bad:3: 'dkim.pass' is one word too many"},
	{HEAD "within /x/\nend within\n",
		"bad:4: 'within' is one word too many"},
	{"table t u\nend\n", "bad:1: 'u' is one word too many"},
	/* what one line would add in vain */
	{"table t\nx dkim.pass dkim.pass dkim.pass dkim.pass dkim.pass "
	 "dkim.pass\nend\n" HEAD "/(?<t>x)/ @t @t @t\n",
		"bad:6: up to 18 additions, more than 16"},
	{"list t\nx dkim.pass dkim.pass dkim.pass dkim.pass dkim.pass "
	 "dkim.pass\ny spf.pass spf.pass spf.pass\nz spf.pass\nend\n" HEAD
	 "/(?<t>x)/ @t @t\n",
		"bad:8: up to 18 additions, more than 16"},
	{"alias a b c\n", "bad:1: 'c' is one word too many"},
};

static void
rulefile_says_what_is_wrong_and_where(void **state)
{
	for (size_t i = 0; i < sizeof(bad_texts) / sizeof(*bad_texts); i++)
		assert_refused(*state, bad_texts[i][0], strlen(bad_texts[i][0]),
			bad_texts[i][1]);
}

static void
rulefile_refuses_a_nul_byte(void **state)
{
	static const char text[] = "source s\n# \0\n";
	assert_refused(*state, text, sizeof(text) - 1, "bad:2: a NUL byte");
}

static void
withins_are_nested_only_so_deep(void **state)
{
	char text[256] = HEAD;
	for (int i = 0; i < MATCH_DEPTH_MAX; i++)
		strcat(text, "within /x/\n");
	size_t len = strlen(text);
	for (int i = 0; i < MATCH_DEPTH_MAX; i++)
		strcat(text, "end\n");
	rulebox_load(*state, text);
	text[len] = '\0';
	strcat(text, "within /x/\n");
	assert_refused(
		*state, text, strlen(text), "bad:11: more than 8 nested");
}

static void
rulefile_without_anything_is_a_good_one(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "");
	rulebox_load(box, "# nothing\n\n");
	rulebox_load(box, HEAD);
	struct match m;
	assert_null(rule_for(box, "x", &m));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RULEBOX_TEST(rulefile_makes_sections_of_programs_and_rules),
		RULEBOX_TEST(rulefile_joins_the_same_source_of_several_files),
		RULEBOX_TEST(nested_withins_map_groups_to_the_right_text),
		RULEBOX_TEST(
			tables_hold_words_in_lower_case_with_their_counters),
		RULEBOX_TEST(lists_are_tables_whose_words_have_groups),
		cmocka_unit_test(list_is_for_so_many_groups),
		RULEBOX_TEST(aliases_are_kept_for_the_dispatcher),
		RULEBOX_TEST(rulefile_says_what_is_wrong_and_where),
		RULEBOX_TEST(rulefile_refuses_a_nul_byte),
		RULEBOX_TEST(withins_are_nested_only_so_deep),
		RULEBOX_TEST(rulefile_without_anything_is_a_good_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
