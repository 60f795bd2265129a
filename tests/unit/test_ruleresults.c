/* SPDX-License-Identifier: ISC */
/* test_ruleresults — results are found, and strangers' text is none. */
#include "collector/ruleresults.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* All names, each followed by a blank. */
struct names {
	char text[4096];
	size_t count;
};

static void
take(struct slice name, void *arg)
{
	struct names *names = arg;
	size_t len = strlen(names->text);
	names->count++;
	if (len + name.len + 2 < sizeof(names->text))
		sprintf(names->text + len, "%.*s ", (int)name.len, name.data);
}

static void
assert_names(const char *text, const char *expected)
{
	struct names names = {"", 0};
	ruleresults_each(
		slice_of(text), &(struct ruleresults_taker){take, &names});
	assert_string_equal(names.text, expected);
}

struct search {
	const char *name;
	bool found;
};

static void
compare(struct slice name, void *arg)
{
	struct search *search = arg;
	search->found |= slice_is(name, search->name);
}

static bool
has_name(const char *text, const char *name)
{
	struct search search = {name, false};
	ruleresults_each(
		slice_of(text), &(struct ruleresults_taker){compare, &search});
	return search.found;
}

static void
field_has_results_properties_and_comments(void **state)
{
	(void)state;
	assert_names("mx.example.com; dkim=pass (2048-bit) header.d=a.example; "
		     "spf=none smtp.helo=\"\"",
		"dkim=pass dkim=pass/(2048-bit) dkim=pass/header.d "
		"dkim=pass/header.d=a.example spf=none spf=none/smtp.helo "
		"spf=none/smtp.helo= ");
	assert_names("dmarc=fail (p=none,d=none)",
		"dmarc=fail dmarc=fail/(p=none) dmarc=fail/(d=none) ");
	assert_names("mx.example.com; dkim-adsp/1=discard;;iprev=pass",
		"dkim-adsp=discard iprev=pass ");
	assert_names("mx.example.com; none", "");
	assert_names(
		"mx.example.com/1; dkim=pa(ss) x", "dkim=pa dkim=pa/(ss) ");
	assert_names("", "");
}

static void
folded_field_is_read_like_an_unfolded_one(void **state)
{
	(void)state;
	assert_names("mx;\n    dkim=pass header.d=a;\r\n\tspf=fail",
		"dkim=pass dkim=pass/header.d dkim=pass/header.d=a spf=fail ");
	assert_names("mx;#012    dkim=pass;#015#012  spf=fail",
		"dkim=pass spf=fail ");
	assert_false(has_name(
		"mx; dmarc=fail x=y#012policy.d=none", "dmarc=fail/policy.d"));
}

static void
quotes_and_comments_hold_no_results(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"mx; dkim=fail (bad; dkim=pass )",
		"mx; dkim=fail (a (b) ; dkim=pass )",
		"mx; dkim=fail (bad \\( ) ; dkim=pass )",
		"mx; dkim=fail (bad \" ) header.d=\"; dkim=pass\"",
		"mx; spf=fail smtp.mailfrom=\"a; dkim=pass\"",
		"mx; spf=fail smtp.mailfrom=\"a) ; dkim=pass",
		"mx; spf=fail (never closed; dkim=pass",
		"mx; spf=fail smtp.mailfrom=dkim=pass",
		"mx; spf=fail dkim=pass",
		"mx; spf=fail x; =; dkim=pass\"; dkim=passed; dkim=pass=",
		"mx; x-dkim=pass; dkim.a=pass",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_false(has_name(texts[i], "dkim=pass"));
	assert_true(has_name(
		"mx; spf=fail (a (b) c) x=\"(\"; dkim=pass", "dkim=pass"));
}

#define CHILD(k, v)                                                           \
	"{\"children\":[],\"key\":\"" k "\",\"type\":\"subentry\",\"value\":" \
	"\"" v "\"}"
#define COMMENT(v) "{\"type\":\"comment\",\"value\":\"" v "\"}"
#define ENTRY(k, v, children)                                                \
	"{\"children\":[" children "],\"key\":\"" k "\",\"type\":\"entry\"," \
	"\"value\":\"" v "\"}"
