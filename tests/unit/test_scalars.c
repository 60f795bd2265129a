/* SPDX-License-Identifier: ISC */
/* test_scalars — the total row as objects with names. */
#include "agent/scalars.c"

#include "tests/unit/areabox.h"

static void
counters_of_the_catalogue_are_there_even_if_they_are_0(void **state)
{
	(void)state;
	areabox_check_lines(&scalars_totals,
		"row total 1 all 110=18446744073709551610 1602=3\n"
		"row host 1 mx1 111=9\n"
		"step 1200 total 1 110=+2\n"
		"step 1260 total 1 110=+3\n",
		"110.0 counter64 18446744073709551615\n"
		"111.0 counter64 0\n"
		"400.0 counter64 0\n");
	areabox_check_lines(&scalars_totals, "",
		"110.0 counter64 0\n111.0 counter64 0\n400.0 counter64 0\n");
}

static void
a_queue_of_which_nothing_is_known_is_absent_and_an_empty_one_is_0(void **state)
{
	(void)state;
	areabox_check_lines(
		&scalars_queue, "row total 1 all 1602=0\n", "1602.0 gauge 0\n");
	areabox_check_lines(&scalars_queue, "row total 1 all 1603=4294967296\n",
		"1603.0 gauge 4294967295\n");
	areabox_check_lines(&scalars_queue, "", "");
}

static void
shares_of_the_total_are_hundredths_of_a_percent(void **state)
{
	(void)state;
	areabox_check_lines(&scalars_shares,
		"share dkim_failures total 300 0.0125\n"
		"share dkim_failures total 600 0.9999\n"
		"share dkim_failures mx1 3600 0.9999\n"
		"share spf_failures total 3600 0.2900\n"
		"share dmarc_failures total 300 0.0000\n"
		"share dkim_unsigned total 300 0.5700\n"
		"share dkim_unsigned total 3600 1.0000\n"
		"share unknown total 300 1.0000\n",
		"1.0 gauge 125\n4.0 gauge 2900\n5.0 gauge 0\n"
		"7.0 gauge 5700\n8.0 gauge 10000\n");
}

static void
without_a_snapshot_there_is_nothing(void **state)
{
	(void)state;
	const struct moment moment = {.view = NULL};
	areabox_check(&scalars_totals, &moment, "");
	areabox_check(&scalars_queue, &moment, "");
	areabox_check(&scalars_shares, &moment, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			counters_of_the_catalogue_are_there_even_if_they_are_0),
		cmocka_unit_test(
			a_queue_of_which_nothing_is_known_is_absent_and_an_empty_one_is_0),
		cmocka_unit_test(
			shares_of_the_total_are_hundredths_of_a_percent),
		cmocka_unit_test(without_a_snapshot_there_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
