/* SPDX-License-Identifier: ISC */
/* test_tally — everything that counting needs, put together. */
#include "collector/tally.c"

#include "tests/unit/folder.h"

static struct tally *
tally_of(const struct config *config, const char *own)
{
	struct err err = {""};
	struct tally *tally = tally_new(config, own, &err);
	if (tally == NULL)
		fail_msg("%s", err.text);
	return tally;
}

/* Counts one line at noon and gives the total's value of a counter. */
static uint64_t
count_one(struct tally *tally, const char *program, const char *message,
	const char *counter)
{
	struct step *step = step_new(43260);
	struct line line = {.program = slice_of(program),
		.message = slice_of(message),
		.time = 43200,
		.repeat = 1};
	count_line(tally->count, &line, true, step);
	step_confirm(step, tally->rows);
	step_free(step);
	int c = catalogue_find(&tally->catalogue, slice_of(counter));
	return tally->rows->total->base[c];
}

static void
tally_counts_by_the_shipped_rules(void **state)
{
	(void)state;
	struct config *config = config_default();
	struct tally *tally = tally_of(config, NULL);
	assert_int_equal(
		count_one(tally, "opendkim",
			"4F1A2B: DKIM verification successful", "dkim.pass"),
		1);
	tally_free(tally);
	config_free(config);
	tally_free(NULL);
}

static void
tally_takes_bounds_filters_and_orders_from_the_configuration(void **state)
{
	(void)state;
	folder_put("conf", "input \"/var/log/mail.log\" { }\n"
			   "hosts_max = 7\ndomains_max = 9\n"
			   "filters = { \"192.0.2.7:10024\" }\n"
			   "authority \"dkim\" { order = { \"b\", \"a\" } }\n");
	mkdir("own", 0755);
	folder_put("own/x.rules",
		"source a\nprogram /^a$/\n/ok/ dkim.pass\n"
		"/to (?<peer>\\S+)/ peer?smtp.filter_hop:smtp.sent\n"
		"source b\nprogram /^b$/\n/ok/ dkim.pass\n");
	struct err err = {""};
	struct config *config = config_load("conf", &err);
	if (config == NULL)
		fail_msg("%s", err.text);
	struct tally *tally = tally_of(config, "own");
	assert_int_equal(tally->rows->kind_max[ROWS_HOST], 7);
	assert_int_equal(tally->rows->kind_max[ROWS_DOMAIN], 9);
	assert_int_equal(count_one(tally, "a", "to x[192.0.2.7]:10024",
				 "smtp.filter_hop"),
		1);
	assert_int_equal(count_one(tally, "b", "ok", "dkim.pass"), 1);
	assert_int_equal(count_one(tally, "a", "ok", "dkim.pass"), 1);
	assert_int_equal(count_one(tally, "b", "ok", "dkim.pass"), 2);
	tally_free(tally);
	config_free(config);
}

static void
tally_with_a_bad_rule_is_refused(void **state)
{
	(void)state;
	mkdir("own", 0755);
	folder_put("own/x.rules", "hello\n");
	struct config *config = config_default();
	struct err err = {""};
	assert_null(tally_new(config, "own", &err));
	assert_string_equal(err.text,
		"own/x.rules:1: 'hello' is no statement of a rule file");
	config_free(config);
}

static void
tally_with_an_unknown_method_is_refused(void **state)
{
	(void)state;
	struct config *config = config_default();
	struct config_authority bad = {.method = (char[]){"dane"}};
	struct config changed = *config;
	changed.authorities = &bad;
	changed.authority_count = 1;
	struct err err = {""};
	assert_null(tally_new(&changed, NULL, &err));
	assert_string_equal(err.text, "authority: no method 'dane'");
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(tally_counts_by_the_shipped_rules),
		FOLDER_TEST(
			tally_takes_bounds_filters_and_orders_from_the_configuration),
		FOLDER_TEST(tally_with_a_bad_rule_is_refused),
		FOLDER_TEST(tally_with_an_unknown_method_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
