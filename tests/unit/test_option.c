/* SPDX-License-Identifier: ISC */
/* test_option — values by the name of their option (each sentence with its
 * line: test_config). */
#include "lib/option.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
a_text_is_good_or_bad_by_its_option(void **state)
{
	(void)state;
	static const struct {
		const char *option, *good, *bad;
	} cases[] = {
		{"state_dir", "/a", "a"},
		{"input", "/a", "a"},
		{"first", "end", "END"},
		{"program", "rspamd", "a b"},
		{"own_domains", "a.example", "a@b"},
		{"filters", "a:1", "a"},
		{"trusted_networks", "192.0.2.0/24", "192.0.2.1/24"},
		{"internal_relays", "::1", "localhost"},
		{"host_alias", "mx", "mx.example"},
		{"host", "mx", ""},
		{"authority", "domainkeys", "dnssec"},
		{"order", "opendkim", "OpenDKIM"},
		{"cached", "x", ""},
		{"socket", "tcp:127.0.0.1:705", "127.0.0.1:705"},
		{"root", "1.3.6.1.4.1.8072", "1.3.6.1.4.1"},
		{"community", "p", "p q"},
		{"user", "u", "-u"},
		{"auth", "SHA", "MD5"},
		{"auth", "SHA-512", "sha-512"},
		{"auth_password", "12345678", "1234567"},
		{"privacy", "AES", "DES"},
		{"privacy", "AES-256", ""},
		{"privacy_password", "12345678", "1234567"},
		{"sinks", "[::1]:162", "localhost:162"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = {""};
		const char *option = cases[i].option;
		if (option_check_text(option, cases[i].good, &err) != 0)
			fail_msg("%s", err.text);
		assert_int_equal(
			option_check_text(option, cases[i].bad, &err), -1);
		assert_memory_equal(err.text, option, strlen(option));
	}
}

static void
an_error_does_not_show_a_secret(void **state)
{
	(void)state;
	static const char *const secrets[] = {
		"community", "auth_password", "privacy_password"};
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		struct err err = {""};
		assert_int_equal(
			option_check_text(secrets[i], "a#bcdefgh", &err), -1);
		assert_null(strstr(err.text, "bcd"));
		assert_non_null(strstr(err.text, " must be "));
	}
}

static void
a_number_has_its_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		const char *option = ranges[i].option;
		struct err err = {""};
		assert_int_equal(
			option_check_number(option, ranges[i].min, &err), 0);
		assert_int_equal(
			option_check_number(option, ranges[i].max, &err), 0);
		assert_int_equal(
			option_check_number(option, ranges[i].min - 1, &err),
			-1);
		assert_int_equal(
			option_check_number(option, ranges[i].max + 1, &err),
			-1);
		assert_memory_equal(err.text, option, strlen(option));
	}
}

static void
an_option_that_nobody_knows_is_refused(void **state)
{
	(void)state;
	struct err err = {""};
	assert_int_equal(option_check_text("x", "y", &err), -1);
	assert_int_equal(option_check_number("x", 1, &err), -1);
	assert_string_equal(err.text, "x: unknown option");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_good_or_bad_by_its_option),
		cmocka_unit_test(an_error_does_not_show_a_secret),
		cmocka_unit_test(a_number_has_its_bounds),
		cmocka_unit_test(an_option_that_nobody_knows_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
