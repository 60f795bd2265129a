/* SPDX-License-Identifier: ISC */
/*
 * outbound — mail of our users, and mail born on the machine.
 */
#include "tests/bench/flows.h"

#define TO "$q: to=<$t>, relay=$r:25, $w, "
#define TO_NONE "$q: to=<$t>, relay=none, $w, "

static const struct line logins[] = {
	{5, SUBMISSION, SMTPD_LOGIN,
		"$q: client=$c, sasl_method=PLAIN, sasl_username=$u@$d"},
	{2, SUBMISSION, SMTPD_LOGIN,
		"$q: client=$c, sasl_method=LOGIN, sasl_username=$u"},
};

static const struct line tls[] = {
	{5, SMTP, SMTP_TLS_TRUSTED,
		"Trusted TLS connection established to $r:25: TLSv1.3 with "
		"cipher "
		"TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
		"server-signature ECDSA (prime256v1) server-digest SHA256"},
	{4, SMTP, SMTP_TLS_UNTRUSTED,
		"Untrusted TLS connection established to $r:25: TLSv1.2 with "
		"cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)"},
	{2, SMTP, SMTP_TLS_VERIFIED,
		"Verified TLS connection established to $r:25: TLSv1.3 with "
		"cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"},
};

static const struct line deliveries[] = {
	{85, SMTP, SMTP_SENT,
		TO "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as "
		   "4F$n1C$nD)"},
	{5, SMTP, SMTP_SENT,
		TO "dsn=2.6.0, status=sent (250 2.6.0 <$m> "
		   "[InternalId=1$n, Hostname=AM$n.eur.prod.example] Queued "
		   "mail for delivery)"},
	{3, SMTP, SMTP_BOUNCED,
		TO "dsn=5.1.1, status=bounced (host $r said: 550 5.1.1 <$t>: "
		   "Recipient address rejected: User unknown (in reply to "
		   "RCPT TO command))"},
	{1, SMTP, SMTP_BOUNCED,
		TO_NONE "dsn=5.4.4, status=bounced (Host or domain name not "
			"found. Name service error for name=$D type=AAAA: "
			"Host not found)"},
	{3, SMTP, DEFER_GREYLISTED,
		TO "dsn=4.2.0, status=deferred (host $r said: 450 4.2.0 <$t>: "
		   "Recipient address rejected: Greylisted, try again later "
		   "(in reply to RCPT TO command))"},
	{2, SMTP, DEFER_TIMEOUT,
		TO_NONE "dsn=4.4.1, status=deferred (connect to $r:25: "
			"Connection timed out)"},
	{2, SMTP, DEFER_REFUSED,
		TO_NONE "dsn=4.4.1, status=deferred (connect to $r:25: "
			"Connection refused)"},
	{1, SMTP, DEFER_DNS,
		TO_NONE "dsn=4.4.3, status=deferred (Host or domain name not "
			"found. Name service error for name=$D type=MX: Host "
			"not found, try again)"},
	{1, SMTP, DEFER_LOST,
		TO "dsn=4.4.2, status=deferred (lost connection with $r while "
		   "receiving the initial server greeting)"},
	{1, SMTP, DEFER_OTHER,
		TO "dsn=4.2.2, status=deferred (host $r said: 452 4.2.2 "
		   "Mailbox full (in reply to RCPT TO command))"},
	{1, ERROR, ERROR_DEFERRED,
		TO_NONE "dsn=4.4.1, status=deferred (delivery temporarily "
			"suspended: connect to $r:25: Connection refused)"},
};

static const struct line unsigneds[] = {
	{2, OPENDKIM, DKIM_SILENT, "$q: no signing table match for '$f'"},
	{1, OPENDKIM, DKIM_SIGN_ERROR,
		"$q: signature generation error: error in signing"},
	{1, OPENDKIM, DKIM_NONE, "$q: no signature data"},
};

static const struct line dmarc[] = {
	{6, OPENDMARC, DMARC_FAIL, "$q: $d fail"},
	{2, OPENDMARC, DMARC_NONE, "$q: $d none"},
	{1, OPENDMARC, DMARC_PASS, "$q: $d pass"},
};

static const struct line active = {1, QMGR, QMGR_ACTIVE,
	"$q: from=<$f>, size=$z, nrcpt=$N (queue active)"};

static void
be_active(struct session *s)
{
	session_say(s, active.program, active.kind, active.text);
}

