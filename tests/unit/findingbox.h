/* SPDX-License-Identifier: ISC */
/*
 * findingbox — lines of daemons, and what a check finds in a survey of them.
 * Who includes it defines CHECK, a function of survey and findings.
 */
#ifndef TESTS_UNIT_FINDINGBOX_H
#define TESTS_UNIT_FINDINGBOX_H

#include "cli/finding.h"
#include "tests/unit/surveybox.h"

#ifndef CHECK
#define CHECK(survey, findings) ((void)(survey), (void)(findings))
#endif

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

static inline struct findings
findings_of(const struct surveybox *box)
{
	struct findings findings = {0};
	CHECK(box->survey, &findings);
	return findings;
}

/* NULL: nothing at all is found. */
static inline void
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
	finding_free_all(&findings);
}

static inline void
assert_fine(const struct surveybox *box)
{
	assert_only(box, FINDING_KINDS, NULL, NULL);
}

#endif
