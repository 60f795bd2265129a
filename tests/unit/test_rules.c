/* SPDX-License-Identifier: ISC */
/* test_rules — what a line is taken for, by own rules and by the shipped. */
#include "collector/rules.c"

#include "tests/unit/folder.h"

#include "lib/slice.h"

struct bench {
	struct catalogue catalogue;
	struct rules *rules;
	struct rules_outcome outcome;
};

static void
load(struct bench *bench)
{
	struct err err = {""};
	*bench = (struct bench){0};
	bench->rules = rules_load(&bench->catalogue, "own", &err);
	if (bench->rules == NULL)
		fail_msg("refused: %s", err.text);
}

static void
unload(struct bench *bench)
{
	rules_free(bench->rules);
	catalogue_free(&bench->catalogue);
}

/* Own rules, in a folder of their own. */
static void
put_own(const char *rules)
{
	mkdir("own", 0755);
	folder_put("own/catalogue", "100000 own.a line none m\n"
				    "100001 own.b line none m\n"
				    "100002 own.c line none m\n"
				    "100003 own.d line none m\n");
	folder_put("own/test.rules", rules);
}

static const struct rules_outcome *
apply(struct bench *bench, const char *program, const char *message)
{
	struct line line = {.program = slice_of(program),
		.message = slice_of(message),
		.repeat = 1};
	rules_apply(bench->rules, &line, &bench->outcome);
	return &bench->outcome;
}

/* The outcome as "status counter=amount …". */
static void
assert_says(struct bench *bench, const char *message, const char *expected)
{
	const struct rules_outcome *o = apply(bench, "own", message);
	char text[256];
	int len = sprintf(text, "%s", rules_status_names[o->status]);
	for (size_t i = 0; i < o->count; i++)
		len += sprintf(text + len, " %s=%ju",
			bench->catalogue.counters[o->additions[i].counter].name,
			(uintmax_t)o->additions[i].amount);
	if (strcmp(text, expected) != 0)
		fail_msg("'%s' says '%s', not '%s'", message, text, expected);
}

static void
assert_load_fails(const char *sentence)
{
	struct catalogue catalogue = {0};
	struct err err = {""};
	struct rules *rules = rules_load(&catalogue, "own", &err);
	assert_null(rules);
	assert_string_equal(err.text, sentence);
	catalogue_free(&catalogue);
}

static void
shipped_rules_load_and_know_their_sources(void **state)
{
	(void)state;
	struct bench bench;
	load(&bench); /* there is no folder "own" */
	static const char *const sources[] = {"opendkim", "opendmarc",
		"policyd-spf", "policyd-spf-perl", "pyspf-milter", "postfix"};
	size_t found = 0;
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		for (size_t s = 0; s < rules_source_count(bench.rules); s++)
			found += strcmp(rules_source_name(bench.rules, s),
					 sources[i]) == 0;
	assert_int_equal(found, sizeof(sources) / sizeof(*sources));
	assert_int_equal(apply(&bench, "opendkim", "no such words")->status,
		RULES_UNMATCHED);
	assert_int_equal(
		apply(&bench, "cron", "no such words")->status, RULES_FOREIGN);
	assert_int_equal(bench.outcome.source, -1);
	unload(&bench);
}

/* Nobody else does: patterns of shipped files are compiled as they are. */
static void
shipped_rules_pass_the_checks_of_own_ones(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	struct ruleset set = {0};
	struct err err = {""};
	assert_int_equal(load_catalogue(&catalogue, NULL, &err), 0);
	for (const struct shipped_file *f = shipped_files + 1; f->name; f++) {
		struct slice text = {f->data, (size_t)(f->end - f->data)};
		if (rulefile_parse(&set, &catalogue,
			    &(struct rulefile){f->name, text, true}, &err) != 0)
			fail_msg("%s", err.text);
	}
	assert_true(set.section_count > 0);
	ruleset_free(&set);
	catalogue_free(&catalogue);
}

