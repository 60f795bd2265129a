/* SPDX-License-Identifier: ISC */
/* test_messages — what the lines about one message amount to. */
#include "collector/messages.c"

#include "tests/unit/ledgerlog.h"

#define LOGIN ", sasl_method=PLAIN, sasl_username=alice"
#define PC "client=pc.example.net[198.51.100.7]"
#define STRANGER "client=mx.stranger.example[203.0.113.66]"
#define ACTIVE "from=<alice@example.net>, size=100, nrcpt=1 (queue active)"
#define SIGNED "DKIM-Signature field added (s=s26, d=example.net)"
#define TO "to=<bob@far.example>, relay="
#define SENT                                                                \
	", delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: " \
	"queued as "

#define FILTER "127.0.0.1[127.0.0.1]:10024"
#define DISCARDED                                                             \
	", delay=1, dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=1 - " \
	"x Ok: queued as "

static int
setup(void **state)
{
	struct ledgerlog *log = calloc(1, sizeof(*log));
	struct config *config = config_default();
	ledgerlog_set(&config->own_domains, "example.net", NULL);
	ledgerlog_set(&config->trusted_networks, "192.0.2.0/24", NULL);
	ledgerlog_set(&config->filters, "198.51.100.99:10024", NULL);
	config->ledger_max = 1024;
	free(config->host_aliases);
	config->host_aliases = calloc(1, sizeof(*config->host_aliases));
	config->host_aliases[0] = (struct config_alias){
		strdup("milter1"), strdup("mx1.example.net")};
	config->host_alias_count = 1;
	ledgerlog_open(log, config);
	*state = log;
	return 0;
}

static int
teardown(void **state)
{
	ledgerlog_close(*state);
	free(*state);
	messages_free(NULL);
	return 0;
}

#define SAY(text) ledgerlog_say(log, text)
#define TOTAL(name, value) assert_int_equal(ledgerlog_total(log, name), value)

static void
network_that_is_none_is_refused(void **state)
{
	(void)state;
	struct err err = {""};
	struct config *config = config_default();
	struct catalogue catalogue = {0};
	struct rows *rows = rows_new(&catalogue, 1, 1);
	const struct messages_parts parts = {.config = config, .rows = rows};
	ledgerlog_set(&config->trusted_networks, "192.0.2.300", NULL);
	assert_null(messages_new(&parts, &err));
	assert_non_null(strstr(err.text, "192.0.2.300"));
	ledgerlog_set(&config->trusted_networks, "192.0.2.3", NULL);
	ledgerlog_set(&config->internal_relays, "::1/129", NULL);
	assert_null(messages_new(&parts, &err));
	assert_non_null(strstr(err.text, "::1/129"));
	rows_free(rows);
	config_free(config);
}

static void
place_is_that_of_the_aliased_host(void **state)
{
	struct ledgerlog *log = *state;
	struct err err = {""};
	struct messages *messages =
		messages_new(&(struct messages_parts){.config = log->config,
				     .rows = log->tally->rows,
				     .signs = log->tally->signs},
			&err);
	const uint32_t mx1 = ledger_host(slice_of("mx1"));
	static const char *const names[] = {
		"mx1", "MX1.example.org", "milter1", "Milter1.example.net"};
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
			messages_place(messages, slice_of(names[i]), NULL).host,
			mx1);
	assert_int_not_equal(
		messages_place(messages, slice_of("milter2"), NULL).host, mx1);
	assert_ptr_equal(messages_place(messages, slice_of("milter1"),
				 log->tally->rows->total)
				 .machine,
		log->tally->rows->total);
	messages_free(messages);
}

static void
milter_elsewhere_is_heard_before_and_after_the_arrival(void **state)
{
	struct ledgerlog *log = *state;
	/* an alias, so that mx2's message of the same id is not meant */
	SAY("10:00:00 milter1 opendkim[2]: 4AAAA1: " SIGNED);
	SAY("10:00:01 mx1 postfix/smtpd[1]: 4AAAA1: " PC LOGIN);
	SAY("10:00:01 mx2 postfix/smtpd[1]: 4AAAA1: " STRANGER);
	SAY("10:00:02 milter1 opendkim[2]: 4AAAA1: " SIGNED);
	SAY("10:00:02 milter1 opendmarc[3]: 4AAAA1: example.net fail");
	/* no alias: the only one that has it */
	SAY("10:00:03 milter2 opendkim[2]: 4AAAA2: " SIGNED);
	SAY("10:00:03 milter2 opendmarc[3]: 4AAAA2: example.net fail");
	SAY("10:00:04 mx1 postfix/smtpd[1]: 4AAAA2: " PC LOGIN);
	SAY("10:00:05 milter2 opendkim[2]: 4AAAA2: " SIGNED);
	ledgerlog_end(log);
	TOTAL("dkim.signatures", 4);
	TOTAL("dkim.signed", 2);
	TOTAL("dmarc.fail", 0);
}

