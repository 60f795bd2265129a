/* SPDX-License-Identifier: ISC */
/* test_judge — what a message counts for: now, later, or never. */
#include "collector/judge.c"

#include "tests/unit/judgebox.h"

static void
each_thing_counts_once_per_message(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = message(box, "4FA", LEDGER_ARRIVED),
			      *n = message(box, "4FB", LEDGER_ARRIVED);
	once(box, m, DKIM, "dkim.pass");
	once(box, m, DKIM, "dkim.fail");
	once(box, m, JUDGE_SIGNED, "dkim.signed");
	once(box, m, JUDGE_SIGNED, "dkim.signed");
	once(box, m, SPF, "spf.pass");
	once(box, n, DKIM, "dkim.fail");
	assert_ptr_equal(box->added[0].domain, box->domain);
	assert_ptr_equal(box->added[0].machine, box->machine);
	assert_int_equal(box->added[0].amount, 1);
	assert_added(box, "dkim.pass dkim.signed spf.pass dkim.fail");
}

static void
without_a_message_everything_counts(void **state)
{
	struct judgebox *box = *state;
	once(box, NULL, DKIM, "dkim.pass");
	once(box, NULL, DKIM, "dkim.pass");
	assert_added(box, "dkim.pass dkim.pass");
	/* but not what the catalogue does not have, and not nothing */
	once(box, NULL, DKIM, "dkim.none");
	judge_once(&box->judge, NULL, DKIM,
		&(struct judge_addition){.counter = 0, .amount = 0});
	assert_added(box, "");
}

static void
verdicts_about_our_own_mail_do_not_count(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *login =
		message(box, "4FA", LEDGER_ARRIVED | LEDGER_OWN);
	struct ledger_message *local = message(box, "4FB", LEDGER_SUBMITTED);
	once(box, login, DKIM, "dkim.fail");
	once(box, local, DKIM, "dkim.fail");
	assert_added(box, "");
	once(box, login, JUDGE_SIGNED, "dkim.signed");
	once(box, local, JUDGE_SIGNED, "dkim.signed");
	assert_added(box, "dkim.signed dkim.signed");
}

static void
verdict_before_the_arrival_is_held(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = message(box, "4FA", 0),
			      *own = message(box, "4FB", 0),
			      *copy = message(
				      box, "4FC", LEDGER_ARRIVED | LEDGER_COPY);
	assert_false(judge_is_known(m));
	assert_false(judge_is_known(copy));
	once(box, m, DKIM, "dkim.pass");
	once(box, m, DKIM, "dkim.fail"); /* the first counts */
	once(box, m, SPF, "spf.pass");
	once(box, own, DKIM, "dkim.pass");
	once(box, copy, DKIM, "dkim.fail");
	assert_added(box, "");
	m->facts |= LEDGER_ARRIVED;
	own->facts |= LEDGER_ARRIVED | LEDGER_OWN;
	assert_true(judge_is_known(m));
	assert_true(judge_is_known(own));
	judge_release(&box->judge, m);
	judge_release(&box->judge, own);
	assert_added(box, "dkim.pass spf.pass");
	/* released, decided, and not to come again */
	once(box, m, DKIM, "dkim.fail");
	assert_added(box, "");
	go_to(box, LEDGER_WAIT_S);
	assert_added(box, "dkim.fail");
	once(box, copy, DKIM, "dkim.fail");
	assert_added(box, "");
}

static void
held_verdict_counts_after_ten_seconds(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = message(box, "4FA", 0);
	once(box, m, DKIM, "dkim.pass");
	go_to(box, LEDGER_WAIT_S - 1);
	assert_added(box, "");
	go_to(box, LEDGER_WAIT_S);
	assert_added(box, "dkim.pass");
	/* however late the arrival comes then */
	m->facts |= LEDGER_ARRIVED;
	judge_release(&box->judge, m);
	assert_added(box, "");
	/* a second thing waits anew */
	m->facts = 0;
	once(box, m, SPF, "spf.pass");
	go_to(box, 2 * LEDGER_WAIT_S);
	assert_added(box, "spf.pass");
}