static void
shipped_rules_can_be_compiled_at_once(void **state)
{
	(void)state;
	struct bench bench;
	struct err err = {""};
	load(&bench);
	assert_int_equal(rules_compile(bench.rules, &err), 0);
	match_free(bench.rules->set.sections[0].match);
	struct match_set *bad = match_new(bench.rules->set.room, false);
	struct match_groups none = {0};
	assert_int_equal(match_add(bad, "a(", &none, &err), 0);
	bench.rules->set.sections[0].match = bad;
	assert_int_equal(rules_compile(bench.rules, &err), -1);
	assert_non_null(strstr(err.text, "shipped rules: bad pattern"));
	unload(&bench);
}

static void
what_the_rule_did_not_match_is_the_rest(void **state)
{
	(void)state;
	const char *line = "4F1A2B: DKIM-Signature field added, x";
	struct bench bench;
	load(&bench);
	apply(&bench, "opendkim", line);
	assert_true(
		slice_is(rules_rest(&bench.outcome, slice_of(line)), ", x"));
	apply(&bench, "opendkim", "no such words");
	assert_null(rules_rest(&bench.outcome, slice_of(line)).data);
	unload(&bench);
}

static void
own_rules_are_tried_before_the_shipped_ones(void **state)
{
	(void)state;
	const char *line = "4F1A2B: DKIM verification successful";
	struct bench bench;
	load(&bench);
	assert_int_equal(apply(&bench, "opendkim", line)->count, 1);
	assert_string_equal(bench.outcome.rule->file, "opendkim.rules");
	assert_true(slice_is(rules_queue_id(&bench.outcome), "4F1A2B"));
	unload(&bench);
	put_own("source opendkim\nprogram /^opendkim$/\n"
		"/\\w+: DKIM verification successful$/ own.a own.b\n");
	load(&bench);
	assert_int_equal(apply(&bench, "opendkim", line)->count, 2);
	assert_string_equal(bench.outcome.rule->file, "own/test.rules");
	assert_int_equal(bench.outcome.rule->line, 3);
	/* what they do not know, the shipped ones still do */
	apply(&bench, "opendkim", "4F1A2B: bad signature data");
	assert_string_equal(bench.outcome.rule->file, "opendkim.rules");
	unload(&bench);
}

static void
own_files_are_read_in_the_order_of_their_names(void **state)
{
	(void)state;
	put_own("");
	folder_put("own/b.rules", "source b\nprogram /^x$/\n/x/ own.b\n");
	folder_put("own/a.rules", "source a\nprogram /^x$/\n/x/ own.a\n");
	folder_put("own/.c.rules", "not read");
	folder_put("own/c.rules~", "not read");
	folder_put("own/rules", "not read");
	struct bench bench;
	load(&bench);
	apply(&bench, "x", "x");
	assert_string_equal(bench.outcome.rule->file, "own/a.rules");
	unload(&bench);
}

static void
own_file_that_is_wrong_is_named_with_its_line(void **state)
{
	(void)state;
	put_own("source s\n\nprogram /(/\n");
	assert_load_fails("own/test.rules:3: bad pattern: missing closing "
			  "parenthesis at character 1");
	put_own("");
	folder_put("own/catalogue", "# own\n99999 own.a line none m\n");
	assert_load_fails("own/catalogue:2: number 99999: your own begin at "
			  "100000");
	folder_put("own/catalogue", "100000 dkim.pass line none m\n");
	assert_load_fails(
		"own/catalogue:1: counter dkim.pass is declared twice");
}

static void
own_folder_that_is_none_is_refused(void **state)
{
	(void)state;
	folder_put("own", "a file");
	assert_load_fails("own: Not a directory");
}

