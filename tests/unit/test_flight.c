/* SPDX-License-Identifier: ISC */
/* test_flight — which message a queue id means, and which two are one. */
#include "collector/flight.c"

#include "tests/unit/judgebox.h"

static struct flight_place
place(struct judgebox *box, const char *host)
{
	return (struct flight_place){box->judge.ledger,
		ledger_host(slice_of(host)),
		rows_get(box->rows, ROWS_HOST, slice_of(host))};
}

static struct ledger_message *
entry(struct judgebox *box, const char *host, const char *id)
{
	struct flight_place at = place(box, host);
	return flight_entry(&at, slice_of(id));
}

static struct ledger_message *
said(struct judgebox *box, const char *host, const char *id)
{
	struct flight_place at = place(box, host);
	return flight_message(&at, slice_of(id));
}

static void
assert_at(const struct judgebox *box, const struct ledger_message *m,
	const char *host)
{
	assert_int_equal(m->host, ledger_host(slice_of(host)));
	assert_string_equal(box->rows->items[m->machine]->key, host);
}

static void
what_is_no_queue_id_is_no_message(void **state)
{
	struct judgebox *box = *state;
	struct flight_place at = place(box, "mx1");
	static const char *const ids[] = {"", "AAAAAAAAAAAAAAAAAAAAAAAA"};
	for (size_t i = 0; i < 2; i++) {
		assert_null(flight_begin(&at, slice_of(ids[i])));
		assert_null(flight_entry(&at, slice_of(ids[i])));
		assert_null(flight_message(&at, slice_of(ids[i])));
	}
}

static void
place_without_a_host_has_no_row(void **state)
{
	struct judgebox *box = *state;
	struct flight_place at = place(box, "mx1");
	at.machine = NULL;
	struct ledger_message *m = flight_begin(&at, slice_of("4FA"));
	assert_int_equal(m->machine, LEDGER_NO_ROW);
	assert_ptr_equal(flight_entry(&at, slice_of("4FA")), m);
}

static void
mail_system_takes_over_what_a_milter_began(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = said(box, "filter", "4FA");
	assert_at(box, m, "filter");
	assert_ptr_equal(entry(box, "mx1", "4FA"), m);
	assert_at(box, m, "mx1");
	/* now it is its own; another machine's is another */
	m->facts |= LEDGER_ARRIVED;
	struct ledger_message *n = entry(box, "mx2", "4FA");
	assert_ptr_not_equal(n, m);
	assert_at(box, n, "mx2");
	assert_ptr_equal(entry(box, "mx1", "4FA"), m);
	assert_at(box, m, "mx1");
}

static void
each_fact_of_the_mail_system_makes_it_its_own(void **state)
{
	struct judgebox *box = *state;
	static const uint32_t facts[] = {LEDGER_ARRIVED, LEDGER_SUBMITTED,
		LEDGER_CREATED, LEDGER_ACTIVE, LEDGER_REMOVED};
	static const char *const ids[] = {"4FA", "4FB", "4FC", "4FD", "4FE"};
	for (size_t i = 0; i < 5; i++) {
		struct ledger_message *m = entry(box, "mx1", ids[i]);
		m->facts |= facts[i];
		assert_ptr_not_equal(entry(box, "mx2", ids[i]), m);
		assert_at(box, m, "mx1");
	}
}

static void
milter_means_its_own_host_first_then_the_only_other(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = entry(box, "mx1", "4FA");
	m->facts |= LEDGER_ARRIVED;
	assert_ptr_equal(said(box, "filter", "4FA"), m);
	assert_at(box, m, "mx1");
	struct ledger_message *n = entry(box, "mx2", "4FA");
	n->facts |= LEDGER_ARRIVED;
	assert_ptr_equal(said(box, "mx1", "4FA"), m);
	assert_ptr_equal(said(box, "mx2", "4FA"), n);
	/* two have it: nobody knows, so it is a third */
	struct ledger_message *third = said(box, "filter", "4FA");
	assert_ptr_not_equal(third, m);
	assert_ptr_not_equal(third, n);
	assert_at(box, third, "filter");
}

static void
milter_means_the_original_the_mail_system_the_entry(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = entry(box, "mx1", "4FA"),
			      *b = entry(box, "mx1", "4FB");
	flight_join(&box->judge, a, b);
	assert_ptr_equal(said(box, "mx1", "4FB"), a);
	assert_ptr_equal(entry(box, "mx1", "4FB"), b);
}

static void
joining_again_or_in_a_circle_changes_nothing(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = entry(box, "mx1", "4FA"),
			      *b = entry(box, "mx1", "4FB"),
			      *c = entry(box, "mx1", "4FC");
	flight_join(&box->judge, a, b);
	flight_join(&box->judge, b, c);
	flight_join(&box->judge, a, c);
	flight_join(&box->judge, c, a);
	flight_join(&box->judge, a, a);
	assert_int_equal(a->open, 3);
	assert_ptr_equal(ledger_original(a), a);
	assert_ptr_equal(ledger_original(b), a);
	assert_ptr_equal(ledger_original(c), a);
}

static void
message_is_settled_when_no_queue_id_is_left(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = entry(box, "mx1", "4FA"),
			      *b = entry(box, "mx1", "4FB");
	a->open = 0;
	flight_settle(box->judge.ledger, a);
	assert_int_equal(a->due, NOON + LEDGER_SETTLE_S);
	/* a copy shows up that is still in the queue */
	flight_join(&box->judge, a, b);
	assert_int_equal(a->due, 0);
	go_to(box, 30);
	a->open = 0;
	flight_settle(box->judge.ledger, a);
	assert_int_equal(a->due, NOON + 30 + LEDGER_SETTLE_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		JUDGE_TEST(what_is_no_queue_id_is_no_message),
		JUDGE_TEST(place_without_a_host_has_no_row),
		JUDGE_TEST(mail_system_takes_over_what_a_milter_began),
		JUDGE_TEST(each_fact_of_the_mail_system_makes_it_its_own),
		JUDGE_TEST(milter_means_its_own_host_first_then_the_only_other),
		JUDGE_TEST(milter_means_the_original_the_mail_system_the_entry),
		JUDGE_TEST(joining_again_or_in_a_circle_changes_nothing),
		JUDGE_TEST(message_is_settled_when_no_queue_id_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