static void
bounce(struct session *s)
{
	if (!s->from[0]) {
		session_say(s, QMGR, QMGR_REMOVED, "$q: removed");
		return;
	}
	session_new_mail(s);
	session_say(s, CLEANUP, SILENT, "$q: message-id=<$m>");
	session_say(
		s, BOUNCE, SILENT, "$B: sender non-delivery notification: $q");
	session_say(s, QMGR, QMGR_ACTIVE,
		"$q: from=<>, size=$z, nrcpt=1 (queue active)");
	session_say(s, QMGR, QMGR_REMOVED, "$B: removed");
	session_say(s, LMTP, LMTP_SENT,
		"$q: to=<$f>, relay=$o[private/dovecot-lmtp], $w, dsn=2.0.0, "
		"status=sent (250 2.0.0 <$f> 5BkDGp9ZH2mWgAAA Saved)");
	session_say(s, QMGR, QMGR_REMOVED, "$q: removed");
}

/* The attempt's own line, which the status line repeats. */
static void
say_attempt(struct session *s, unsigned dice)
{
	if (s->relay_is_v6 && dice < 8)
		session_say(s, SMTP, SMTP_UNREACH_V6,
			"connect to $r:25: Network is unreachable");
	else if (dice == 8)
		session_say(s, SMTP, SMTP_TIMEOUT_V4,
			"connect to $r:25: Connection timed out");
	else if (dice == 9)
		session_say(s, SMTP, SMTP_REFUSED_V4,
			"connect to $r:25: Connection refused");
	else if (dice == 10)
		session_say(s, SMTP, SILENT,
			"$q: host $r said: 450 4.2.0 <$t>: Recipient address "
			"rejected: Greylisted, try again later (in reply to "
			"RCPT TO command)");
	else if (dice < 80)
		SAY_ONE(s, tls);
}

static bool
is_deferral(enum kind kind)
{
	return (kind >= DEFER_GREYLISTED && kind <= DEFER_OTHER) ||
	       kind == ERROR_DEFERRED;
}

/* It has just become active. */
static void
deliver(struct session *s)
{
	unsigned delay_s = 300;
	for (unsigned i = 0; i < 5; i++, delay_s *= 2) {
		if (i > 0)
			be_active(s);
		session_wait(s, 1);
		say_attempt(s, session_chance(s, 100));
		enum kind kind = SAY_ONE(s, deliveries)->kind;
		if (kind == SMTP_BOUNCED) {
			bounce(s);
			return;
		}
		if (!is_deferral(kind)) {
			session_say(s, QMGR, QMGR_REMOVED, "$q: removed");
			return;
		}
		session_wait(s, delay_s);
		if (i == 4 || session_percent(s, 5))
			break;
	}
	session_say(s, QMGR, QMGR_EXPIRED,
		"$q: from=<$f>, status=expired, returned to sender");
	bounce(s);
}

/* The signer, and OpenDMARC, which should have been told who we are. */
static void
ask_milters(struct session *s, unsigned failures)
{
	bool is_signing =
		session_is_signing(s) && !session_percent(s, failures);
	if (is_signing)
		session_say(s, OPENDKIM, DKIM_ADDED,
			"$q: DKIM-Signature field added (s=$s, d=$d)");
	else
		SAY_ONE(s, unsigneds);
	if (is_signing && session_percent(s, 15))
		session_say(s, OPENDKIM, DKIM_ADDED,
			"$q: DKIM-Signature field added (s=ed-2026, d=$d)");
	if (session_percent(s, 10))
		SAY_ONE(s, dmarc);
}

void
outbound_run(struct session *s)
{
	session_open_outbound(s);
	session_say(s, SUBMISSION, SMTPD_CONNECT_V4, "connect from $c");
	session_say(s, SUBMISSION, SMTPD_TLS_ANONYMOUS,
		"Anonymous TLS connection established from $c: TLSv1.3 with "
		"cipher TLS_AES_128_GCM_SHA256 (128/128 bits)");
	if (session_percent(s, 3))
		session_null_sender(s);
	session_new_mail(s);
	SAY_ONE(s, logins);
	session_say(s, CLEANUP, SILENT, "$q: message-id=<$m>");
	ask_milters(s, 3);
	session_say(s, SUBMISSION, SILENT,
		"disconnect from $c ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 "
		"data=1 quit=1 commands=8");
	be_active(s);
	if (session_percent(s, 10))
		filter_run(s);
	deliver(s);
}

void
local_run(struct session *s)
{
	session_open_outbound(s);
	bool is_abroad = session_percent(s, 60);
	if (!is_abroad)
		session_set_sender(s, s->var['o']);
	session_new_mail(s);
	session_say(s, PICKUP, SUBMITTED, "$q: uid=1$n from=<$u>");
	session_say(s, CLEANUP, SILENT, "$q: message-id=<$m>");
	if (is_abroad)
		ask_milters(s, 40);
	be_active(s);
	if (is_abroad) {
		deliver(s);
		return;
	}
	session_say(s, LOCAL, LOCAL_MAILBOX,
		"$q: to=<root@$o>, orig_to=<root>, relay=local, $w, dsn=2.0.0, "
		"status=sent (delivered to mailbox)");
	session_say(s, QMGR, QMGR_REMOVED, "$q: removed");
}
