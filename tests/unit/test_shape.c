/* SPDX-License-Identifier: ISC */
/* test_shape — what passes and what does not. */
#include "lib/shape.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Every text of the list, NULL at its end, gets the same answer. */
static void
assert_all(bool (*is)(const char *), const char *const texts[], bool expected)
{
	for (; *texts != NULL; texts++)
		if (is(*texts) != expected)
			fail_msg("'%s' is taken wrongly", *texts);
}

static void
shape_knows_a_path(void **state)
{
	(void)state;
	assert_all(shape_is_path, (const char *[]){"/", "/a b", NULL}, true);
	assert_all(
		shape_is_path, (const char *[]){"", "a/", " /", NULL}, false);
}

static void
shape_knows_a_domain(void **state)
{
	(void)state;
	char longest[255];
	memset(longest, 'a', sizeof(longest));
	longest[253] = '\0';
	assert_all(shape_is_domain,
		(const char *[]){
			"a", "Example.ORG", "_dmarc.xn--a-b.c1", longest, NULL},
		true);
	longest[253] = 'a';
	longest[254] = '\0';
	assert_all(shape_is_domain,
		(const char *[]){"", ".", ".a", "a.", "a..b", "a b", "a/b",
			"\xc3\xbc.example", "@a", longest, NULL},
		false);
}

static void
shape_knows_a_label(void **state)
{
	(void)state;
	assert_all(
		shape_is_label, (const char *[]){"mx1", "a-b_C", NULL}, true);
	assert_all(shape_is_label,
		(const char *[]){"", "mx1.example", "a b", ".", NULL}, false);
}

static void
shape_knows_a_program(void **state)
{
	(void)state;
	char longest[130];
	memset(longest, 'a', sizeof(longest));
	longest[128] = '\0';
	assert_all(shape_is_program,
		(const char *[]){
			"rspamd", "postfix/smtpd", "(a)", longest, NULL},
		true);
	longest[128] = 'a';
	longest[129] = '\0';
	assert_all(shape_is_program,
		(const char *[]){"", "a b", "a:", "a[1]", "a\x7f", "\xc3\xbc",
			longest, NULL},
		false);
}

static void
shape_knows_what_is_filled(void **state)
{
	(void)state;
	assert_true(shape_is_filled(" "));
	assert_false(shape_is_filled(""));
}

static void
shape_knows_an_endpoint(void **state)
{
	(void)state;
	assert_all(shape_is_endpoint,
		(const char *[]){"127.0.0.1:10024", "a.b_c:1", "[::1]:65535",
			"[fe80::ffff:1.2.3.4]:25", NULL},
		true);
	assert_all(shape_is_endpoint,
		(const char *[]){"", ":", ":25", "a", "a:", "a:0", "a:65536",
			"a:+5", "a: 5", "a:123456", "a:000025", "[::1x:25",
			"::1:25", "[]:25", "[::1:25", "::1]:25", "[a]b]:25",
			"[xyz]:25", "[::1]", NULL},
		false);
}

static void
shape_knows_a_listener(void **state)
{
	(void)state;
	assert_all(shape_is_listener,
		(const char *[]){"127.0.0.1:162", "[::1]:65535",
			"[2001:db8:1111:2222:3333:4444:255.255.255.255]:1",
			NULL},
		true);
	assert_all(shape_is_listener,
		(const char *[]){"", ":162", "localhost:162", "127.0.0.1",
			"127.0.0.1:0", "127.1:162", "[127.0.0.1]:162",
			"::1:162", "[::1:162", "[:1]:162", "[fe80::1%lo]:162",
			"[2001:db8:1111:2222:3333:4444:255.255.255.2555]:1",
			"[]:1", "[:1", "]:1", NULL},
		false);
}

static void
shape_knows_a_socket_of_agentx(void **state)
{
	(void)state;
	char longest[5 + 109] = "unix:/";
	memset(longest + 6, 'a', 106);
	assert_all(shape_is_agentx,
		(const char *[]){"unix:/run/agentx/master", "tcp:127.0.0.1:705",
			"tcp:[::1]:705", longest, NULL},
		true);
	longest[5 + 107] = 'a';
	assert_all(shape_is_agentx,
		(const char *[]){"", "unix:", "unix:a", "/run/agentx/master",
			"tcp:", "tcp:705", "tcp:localhost:705",
			"udp:127.0.0.1:705", longest, NULL},
		false);
}

static void
shape_knows_a_root(void **state)
{
	(void)state;
	assert_all(shape_is_root,
		(const char *[]){"1.3.6.1.4.1.8072.9999.9999.25",
			"1.3.6.1.4.1.2147483647", "1.3.6.1.4.1.0",
			"1.3.6.1.4.1.7.8.9.10.11.12.13.14.15.16.17.18.19.20",
			NULL},
		true);
	assert_all(shape_is_root,
		(const char *[]){"", "1.3.6.1.4.1", "1.3.6.1.4.1.",
			".1.3.6.1.4.1.1", "1.3.6.1.4.1.1.", "1.3.6.1.4.1..1",
			"1.3.6.1.4.1.2147483648", "1.3.6.1.4.10.1",
			"1.3.6.1.2.1.28", "1.3.6.1.4.1.a", "1.3.6.1.4.1.1 ",
			"1.3.6.1.4.1.-1",
			"1.3.6.1.4.1.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21",
			NULL},
		false);
}

static void
shape_knows_what_is_one_word_for_net_snmp(void **state)
{
	(void)state;
	char longest[130];
	memset(longest, 'a', sizeof(longest));
	const char *const good[] = {
		"12345678", "a-b_c.d,e", "!$%&/()=?", "{[~]}*+1", NULL};
	const char *const bad[] = {"", "1234 5678", "1234\t5678",
		"12345678\nrwcommunity", "\"12345678", "'12345678",
		"1234\\5678", "#12345678", "-e12345678", "1234567\x7f",
		"gr\xc3\xbc\xc3\x9f"
		"e12345",
		longest, NULL};
	longest[129] = '\0';
	static bool (*const shapes[])(const char *) = {
		shape_is_community, shape_is_user, shape_is_password};
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		assert_all(shapes[i], good, true);
		assert_all(shapes[i], bad, false);
	}
	longest[128] = '\0';
	assert_true(shape_is_community(longest));
	assert_true(shape_is_password(longest));
	assert_false(shape_is_password("1234567"));
	assert_true(shape_is_community("1"));
	longest[33] = '\0';
	assert_false(shape_is_user(longest));
	longest[32] = '\0';
	assert_true(shape_is_user(longest));
}

static void
shape_knows_a_source(void **state)
{
	(void)state;
	assert_all(shape_is_source,
		(const char *[]){"opendkim", "smf-spf", "a_b1",
			"abcdefghijklmnopqrstuvwxyz012345", NULL},
		true);
	assert_all(shape_is_source,
		(const char *[]){"", "OpenDKIM", "a b", "a.b", "a/b",
			"abcdefghijklmnopqrstuvwxyz0123456", NULL},
		false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shape_knows_a_path),
		cmocka_unit_test(shape_knows_a_domain),
		cmocka_unit_test(shape_knows_a_label),
		cmocka_unit_test(shape_knows_a_program),
		cmocka_unit_test(shape_knows_what_is_filled),
		cmocka_unit_test(shape_knows_an_endpoint),
		cmocka_unit_test(shape_knows_a_source),
		cmocka_unit_test(shape_knows_a_listener),
		cmocka_unit_test(shape_knows_a_socket_of_agentx),
		cmocka_unit_test(shape_knows_a_root),
		cmocka_unit_test(shape_knows_what_is_one_word_for_net_snmp),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