static void
log_without_arrivals_makes_nothing_wait(void **state)
{
	struct judgebox *box = *state;
	box->judge.arrival = 0;
	once(box, message(box, "4FA", 0), DKIM, "dkim.pass");
	assert_added(box, "dkim.pass");
	box->judge.arrival = NOON - LEDGER_KEEP_S;
	once(box, message(box, "4FB", 0), DKIM, "dkim.pass");
	assert_added(box, "dkim.pass");
	box->judge.arrival = NOON - LEDGER_KEEP_S + 1;
	once(box, message(box, "4FC", 0), DKIM, "dkim.pass");
	assert_added(box, "");
	/* they may stand in another log */
	box->judge.arrival = 0;
	box->judge.has_several_logs = true;
	once(box, message(box, "4FD", 0), DKIM, "dkim.pass");
	assert_added(box, "");
}

static void
what_is_held_counts_when_its_message_ends(void **state)
{
	struct judgebox *box = *state;
	once(box, message(box, "4FA", 0), DKIM, "dkim.pass");
	fill_room(box);
	assert_added(box, "dkim.pass log.evicted");
}

static void
join_moves_what_is_held_and_what_was_said(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = message(box, "4FA", LEDGER_ARRIVED),
			      *b = message(box, "4FB",
				      LEDGER_ARRIVED | LEDGER_COPY |
					      LEDGER_LEFT | LEDGER_NO_REPLY);
	once(box, b, DKIM, "dkim.pass");
	once(box, b, SPF, "spf.pass");
	once(box, a, DKIM, "dkim.fail");
	assert_added(box, "dkim.fail");
	judge_join(&box->judge, a, b);
	assert_added(box, "spf.pass");
	assert_int_equal(a->facts, LEDGER_ARRIVED | LEDGER_LEFT);
	assert_int_equal(a->open, 2);
	assert_ptr_equal(ledger_original(b), a);
	go_to(box, 60);
	assert_added(box, "");
}

static void
copy_that_was_counted_decides_for_its_original(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = message(box, "4FA", 0),
			      *b = message(
				      box, "4FB", LEDGER_ARRIVED | LEDGER_COPY);
	once(box, b, DKIM, "dkim.pass");
	go_to(box, LEDGER_WAIT_S);
	assert_added(box, "dkim.pass");
	/* the original's own is still held */
	once(box, a, DKIM, "dkim.fail");
	judge_join(&box->judge, a, b);
	a->facts |= LEDGER_ARRIVED;
	judge_release(&box->judge, a);
	once(box, a, DKIM, "dkim.fail");
	assert_added(box, "");
}

static void
own_mail_stays_own_behind_a_filter(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = message(
				      box, "4FA", LEDGER_ARRIVED | LEDGER_OWN),
			      *b = message(
				      box, "4FB", LEDGER_ARRIVED | LEDGER_COPY);
	once(box, b, DKIM, "dkim.fail");
	once(box, b, JUDGE_SIGNED, "dkim.signed");
	judge_join(&box->judge, a, b);
	assert_added(box, "dkim.signed");
	/* a filter on a trusted machine does not make a stranger's mail ours */
	struct ledger_message *c = message(box, "4FC", LEDGER_ARRIVED),
			      *d = message(box, "4FD",
				      LEDGER_ARRIVED | LEDGER_COPY |
					      LEDGER_OWN);
	once(box, d, DKIM, "dkim.pass");
	judge_join(&box->judge, c, d);
	assert_added(box, "dkim.pass");
}

static void
acceptance_of_a_copy_is_the_originals(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = message(box, "4FA", LEDGER_ARRIVED),
			      *b = message(
				      box, "4FB", LEDGER_ARRIVED | LEDGER_COPY),
			      *c = message(
				      box, "4FC", LEDGER_ARRIVED | LEDGER_COPY);
	hold(box, b, JUDGE_ACCEPTED, "qmgr.accepted");
	hold(box, b, JUDGE_ACCEPTED, "qmgr.bytes");
	hold(box, c, JUDGE_ACCEPTED, "qmgr.accepted");
	hold(box, c, JUDGE_ACCEPTED, "qmgr.bytes");
	hold(box, c, JUDGE_ACCEPTED, "qmgr.bytes");
	judge_join(&box->judge, a, b);
	assert_added(box, "");
	/* nobody's copy: a message of its own */
	go_to(box, LEDGER_WAIT_S);
	assert_added(box, "qmgr.accepted qmgr.bytes");
}

