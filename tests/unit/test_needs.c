/* SPDX-License-Identifier: ISC */
/* test_needs — settings that hide results, and where nothing is hidden. */
#include "cli/finding.c"
#include "cli/needs.c"
#include "cli/survey.c"

#define CHECK needs_check
#include "tests/unit/findingbox.h"

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
	finding_free_all(&findings);
}

static void
a_setting_may_be_missing_on_one_host_only(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 1, DKIM_PASS);
	surveybox_tell(box, 1, DKIM_FAIL);
	surveybox_tell(box, 19, "mx2 postfix/qmgr[7]: " QID "removed");
	assert_fine(box);
	surveybox_tell(box, 1, "mx2 opendkim[7]: " QID "bad signature data");
	assert_only(box, FINDING_SETTING,
		"opendkim on mx2 logs DKIM failures (1) but never a success: "
		"what passes is not logged, so pass rates would be wrong.",
		"SyslogSuccess yes");
	surveybox_tell(
		box, 1, "mx2 opendkim[7]: " QID "DKIM verification successful");
	assert_fine(box);
	/* what may just not have happened is said of all hosts only */
	surveybox_tell(box, 1, DKIM_NONE);
	surveybox_tell(box, 20,
		"mx2 opendkim[7]: " QID "DKIM verification successful");
	assert_fine(box);
}

static void
many_counters_are_named_by_what_they_share(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 20,
		"mx1 postfix/smtpd[7]: connect from "
		"a.example[192.0.2.1]");
	assert_only(box, FINDING_SETTING,
		"postfix never logged smtpd.tls_*. Perhaps there was none; "
		"perhaps it is not logged.",
		"smtpd_tls_loglevel = 1");
}

static void
errors_that_are_not_there_are_not_missed(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(
		box, 30, "mx1 openarc[7]: OpenARC Filter v0.1.0 starting");
	assert_fine(box);
}

static void
counters_are_joined_by_group(void **state)
{
	struct surveybox *box = *state;
	static const char *const cases[][2] = {
		{"dkim.pass : x", "dkim.pass"},
		{"dkim.pass dkim.signatures : x",
			"dkim.pass or dkim.signatures"},
		{"dkim.pass dkim.fail dkim.none : x", "dkim.*"},
		{"smtp.tls_other smtp.tls_trusted smtp.tls_verified : x",
			"smtp.tls_*"},
		{"dkim.fail spf.pass spf.fail dmarc.pass : x",
			"dkim.fail, spf.* or dmarc.pass"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rule_need need = {0};
		struct err err = {""};
		assert_int_equal(ruleneed_parse(&box->tally->catalogue,
					 slice_of(cases[i][0]), &need, &err),
			0);
		char *text = joined(box->survey, &need);
		assert_string_equal(text, cases[i][1]);
		free(text);
		free(need.setting);
	}
}

static void
spf_of_opendmarc_is_not_missed_where_it_never_looks(void **state)
{
	struct surveybox *box = *state;
	surveybox_tell(box, 1, SENT);
	surveybox_tell(box, 100, DMARC_PASS);
	assert_fine(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SURVEYBOX_TEST(failures_without_a_success_need_no_more_lines),
		SURVEYBOX_TEST(a_missing_signature_is_no_failure),
		SURVEYBOX_TEST(
			a_verifier_that_never_misses_a_signature_may_not_log_it),
		SURVEYBOX_TEST(a_signer_need_not_verify),
		SURVEYBOX_TEST(errors_that_are_not_there_are_not_missed),
		SURVEYBOX_TEST(counters_are_joined_by_group),
		SURVEYBOX_TEST(lines_without_any_result_are_said),
		SURVEYBOX_TEST(a_setting_may_be_missing_on_one_host_only),
		SURVEYBOX_TEST(many_counters_are_named_by_what_they_share),
		SURVEYBOX_TEST(
			spf_of_opendmarc_is_not_missed_where_it_never_looks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