/* The host's row is that of the mail system, whoever speaks first. */
static void
message_counts_on_the_host_of_the_mail_system(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA0: " SIGNED);
	SAY("10:00:00 milter1 opendmarc[2]: 4AAAA1: example.net fail");
	SAY("10:00:01 mx1 postfix/smtpd[1]: 4AAAA1: " PC LOGIN);
	SAY("10:00:01 mx1 postfix/cleanup[1]: 4AAAA1: message-id=<1@x>");
	SAY("10:00:01 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
	SAY("10:00:02 mx1 postfix/smtp[1]: 4AAAA1: " TO
	    "mx.far.example[203.0.113.9]:25" SENT "ABCDEF)");
	SAY("10:00:02 mx1 postfix/qmgr[1]: 4AAAA1: removed");
	ledgerlog_end(log);
	TOTAL("dkim.unsigned", 1);
	assert_int_equal(
		ledgerlog_of(log, ROWS_HOST, "mx1", "dkim.unsigned"), 1);
}

static void
queue_id_that_begins_again_is_another_message(void **state)
{
	struct ledgerlog *log = *state;
	for (int i = 0; i < 3; i++) {
		SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " PC LOGIN);
		SAY("10:00:00 mx1 postfix/cleanup[1]: 4AAAA1: "
		    "message-id=<1@x>");
		SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: " SIGNED);
		SAY("10:00:00 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
		SAY("10:00:00 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
		SAY("10:00:01 mx1 postfix/qmgr[1]: 4AAAA1: removed");
	}
	SAY("10:00:02 mx1 postfix/pickup[1]: 4AAAA1: uid=0 from=<root>");
	SAY("10:00:02 mx1 opendkim[2]: 4AAAA1: " SIGNED);
	/* never removed: what begins is another nevertheless */
	SAY("10:00:03 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
	SAY("10:00:03 mx1 opendkim[2]: 4AAAA1: " SIGNED);
	ledgerlog_end(log);
	TOTAL("dkim.signed", 5);
	TOTAL("qmgr.accepted", 3);
	TOTAL("qmgr.bytes", 300);
}

static void
copies_of_copies_are_one_message(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: DKIM verification successful");
	SAY("10:00:00 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
	SAY("10:00:01 mx1 postfix/smtpd[1]: 4AAAA2: "
	    "client=localhost[127.0.0.1]");
	SAY("10:00:01 mx1 opendkim[2]: 4AAAA2: bad signature data");
	SAY("10:00:01 mx1 postfix/qmgr[1]: 4AAAA2: " ACTIVE);
	SAY("10:00:02 mx1 postfix/smtpd[1]: 4AAAA3: "
	    "client=filter[198.51.100.99]");
	SAY("10:00:02 mx1 opendkim[2]: 4AAAA3: bad signature data");
	SAY("10:00:02 mx1 postfix/qmgr[1]: 4AAAA3: " ACTIVE);
	/* the inner reply comes first */
	SAY("10:00:02 mx1 postfix/smtp[1]: 4AAAA2: " TO
	    "filter[198.51.100.99]:10024" SENT "4AAAA3)");
	SAY("10:00:02 mx1 postfix/smtp[1]: 4AAAA1: " TO
	    "127.0.0.1[127.0.0.1]:10024" SENT "4AAAA2)");
	ledgerlog_end(log);
	TOTAL("dkim.pass", 1);
	TOTAL("dkim.fail", 0);
	TOTAL("qmgr.accepted", 1);
	TOTAL("qmgr.activations", 3);
}

/* What stands in a reply of anybody but a filter, or not at its end, is no
 * queue id of ours. */
static void
only_a_filters_reply_names_a_copy(void **state)
{
	struct ledgerlog *log = *state;
	static const char *const relays[] = {
		"mx.far.example[203.0.113.9]:25" SENT "4AAAA2)",
		"filter[198.51.100.99]:10025" SENT "4AAAA2)",
		"127.0.0.1[127.0.0.1]:10024" SENT "4AAAA2 )",
		"127.0.0.1[127.0.0.1]:10024" SENT "4AAAA2) x",
		"127.0.0.1[127.0.0.1]:10024" SENT ")",
		FILTER DISCARDED "4AAAA2)",
	};
	for (size_t i = 0; i < sizeof(relays) / sizeof(*relays); i++) {
		char text[512];
		SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
		SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: bad signature data");
		SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA2: " STRANGER);
		SAY("10:00:00 mx1 postfix/cleanup[1]: 4AAAA2: "
		    "message-id=<1@x>");
		snprintf(text, sizeof(text),
			"10:00:00 mx1 postfix/smtp[1]: 4AAAA1: " TO "%s",
			relays[i]);
		SAY(text);
		SAY("10:00:00 mx1 opendkim[2]: 4AAAA2: DKIM verification "
		    "successful");
		TOTAL("dkim.fail", i + 1);
		TOTAL("dkim.pass", i + 1);
	}
}

static void
reply_over_lmtp_is_a_filters_only_if_it_is_one(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA2: " STRANGER);
	SAY("10:00:00 mx1 postfix/lmtp[1]: 4AAAA1: " TO
	    "store[203.0.113.9]:2525" SENT "4AAAA2)");
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: bad signature data");
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA2: bad signature data");
	TOTAL("dkim.fail", 2);
	SAY("10:00:01 mx1 postfix/smtpd[1]: 4AAAA3: "
	    "client=localhost[127.0.0.1]");
	SAY("10:00:01 mx1 opendkim[2]: 4AAAA3: bad signature data");
	SAY("10:00:01 mx1 postfix/lmtp[1]: 4AAAA1: " TO
	    "filter[198.51.100.99]:10024" SENT "4AAAA3)");
	ledgerlog_end(log);
	TOTAL("dkim.fail", 2);
}

static void
arrival_releases_what_was_held(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA0: " STRANGER);
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: bad signature data");
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA2: " SIGNED);
	TOTAL("dkim.fail", 0);
	TOTAL("dkim.signed", 0);
	SAY("10:00:01 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
	TOTAL("dkim.fail", 1);
	SAY("10:00:01 mx1 postfix/pickup[1]: 4AAAA2: uid=0 from=<root>");
	TOTAL("dkim.signed", 1);
}

/* A filter in front of this machine tells whose mail it forwards. */
static void
client_of_an_arrival_elsewhere_makes_mail_our_own(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: client=localhost[127.0.0.1]"
	    ", orig_queue_id=4FFFF1, orig_client=app[192.0.2.8]");
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA1: bad signature data");
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA2: client=app[192.0.2.8]"
	    ", orig_queue_id=4FFFF2, orig_client=x[203.0.113.66]");
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA2: bad signature data");
	SAY("10:00:20 mx1 postfix/anvil[1]: statistics: max cache size 2");
	TOTAL("dkim.fail", 1);
}

/* One copy left, the other is given up after the original is removed. */
static void
message_is_done_when_its_last_copy_is(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 opendkim[2]: 4AAAA0: " SIGNED);
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " PC LOGIN);
	SAY("10:00:00 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
	static const char *const copies[] = {"4AAAA2", "4AAAA3"};
	for (size_t i = 0; i < 2; i++) {
		char text[320];
		snprintf(text, sizeof(text),
			"10:00:01 mx1 postfix/smtpd[1]: %s: "
			"client=localhost[127.0.0.1], orig_queue_id=4AAAA1",
			copies[i]);
		SAY(text);
	}
	SAY("10:00:01 mx1 postfix/qmgr[1]: 4AAAA1: removed");
	SAY("10:00:02 mx1 postfix/smtp[1]: 4AAAA2: " TO
	    "mx.far.example[203.0.113.9]:25" SENT "ABCDEF)");
	SAY("10:00:02 mx1 postfix/qmgr[1]: 4AAAA2: removed");
	SAY("10:10:00 mx1 postfix/qmgr[1]: 4AAAA3: from=<alice@example.net>, "
	    "status=expired, returned to sender");
	SAY("10:10:00 mx1 postfix/qmgr[1]: 4AAAA3: removed");
	ledgerlog_end(log);
	TOTAL("dkim.unsigned", 0);
}

static void
message_that_finds_no_room_is_counted_as_evicted(void **state)
{
	struct ledgerlog *log = *state;
	char text[256];
	for (int i = 0; i < 1024 + 50; i++) {
		snprintf(text, sizeof(text),
			"10:00:00 mx1 postfix/smtpd[1]: 4BBB%04d: %s", i,
			PC LOGIN);
		SAY(text);
		if (i % 2 == 0) {
			snprintf(text, sizeof(text),
				"10:00:00 mx1 postfix/qmgr[1]: 4BBB%04d: "
				"removed",
				i);
			SAY(text);
		}
	}
	SAY("10:00:01 mx1 opendkim[2]: 4BBB1073: " SIGNED);
	TOTAL("log.evicted", 25);
	/* what it left for the world with is not known any more */
	SAY("10:00:01 mx1 postfix/qmgr[1]: 4BBB0001: " ACTIVE);
	SAY("10:00:01 mx1 postfix/smtp[1]: 4BBB0001: " TO
	    "mx.far.example[203.0.113.9]:25" SENT "ABCDEF)");
	SAY("10:00:01 mx1 postfix/qmgr[1]: 4BBB0001: removed");
	ledgerlog_end(log);
	TOTAL("dkim.unsigned", 0);
	TOTAL("dkim.signed", 1);
}

static void
line_without_a_queue_id_is_about_no_message(void **state)
{
	struct ledgerlog *log = *state;
	SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
	for (int i = 0; i < 3; i++)
		SAY("10:00:00 mx1 opendkim[2]: (unknown-jobid): bad signature "
		    "data");
	SAY("10:00:00 mx1 opendkim[2]: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA: bad "
	    "signature data");
	SAY("10:00:00 mx1 postfix/smtpd[1]: NOQUEUE: " STRANGER);
	TOTAL("dkim.fail", 4);
}

/* A bounce of the filter's own names no copy, and needs none; a filter that
 * names none hides its copies only. */
static void
webmail_counts_beside_a_filter(void **state)
{
	struct ledgerlog *log = *state;
	static const char *const replies[] = {
		"250 2.5.0 Ok, id=1-2, BOUNCE", "250 taken"};
	for (size_t i = 0; i < 2; i++) {
		SAY("10:00:00 mx1 postfix/smtpd[1]: 4AAAA1: " STRANGER);
		SAY("10:00:00 mx1 postfix/qmgr[1]: 4AAAA1: " ACTIVE);
		char text[160];
		snprintf(text, sizeof(text),
			"10:00:01 mx1 postfix/smtp[1]: 4AAAA1: " TO FILTER
			", delay=1, status=sent (%s)",
			replies[i]);
		SAY(text);
		SAY("10:00:01 mx1 postfix/qmgr[1]: 4AAAA1: removed");
		SAY("10:00:02 mx1 postfix/smtpd[1]: 4AAAA2: "
		    "client=localhost[127.0.0.1]" LOGIN);
		SAY("10:00:02 mx1 postfix/qmgr[1]: 4AAAA2: " ACTIVE);
		SAY("10:00:03 mx1 postfix/smtpd[1]: 4AAAA3: "
		    "client=localhost[127.0.0.1]");
		SAY("10:00:03 mx1 postfix/qmgr[1]: 4AAAA3: " ACTIVE);
		SAY("10:00:20 mx1 postfix/anvil[1]: statistics: max cache "
		    "size 2");
		TOTAL("qmgr.accepted", i == 0 ? 3 : 5);
	}
}

#define MESSAGES_TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(network_that_is_none_is_refused),
		MESSAGES_TEST(place_is_that_of_the_aliased_host),
		MESSAGES_TEST(
			milter_elsewhere_is_heard_before_and_after_the_arrival),
		MESSAGES_TEST(message_counts_on_the_host_of_the_mail_system),
		MESSAGES_TEST(queue_id_that_begins_again_is_another_message),
		MESSAGES_TEST(copies_of_copies_are_one_message),
		MESSAGES_TEST(only_a_filters_reply_names_a_copy),
		MESSAGES_TEST(reply_over_lmtp_is_a_filters_only_if_it_is_one),
		MESSAGES_TEST(webmail_counts_beside_a_filter),
		MESSAGES_TEST(arrival_releases_what_was_held),
		MESSAGES_TEST(
			client_of_an_arrival_elsewhere_makes_mail_our_own),
		MESSAGES_TEST(message_is_done_when_its_last_copy_is),
		MESSAGES_TEST(message_that_finds_no_room_is_counted_as_evicted),
		MESSAGES_TEST(line_without_a_queue_id_is_about_no_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
