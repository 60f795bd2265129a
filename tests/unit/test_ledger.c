/* SPDX-License-Identifier: ISC */
/* test_ledger — messages in flight: found, and bounded. */
#include "collector/ledger.c"

#include "tests/unit/ledgerbox.h"

static void
host_is_the_name_up_to_the_first_dot(void **state)
{
	(void)state;
	assert_int_equal(host("mx1"), host("MX1.example.org"));
	assert_int_equal(host("mx1.example.org"), host("mx1.example.net"));
	assert_int_not_equal(host("mx1"), host("mx2"));
	assert_int_not_equal(host("mx1"), host("mx11"));
	/* of an address, all of it */
	assert_int_not_equal(host("192.0.2.1"), host("192.0.2.2"));
	assert_int_not_equal(host("192.0.2.1"), host("192"));
	assert_int_not_equal(host("2001:db8::1"), host("2001:db8::2"));
	assert_int_equal(host("2001:DB8::1"), host("2001:db8::1"));
	assert_int_equal(host("4mail.example.org"), host("4mail"));
	assert_int_equal(host(""), host(""));
}

static void
entry_is_found_by_host_and_id(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1A2B");
	assert_non_null(m);
	assert_ptr_equal(find(box, "4F1A2B"), m);
	assert_null(find(box, "4f1a2b"));
	assert_null(find(box, "4F1A2"));
	assert_null(find(box, "4F1A2BC"));
	assert_null(ledger_find(box->ledger, host("mx2"), slice_of("4F1A2B")));
	assert_ptr_equal(ledger_original(m), m);
	assert_int_equal(m->first, NOON);
	assert_int_equal(m->facts, 0);
	assert_int_equal(m->open, 1);
	assert_int_equal(m->domain, LEDGER_NO_ROW);
	assert_int_equal(m->machine, LEDGER_NO_ROW);
	assert_int_equal(ledger_count(box->ledger), 1);
}

static void
id_that_is_empty_or_too_long_is_none(void **state)
{
	struct ledgerbox *box = *state;
	char id[LEDGER_ID_MAX + 2];
	memset(id, 'A', sizeof(id));
	id[LEDGER_ID_MAX + 1] = '\0';
	assert_null(add(box, ""));
	assert_null(add(box, id));
	assert_non_null(add(box, id + 1));
	assert_ptr_equal(find(box, id + 1), box->ledger->oldest);
	assert_null(find(box, id));
	assert_int_equal(ledger_count(box->ledger), 1);
}

static void
id_that_is_used_again_hides_the_older_entry(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *old = add(box, "4F1");
	struct ledger_message *young = add(box, "4F1");
	assert_ptr_not_equal(young, old);
	assert_int_not_equal(young->serial, old->serial);
	assert_ptr_equal(find(box, "4F1"), young);
	assert_ptr_equal(
		ledger_find_anywhere(box->ledger, slice_of("4F1")), young);
	assert_int_equal(ledger_count(box->ledger), 2);
	/* and stays the one that is found when the older is forgotten */
	go_to(box, LEDGER_KEEP_S - 1);
	struct ledger_message *third = add(box, "4F1");
	go_to(box, LEDGER_KEEP_S);
	assert_int_equal(box->count, 2);
	assert_ptr_equal(find(box, "4F1"), third);
}

static void
id_is_found_anywhere_if_one_host_has_it(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1");
	add(box, "4F2");
	assert_ptr_equal(ledger_find_anywhere(box->ledger, slice_of("4F1")), m);
	assert_null(ledger_find_anywhere(box->ledger, slice_of("4F3")));
	ledger_add(box->ledger, host("mx2"), slice_of("4F1"));
	assert_null(ledger_find_anywhere(box->ledger, slice_of("4F1")));
	assert_ptr_equal(find(box, "4F1"), m);
}

