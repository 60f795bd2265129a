/* SPDX-License-Identifier: ISC */
/* test_filters — which peers are content filters. */
#include "collector/filters.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const items[] = {"192.0.2.7:10024", "[2001:db8::7]:10026",
	"2001:db8::8:10027", "no-port"};
static const struct filters configured = {items, 4};
static const struct filters none = {NULL, 0};

static bool
is_filter(const char *peer)
{
	return filters_match(&configured, slice_of(peer));
}

static void
loopback_always_is_a_filter(void **state)
{
	(void)state;
	static const char *const peers[] = {"127.0.0.1", "127.8.9.10", "::1",
		"localhost[127.0.0.1]", "127.0.0.1[127.0.0.1]:10024",
		"localhost[::1]:10025"};
	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers); i++)
		assert_true(filters_match(&none, slice_of(peers[i])));
}

static void
configured_filter_needs_its_address_and_port(void **state)
{
	(void)state;
	assert_true(is_filter("scan.example.org[192.0.2.7]:10024"));
	assert_false(is_filter("scan.example.org[192.0.2.7]:25"));
	assert_false(is_filter("scan.example.org[192.0.2.8]:10024"));
	assert_true(is_filter("scan.example.org[2001:db8::7]:10026"));
	assert_true(is_filter("scan.example.org[2001:db8::8]:10027"));
}

static void
peer_without_a_port_is_judged_by_its_address(void **state)
{
	(void)state;
	assert_true(is_filter("scan.example.org[192.0.2.7]"));
	assert_true(is_filter("192.0.2.7"));
	assert_true(is_filter("2001:db8::7"));
	assert_false(is_filter("192.0.2.70"));
	assert_false(is_filter("no-port"));
}

static void
name_alone_never_makes_a_filter(void **state)
{
	(void)state;
	static const char *const peers[] = {"", "none", "localhost",
		"127.0.0.1.example.net[198.51.100.1]:25",
		"127.0.0.1.example.net", "::1.example.net[198.51.100.1]",
		"192.0.2.7[198.51.100.1]:10024", "x[", "x[]:1", "x[127.0.0.1",
		"/var/spool/filter[private/scan]", "1270.0.0.1"};
	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers); i++)
		if (is_filter(peers[i]))
			fail_msg("'%s' is no filter", peers[i]);
	assert_false(filters_match(&configured, (struct slice){NULL, 0}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_always_is_a_filter),
		cmocka_unit_test(configured_filter_needs_its_address_and_port),
		cmocka_unit_test(peer_without_a_port_is_judged_by_its_address),
		cmocka_unit_test(name_alone_never_makes_a_filter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