#define LOG(entries)                                                        \
	"{\"ar\":[{\"payload\":{\"authserv_id\":{\"children\":[],\"type\":" \
	"\"authservid\",\"value\":\"mx\"},\"children\":[" entries           \
	"],\"type\":\"header\"},\"type\":\"Authentication-Results\"}],"     \
	"\"queue_id\":\"7A1C2E0901\"}"

static void
json_has_results_properties_and_comments(void **state)
{
	(void)state;
	assert_names(LOG(ENTRY("dkim", "pass",
			     COMMENT("2048-bit") "," CHILD(
				     "header.d", "a")) "," ENTRY("spf", "none",
			     CHILD("smtp.helo", ""))),
		"dkim=pass dkim=pass/(2048-bit) dkim=pass/header.d "
		"dkim=pass/header.d=a spf=none spf=none/smtp.helo "
		"spf=none/smtp.helo= ");
	assert_names("{ \"type\" : \"entry\" }", "");
	assert_names(
		"{\"key\":\"a\",\"value\":\"b\",\"type\":\"entry\"}", "a=b ");
}

static void
json_strings_hold_no_results(void **state)
{
	(void)state;
	assert_false(has_name(LOG(ENTRY("spf", "fail",
				      CHILD("smtp.mailfrom",
					      "\\\"},{\\\"key\\\":\\\"dkim\\\","
					      "\\\"type\\\":\\\"entry\\\","
					      "\\\"value\\\":\\\"pass\\\"}"))),
		"dkim=pass"));
	assert_false(has_name(
		LOG(ENTRY("spf", "fail",
			CHILD("x", "a\\\\") "," COMMENT("mx; dkim=pass"))),
		"dkim=pass"));
	assert_false(has_name(LOG(CHILD("dkim", "pass")), "dkim=pass"));
	assert_false(
		has_name(LOG(ENTRY("spf", "fail", "") ",{\"key\":\"dkim\","
						      "\"x\":\"value\","
						      "\"type\":\"entry\"}"),
			"dkim="));
}

static void
json_string_ends_at_a_quote_that_is_not_escaped(void **state)
{
	(void)state;
	assert_true(
		has_name(LOG(ENTRY("dkim", "fail", COMMENT("\\\"q")) "," ENTRY(
				 "spf", "pass", "")),
			"spf=pass"));
	assert_true(
		has_name(LOG(ENTRY("dkim", "fail", COMMENT("q\\\\")) "," ENTRY(
				 "spf", "pass", "")),
			"spf=pass"));
}

static void
cut_json_has_the_results_before_the_cut(void **state)
{
	(void)state;
	char text[] =
		LOG(ENTRY("dkim", "pass", "") "," ENTRY("spf", "fail", ""));
	*strstr(text, "\"fail") = '\0';
	assert_names(text, "dkim=pass ");
	strcpy(text, "{\"a\":\"b");
	assert_names(text, "");
}

static void
long_names_deep_objects_and_long_comments_are_left_out(void **state)
{
	(void)state;
	char text[4000];
	sprintf(text, "mx; dkim=pass x=%0300d; spf=fail", 0);
	assert_names(text, "dkim=pass dkim=pass/x spf=fail ");
	memset(text, '{', 100);
	strcpy(text + 100, LOG(ENTRY("dkim", "pass", "")));
	assert_names(text, "");
	strcpy(text, "mx; dkim=pass (");
	for (int i = 0; i < 500; i++)
		strcat(text, "a,");
	struct names names = {"", 0};
	strcat(text, ")");
	ruleresults_each(
		slice_of(text), &(struct ruleresults_taker){take, &names});
	assert_int_equal(names.count, 1 + PIECES_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(field_has_results_properties_and_comments),
		cmocka_unit_test(folded_field_is_read_like_an_unfolded_one),
		cmocka_unit_test(quotes_and_comments_hold_no_results),
		cmocka_unit_test(json_has_results_properties_and_comments),
		cmocka_unit_test(json_strings_hold_no_results),
		cmocka_unit_test(
			json_string_ends_at_a_quote_that_is_not_escaped),
		cmocka_unit_test(cut_json_has_the_results_before_the_cut),
		cmocka_unit_test(
			long_names_deep_objects_and_long_comments_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