static void
entry_lives_an_hour_from_its_first_sight(void **state)
{
	struct ledgerbox *box = *state;
	add(box, "4F1");
	go_to(box, 10);
	struct ledger_message *m = add(box, "4F2");
	go_to(box, LEDGER_KEEP_S - 1);
	assert_non_null(find(box, "4F1"));
	go_to(box, LEDGER_KEEP_S);
	assert_null(find(box, "4F1"));
	assert_ptr_equal(find(box, "4F2"), m);
	assert_int_equal(box->count, 1);
	assert_shown(box, 0, "4F1", LEDGER_FORGOTTEN);
	go_to(box, LEDGER_KEEP_S + 10);
	assert_int_equal(box->count, 2);
	assert_int_equal(ledger_count(box->ledger), 0);
}

static void
clock_never_goes_back(void **state)
{
	struct ledgerbox *box = *state;
	add(box, "4F1");
	go_to(box, 100);
	ledger_advance(box->ledger, NOON + 50);
	assert_int_equal(ledger_clock(box->ledger), NOON + 100);
	/* the line's time may, a little */
	ledger_begin_line(box->ledger, NOON + 100 - LEDGER_WAIT_S + 1);
	assert_int_equal(
		ledger_now(box->ledger), NOON + 100 - LEDGER_WAIT_S + 1);
	assert_int_equal(
		add(box, "4F2")->first, NOON + 100 - LEDGER_WAIT_S + 1);
	/* a machine whose clock is an hour behind is not forgotten at once */
	ledger_begin_line(box->ledger, NOON + 100 - LEDGER_KEEP_S);
	assert_int_equal(ledger_now(box->ledger), NOON + 100);
	ledger_begin_line(box->ledger, 0);
	assert_int_equal(ledger_now(box->ledger), NOON + 100);
	ledger_advance(box->ledger, INT64_MAX);
	assert_int_equal(ledger_count(box->ledger), 0);
	assert_int_equal(ledger_clock(box->ledger), INT64_MAX);
}

static void
oldest_gives_way_when_there_is_no_room(void **state)
{
	struct ledgerbox *box = *state;
	char id[16];
	for (int i = 0; i < 3 * ROOM; i++) {
		snprintf(id, sizeof(id), "4F%d", i);
		begin_line(box);
		assert_non_null(add(box, id));
	}
	begin_line(box);
	assert_int_equal(ledger_count(box->ledger), ROOM);
	assert_int_equal(box->count, 2 * ROOM);
	for (int i = 0; i < 3 * ROOM; i++) {
		snprintf(id, sizeof(id), "4F%d", i);
		if (i < 2 * ROOM)
			assert_shown(box, (size_t)i, id, LEDGER_EVICTED);
		assert_int_equal(find(box, id) != NULL, i >= 2 * ROOM);
	}
}

static void
what_a_line_found_stays_until_the_next(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *m = add(box, "4F1");
	m->facts = LEDGER_OWN;
	uint32_t serial = m->serial;
	for (int i = 0; i < 2 * ROOM; i++)
		assert_ptr_not_equal(add(box, "4FA"), m);
	struct ledger_message *young = ledger_renew(box->ledger, m);
	assert_int_equal(young->facts, LEDGER_OWN);
	assert_int_equal(m->serial, serial);
	assert_ptr_equal(ledger_original(m), young);
	assert_int_equal(box->count, 0);
	assert_int_equal(ledger_count(box->ledger), 2 * ROOM + 2);
	begin_line(box);
	assert_int_equal(ledger_count(box->ledger), ROOM);
	/* all but the copy were shown */
	assert_int_equal(box->count, ROOM + 1);
	assert_shown(box, 0, "4FA", LEDGER_EVICTED);
}

static void
no_line_need_come_for_the_oldest_to_go(void **state)
{
	struct ledgerbox *box = *state;
	for (int i = 0; i < 2 * ROOM; i++)
		add(box, "4FA");
	ledger_advance(box->ledger, NOON + 1);
	assert_int_equal(ledger_count(box->ledger), ROOM);
}

