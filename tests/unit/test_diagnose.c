/* SPDX-License-Identifier: ISC */
/* test_diagnose — each finding where it belongs, and not where it does not. */
#include "cli/diagnose.c"
#include "cli/finding.c"
#include "cli/needs.c"
#include "cli/survey.c"

#define CHECK diagnose
#include "tests/unit/findingbox.h"

static void
an_empty_log_and_a_good_one_are_fine(void **state)
{
	struct surveybox *box = *state;
	assert_fine(box);
	surveybox_tell(box, 30, SENT);
	surveybox_tell(box, 30, DKIM_PASS);
	surveybox_tell(box, 30, DKIM_NONE);
	surveybox_tell(box, 3, DKIM_FAIL);
	surveybox_tell(box, 30, DMARC_PASS);
	surveybox_tell(box, 3, REFUSED);
	assert_fine(box);
}

static void
milters_that_refuse_but_do_not_log_are_elsewhere(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 2, REFUSED);
	assert_only(box, FINDING_FILE,
		"Postfix tells of messages that milters refused or held (2), "
		"but no milter that we know wrote a line: the milters' lines "
		"are in another file.",
		"read all files together");
	surveybox_tell(box, 1, DMARC_PASS);
	assert_fine(box);
}

static void
milters_without_postfix_are_half_the_log(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, DMARC_PASS);
	assert_only(box, FINDING_FILE,
		"Milters or filters log here, but Postfix does not: what "
		"became of the messages is in another file.",
		"read all files together");
}

static void
what_the_logger_dropped_is_said(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1,
		"mx1 systemd-journald[7]: Suppressed 12 "
		"messages from opendkim.service");
	assert_only(box, FINDING_FILE,
		"The system's logger says that it dropped lines (1 times): "
		"they are not counted.",
		"RateLimitIntervalSec");
}

static void
lines_that_are_none_are_said(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_raw(box, "no line", 7);
	assert_only(box, FINDING_FILE,
		"Lines that are no log lines, or name no program: 1 of 2.",
		"mailtally.conf(5)");
}

static void
lines_of_the_future_are_said(void **state)
{
	struct surveybox *box = *state;
	static const char line[] = "2027-11-19T10:00:00+00:00 " SENT;
	surveybox_raw(box, line, sizeof(line) - 1);
	assert_only(box, FINDING_STAMP,
		"Lines with a time that has not come yet: 1.", "--year");
}

static void
two_that_judge_are_said_in_the_order_of_authority(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 1, DMARC_SPF);
	surveybox_tell(box, 1, "mx1 " SPF);
	surveybox_tell(box, 1,
		"mx1 pyspf-milter[7]: prepend Received-SPF: "
		"Pass (mailfrom)");
	assert_only(box, FINDING_DOUBLE,
		"SPF is checked by policyd-spf, pyspf-milter and opendmarc. "
		"The totals take the verdicts of policyd-spf.",
		"authority \"spf\"");
}

static void
two_that_judge_on_different_hosts_do_not_collide(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 1, DMARC_SPF);
	surveybox_tell(box, 1, "mx2 " SPF);
	assert_fine(box);
	surveybox_tell(box, 1, "mx1 " SPF);
	assert_only(box, FINDING_DOUBLE,
		"SPF is checked by policyd-spf and opendmarc on mx1. The "
		"totals take the verdicts of policyd-spf.",
		"authority \"spf\"");
}

static void
an_order_is_proposed_for_each_method(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 1,
		"mx1 opendkim[7]: " QID
		"discarded per b.example author domain policy");
	surveybox_tell(box, 1,
		"mx1 dkim-filter[7]: 4XyZ12345 rejected per sender domain "
		"policy");
	struct findings findings = findings_of(box);
	size_t last = findings.count - 1;
	assert_true(findings.count > 0);
	assert_int_equal(findings.items[last].kind, FINDING_DOUBLE);
	assert_memory_equal(findings.items[last].text, "ADSP", 4);
	assert_non_null(
		strstr(findings.items[last].advice, "authority \"adsp\""));
	finding_free_all(&findings);
}

static void
names_of_mail_programs_are_known(void **state)
{
	(void)state;
	static const char *const mail[] = {"dovecot", "mydkim", "sm-mta",
		"postfix-out/smtpd", "clamd", "SpamAssassin", "openarc"};
	static const char *const others[] = {
		"CRON", "kernel", "sshd", "systemd", "search"};
	for (size_t i = 0; i < sizeof(mail) / sizeof(*mail); i++)
		assert_true(diagnose_is_mail(mail[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(diagnose_is_mail(others[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SURVEYBOX_TEST(an_empty_log_and_a_good_one_are_fine),
		SURVEYBOX_TEST(
			milters_that_refuse_but_do_not_log_are_elsewhere),
		SURVEYBOX_TEST(milters_without_postfix_are_half_the_log),
		SURVEYBOX_TEST(what_the_logger_dropped_is_said),
		SURVEYBOX_TEST(lines_that_are_none_are_said),
		SURVEYBOX_TEST(lines_of_the_future_are_said),
		SURVEYBOX_TEST(
			two_that_judge_are_said_in_the_order_of_authority),
		SURVEYBOX_TEST(
			two_that_judge_on_different_hosts_do_not_collide),
		SURVEYBOX_TEST(an_order_is_proposed_for_each_method),
		SURVEYBOX_TEST(names_of_mail_programs_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