static void
copy_that_outlives_its_original_counts_nothing(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *a = message(box, "4FA", OURS);
	go_to(box, 60);
	struct ledger_message *b = message(box, "4FB", OURS | LEDGER_COPY);
	judge_join(&box->judge, a, b);
	go_to(box, LEDGER_KEEP_S);
	assert_ptr_equal(ledger_original(b), b);
	once(box, b, DKIM, "dkim.pass");
	once(box, b, JUDGE_SIGNED, "dkim.signed");
	b->facts |= LEDGER_HELD | LEDGER_FAILED;
	judge_quarantine(&box->judge, b);
	b->due = NOON;
	judge_end(&box->judge, b, LEDGER_SETTLED);
	assert_added(box, "");
}

static void
anonymous_hold_is_a_quarantine_if_the_message_failed(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = message(box, "4FA", LEDGER_HELD);
	judge_quarantine(&box->judge, m);
	assert_added(box, "");
	m->facts = LEDGER_FAILED;
	judge_quarantine(&box->judge, m);
	assert_added(box, "");
	m->facts |= LEDGER_HELD;
	m->author = (uint32_t)box->domain->number;
	judge_quarantine(&box->judge, m);
	judge_quarantine(&box->judge, m);
	assert_ptr_equal(box->added[0].domain, box->domain);
	assert_ptr_equal(box->added[0].machine, box->machine);
	assert_added(box, "dmarc.disp_quarantine");
	/* one half from the original, the other from its copy */
	struct ledger_message *a = message(box, "4FB", LEDGER_FAILED),
			      *b = message(box, "4FC", LEDGER_HELD);
	judge_join(&box->judge, a, b);
	assert_added(box, "dmarc.disp_quarantine");
}

static void
message_that_left_without_a_signature_is_unsigned(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = message(box, "4FA", OURS),
			      *n = message(box, "4FB", OWN_LOCAL);
	m->due = n->due = NOON;
	judge_end(&box->judge, m, LEDGER_SETTLED);
	assert_ptr_equal(box->added[0].domain, box->domain);
	assert_ptr_equal(box->added[0].machine, box->machine);
	judge_end(&box->judge, n, LEDGER_SETTLED);
	assert_added(box, "dkim.unsigned dkim.unsigned_local");
	/* a copy that is found out later settles it again */
	judge_end(&box->judge, m, LEDGER_SETTLED);
	assert_added(box, "");
}

static void
each_missing_condition_leaves_it_uncounted(void **state)
{
	struct judgebox *box = *state;
	static const uint32_t lacking[] = {
		OURS & ~(uint32_t)LEDGER_ARRIVED,
		OURS & ~(uint32_t)LEDGER_OWN,
		OURS & ~(uint32_t)LEDGER_ACTIVE,
		OURS & ~(uint32_t)LEDGER_LEFT,
		OURS | LEDGER_NO_REPLY,
		OURS | LEDGER_PROBE,
		OURS | LEDGER_EXPIRED,
		OWN_LOCAL & ~(uint32_t)LEDGER_ACTIVE,
		OWN_LOCAL & ~(uint32_t)LEDGER_LEFT,
		OWN_LOCAL & ~(uint32_t)LEDGER_SUBMITTED,
		(OWN_LOCAL & ~(uint32_t)LEDGER_SUBMITTED) | LEDGER_CREATED,
		OWN_LOCAL | LEDGER_NO_REPLY,
		OWN_LOCAL | LEDGER_PROBE,
		OWN_LOCAL | LEDGER_EXPIRED,
	};
	struct ledger_message *m = message(box, "4FA", 0);
	m->due = NOON;
	for (size_t i = 0; i < sizeof(lacking) / sizeof(*lacking); i++) {
		m->facts = lacking[i];
		judge_end(&box->judge, m, LEDGER_SETTLED);
		assert_added(box, "");
	}
	m->facts = OURS;
	m->sender = signs_hash(slice_of("example.com"));
	judge_end(&box->judge, m, LEDGER_SETTLED);
	m->sender = 0;
	judge_end(&box->judge, m, LEDGER_SETTLED);
	m->sender = signs_hash(slice_of("example.net"));
	m->machine = LEDGER_NO_ROW;
	judge_end(&box->judge, m, LEDGER_SETTLED);
	m->machine = (uint32_t)box->machine->number;
	box->machine->signing_since = 0;
	judge_end(&box->judge, m, LEDGER_SETTLED);
	box->machine->signing_since = NOON + 1;
	judge_end(&box->judge, m, LEDGER_SETTLED);
	box->machine->signing_since = NOON;
	m->born = NOON - LEDGER_KEEP_S - 1; /* too long ago to be sure */
	judge_end(&box->judge, m, LEDGER_SETTLED);
	m->born = NOON;
	judge_end(&box->judge, m, LEDGER_WAITED);
	judge_end(&box->judge, m, LEDGER_FORGOTTEN);
	judge_end(&box->judge, m, LEDGER_CLOSED);
	assert_added(box, "");
	once(box, m, JUDGE_SIGNED, "dkim.signed");
	judge_end(&box->judge, m, LEDGER_SETTLED);
	assert_added(box, "dkim.signed");
}

