/* SPDX-License-Identifier: ISC */
/* test_endpoint — addresses as an administrator writes them, and as the SNMP
 * library wants them. */
#include "agent/endpoint.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
good_ones_are_formatted_for_the_library(void **state)
{
	(void)state;
	const struct {
		const char *text, *expected;
	} cases[] = {
		{"unix:/run/agentx/master", "unix:/run/agentx/master"},
		{"unix:/", "unix:/"},
		{"unix:/with:colon 1:2", "unix:/with:colon 1:2"},
		{"tcp:127.0.0.1:705", "tcp:127.0.0.1:705"},
		{"tcp:0.0.0.0:1", "tcp:0.0.0.0:1"},
		{"tcp:[::1]:65535", "tcp6:[::1]:65535"},
		{"tcp:[2001:DB8:0:0::1]:705", "tcp6:[2001:db8::1]:705"},
		{"tcp:[::ffff:192.0.2.1]:705", "tcp6:[::ffff:192.0.2.1]:705"},
		{"tcp:[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:00001",
			"tcp6:[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:1"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct endpoint endpoint;
		struct err err = {""};
		struct buf text = {0};
		if (endpoint_parse_socket(cases[i].text, &endpoint, &err) != 0)
			fail_msg("%s", err.text);
		endpoint_format(&endpoint, "tcp", &text);
		assert_string_equal(text.data, cases[i].expected);
		buf_free(&text);
	}
}

static void
udp_has_another_name_for_ipv6_and_what_is_there_stays(void **state)
{
	(void)state;
	struct endpoint endpoint;
	struct err err;
	struct buf text = {0};
	buf_adds(&text, "trap2sink ");
	assert_int_equal(endpoint_parse("127.0.0.2:162", &endpoint, &err), 0);
	endpoint_format(&endpoint, "udp", &text);
	buf_addc(&text, ' ');
	assert_int_equal(endpoint_parse("[::1]:162", &endpoint, &err), 0);
	endpoint_format(&endpoint, "udp", &text);
	assert_string_equal(
		text.data, "trap2sink udp:127.0.0.2:162 udp6:[::1]:162");
	buf_free(&text);
}

static void
bad_ones_are_refused_and_nothing_is_written(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
		"127.0.0.1:65537", "x::1]:161", "127.0.0.1:000161",
		"127.0.0.1:99999999999999999999", "127.0.0.1:-1",
		"127.0.0.1:+161", "127.0.0.1: 161", "127.0.0.1:161 ",
		"127.0.0.1:snmp", "localhost:161", ":161", "::1:161", "[::1]",
		"[::1]161", "[::1:161", "::1]:161", "[]:161", "[127.0.0.1]:161",
		"127.1:161", "0x7f000001:161", "[fe80::1%eth0]:161", "[::1",
		"*:161", "[1111:1111:1111:1111:1111:1111:1111:1111:1111]:161",
		"[11111111111111111111111111111111111111111111111111]:161",
		"[1111111111111111111111111111111111111111111111]:161"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct endpoint endpoint = {.len = 77};
		struct err err = {""};
		assert_int_equal(endpoint_parse(bad[i], &endpoint, &err), -1);
		assert_int_equal(endpoint.len, 77);
		assert_non_null(strstr(err.text, "ADDRESS:PORT"));
		assert_non_null(strstr(err.text, bad[i]));
		struct buf text = {0};
		buf_printf(&text, "tcp:%s", bad[i]);
		assert_int_equal(
			endpoint_parse_socket(text.data, &endpoint, &err), -1);
		assert_int_equal(endpoint.len, 77);
		buf_free(&text);
	}
}

static void
a_socket_says_of_which_kind_it_is(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "/run/agentx/master",
		"127.0.0.1:705", "unix", "Unix:/a", "udp:127.0.0.1:161",
		"unixx:/a"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct endpoint endpoint = {.len = 77};
		struct err err = {""};
		assert_int_equal(
			endpoint_parse_socket(bad[i], &endpoint, &err), -1);
		assert_non_null(strstr(err.text, "neither unix:/PATH nor"));
		assert_int_equal(endpoint.len, 77);
	}
}

static void
a_path_is_absolute_and_fits(void **state)
{
	(void)state;
	enum { ROOM = sizeof(((struct sockaddr_un *)0)->sun_path) };
	struct endpoint endpoint = {.len = 77};
	struct err err = {""};
	struct buf text = {0};
	assert_int_equal(
		endpoint_parse_socket("unix:a/b", &endpoint, &err), -1);
	assert_string_equal(err.text, "'unix:a/b' is not an absolute path");
	assert_int_equal(endpoint_parse_socket("unix:", &endpoint, &err), -1);
	buf_adds(&text, "unix:/");
	while (text.len < 5 + ROOM)
		buf_addc(&text, 'a');
	assert_int_equal(endpoint_parse_socket(text.data, &endpoint, &err), -1);
	assert_non_null(strstr(err.text, "is too long for a socket"));
	assert_int_equal(endpoint.len, 77);
	text.data[text.len - 1] = '\0';
	assert_int_equal(endpoint_parse_socket(text.data, &endpoint, &err), 0);
	struct sockaddr_un *un = (void *)&endpoint.address;
	assert_string_equal(un->sun_path, text.data + 5);
	assert_int_equal(endpoint.len, sizeof(*un));
	buf_free(&text);
}

static void
only_loopback_addresses_are_loopback(void **state)
{
	(void)state;
	const struct {
		const char *text;
		bool is_loopback;
	} cases[] = {
		{"127.0.0.1:1", true},
		{"127.255.255.255:1", true},
		{"[::1]:1", true},
		{"126.255.255.255:1", false},
		{"128.0.0.0:1", false},
		{"0.0.0.0:1", false},
		{"192.0.2.1:1", false},
		{"[::]:1", false},
		{"[::2]:1", false},
		{"[::ffff:127.0.0.1]:1", false},
		{"[fe80::1]:1", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct endpoint endpoint;
		struct err err;
		assert_int_equal(
			endpoint_parse(cases[i].text, &endpoint, &err), 0);
		assert_int_equal(
			endpoint_is_loopback(&endpoint), cases[i].is_loopback);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_ones_are_formatted_for_the_library),
		cmocka_unit_test(
			udp_has_another_name_for_ipv6_and_what_is_there_stays),
		cmocka_unit_test(bad_ones_are_refused_and_nothing_is_written),
		cmocka_unit_test(a_socket_says_of_which_kind_it_is),
		cmocka_unit_test(a_path_is_absolute_and_fits),
		cmocka_unit_test(only_loopback_addresses_are_loopback),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
