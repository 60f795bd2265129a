/* SPDX-License-Identifier: ISC */
/* test_root — the root as numbers. */
#include "agent/root.c"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
a_root_is_taken_arc_by_arc(void **state)
{
	(void)state;
	static const uint32_t expected[] = {
		1, 3, 6, 1, 4, 1, 8072, 9999, 0, 2147483647};
	struct tree_name root;
	struct err err;
	assert_int_equal(
		root_parse("1.3.6.1.4.1.8072.9999.0.2147483647", &root, &err),
		0);
	assert_int_equal(root.len, 10);
	assert_memory_equal(root.arcs, expected, sizeof(expected));
}

static void
what_is_no_root_is_named_and_nothing_is_written(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "1.3.6.1.4.1", "1.3.6.1.4.1.",
		".1.3.6.1.4.1.9", "1.3.6.1.4.1.9.", "1.3.6.1.4.1..9",
		"1.3.6.1.4.1.2147483648", "1.3.6.1.4.1.-1", "1.3.6.1.4.1.9 ",
		"1.3.6.1.2.1.1", "1.3.6.1.4.1.x", "enterprises.9"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tree_name root = {.len = 77};
		struct err err = {""};
		assert_int_equal(root_parse(bad[i], &root, &err), -1);
		assert_int_equal(root.len, 77);
		assert_non_null(strstr(err.text, bad[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_root_is_taken_arc_by_arc),
		cmocka_unit_test(
			what_is_no_root_is_named_and_nothing_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