/* The filter of this host tells no queue ids. */
static void
copy_of_nobody_knows_what_is_no_message(void **state)
{
	struct judgebox *box = *state;
	const uint32_t copy = OURS | LEDGER_COPY;
	struct ledger_message *m = message(box, "4FA", copy),
			      *n = message(box, "4FB", copy);
	n->host = m->host + 1;
	m->due = n->due = NOON;
	judge_note_blind(&box->judge, m->host);
	judge_note_blind(&box->judge, m->host);
	assert_int_equal(ledger_count(box->judge.ledger), 3);
	hold(box, m, JUDGE_ACCEPTED, "qmgr.accepted");
	once(box, m, DKIM, "dkim.pass");
	judge_release(&box->judge, m);
	judge_end(&box->judge, m, LEDGER_SETTLED);
	assert_added(box, "");
	/* another host's filter may tell */
	hold(box, n, JUDGE_ACCEPTED, "qmgr.accepted");
	judge_end(&box->judge, n, LEDGER_SETTLED);
	assert_added(box, "qmgr.accepted dkim.unsigned");
	/* the mark is no message that can be lost */
	go_to(box, LEDGER_KEEP_S - 1);
	m->open = n->open = 0;
	fill_room(box);
	assert_null(ledger_find(box->judge.ledger, 7, slice_of("(filter)")));
	assert_added(box, "");
}

static void
evicted_message_counts_as_such_unless_it_was_done(void **state)
{
	struct judgebox *box = *state;
	struct ledger_message *m = message(box, "4FA", OURS);
	judge_end(&box->judge, m, LEDGER_EVICTED);
	assert_ptr_equal(box->added[0].machine, box->machine);
	assert_null(box->added[0].domain);
	assert_added(box, "log.evicted");
	m->open = 0;
	judge_end(&box->judge, m, LEDGER_EVICTED);
	assert_added(box, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		JUDGE_TEST(each_thing_counts_once_per_message),
		JUDGE_TEST(without_a_message_everything_counts),
		JUDGE_TEST(verdicts_about_our_own_mail_do_not_count),
		JUDGE_TEST(verdict_before_the_arrival_is_held),
		JUDGE_TEST(held_verdict_counts_after_ten_seconds),
		JUDGE_TEST(log_without_arrivals_makes_nothing_wait),
		JUDGE_TEST(what_is_held_counts_when_its_message_ends),
		JUDGE_TEST(join_moves_what_is_held_and_what_was_said),
		JUDGE_TEST(copy_that_was_counted_decides_for_its_original),
		JUDGE_TEST(own_mail_stays_own_behind_a_filter),
		JUDGE_TEST(acceptance_of_a_copy_is_the_originals),
		JUDGE_TEST(copy_that_outlives_its_original_counts_nothing),
		JUDGE_TEST(
			anonymous_hold_is_a_quarantine_if_the_message_failed),
		JUDGE_TEST(message_that_left_without_a_signature_is_unsigned),
		JUDGE_TEST(each_missing_condition_leaves_it_uncounted),
		JUDGE_TEST(copy_of_nobody_knows_what_is_no_message),
		JUDGE_TEST(evicted_message_counts_as_such_unless_it_was_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
