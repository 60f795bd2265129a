/* SPDX-License-Identifier: ISC */
#include "rrd/range.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
spans_are_read_as_people_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		long seconds;
	} good[] = {{"6h", 6 * 3600}, {"1d", 86400}, {"day", 86400},
		{"days", 86400}, {"2days", 2 * 86400}, {"1w", 7 * 86400},
		{"week", 7 * 86400}, {"1month", 30 * 86400},
		{"3months", 90 * 86400}, {"1y", 365 * 86400},
		{"year", 365 * 86400}, {"90min", 5400}};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		long seconds = 0;
		struct err err;
		assert_int_equal(range_parse(good[i].text, &seconds, &err), 0);
		assert_int_equal(seconds, good[i].seconds);
	}
}

static void
anything_else_is_refused_and_named(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "1", "d1", "1dd", "0d", "-1d",
		"1 d", "21y", "99999999999999999999y", "1hs", "1ds", "mins1",
		"1e3d", "h h"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		long seconds = 42;
		struct err err;
		if (range_parse(bad[i], &seconds, &err) == 0)
			fail_msg("'%s' was taken for %ld", bad[i], seconds);
		assert_int_equal(seconds, 42);
		assert_non_null(strstr(err.text, bad[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_read_as_people_write_them),
		cmocka_unit_test(anything_else_is_refused_and_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
