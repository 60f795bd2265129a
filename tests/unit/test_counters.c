/* SPDX-License-Identifier: ISC */
/* test_counters — every value of every row, one line each. */
#include "agent/counters.c"

#include "tests/unit/areabox.h"

static void
each_value_has_a_line_and_zeros_have_none(void **state)
{
	(void)state;
	areabox_check_lines(&counters_area,
		"row total 1 all 110=9 1602=0 100000=7\n"
		"row source 3 spamd\n"
		"row source 2 opendkim 110=0\n"
		"row domain 8 a.example 111=2\n"
		"row domain 9 nothing.example\n"
		"step 1200 source 3 400=+1\n"
		"step 1260 source 3 110=+5 400=+1\n"
		"step 1320 domain 9 110=+0\n",
		"4.1.1.110 string all\n4.1.1.1602 string all\n"
		"4.1.1.100000 string all\n4.2.3.110 string spamd\n"
		"4.2.3.400 string spamd\n4.4.8.111 string a.example\n"
		"5.1.1.110 string dkim.pass\n5.1.1.1602 string queue.active\n"
		"5.1.1.100000 string own.things\n5.2.3.110 string dkim.pass\n"
		"5.2.3.400 string spf.pass\n5.4.8.111 string dkim.fail\n"
		"6.1.1.110 string message\n6.1.1.1602 string file\n"
		"6.1.1.100000 string thing\n6.2.3.110 string message\n"
		"6.2.3.400 string message\n6.4.8.111 string message\n"
		"7.1.1.110 counter64 9\n7.1.1.100000 counter64 7\n"
		"7.2.3.110 counter64 5\n7.2.3.400 counter64 2\n"
		"7.4.8.111 counter64 2\n"
		"8.1.1.1602 gauge 0\n");
}

static void
without_a_snapshot_there_is_nothing(void **state)
{
	(void)state;
	const struct moment moment = {.view = NULL};
	areabox_check(&counters_area, &moment, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_has_a_line_and_zeros_have_none),
		cmocka_unit_test(without_a_snapshot_there_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