static void
rule_does_each_of_its_actions(void **state)
{
	(void)state;
	put_own("source own\nprogram /^own$/\n"
		"table word\nyes own.a own.b\nno ignore\nend\n"
		"/two/ own.a own.b\n"
		"/size=(?<n>\\d*)/ own.c+=n\n"
		"/items=(?<n>[^ ]+)?/ own.c+=#n\n"
		"/word=(?<word>\\S*)/ @word own.c\n"
		"/only=(?<word>\\S*)/ @word\n"
		"/peer=(?<peer>\\S+)/ peer?own.a:own.b\n"
		"/nothing/ ignore\n");
	struct bench bench;
	load(&bench);
	static const char *const items[] = {"192.0.2.7:10024"};
	rules_set_filters(bench.rules, (struct filters){items, 1});
	assert_says(&bench, "two", "matched own.a=1 own.b=1");
	assert_says(&bench, "size=00120", "matched own.c=120");
	assert_says(&bench, "size=999999999999999999999999",
		"matched own.c=999999999999999999");
	assert_says(&bench, "size=0", "ignored");
	assert_says(&bench, "size=", "ignored");
	assert_says(&bench, "items=a:b", "matched own.c=1");
	assert_says(&bench, "items=a:b,c:d,e:f g,h", "matched own.c=3");
	assert_says(&bench, "items= a,b", "ignored");
	assert_says(&bench, "word=YeS", "matched own.a=1 own.b=1 own.c=1");
	assert_says(&bench, "word=no", "matched own.c=1");
	assert_says(&bench, "only=No", "ignored");
	assert_says(&bench, "peer=x[127.0.0.1]:25", "matched own.a=1");
	assert_says(&bench, "peer=x[192.0.2.7]:10024", "matched own.a=1");
	assert_says(&bench, "peer=x[192.0.2.7]:25", "matched own.b=1");
	assert_says(&bench, "nothing at all", "ignored");
	unload(&bench);
}

static void
word_that_a_table_does_not_have_makes_the_line_unmatched(void **state)
{
	(void)state;
	put_own("source own\nprogram /^own$/\ntable w\na own.a\nend\n"
		"/(?<w>\\w+)/ own.b @w\n"
		"source other\nprogram /^own$/\n/known/ own.c\n");
	struct bench bench;
	load(&bench);
	assert_says(&bench, "a", "matched own.b=1 own.a=1");
	assert_says(&bench, "aa", "unmatched");
	/* or leaves it to the next section */
	assert_says(&bench, "known", "matched own.c=1");
	assert_string_equal(
		rules_source_name(bench.rules, (size_t)bench.outcome.source),
		"other");
	unload(&bench);
}

static void
outcome_has_the_groups_of_its_rule_and_none_of_the_last(void **state)
{
	(void)state;
	put_own("source own\nprogram /^own$/\n"
		"/(?<qid>\\d+) (?<signer>\\S+) (?<from>\\S+) (?<mailfrom>\\S+) "
		"(?<rcpt>\\S+)/ own.a\n/x/ own.b\n");
	struct bench bench;
	load(&bench);
	const struct rules_outcome *o = apply(&bench, "own", "1 s f m r");
	assert_true(slice_is(rules_queue_id(o), "1"));
	assert_true(slice_is(rules_domain(o, CATALOGUE_SIGNER), "s"));
	assert_true(slice_is(rules_domain(o, CATALOGUE_FROM), "f"));
	assert_true(slice_is(rules_domain(o, CATALOGUE_MAILFROM), "m"));
	assert_true(slice_is(rules_domain(o, CATALOGUE_RCPT), "r"));
	apply(&bench, "own", "x");
	for (enum catalogue_domain d = CATALOGUE_NONE; d < CATALOGUE_DOMAINS;
		d++)
		assert_null(rules_domain(o, d).data);
	assert_null(rules_queue_id(o).data);
	unload(&bench);
}

