/* SPDX-License-Identifier: ISC */
/*
 * filter — through the content filter: one message, two queue ids.
 */
#include "tests/bench/flows.h"

/* Some machines' milters look at what comes back, too. */
static const struct line dkim[] = {
	{3, OPENDKIM, DKIM_PASS, "$q: DKIM verification successful"},
	{1, OPENDKIM, DKIM_FAIL, "$q: bad signature data"},
	{1, OPENDKIM, DKIM_NONE, "$q: no signature data"},
};

/* Over to the filter on port 10024 and back under a new queue id. */
void
filter_run(struct session *s)
{
	session_wait(s, 1);
	session_be_filter(s);
	session_say(s, SMTPD, SMTPD_CONNECT_V4,
		"connect from localhost[127.0.0.1]");
	session_say(s, SMTPD, SMTPD_REINJECTED,
		"$q: client=localhost[127.0.0.1], orig_queue_id=$B, "
		"orig_client=$c");
	session_say(s, CLEANUP, SILENT, "$q: message-id=<$m>");
	if (session_percent(s, 10))
		SAY_ONE(s, dkim);
	session_say(s, QMGR, QMGR_ACTIVE,
		"$q: from=<$f>, size=$z, nrcpt=$N (queue active)");
	session_say(s, SMTPD, SILENT,
		"disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 "
		"data=1 quit=1 commands=5");
	session_say(s, SMTP, SMTP_FILTER,
		"$B: to=<$t>, relay=127.0.0.1[127.0.0.1]:10024, $w, "
		"dsn=2.0.0, status=sent (250 2.0.0 from "
		"MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as $q)");
	session_say(s, QMGR, QMGR_REMOVED, "$B: removed");
}
