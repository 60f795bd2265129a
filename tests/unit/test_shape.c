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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
