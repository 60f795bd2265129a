/* SPDX-License-Identifier: ISC */
/* test_alerts — what is raised and what is well. */
#include "agent/alerts.c"

#include "tests/unit/areabox.h"

static void
each_alert_is_a_row(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"alert signing-stopped example.org raised 2000 0 1 critical "
		"No message of example.org was signed%0A\n");
	view->alerts[0].index = 7;
	const struct moment moment = {.view = view};
	areabox_check(&alerts_area, &moment,
		"2.7 string signing-stopped\n3.7 string example.org\n"
		"4.7 integer 4\n5.7 integer 4\n6.7 string 0\n7.7 string 1\n"
		"8.7 string <07><b2><01><01><00>!<14><00>+<00><00>\n"
		"9.7 string No message of example.org was signed%0A\n");
	view_free(view);
}

static void
words_that_the_mib_does_not_have_are_other(void **state)
{
	(void)state;
	struct view *view = areabox_view("alert a - dreaming 1 2 3 dreadful\n");
	view->alerts[0].index = 7;
	const struct moment moment = {.view = view};
	areabox_check(&alerts_area, &moment,
		"2.7 string a\n3.7 string \n"
		"4.7 integer 1\n5.7 integer 1\n6.7 string 2\n7.7 string 3\n"
		"8.7 string <07><b2><01><01><00><00><01><00>+<00><00>\n"
		"9.7 string \n");
	view_free(view);
	assert_int_equal(alerts_severity(""), OTHER);
}

static void
an_index_belongs_to_a_name_and_a_key(void **state)
{
	(void)state;
	struct view *all = areabox_view("alert a x clear 1 2 3 info\n"
					"alert a y clear 1 2 3 info\n"
					"alert b x clear 1 2 3 info\n");
	struct view *one = areabox_view("alert b x raised 5 6 7 critical z\n");
	size_t same = 0;
	for (size_t i = 0; i < all->alert_count; i++) {
		const struct view_alert *alert = &all->alerts[i];
		if (alert->index != one->alerts[0].index)
			continue;
		same++;
		assert_string_equal(alert->name, "b");
		assert_string_equal(alert->key, "x");
	}
	assert_int_equal(same, 1);
	view_free(all);
	view_free(one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_alert_is_a_row),
		cmocka_unit_test(words_that_the_mib_does_not_have_are_other),
		cmocka_unit_test(an_index_belongs_to_a_name_and_a_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
