/* SPDX-License-Identifier: ISC */
/* test_count — from what lines say to what the rows hold. */
#include "collector/count.c"

#include "tests/unit/tallybox.h"

/* A line of one source on one host, with one domain everywhere. */
static const struct rules_outcome *
say(struct tallybox *box, const char *host, const char *source,
	const char *domain, const char *counter)
{
	char text[2048];
	snprintf(text, sizeof(text),
		"Nov 21 10:00:00 %s t-%s[7]: 4F1 signer=%s from=%s mailfrom=%s "
		"rcpt=%s %s",
		host, source, domain, domain, domain, domain, counter);
	return tallybox_count(box, text);
}

static void
assert_value(const struct tallybox *box, enum rows_kind kind, const char *key,
	const char *counter, uint64_t expected)
{
	uint64_t value =
		tallybox_value(box, tallybox_row(box, kind, key), counter);
	if (value != expected)
		fail_msg("%s %s %s is %ju, not %ju", rows_kind_names[kind], key,
			counter, (uintmax_t)value, (uintmax_t)expected);
}

static void
assert_total(const struct tallybox *box, const char *counter, uint64_t expected)
{
	assert_value(box, ROWS_TOTAL, ROWS_TOTAL_KEY, counter, expected);
}

static void
totals_take_the_verdicts_of_the_authority_only(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	say(box, "mx1", "opendkim", "a.org", "dkim.pass");
	say(box, "mx1", "amavis", "a.org", "dkim.pass");
	say(box, "mx1", "spamd", "a.org", "dkim.fail");
	assert_total(box, "dkim.pass", 1);
	assert_total(box, "dkim.fail", 0);
	assert_value(box, ROWS_SOURCE, "opendkim", "dkim.pass", 1);
	assert_value(box, ROWS_SOURCE, "amavis", "dkim.pass", 1);
	assert_value(box, ROWS_SOURCE, "spamd", "dkim.fail", 1);
	assert_value(box, ROWS_HOST, "mx1", "dkim.pass", 1);
	assert_value(box, ROWS_DOMAIN, "a.org", "dkim.pass", 1);
	assert_value(box, ROWS_DOMAIN, "a.org", "dkim.fail", 0);
	/* another host has its own authority, another method too */
	say(box, "mx2", "amavis", "a.org", "dkim.pass");
	say(box, "mx1", "spamd", "a.org", "spf.pass");
	assert_total(box, "dkim.pass", 2);
	assert_total(box, "spf.pass", 1);
	tallybox_free(box);
}

static void
signer_does_not_silence_another_verifier(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	say(box, "mx1", "opendkim", "a.org", "dkim.signatures");
	say(box, "mx1", "amavis", "b.org", "dkim.pass");
	say(box, "mx1", "amavis", "b.org", "dkim.signatures");
	assert_total(box, "dkim.pass", 1);
	assert_total(box, "dkim.signatures", 2);
	tallybox_free(box);
}

static void
every_line_counts_in_the_log_group_by_what_it_was_taken_for(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	static const char *const lines[] = {
		"Nov 21 10:00:00 mx1 t-mine[1]: 4F1 signer= from= mailfrom= "
		"rcpt= dkim.pass",
		"Nov 21 10:00:00 mx1 t-mine[1]: 4F1 signer= from= mailfrom= "
		"rcpt= none",
		"Nov 21 10:00:00 mx1 t-mine[1]: something new",
		"Nov 21 10:00:00 mx1 cron[1]: job",
		"Nov 21 10:00:00 mx1 last message repeated 3 times",
		"no log line", ""};
	static const enum rules_status taken[] = {RULES_MATCHED, RULES_IGNORED,
		RULES_UNMATCHED, RULES_FOREIGN, RULES_IGNORED, RULES_MALFORMED,
		RULES_MALFORMED};
	uint64_t bytes = 0;
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(
			tallybox_count(box, lines[i])->status, taken[i]);
		bytes += strlen(lines[i]) + 1;
	}
	assert_total(box, "log.lines", 7);
	assert_total(box, "log.bytes", bytes);
	assert_total(box, "log.matched", 1);
	assert_total(box, "log.ignored", 2);
	assert_total(box, "log.unmatched", 1);
	assert_total(box, "log.foreign", 1);
	assert_total(box, "log.malformed", 2);
	assert_value(box, ROWS_SOURCE, "mine", "log.lines", 3);
	assert_value(box, ROWS_HOST, "mx1", "log.lines", 5);
	assert_int_equal(box->tally->rows->kind_count[ROWS_HOST], 1);
	tallybox_free(box);
}

