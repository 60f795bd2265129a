/* SPDX-License-Identifier: ISC */
/* test_clock — what time it is. */
#include "lib/clock.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
wall_clock_is_that_of_the_system_in_microseconds(void **state)
{
	(void)state;
	time_t before = time(NULL);
	int64_t now = clock_wall_us();
	assert_true(now >= before * INT64_C(1000000) - 1000000);
	assert_true(now <= (time(NULL) + 1) * INT64_C(1000000));
}

static void
monotonic_clock_does_not_go_back(void **state)
{
	(void)state;
	int64_t last = clock_monotonic_s();
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_monotonic_s();
		assert_true(now >= last && now <= last + 1);
		last = now;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			wall_clock_is_that_of_the_system_in_microseconds),
		cmocka_unit_test(monotonic_clock_does_not_go_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
