/* SPDX-License-Identifier: ISC */
/* test_diagnose — each finding where it belongs, and not where it does not. */
#include "cli/diagnose.c"
#include "cli/survey.c"

#include "tests/unit/surveybox.h"

#define QID "4XyZ12345: "
#define DKIM "mx1 opendkim[7]: " QID
#define DKIM_PASS DKIM "DKIM verification successful"
#define DKIM_FAIL DKIM "bad signature data"
#define DKIM_NONE DKIM "no signature data"
#define DKIM_SIGNED DKIM "DKIM-Signature field added (s=a, d=b.example)"
#define DKIM_SSL DKIM "s=a d=b.example a=rsa-sha256 SSL "
#define DMARC_PASS "mx1 opendmarc[7]: " QID "b.example pass"
#define DMARC_SPF "mx1 opendmarc[7]: " QID "SPF(mailfrom): b.example pass"
#define SPF "policyd-spf[7]: prepend Received-SPF: Pass (mailfrom)"
#define SENT "mx1 postfix/qmgr[7]: " QID "removed"
#define REFUSED                                                              \
	"mx1 postfix/cleanup[7]: " QID "milter-reject: END-OF-MESSAGE from " \
	"a.example[192.0.2.1]: 5.7.1 rejected; from=<a@b.example> "          \
	"to=<c@d.example> proto=ESMTP helo=<a.example>"

static struct findings
findings_of(const struct surveybox *box)
{
	struct findings findings = {0};
	diagnose(box->survey, &findings);
	return findings;
}

/* NULL: nothing at all is found. */
static void
assert_only(const struct surveybox *box, enum finding_kind kind,
	const char *text, const char *advice)
{
	struct findings findings = findings_of(box);
	for (size_t i = 0; i < findings.count; i++)
		if (text == NULL || i > 0)
			fail_msg("found: %s", findings.items[i].text);
	if (text != NULL) {
		assert_int_equal(findings.count, 1);
		assert_string_equal(findings.items[0].text, text);
		assert_int_equal(findings.items[0].kind, kind);
		assert_non_null(strstr(findings.items[0].advice, advice));
	}
	diagnose_free(&findings);
}

static void
assert_fine(const struct surveybox *box)
{
	assert_only(box, FINDING_KINDS, NULL, NULL);
}

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
failures_without_a_success_need_no_more_lines(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 2, DKIM_FAIL);
	assert_only(box, FINDING_SETTING,
		"opendkim logs DKIM failures (2) but never a success: what "
		"passes is not logged, so pass rates would be wrong.",
		"SyslogSuccess yes");
	surveybox_tell(box, 1, DKIM_PASS);
	assert_fine(box);
}

static void
a_missing_signature_is_no_failure(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 19, DKIM_NONE);
	assert_fine(box);
	surveybox_tell(box, 1, DKIM_NONE);
	assert_only(box, FINDING_SETTING,
		"opendkim never logged dkim.pass or dkim.signatures. Perhaps "
		"there was none; perhaps it is not logged.",
		"SyslogSuccess yes");
}

static void
a_verifier_that_never_misses_a_signature_may_not_log_it(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 19, DKIM_PASS);
	assert_fine(box);
	surveybox_tell(box, 1, DKIM_PASS);
	assert_only(box, FINDING_SETTING,
		"opendkim never logged dkim.none. Perhaps there was none; "
		"perhaps it is not logged.",
		"LogWhy yes");
}

static void
a_signer_need_not_verify(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 100, DKIM_SIGNED);
	assert_fine(box);
}

static void
lines_without_any_result_are_said(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 20, DKIM_SSL);
	struct findings findings = findings_of(box);
	assert_int_equal(findings.count, 2); /* SyslogSuccess and LogWhy */
	assert_string_equal(findings.items[0].text,
		"opendkim wrote 20 lines, but none that says what it decided "
		"(dkim.pass or dkim.signatures).");
	assert_string_equal(findings.items[0].source, "opendkim");
	diagnose_free(&findings);
}

static void
spf_of_opendmarc_is_not_missed_where_it_never_looks(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 100, DMARC_PASS);
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
		"Milters log here, but Postfix does not: what became of the "
		"messages is in another file.",
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
		SURVEYBOX_TEST(failures_without_a_success_need_no_more_lines),
		SURVEYBOX_TEST(a_missing_signature_is_no_failure),
		SURVEYBOX_TEST(
			a_verifier_that_never_misses_a_signature_may_not_log_it),
		SURVEYBOX_TEST(a_signer_need_not_verify),
		SURVEYBOX_TEST(lines_without_any_result_are_said),
		SURVEYBOX_TEST(
			spf_of_opendmarc_is_not_missed_where_it_never_looks),
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
		SURVEYBOX_TEST(names_of_mail_programs_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
