/* SPDX-License-Identifier: ISC */
/* test_networks — which addresses are in a set of networks. */
#include "collector/networks.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
an_address_in_any_of_the_networks_matches(void **state)
{
	(void)state;
	struct networks *n = networks_new();
	static const char *const items[] = {
		"192.0.2.0/24", "[2001:db8::]/32", "::1", "198.51.100.7"};
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
		assert_int_equal(networks_add(n, items[i], NULL), 0);
	static const char *const within[] = {"192.0.2.9", "2001:db8::2",
		"IPv6:2001:db8::3", "::1", "::ffff:198.51.100.7"};
	for (size_t i = 0; i < sizeof(within) / sizeof(*within); i++)
		assert_true(networks_match(n, slice_of(within[i])));
	static const char *const outside[] = {"192.0.3.1", "2001:db9::", "::2",
		"unknown", "", "192.0.2.0/24"};
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		assert_false(networks_match(n, slice_of(outside[i])));
	networks_free(n);
}

static void
nothing_is_in_an_empty_set(void **state)
{
	(void)state;
	struct networks *n = networks_new();
	assert_false(networks_match(n, slice_of("192.0.2.9")));
	assert_false(networks_match(n, (struct slice){NULL, 0}));
	networks_free(n);
	networks_free(NULL);
}

static void
what_is_no_network_is_refused_and_not_added(void **state)
{
	(void)state;
	struct networks *n = networks_new();
	struct err err = {""};
	assert_int_equal(networks_add(n, "192.0.2.9/24", &err), -1);
	assert_string_equal(err.text,
		"'192.0.2.9/24': has a host part: the network is 192.0.2.0/24");
	assert_false(networks_match(n, slice_of("192.0.2.9")));
	networks_free(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_in_any_of_the_networks_matches),
		cmocka_unit_test(nothing_is_in_an_empty_set),
		cmocka_unit_test(what_is_no_network_is_refused_and_not_added),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