static void
list_adds_for_each_group_what_its_first_word_says(void **state)
{
	(void)state;
	put_own("source own\n"
		"list l\nOK own.a+=options own.b\nBAD own.c\nSENT smtp.sent\n"
		"end\nlist m\nBAD own.d\nend\n"
		"program /^own$/\n/x (?<m>(?<l>.*))/ @l @m\n");
	struct bench bench;
	load(&bench);
	assert_says(&bench, "x other,BAD", "matched own.c=1 own.d=1");
	assert_says(&bench, "x BAD(1){},SENT(1){},OK(0){a;b;}",
		"matched own.a=2 own.b=1 smtp.sent=1 own.d=1");
	assert_says(&bench, "x other", "ignored");
	assert_says(&bench, "x ", "ignored");
	assert_says(&bench, "y", "unmatched");
	unload(&bench);
}

static void
list_of_results_adds_what_the_results_say(void **state)
{
	(void)state;
	put_own("source own\n"
		"list l results\nb=no/(c) own.d\na=yes own.a\nb=no own.b\n"
		"b=no/p=q smtp.sent\nend\n"
		"program /^own$/\n/x (?<l>.*)/ @l\n");
	struct bench bench;
	load(&bench);
	assert_says(
		&bench, "x mx; a=yes; b=no p=q", "matched own.a=1 smtp.sent=1");
	assert_says(&bench, "x mx; b=no (a=yes,c)", "matched own.d=1");
	assert_says(&bench, "x mx; b=no (; a=yes ) p=\"q; a=yes\"",
		"matched own.b=1");
	assert_says(&bench, "x mx; none", "ignored");
	unload(&bench);
}

static void
line_that_stands_for_several_counts_as_often(void **state)
{
	(void)state;
	put_own("source own\nprogram /^own$/\n/n=(?<n>\\d+)/ own.a own.b+=n\n");
	struct bench bench;
	load(&bench);
	struct line line = {.program = slice_of("own"),
		.message = slice_of("n=7"),
		.repeat = LINE_REPEAT_MAX};
	rules_apply(bench.rules, &line, &bench.outcome);
	assert_int_equal(bench.outcome.additions[0].amount, LINE_REPEAT_MAX);
	assert_int_equal(
		bench.outcome.additions[1].amount, 7 * LINE_REPEAT_MAX);
	line.is_bare = true;
	rules_apply(bench.rules, &line, &bench.outcome);
	assert_int_equal(bench.outcome.status, RULES_IGNORED);
	assert_int_equal(bench.outcome.count, 0);
	unload(&bench);
}

static void
line_that_hits_the_match_limit_is_told_apart(void **state)
{
	(void)state;
	put_own("source own\nprogram /^own$/\n/(?:a|aa)+(?:b|c)/ own.a\n");
	struct bench bench;
	load(&bench);
	assert_says(&bench, "aaab", "matched own.a=1");
	assert_false(bench.outcome.hit_limit);
	assert_says(&bench,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"unmatched");
	assert_true(bench.outcome.hit_limit);
	unload(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(shipped_rules_load_and_know_their_sources),
		FOLDER_TEST(shipped_rules_pass_the_checks_of_own_ones),
		FOLDER_TEST(shipped_rules_can_be_compiled_at_once),
		FOLDER_TEST(what_the_rule_did_not_match_is_the_rest),
		FOLDER_TEST(own_rules_are_tried_before_the_shipped_ones),
		FOLDER_TEST(own_files_are_read_in_the_order_of_their_names),
		FOLDER_TEST(own_file_that_is_wrong_is_named_with_its_line),
		FOLDER_TEST(own_folder_that_is_none_is_refused),
		FOLDER_TEST(rule_does_each_of_its_actions),
		FOLDER_TEST(
			word_that_a_table_does_not_have_makes_the_line_unmatched),
		FOLDER_TEST(
			outcome_has_the_groups_of_its_rule_and_none_of_the_last),
		FOLDER_TEST(list_adds_for_each_group_what_its_first_word_says),
		FOLDER_TEST(list_of_results_adds_what_the_results_say),
		FOLDER_TEST(line_that_stands_for_several_counts_as_often),
		FOLDER_TEST(line_that_hits_the_match_limit_is_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