static void
domain_is_taken_from_address_or_name_in_lower_case(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	static const char *const names[] = {
		"a.org", "A.Org", "u@a.org", "u@v@A.ORG", "a.org."};
	for (size_t i = 0; i < 5; i++)
		say(box, "mx1", "mine", names[i], "spf.pass");
	assert_value(box, ROWS_DOMAIN, "a.org", "spf.pass", 5);
	say(box, "mx1", "mine", "b\xc3\xbc.example", "spf.pass");
	assert_value(box, ROWS_DOMAIN, "b\xc3\xbc.example", "spf.pass", 1);
	/* each counter takes its own */
	tallybox_count(box, "Nov 21 10:00:00 mx1 t-mine[1]: 4F1 signer=s.org "
			    "from=f.org mailfrom=u@m.org rcpt=v@r.org "
			    "dmarc.fail");
	assert_value(box, ROWS_DOMAIN, "f.org", "dmarc.fail", 1);
	assert_null(tallybox_row(box, ROWS_DOMAIN, "m.org"));
	tallybox_free(box);
}

static void
hostile_domain_counts_in_the_total_and_makes_no_row(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	char too_long[300];
	memset(too_long, 'a', sizeof(too_long) - 1);
	memcpy(too_long + 200, ".org", 5);
	memset(too_long + 204, 'a', 60);
	too_long[264] = '\0';
	const char *const names[] = {"", ".", "..", "nodot", ".a.org",
		"a;b.org", "a/../b.org", "<a.org>", "[192.0.2.1]", "a.org%00",
		"(other)", "a\x01.org", "a.org\x7f", "u@", "u@.", "a=b.org",
		too_long};
	size_t count = sizeof(names) / sizeof(*names);
	for (size_t i = 0; i < count; i++)
		say(box, "mx1", "mine", names[i], "spf.pass");
	assert_total(box, "spf.pass", count);
	assert_int_equal(box->tally->rows->kind_count[ROWS_DOMAIN], 0);
	tallybox_free(box);
}

static void
rows_that_find_no_room_count_in_the_other_row(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(3, 2);
	char host[32], domain[32];
	for (int i = 0; i < 10; i++) {
		snprintf(host, sizeof(host), "MX%d", i);
		snprintf(domain, sizeof(domain), "d%d.org", i);
		say(box, host, "mine", domain, "spf.pass");
		say(box, host, "mine", domain, "spf.pass");
	}
	assert_value(box, ROWS_HOST, "mx2", "spf.pass", 2);
	assert_null(tallybox_row(box, ROWS_HOST, "mx3"));
	assert_value(box, ROWS_HOST, ROWS_OTHER_KEY, "spf.pass", 14);
	assert_value(box, ROWS_DOMAIN, "d1.org", "spf.pass", 2);
	assert_value(box, ROWS_DOMAIN, ROWS_OTHER_KEY, "spf.pass", 16);
	assert_total(box, "spf.pass", 20);
	/* what we sign for always has its row */
	say(box, "mx0", "mine", "ours.org", "dkim.signatures");
	assert_value(box, ROWS_DOMAIN, "ours.org", "dkim.signatures", 1);
	tallybox_free(box);
}

static void
repeated_line_is_one_line_that_counts_n_times(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	tallybox_count(box,
		"Nov 21 10:00:00 mx1 t-mine[1]: message repeated 5 times: [ "
		"4F1 signer=a.org from= mailfrom= rcpt= dkim.pass]");
	assert_total(box, "dkim.pass", 5);
	assert_total(box, "log.lines", 1);
	assert_total(box, "log.matched", 1);
	assert_total(box, "log.repeated", 1);
	assert_value(box, ROWS_DOMAIN, "a.org", "dkim.pass", 5);
	tallybox_free(box);
}

