/* SPDX-License-Identifier: ISC */
/* test_authority — whose verdict counts. */
#include "collector/authority.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { NOON = 1000000000, HOST = 1 };

static bool
speak(struct authority *a, const char *method, const char *source, int64_t time)
{
	return authority_speak(
		a, &(struct authority_spoke){
			   HOST, authority_method_find(method), source, time});
}

static void
verdict_counters_have_a_method_and_others_none(void **state)
{
	(void)state;
	static const char *const verdicts[][2] = {{"dkim", "pass"},
		{"spf", "softfail"}, {"dmarc", "none"}, {"arc", "invalid"},
		{"domainkeys", "permerror"}, {"adsp", "nxdomain"},
		{"spf", "skipped"}};
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		int m = authority_method_of(verdicts[i][0], verdicts[i][1]);
		assert_string_equal(authority_methods[m], verdicts[i][0]);
	}
	assert_int_equal(authority_method_of("dkim", "signatures"), -1);
	assert_int_equal(authority_method_of("dkim", "signed"), -1);
	assert_int_equal(authority_method_of("dmarc", "disp_none"), -1);
	assert_int_equal(authority_method_of("arc", "sealed"), -1);
	assert_int_equal(authority_method_of("milter", "discard"), -1);
	assert_int_equal(authority_method_of("smtp", "fail"), -1);
}

static void
first_in_the_order_silences_those_behind_it(void **state)
{
	(void)state;
	struct authority *a = authority_new();
	assert_true(speak(a, "dkim", "spamd", NOON));
	assert_true(speak(a, "dkim", "amavis", NOON));
	assert_false(speak(a, "dkim", "spamd", NOON));
	assert_true(speak(a, "dkim", "opendkim", NOON));
	assert_false(speak(a, "dkim", "amavis", NOON));
	assert_true(speak(a, "dkim", "opendkim", NOON));
	/* methods and hosts are apart */
	assert_true(speak(a, "spf", "spamd", NOON));
	assert_true(authority_speak(
		a, &(struct authority_spoke){HOST + 9,
			   authority_method_find("dkim"), "spamd", NOON}));
	assert_true(authority_speak(
		a, &(struct authority_spoke){
			   0, authority_method_find("dkim"), "spamd", NOON}));
	authority_free(a);
}

static void
authority_ends_when_it_was_silent_for_more_than_a_day(void **state)
{
	(void)state;
	struct authority *a = authority_new();
	assert_true(speak(a, "dkim", "opendkim", NOON));
	assert_false(speak(a, "dkim", "amavis", NOON + AUTHORITY_WINDOW_S));
	assert_true(speak(a, "dkim", "amavis", NOON + AUTHORITY_WINDOW_S + 1));
	assert_true(speak(a, "dkim", "opendkim", NOON + 100000));
	assert_false(speak(a, "dkim", "amavis", NOON + 100001));
	authority_free(a);
}

static void
line_out_of_order_does_not_shorten_the_window(void **state)
{
	(void)state;
	struct authority *a = authority_new();
	speak(a, "dkim", "opendkim", NOON);
	speak(a, "dkim", "opendkim", NOON - 5000);
	assert_false(speak(a, "dkim", "amavis", NOON + AUTHORITY_WINDOW_S));
	assert_false(speak(a, "dkim", "amavis", NOON - 10000));
	authority_free(a);
}

static void
source_that_no_order_names_comes_last(void **state)
{
	(void)state;
	struct authority *a = authority_new();
	assert_true(speak(a, "dkim", "mine", NOON));
	assert_true(speak(a, "dkim", "spamd", NOON));
	assert_false(speak(a, "dkim", "mine", NOON));
	assert_false(speak(a, "dkim", "yours", NOON));
	assert_true(speak(a, "domainkeys", "first", NOON));
	assert_false(speak(a, "domainkeys", "second", NOON));
	assert_true(speak(a, "domainkeys", "first", NOON));
	authority_free(a);
}

