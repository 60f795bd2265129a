/* SPDX-License-Identifier: ISC */
/* test_messages_full — a ledger that has room for one message only: what a line
 * found stays the message that it is about, whatever else the line begins. */
#include "collector/messages.c"

#include "tests/unit/ledgerlog.h"

#define SAY(text) ledgerlog_say(log, text)
#define TOTAL(name, value) assert_int_equal(ledgerlog_total(log, name), value)

#define ARRIVAL "10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: client=x[203.0.113.66]"
#define ACTIVE "from=<x@x.example>, size=100, nrcpt=1 (queue active)"
#define GOOD "DKIM verification successful"

static int
setup(void **state)
{
	struct ledgerlog *log = calloc(1, sizeof(*log));
	struct config *config = config_default();
	config->ledger_max = 1; /* below what a configuration may say */
	ledgerlog_open(log, config);
	*state = log;
	return 0;
}

static int
teardown(void **state)
{
	ledgerlog_close(*state);
	free(*state);
	return 0;
}

static void
message_that_is_tried_again_keeps_its_facts(void **state)
{
	struct ledgerlog *log = *state;
	SAY(ARRIVAL);
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: " GOOD);
	for (int i = 0; i < 3; i++)
		SAY("10:00:01 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
	SAY("10:00:02 mx1 opendkim[2]: 4AAAA1: " GOOD);
	ledgerlog_end(log);
	TOTAL("dkim.pass", 1);
	TOTAL("qmgr.accepted", 1);
	TOTAL("log.evicted", 0);
}

static void
copy_that_a_line_names_is_one_with_the_message_of_the_line(void **state)
{
	struct ledgerlog *log = *state;
	SAY(ARRIVAL);
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: " GOOD);
	SAY("10:00:01 mx1 postfix/smtp[1]: 4AAAA1: to=<b@example.net>, "
	    "relay=127.0.0.1[127.0.0.1]:10024, delay=1, dsn=2.0.0, "
	    "status=sent (250 2.0.0 Ok: queued as 4AAAA2)");
	SAY("10:00:02 mx1 opendkim[2]: 4AAAA2: " GOOD);
	ledgerlog_end(log);
	TOTAL("dkim.pass", 1);
	TOTAL("log.evicted", 1);
}

static void
original_that_an_arrival_names_is_one_with_it(void **state)
{
	struct ledgerlog *log = *state;
	/* what waits for the arrival goes on waiting in the original */
	SAY(ARRIVAL);
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA2: " GOOD);
	SAY("10:00:01 mx1 postfix/smtpd[1]: 4AAAA2: "
	    "client=localhost[127.0.0.1], orig_queue_id=4AAAA1");
	TOTAL("dkim.pass", 0);
	TOTAL("log.evicted", 1);
	SAY("10:00:02 mx1 postfix/cleanup[1]: 4AAAA3: message-id=<1@x>");
	ledgerlog_end(log);
	TOTAL("dkim.pass", 1);
	TOTAL("log.evicted", 2);
}

/* The mark that copies come back unnamed is no message, and has no facts. */
static void
mark_of_a_filter_takes_nothing_from_the_message_of_the_line(void **state)
{
	struct ledgerlog *log = *state;
	SAY(ARRIVAL);
	SAY("10:00:01 mx1 postfix/smtp[1]: 4AAAA1: to=<b@example.net>, "
	    "relay=127.0.0.1[127.0.0.1]:10024, delay=1, dsn=2.0.0, "
	    "status=sent (250 taken)");
	TOTAL("log.evicted", 0);
	ledgerlog_end(log);
	TOTAL("log.evicted", 1);
}

#define FULL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FULL_TEST(message_that_is_tried_again_keeps_its_facts),
		FULL_TEST(
			copy_that_a_line_names_is_one_with_the_message_of_the_line),
		FULL_TEST(original_that_an_arrival_names_is_one_with_it),
		FULL_TEST(
			mark_of_a_filter_takes_nothing_from_the_message_of_the_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
