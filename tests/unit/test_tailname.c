/* SPDX-License-Identifier: ISC */
#include "collector/tailname.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void
tailname_knows_rotated_files(void **state)
{
	static const char *const names[] = {"mail.log.1", "mail.log.0",
		"mail.log.12.gz", "mail.log.old", "mail.log-20260101",
		"mail.log-20260101.gz", "mail.log-20260101-1700000000",
		"mail.log-2026-01-01_12", "mail-20260101.log",
		"mail-20260101.log.gz", "mail.log_20260101"};
	struct tailname name;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_true(tailname_parse("mail.log", names[i], &name));
		assert_int_equal(name.is_gz, strstr(names[i], ".gz") != NULL);
	}
	assert_true(tailname_parse("syslog", "syslog.1", &name));
	assert_true(tailname_parse(".log", ".log.1", &name));
}

static void
tailname_knows_what_is_none(void **state)
{
	static const char *const names[] = {"mail.log", "mail.log.gz",
		"mail.log.bak", "mail.log.swp", ".mail.log.swp", "mail.log~",
		"mail.log.1.bak", "mail.log.1~", "mail.log.", "mail.log.-1",
		"mail.log.1-", "mail.log.1..2", "mail.log1", "mail.log.gz.1",
		"mail-2.log", "mail.1.log", "mail.log.1.xz", "mail.logx.1",
		"mail.log.older", "xmail.log.1", "mail", "", "mail.err.1",
		"mail.log.11111111111111111111111111111111111111111111111111"};
	struct tailname name = {.stamp = "kept"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_false(tailname_parse("mail.log", names[i], &name));
	assert_string_equal(name.stamp, "kept");
}

/* Whether a is older than b, and b is not older than a. */
static bool
is_older(const char *a, const char *b)
{
	struct tailname one, two;

	assert_true(tailname_parse("mail.log", a, &one));
	assert_true(tailname_parse("mail.log", b, &two));
	assert_int_equal(tailname_compare(&one, &one), 0);
	return tailname_compare(&one, &two) < 0 &&
	       tailname_compare(&two, &one) > 0;
}

static void
tailname_tells_ages(void **state)
{
	(void)state;
	assert_true(is_older("mail.log.2", "mail.log.1"));
	assert_true(is_older("mail.log.10", "mail.log.9.gz"));
	assert_true(is_older("mail.log.1", "mail.log.0"));
	assert_true(is_older("mail.log-20251231", "mail.log-20260101.gz"));
	assert_true(is_older("mail.log-20260101-1700000000",
		"mail.log-20260101-1700000060"));
	assert_false(is_older("mail.log.1", "mail.log.2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tailname_knows_rotated_files),
		cmocka_unit_test(tailname_knows_what_is_none),
		cmocka_unit_test(tailname_tells_ages),
	};

	return cmocka_run_group_tests_name("tailname", tests, NULL, NULL);
}