static void
order_can_be_replaced(void **state)
{
	(void)state;
	struct authority *a = authority_new();
	struct err err;
	static const char *const order[] = {"amavis", "opendkim"};
	assert_int_equal(authority_set_order(a, "dkim",
				 (struct authority_order){order, 2}, &err),
		0);
	assert_true(speak(a, "dkim", "amavis", NOON));
	assert_false(speak(a, "dkim", "opendkim", NOON));
	assert_false(speak(a, "dkim", "spamd", NOON));
	assert_int_equal(authority_set_order(a, "dane",
				 (struct authority_order){order, 2}, &err),
		-1);
	assert_string_equal(err.text, "authority: no method 'dane'");
	const char *many[SOURCES_MAX];
	for (size_t i = 0; i < SOURCES_MAX; i++)
		many[i] = "x";
	assert_int_equal(
		authority_set_order(a, "spf",
			(struct authority_order){many, SOURCES_MAX}, &err),
		-1);
	assert_string_equal(err.text, "authority of spf: more than 31 sources");
	authority_free(a);
}

static void
sources_beyond_the_bound_share_the_last_place(void **state)
{
	(void)state;
	struct authority *a = authority_new();
	char name[16];
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		assert_int_equal(speak(a, "adsp", name, NOON), i == 0);
	}
	assert_true(speak(a, "adsp", "s0", NOON));
	assert_false(speak(a, "adsp", "s99", NOON));
	authority_free(a);
}

static void
restore_spoke(const struct authority_spoke *spoke, void *arg)
{
	authority_restore(arg, spoke);
}

static void
what_was_spoken_is_the_same_after_a_restart(void **state)
{
	(void)state;
	static const char *const sources[] = {
		"opendkim", "amavis", "spamd", "mine", "yours"};
	struct authority *a = authority_new(), *b = authority_new();
	srandom(5);
	int64_t time = NOON;
	for (int i = 0; i < 20000; i++) {
		int method = (int)(random() % AUTHORITY_METHODS);
		unsigned host = (unsigned)random() % 5;
		const char *source = sources[random() % 5];
		time += random() % 4000 - 100;
		assert_int_equal(
			authority_speak(a, &(struct authority_spoke){host,
						   method, source, time}),
			authority_speak(b, &(struct authority_spoke){host,
						   method, source, time}));
		if (i % 500 == 0) {
			authority_free(b);
			b = authority_new();
			authority_each(a, restore_spoke, b);
		}
	}
	authority_restore(b, &(struct authority_spoke){.method = -1});
	authority_restore(
		b, &(struct authority_spoke){.method = AUTHORITY_METHODS});
	authority_free(a);
	authority_free(b);
	authority_free(NULL);
}

static void
sources_that_no_order_names_keep_their_places_over_a_restart(void **state)
{
	(void)state;
	struct authority *a = authority_new(), *b = authority_new();
	int dkim = authority_method_find("dkim");
	authority_speak(a, &(struct authority_spoke){2, dkim, "mine", NOON});
	authority_speak(a, &(struct authority_spoke){1, dkim, "yours", NOON});
	authority_each(a, restore_spoke, b);
	assert_true(authority_speak(
		b, &(struct authority_spoke){2, dkim, "mine", NOON}));
	assert_false(authority_speak(
		b, &(struct authority_spoke){2, dkim, "yours", NOON}));
	authority_free(a);
	authority_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			verdict_counters_have_a_method_and_others_none),
		cmocka_unit_test(first_in_the_order_silences_those_behind_it),
		cmocka_unit_test(
			authority_ends_when_it_was_silent_for_more_than_a_day),
		cmocka_unit_test(line_out_of_order_does_not_shorten_the_window),
		cmocka_unit_test(source_that_no_order_names_comes_last),
		cmocka_unit_test(order_can_be_replaced),
		cmocka_unit_test(sources_beyond_the_bound_share_the_last_place),
		cmocka_unit_test(what_was_spoken_is_the_same_after_a_restart),
		cmocka_unit_test(
			sources_that_no_order_names_keep_their_places_over_a_restart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
