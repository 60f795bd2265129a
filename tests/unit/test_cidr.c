/* SPDX-License-Identifier: ISC */
/* test_cidr — networks and addresses in every form that people write. */
#include "lib/cidr.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bool
holds(const char *network, const char *address)
{
	struct cidr net, addr;
	struct err err = {""};
	if (cidr_parse(network, &net, &err) != 0)
		fail_msg("'%s': %s", network, err.text);
	if (!cidr_read_address(slice_of(address), &addr))
		fail_msg("'%s' is no address", address);
	return cidr_holds(&net, &addr);
}

static void
a_network_holds_its_addresses_and_no_others(void **state)
{
	(void)state;
	static const struct {
		const char *network, *within, *outside;
	} cases[] = {
		{"192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
		{"192.0.2.128/25", "192.0.2.128", "192.0.2.127"},
		{"172.16.0.0/12", "172.31.255.255", "172.32.0.0"},
		{"192.0.2.7", "192.0.2.7", "192.0.2.6"},
		{"192.0.2.6/31", "192.0.2.7", "192.0.2.8"},
		{"[192.0.2.7]", "192.0.2.7", "192.0.2.6"},
		{"0.0.0.0/0", "203.0.113.9", "2001:db8::1"},
		{"::/0", "2001:db8::1", "203.0.113.9"},
		{"2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"},
		{"[2001:db8::]/33", "2001:db8:7fff::", "2001:db8:8000::"},
		{"::1", "::1", "::2"},
		{"[::1]", "0:0:0:0:0:0:0:1", "127.0.0.1"},
		{"fe80::/10", "febf::1", "fec0::1"},
		{"::ffff:192.0.2.0/120", "192.0.2.9", "192.0.3.9"},
		{"::ffff:0:0/96", "198.51.100.1", "::1"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (!holds(cases[i].network, cases[i].within))
			fail_msg("%s lacks %s", cases[i].network,
				cases[i].within);
		if (holds(cases[i].network, cases[i].outside))
			fail_msg("%s holds %s", cases[i].network,
				cases[i].outside);
	}
}

static void
addresses_are_read_as_logs_write_them(void **state)
{
	(void)state;
	assert_true(holds("192.0.2.0/24", "::ffff:192.0.2.7"));
	assert_true(holds("192.0.2.0/24", "::FFFF:c000:0207"));
	assert_true(holds("192.0.2.0/24", "IPv6:::ffff:192.0.2.7"));
	assert_true(holds("2001:db8::/32", "IPv6:2001:DB8::1"));
	assert_true(holds("2001:db8::/32", "ipv6:2001:db8::1"));
	assert_true(holds("fe80::/10", "fe80::1%eth0"));
}

static void
anything_else_is_no_address(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "unknown", "192.0.2", ":",
		"192.0.2.7/24", "192.0.2.256", "[192.0.2.7]", " 192.0.2.7",
		"192.0.2.7 ", "192.0.2.7:25", "IPv6:", "%eth0", "1::2::3",
		"2001:0db8:0000:0000:0000:0000:255.255.255.255:0000:0000"};
	struct cidr address;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (cidr_read_address(slice_of(texts[i]), &address))
			fail_msg("'%s' was taken", texts[i]);
	assert_false(cidr_read_address((struct slice){NULL, 0}, &address));
	assert_false(
		cidr_read_address((struct slice){"192.0.2.7\0", 10}, &address));
	/* only as far as the slice goes */
	assert_true(
		cidr_read_address((struct slice){"192.0.2.71", 9}, &address));
	assert_int_equal(address.bytes[15], 7);
}

static void
what_is_wrong_with_a_network_is_said(void **state)
{
	(void)state;
	static const char shape[] = "must be an address or a network, as "
				    "192.0.2.0/24 or 2001:db8::/32";
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"", shape},
		{"/24", shape},
		{"192.0.2/24", shape},
		{"localhost", shape},
		{"[::1", shape},
		{"[]", shape},
		{"192.0.2.0/33", "must have 0 to 32 behind the '/'"},
		{"192.0.2.0/", "must have 0 to 32 behind the '/'"},
		{"192.0.2.0/+8", "must have 0 to 32 behind the '/'"},
		{"192.0.2.0/24/8", "must have 0 to 32 behind the '/'"},
		{"2001:db8::/129", "must have 0 to 128 behind the '/'"},
		{"2001:db8::/0128", "must have 0 to 128 behind the '/'"},
		{"192.0.2.7/24",
			"has a host part: the network is 192.0.2.0/24"},
		{"192.0.2.129/25",
			"has a host part: the network is 192.0.2.128/25"},
		{"2001:db8::1/32",
			"has a host part: the network is 2001:db8::/32"},
		{"1.0.0.0/0", "has a host part: the network is 0.0.0.0/0"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cidr cidr = {.bits = 77};
		struct err err = {""};
		assert_int_equal(cidr_parse(cases[i].text, &cidr, &err), -1);
		assert_string_equal(err.text, cases[i].sentence);
		assert_int_equal(cidr.bits, 77);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_holds_its_addresses_and_no_others),
		cmocka_unit_test(addresses_are_read_as_logs_write_them),
		cmocka_unit_test(anything_else_is_no_address),
		cmocka_unit_test(what_is_wrong_with_a_network_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