static void
line_without_a_host_counts_in_no_host_row(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	tallybox_count(box, "Nov 21 10:00:00 t-mine[1]: 4F1 signer=a.org "
			    "from= mailfrom= rcpt= dkim.pass");
	assert_total(box, "dkim.pass", 1);
	assert_int_equal(box->tally->rows->kind_count[ROWS_HOST], 0);
	/* hosts that differ in case are one, whatever stands in the cache */
	for (int i = 0; i < 3; i++) {
		say(box, "MX1", "mine", "a.org", "smtp.sent");
		say(box, "mx1", "mine", "a.org", "smtp.sent");
		say(box, "mxA1", "mine", "a.org", "smtp.sent");
		say(box, "my1", "mine", "a.org", "smtp.sent");
	}
	assert_value(box, ROWS_HOST, "mx1", "smtp.sent", 6);
	assert_value(box, ROWS_HOST, "mxa1", "smtp.sent", 3);
	assert_value(box, ROWS_HOST, "my1", "smtp.sent", 3);
	tallybox_free(box);
}

static void
event_counts_in_the_total_alone(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	bool is_late;
	struct step *step = steps_for(&box->steps, 60000, &is_late);
	count_event(box->tally->count, "log.rotations", 2, step);
	count_event(box->tally->count, "log.rotations", 0, step);
	count_event(box->tally->count, "log.no_such", 2, step);
	assert_total(box, "log.rotations", 2);
	assert_int_equal(box->tally->rows->count, 1);
	tallybox_free(box);
}

/* Random lines with hosts: over all host rows each counter's sum is the
 * total's, and no verdict is counted more often than its sources say. */
static void
sum_over_hosts_is_the_total_for_every_counter(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(4, 6);
	srandom(9);
	for (int i = 0; i < 20000; i++) {
		char host[16], domain[32];
		snprintf(host, sizeof(host), "%s%ld", i % 2 ? "mx" : "MX",
			random() % 7);
		snprintf(domain, sizeof(domain), "u@d%ld.org", random() % 9);
		const char *source =
			tallybox_sources[random() % TALLYBOX_SOURCES];
		say(box, host, source, domain,
			tallybox_counters[random() % TALLYBOX_COUNTERS]);
	}
	const struct rows *rows = box->tally->rows;
	for (size_t c = 0; c < rows->catalogue->count; c++) {
		const struct catalogue_counter *counter =
			&rows->catalogue->counters[c];
		if (counter->is_gauge)
			continue;
		uint64_t sum[ROWS_KINDS] = {0};
		for (size_t r = 0; r < rows->count; r++)
			sum[rows->items[r]->kind] += tallybox_value(
				box, rows->items[r], counter->name);
		assert_int_equal(sum[ROWS_HOST], sum[ROWS_TOTAL]);
		if (strcmp(counter->name, "dkim.signed") == 0)
			assert_int_equal(sum[ROWS_SOURCE], 0);
		else if (counter->method >= 0)
			assert_true(sum[ROWS_TOTAL] <= sum[ROWS_SOURCE]);
		else
			assert_int_equal(sum[ROWS_TOTAL], sum[ROWS_SOURCE]);
		if (counter->domain != CATALOGUE_NONE)
			assert_int_equal(sum[ROWS_DOMAIN], sum[ROWS_TOTAL]);
	}
	assert_total(box, "log.lines", 20000);
	tallybox_free(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(totals_take_the_verdicts_of_the_authority_only),
		FOLDER_TEST(signer_does_not_silence_another_verifier),
		FOLDER_TEST(
			every_line_counts_in_the_log_group_by_what_it_was_taken_for),
		FOLDER_TEST(domain_is_taken_from_address_or_name_in_lower_case),
		FOLDER_TEST(
			hostile_domain_counts_in_the_total_and_makes_no_row),
		FOLDER_TEST(rows_that_find_no_room_count_in_the_other_row),
		FOLDER_TEST(repeated_line_is_one_line_that_counts_n_times),
		FOLDER_TEST(line_without_a_host_counts_in_no_host_row),
		FOLDER_TEST(event_counts_in_the_total_alone),
		FOLDER_TEST(sum_over_hosts_is_the_total_for_every_counter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