static void
memory_is_used_again(void **state)
{
	struct ledgerbox *box = *state;
	struct ledger_message *at[2 * CHUNK];
	char id[16];
	size_t known = 0;
	for (int i = 0; i < 100000; i++) {
		snprintf(id, sizeof(id), "%dF", i);
		struct ledger_message *m = add(box, id);
		size_t k = 0;
		while (k < known && at[k] != m)
			k++;
		if (k == known) {
			assert_true(known < CHUNK);
			at[known++] = m;
		}
		if (i % 1000 == 0)
			box->count = 0;
		if (i % 7 == 0)
			go_to(box, i);
		else
			begin_line(box);
		ledger_settle(box->ledger, m);
		ledger_wait(box->ledger, m);
	}
	assert_true(known <= ROOM + 1);
	assert_ptr_equal(box->ledger->chunks->next, NULL);
}

static void
new_entry_keeps_its_id_when_its_namesake_gives_way(void **state)
{
	struct ledgerbox *box = *state;
	char id[16];
	for (int i = 0; i < ROOM; i++) {
		snprintf(id, sizeof(id), "4F%d", i);
		add(box, id);
	}
	struct ledger_message *young = add(box, "4F0");
	begin_line(box);
	assert_shown(box, 0, "4F0", LEDGER_EVICTED);
	assert_ptr_equal(find(box, "4F0"), young);
}

/* Against a list that is searched from its end. */
static void
random_use_agrees_with_a_plain_list(void **state)
{
	(void)state;
	enum { STEPS = 40000, MAX = 300 };
	static struct {
		uint32_t host;
		int id;
		int64_t first;
	} list[STEPS];
	struct ledgerbox box = {0};
	box.ledger = ledger_new(MAX, note_end, &box);
	size_t count = 0, begin = 0;
	int64_t time = NOON;
	srandom(4);
	for (int i = 0; i < STEPS; i++) {
		char id[16];
		int number = (int)(random() % 400);
		uint32_t where = (uint32_t)(random() % 3);
		snprintf(id, sizeof(id), "F%X", (unsigned)number);
		time += random() % 12;
		if (count - begin > MAX)
			begin++;
		ledger_advance(box.ledger, time);
		ledger_begin_line(box.ledger, time);
		while (begin < count && list[begin].first <= time - 3600)
			begin++;
		if (random() % 2 == 0) {
			ledger_add(box.ledger, where, slice_of(id));
			list[count].host = where;
			list[count].id = number;
			list[count++].first = time;
		}
		box.count = 0;
		assert_int_equal(ledger_count(box.ledger), count - begin);
		size_t at = count;
		while (at > begin && (list[at - 1].id != number ||
					     list[at - 1].host != where))
			at--;
		struct ledger_message *m =
			ledger_find(box.ledger, where, slice_of(id));
		assert_int_equal(m != NULL, at > begin);
		if (m != NULL)
			assert_int_equal(m->first, list[at - 1].first);
	}
	ledger_free(box.ledger);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_is_the_name_up_to_the_first_dot),
		LEDGER_TEST(entry_is_found_by_host_and_id),
		LEDGER_TEST(id_that_is_empty_or_too_long_is_none),
		LEDGER_TEST(id_that_is_used_again_hides_the_older_entry),
		LEDGER_TEST(id_is_found_anywhere_if_one_host_has_it),
		LEDGER_TEST(entry_lives_an_hour_from_its_first_sight),
		LEDGER_TEST(clock_never_goes_back),
		LEDGER_TEST(oldest_gives_way_when_there_is_no_room),
		LEDGER_TEST(what_a_line_found_stays_until_the_next),
		LEDGER_TEST(no_line_need_come_for_the_oldest_to_go),
		LEDGER_TEST(memory_is_used_again),
		LEDGER_TEST(new_entry_keeps_its_id_when_its_namesake_gives_way),
		cmocka_unit_test(random_use_agrees_with_a_plain_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
