/* SPDX-License-Identifier: ISC */
/* test_check — what a good configuration is told, and what a bad one. */
#include "collector/check.c"

#include "tests/unit/folder.h"

/* Writes conf: two inputs, own rules in the test's folder, and `more`. */
static void
put_conf(void **state, const char *more)
{
	struct buf text = {0};
	buf_printf(&text,
		"input \"/var/log/mail.log\" { }\n"
		"input \"/var/log/old.log\" { first = \"end\" }\n"
		"rules_dir = \"%s/own\"\n"
		"rrd { dir = \"%s/history\" }\n%s",
		(char *)*state, (char *)*state, more);
	folder_put("conf", text.data);
	buf_free(&text);
}

static void
put_rules(const char *catalogue, const char *rules)
{
	mkdir("own", 0755);
	folder_put("own/catalogue", catalogue);
	folder_put("own/x.rules", rules);
}

static struct buf
summary_of(const char *path)
{
	struct buf summary = {0};
	struct err err = {""};
	if (check_configuration(path, &summary, &err) != 0)
		fail_msg("%s", err.text);
	return summary;
}

static void
assert_refused(const char *path, const char *why)
{
	struct buf summary = {0};
	struct err err = {""};
	buf_adds(&summary, "before\n");
	assert_int_equal(check_configuration(path, &summary, &err), -1);
	assert_non_null(strstr(err.text, why));
	assert_string_equal(summary.data, "before\n");
	assert_int_equal(check_configuration(path, NULL, &err), -1);
	buf_free(&summary);
}

static void
good_configuration_is_summed_up(void **state)
{
	put_conf(state, "");
	struct config *config = config_default();
	struct err err = {""};
	struct tally *tally = tally_new(config, NULL, &err);
	if (tally == NULL)
		fail_msg("%s", err.text);
	struct buf expected = {0}, summary = summary_of("conf");
	buf_printf(&expected,
		"input /var/log/mail.log, first read from its start\n"
		"input /var/log/old.log, first read from its end\n"
		"%zu counters, %zu sources, own rules in %s/own\n"
		"history in %s/history\n",
		tally->catalogue.count, rules_source_count(tally->rules),
		(char *)*state, (char *)*state);
	assert_string_equal(summary.data, expected.data);
	assert_int_equal(check_configuration("conf", NULL, &err), 0);
	buf_free(&expected);
	buf_free(&summary);
	tally_free(tally);
	config_free(config);
}

/* Reads the line about counters and sources. */
static void
numbers_of(const char *path, size_t *counters, size_t *sources)
{
	struct buf summary = summary_of(path);
	const char *line = strstr(summary.data, "from its end\n");
	assert_non_null(line);
	assert_int_equal(sscanf(line, "from its end %zu counters, %zu sources",
				 counters, sources),
		2);
	buf_free(&summary);
}

static void
own_counters_and_sources_are_in_the_summary(void **state)
{
	size_t counters, sources, own_counters, own_sources;
	put_conf(state, "");
	numbers_of("conf", &counters, &sources);
	put_rules("100000 own.one byte none m\n100001 own.two byte none m\n",
		"source own-source\nprogram /^x$/\n/a/ own.one\n");
	numbers_of("conf", &own_counters, &own_sources);
	assert_int_equal(own_counters, counters + 2);
	assert_int_equal(own_sources, sources + 1);
}

static void
checking_changes_nothing(void **state)
{
	put_conf(state, "");
	struct buf summary = summary_of("conf");
	assert_int_equal(access("history", F_OK), -1);
	assert_int_equal(access("own", F_OK), -1);
	buf_free(&summary);
}

static void
bad_configuration_is_refused_with_its_line(void **state)
{
	put_conf(state, "hosts_max = 0\n");
	assert_refused("conf", "conf:5: hosts_max is 0");
	put_conf(state, "no_such_option = 1\n");
	assert_refused("conf", "conf:5:");
	folder_put("conf", "hosts_max = 5\n");
	assert_refused("conf", "no input");
	assert_refused("missing", "missing");
}

static void
bad_rules_are_refused_with_their_line(void **state)
{
	put_conf(state, "");
	put_rules("", "source x\nprogram /^x$/\n/a/ no.such\n");
	assert_refused("conf", "own/x.rules:3:");
	put_rules("", "source x\nprogram /^x$/\n/(/ dkim.pass\n");
	assert_refused("conf", "own/x.rules:3:");
	put_rules("1 own.one byte none m\n", "");
	assert_refused("conf", "own/catalogue:1:");
	put_rules("", "");
	struct buf summary = summary_of("conf");
	buf_free(&summary);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(good_configuration_is_summed_up),
		FOLDER_TEST(own_counters_and_sources_are_in_the_summary),
		FOLDER_TEST(checking_changes_nothing),
		FOLDER_TEST(bad_configuration_is_refused_with_its_line),
		FOLDER_TEST(bad_rules_are_refused_with_their_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
