/* SPDX-License-Identifier: ISC */
/* test_system — what managers ask an agent of its own first. */
#include "agent/system.c"

#include <stdlib.h>

#include "tests/unit/areabox.h"

static void
the_group_is_there_without_a_snapshot(void **state)
{
	(void)state;
	const struct moment moment = {.uptime = 4294967295};
	struct tree_name name = {.len = 0};
	struct value value;
	struct buf text = {0};
	struct utsname names;
	uname(&names);
	while (tree_next(&system_tree, &moment, &name, &value)) {
		assert_int_equal(name.len, 3);
		assert_int_equal(name.arcs[0], 1);
		assert_int_equal(name.arcs[2], 0);
		buf_printf(&text, "%u", (unsigned)name.arcs[1]);
		if (value.type == VALUE_OID)
			buf_printf(&text, " oid %s\n", value.text);
		else
			areabox_show(&value, &text);
	}
	struct buf expected = {0};
	buf_printf(&expected,
		"1 string mailtally-agent " VERSION "\n"
		"2 oid 1.3.6.1.4.1.8072.3.2.10\n"
		"3 ticks 4294967295\n5 string %s\n",
		names.nodename);
	assert_string_equal(text.data, expected.data);
	buf_free(&text);
	buf_free(&expected);
}

static void
it_stands_below_mib_2(void **state)
{
	(void)state;
	static const uint32_t mib_2[] = {1, 3, 6, 1, 2, 1};
	assert_int_equal(system_root.len, 6);
	assert_memory_equal(system_root.arcs, mib_2, sizeof(mib_2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_group_is_there_without_a_snapshot),
		cmocka_unit_test(it_stands_below_mib_2),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
