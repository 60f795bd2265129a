/* SPDX-License-Identifier: ISC */
/* test_columns — the columns of the tables by scope. */
#include "agent/columns.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
columns_ascend_from_the_name_on(void **state)
{
	(void)state;
	for (int scope = VIEW_SOURCE; scope <= VIEW_DOMAIN; scope++) {
		const uint32_t *columns;
		size_t count = columns_of((enum view_scope)scope, &columns);
		assert_true(count > 20);
		assert_int_equal(columns[0], COLUMNS_NAME);
		for (size_t i = 1; i < count; i++)
			assert_true(columns[i - 1] < columns[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_ascend_from_the_name_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
