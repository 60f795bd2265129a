/* SPDX-License-Identifier: ISC */
/* test_ledger_ends — when a message ends, and whose copies they are. */
#include "collector/ledger.c"

#include "tests/unit/ledgerbox.h"

static void
message_is_settled_two_minutes_after_it_is_done(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1");
	go_to(box, 5);
	ledger_settle(box->ledger, m);
	go_to(box, 5 + LEDGER_SETTLE_S - 1);
	assert_int_equal(box->count, 0);
	go_to(box, 5 + LEDGER_SETTLE_S);
	assert_int_equal(box->count, 1);
	assert_shown(box, 0, "4F1", LEDGER_SETTLED);
	/* once, and it is still known */
	go_to(box, 600);
	assert_int_equal(box->count, 1);
	assert_ptr_equal(find(box, "4F1"), m);
}

static void
settling_may_be_taken_back_or_put_off(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1"), *n = add(box, "4F2");
	ledger_settle(box->ledger, m);
	ledger_settle(box->ledger, n);
	go_to(box, 60);
	m->due = 0;
	ledger_settle(box->ledger, n);
	go_to(box, LEDGER_SETTLE_S);
	assert_int_equal(box->count, 0);
	go_to(box, 60 + LEDGER_SETTLE_S);
	assert_int_equal(box->count, 1);
	assert_shown(box, 0, "4F2", LEDGER_SETTLED);
}

static void
what_is_held_waits_ten_seconds(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1");
	ledger_wait(box->ledger, m);
	go_to(box, LEDGER_WAIT_S - 1);
	/* one is to come already */
	ledger_wait(box->ledger, m);
	assert_int_equal(box->count, 0);
	go_to(box, LEDGER_WAIT_S);
	assert_int_equal(box->count, 1);
	assert_shown(box, 0, "4F1", LEDGER_WAITED);
	ledger_wait(box->ledger, m);
	go_to(box, 2 * LEDGER_WAIT_S);
	assert_int_equal(box->count, 2);
}

static void
turn_of_an_entry_that_is_gone_is_nobodys(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F0");
	ledger_settle(box->ledger, m);
	ledger_wait(box->ledger, m);
	for (int i = 1; i <= ROOM; i++)
		add(box, "4FA");
	begin_line(box);
	add(box, "4FA");
	begin_line(box);
	box->count = 0;
	/* the same memory, and due at the same time */
	assert_ptr_equal(find(box, "4FA"), m);
	m->due = NOON + LEDGER_SETTLE_S;
	m->waits = NOON + LEDGER_WAIT_S;
	go_to(box, LEDGER_SETTLE_S);
	assert_int_equal(box->count, 0);
}

static void
end_of_all_ends_what_is_due_before_it_is_forgotten(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1");
	ledger_wait(box->ledger, m);
	ledger_settle(box->ledger, m);
	ledger_advance(box->ledger, INT64_MAX);
	assert_int_equal(box->count, 3);
	assert_shown(box, 0, "4F1", LEDGER_WAITED);
	assert_shown(box, 1, "4F1", LEDGER_SETTLED);
	assert_shown(box, 2, "4F1", LEDGER_FORGOTTEN);
}

static void
copy_leads_to_its_original_and_has_no_end_of_its_own(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *a = add(box, "4FA"), *b = add(box, "4FB"),
			      *c = add(box, "4FC");
	ledger_settle(box->ledger, b);
	ledger_wait(box->ledger, b);
	ledger_join(b, c);
	ledger_join(a, b);
	assert_ptr_equal(ledger_original(b), a);
	/* a copy of a copy */
	assert_ptr_equal(ledger_original(c), a);
	assert_ptr_equal(find(box, "4FB"), b);
	go_to(box, LEDGER_SETTLE_S);
	assert_int_equal(box->count, 0);
	go_to(box, LEDGER_KEEP_S);
	assert_int_equal(ledger_count(box->ledger), 0);
	/* the copy that a forgotten original left behind goes by itself */
	assert_shown(box, 0, "4FA", LEDGER_FORGOTTEN);
}

static void
copy_that_was_seen_first_goes_without_a_word(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *copy = add(box, "4FA");
	go_to(box, 100);
	ledger_join(add(box, "4FB"), copy);
	go_to(box, LEDGER_KEEP_S);
	assert_int_equal(ledger_count(box->ledger), 1);
	assert_int_equal(box->count, 0);
}

static void
copy_goes_on_by_itself_when_the_original_is_forgotten(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *a = add(box, "4FA");
	go_to(box, 100);
	struct ledger_message *b = add(box, "4FB");
	ledger_join(a, b);
	go_to(box, LEDGER_KEEP_S);
	assert_int_equal(box->count, 1);
	assert_ptr_equal(ledger_original(b), b);
	/* whoever has the memory now */
	struct ledger_message *c = add(box, "4FC");
	assert_ptr_equal(c, a);
	assert_ptr_equal(ledger_original(b), b);
	go_to(box, LEDGER_KEEP_S + 100);
	assert_int_equal(box->count, 2);
	assert_shown(box, 1, "4FB", LEDGER_FORGOTTEN);
}

static void
freed_ledger_shows_each_message_once_more(void **state)
{
	struct ledgerbox box = {0};
	(void)state;
	box.ledger = ledger_new(ROOM, note_end, &box);
	struct ledger_message *a = add(&box, "4FA"), *b = add(&box, "4FB");
	add(&box, "4FC");
	ledger_join(a, b);
	/* the younger first, so that the copy has its original still */
	ledger_free(box.ledger);
	assert_shown(&box, 0, "4FA", LEDGER_CLOSED);
	assert_string_equal(box.shown[box.count - 1].id, "4FC");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LEDGER_TEST(message_is_settled_two_minutes_after_it_is_done),
		LEDGER_TEST(settling_may_be_taken_back_or_put_off),
		LEDGER_TEST(what_is_held_waits_ten_seconds),
		LEDGER_TEST(turn_of_an_entry_that_is_gone_is_nobodys),
		LEDGER_TEST(end_of_all_ends_what_is_due_before_it_is_forgotten),
		LEDGER_TEST(
			copy_leads_to_its_original_and_has_no_end_of_its_own),
		LEDGER_TEST(copy_that_was_seen_first_goes_without_a_word),
		LEDGER_TEST(
			copy_goes_on_by_itself_when_the_original_is_forgotten),
		cmocka_unit_test(freed_ledger_shows_each_message_once_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
