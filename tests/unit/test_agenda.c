/* SPDX-License-Identifier: ISC */
/* test_agenda — the earliest first. */
#include "collector/agenda.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MANY = 2000 };

static void
agenda_gives_the_earliest_first_in_whatever_order_they_came(void **state)
{
	(void)state;
	struct agenda agenda = {0};
	struct agenda_entry entry, last = {0};
	srandom(5);
	for (uint32_t i = 0; i < MANY; i++)
		agenda_add(&agenda,
			(struct agenda_entry){random() % 100, &agenda, i});
	for (int i = 0; i < MANY; i++) {
		assert_true(agenda_take(&agenda, 100, &entry));
		assert_ptr_equal(entry.whom, &agenda);
		assert_true(entry.time > last.time || i == 0 ||
			    (entry.time == last.time &&
				    entry.serial > last.serial));
		last = entry;
	}
	assert_false(agenda_take(&agenda, 100, &entry));
	agenda_free(&agenda);
}

static void
agenda_keeps_what_is_not_yet_due(void **state)
{
	(void)state;
	struct agenda agenda = {0};
	struct agenda_entry entry;
	agenda_add(&agenda, (struct agenda_entry){20, NULL, 1});
	agenda_add(&agenda, (struct agenda_entry){10, NULL, 2});
	assert_false(agenda_take(&agenda, 9, &entry));
	assert_true(agenda_take(&agenda, 10, &entry));
	assert_int_equal(entry.serial, 2);
	assert_false(agenda_take(&agenda, 19, &entry));
	assert_true(agenda_take(&agenda, 20, &entry));
	assert_int_equal(entry.serial, 1);
	agenda_free(&agenda);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			agenda_gives_the_earliest_first_in_whatever_order_they_came),
		cmocka_unit_test(agenda_keeps_what_is_not_yet_due),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
