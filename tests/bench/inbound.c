/* SPDX-License-Identifier: ISC */
/*
 * inbound — mail from strangers.
 */
#include "tests/bench/flows.h"

enum { PERL_HOST = 1, FILTERLESS_HOST = 2 };

static const struct line screen_verdicts[] = {
	{80, POSTSCREEN, SCREEN_OLD, "PASS OLD [$a]:$p"},
	{15, POSTSCREEN, SCREEN_NEW, "PASS NEW [$a]:$p"},
	{5, POSTSCREEN, SCREEN_ALLOWED, "ALLOWLISTED [$a]:$p"},
};

static const struct line tls[] = {
	{80, SMTPD, SMTPD_TLS_ANONYMOUS,
		"Anonymous TLS connection established from $c: TLSv1.3 with "
		"cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange "
		"X25519 server-signature RSA-PSS (2048 bits) server-digest "
		"SHA256"},
	{8, SMTPD, SMTPD_TLS_UNTRUSTED,
		"Untrusted TLS connection established from $c: TLSv1.2 with "
		"cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)"},
	{8, SMTPD, SMTPD_TLS_TRUSTED,
		"Trusted TLS connection established from $c: TLSv1.2 with "
		"cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits)"},
};

#define PREPEND(word)                                                     \
	": prepend Received-SPF: " word " (mailfrom) identity=mailfrom; " \
	"client-ip=$a; helo=$h; envelope-from=$f; receiver=$D "
#define WHY "Please see http://www.openspf.net/Why?s=mfrom;id=$f;ip=$a;r=$D"

static const struct line python[] = {
	{640, POLICYD, PYTHON_PASS, PREPEND("Pass")},
	{60, POLICYD, PYTHON_PASS,
		": prepend Authentication-Results: $o; spf=pass (sender SPF "
		"authorized) smtp.mailfrom=$d (client-ip=$a; helo=$h; "
		"envelope-from=$f; receiver=$D)"},
	{90, POLICYD, PYTHON_NONE, PREPEND("None")},
	{40, POLICYD, PYTHON_NEUTRAL, PREPEND("Neutral")},
	{60, POLICYD, PYTHON_SOFTFAIL, PREPEND("Softfail")},
	{20, POLICYD, PYTHON_FAIL, PREPEND("Fail")},
	{15, POLICYD, PYTHON_PERMERROR, PREPEND("Permerror")},
	{10, POLICYD, PYTHON_TEMPERROR, PREPEND("Temperror")},
	{10, POLICYD, PYTHON_SKIPPED,
		": prepend X-Comment: SPF skipped for whitelisted relay "
		"domain - client-ip=$a; helo=$h; envelope-from=$f; "
		"receiver=$D "},
};
static const struct line python_refusals[] = {
	{4, POLICYD, PYTHON_REFUSED,
		": 550 5.7.23 Message rejected due to: SPF fail - not "
		"authorized. " WHY},
	{1, POLICYD, PYTHON_DEFERRED,
		": defer_if_permit 4.7.24 Message deferred due to: SPF "
		"Temporary Error: DNS Timeout. " WHY},
};

/* A null sender is judged by its HELO name. */
static const struct line python_null[] = {
	{2, POLICYD, PYTHON_PASS,
		": prepend Received-SPF: Pass (sender SPF authorized) "
		"identity=helo; client-ip=$a; helo=$h; envelope-from=<>; "
		"receiver=$D "},
	{1, POLICYD, PYTHON_NONE,
		": prepend Received-SPF: None (no SPF record) identity=helo; "
		"client-ip=$a; helo=$h; envelope-from=<>; receiver=$D "},
};
static const struct line perl_null[] = {
	{2, POLICY_SPF, PERL_PASS,
		"Policy action=PREPEND Received-SPF: pass ($h: $a is "
		"authorized to use '$h' in 'helo' identity (mechanism 'a' "
		"matched)) receiver=$o; identity=helo; helo=$h; client-ip=$a"},
	{1, POLICY_SPF, PERL_NONE,
		"Policy action=PREPEND Received-SPF: none ($h: No applicable "
		"sender policy available) receiver=$o; identity=helo; helo=$h; "
		"client-ip=$a"},
};

#define PERL_PREPEND(word, text)                                               \
	"Policy action=PREPEND Received-SPF: " word " (" text ") receiver=$o;" \
	" identity=mailfrom; envelope-from=\"$f\"; helo=$h; client-ip=$a"

static const struct line perl[] = {
	{700, POLICY_SPF, PERL_PASS,
		PERL_PREPEND("pass",
			"$d: $a is authorized to use '$f' in 'mfrom' "
			"identity (mechanism 'mx' matched)")},
	{90, POLICY_SPF, PERL_NONE,
		PERL_PREPEND("none", "$d: No applicable sender policy "
				     "available")},
	{40, POLICY_SPF, PERL_NEUTRAL,
		PERL_PREPEND("neutral",
			"$d: Default neutral result due to no mechanism "
			"matches")},
	{60, POLICY_SPF, PERL_SOFTFAIL,
		PERL_PREPEND("softfail",
			"$d: Sender is not authorized by default to use "
			"'$f' in 'mfrom' identity, however domain is not "
			"currently prepared for false failures")},
	{15, POLICY_SPF, PERL_PERMERROR,
		PERL_PREPEND("permerror",
			"$d: Redundant applicable 'v=spf1' sender policies "
			"found")},
	{10, POLICY_SPF, PERL_SKIPPED,
		"Policy action=PREPEND Authentication-Results: $o; none (SPF "
		"not checked for whitelisted relay)"},
};
static const struct line perl_refusals[] = {
	{4, POLICY_SPF, PERL_REFUSED,
		"Policy action=550 Please see http://www.openspf.org/Why?"
		"s=mfrom;id=info%40$d;ip=$a;r=$o"},
	{1, POLICY_SPF, PERL_DEFERRED,
		"Policy action=DEFER_IF_PERMIT SPF-Result=$d: 'SERVFAIL' "
		"error on DNS 'TXT' lookup of '$d'"},
};

static const struct line dkim[] = {
	{60, OPENDKIM, DKIM_PASS, "$q: DKIM verification successful"},
	{6, OPENDKIM, DKIM_FAIL, "$q: bad signature data"},
	{2, OPENDKIM, DKIM_PERMERROR, "$q: key revoked (s=$s, d=$d)"},
	{2, OPENDKIM, DKIM_PERMERROR,
		"$q: key retrieval failed (s=$s, d=$d): '$s._domainkey.$d' "
		"record not found"},
	{2, OPENDKIM, DKIM_TEMPERROR,
		"$q: key retrieval failed (s=$s, d=$d): '$s._domainkey.$d' "
		"query timed out"},
	{1, OPENDKIM, DKIM_PERMERROR,
		"$q: syntax error: missing parameter(s) in signature data"},
	{16, OPENDKIM, DKIM_NONE, "$q: no signature data"},
};

static const struct line dmarc[] = {
	{62, OPENDMARC, DMARC_PASS, "$q: $d pass"},
	{24, OPENDMARC, DMARC_NONE, "$q: $d none"},
	{8, OPENDMARC, DMARC_FAIL, "$q: $d fail"},
	{1, OPENDMARC, DMARC_TEMPERROR, "$q: $d temperror"},
	{1, OPENDMARC, DMARC_PERMERROR,
		"$q: opendmarc_policy_query_dmarc($d) returned status 5"},
};
static const struct line dmarc_refusals[] = {
	{5, CLEANUP, MILTER_DMARC_REJECT,
		"$q: milter-reject: END-OF-MESSAGE from $c: 5.7.1 rejected by "
		"DMARC policy for $d; $e"},
	{1, CLEANUP, MILTER_DMARC_HOLD,
		"$q: milter-hold: END-OF-MESSAGE from $c: quarantined by "
		"DMARC policy for $d; $e"},
};
static const struct line other_refusals[] = {
	{4, CLEANUP, MILTER_REJECT,
		"$q: milter-reject: END-OF-MESSAGE from $c: 5.7.1 Spam "
		"message rejected; $e"},
	{2, CLEANUP, MILTER_TEMPFAIL,
		"$q: milter-reject: END-OF-MESSAGE from $c: 4.7.1 Try again "
		"later; $e"},
	{3, CLEANUP, CHECK_REJECT,
		"$q: reject: header Subject: status=sent DKIM verification "
		"successful from $c; $e: 5.7.1 no such offers please"},
};

static const struct line deliveries[] = {
	{60, LMTP, LMTP_SENT,
		"$q: to=<$t>, relay=$o[private/dovecot-lmtp], $w, dsn=2.0.0, "
		"status=sent (250 2.0.0 <$t> XgQ3Ln9ZH2k8fgAA Saved)"},
	{3, LMTP, LMTP_DEFERRED,
		"$q: to=<$t>, relay=$o[private/dovecot-lmtp], $w, dsn=4.2.2, "
		"status=deferred (host $o[private/dovecot-lmtp] said: 452 "
		"4.2.2 <$t> Quota exceeded (mailbox for user is full) (in "
		"reply to end of DATA command))"},
	{1, LMTP, LMTP_BOUNCED,
		"$q: to=<$t>, relay=$o[private/dovecot-lmtp], $w, dsn=5.1.1, "
		"status=bounced (host $o[private/dovecot-lmtp] said: 550 "
		"5.1.1 <$t> User doesn't exist (in reply to RCPT TO command))"},
	{14, LOCAL, LOCAL_MAILDIR,
		"$q: to=<$t>, relay=local, $w, dsn=2.0.0, status=sent "
		"(delivered to maildir)"},
	{8, LOCAL, LOCAL_MAILBOX,
		"$q: to=<$t>, orig_to=<postmaster>, relay=local, $w, "
		"dsn=2.0.0, status=sent (delivered to mailbox)"},
	{4, LOCAL, LOCAL_COMMAND,
		"$q: to=<$t>, relay=local, $w, dsn=2.0.0, status=sent "
		"(delivered to command: /usr/bin/procmail)"},
	{3, LOCAL, LOCAL_FORWARDED,
		"$q: to=<$t>, relay=local, $w, dsn=2.0.0, status=sent "
		"(forwarded as $x)"},
	{5, PIPE, LOCAL_SERVICE,
		"$q: to=<$t>, relay=dovecot, $w, dsn=2.0.0, status=sent "
		"(delivered via dovecot service)"},
	{1, LOCAL, LOCAL_BOUNCED,
		"$q: to=<$t>, relay=local, $w, dsn=5.1.1, status=bounced "
		"(unknown user: \"nobody\")"},
};

static void
disconnect(struct session *s)
{
	session_say(s, SMTPD, SILENT,
		"disconnect from $c ehlo=2 starttls=1 mail=1 rcpt=1 data=1 "
		"quit=1 commands=7");
}

static void
say_connect(struct session *s)
{
	if (session_percent(s, 80)) {
		session_say(s, POSTSCREEN, SCREEN_CONNECT,
			"CONNECT from [$a]:$p to [$O]:25");
		SAY_ONE(s, screen_verdicts);
	}
	session_say(s, SMTPD, SMTPD_CONNECT_V4, "connect from $c");
	if (session_percent(s, 75))
		SAY_ONE(s, tls);
}

/* The SPF service's say; false when the recipient was refused. */
static bool
ask_spf(struct session *s)
{
	bool is_perl = s->host == PERL_HOST;
	if (!s->from[0]) {
		if (is_perl)
			SAY_ONE(s, perl_null);
		else
			SAY_ONE(s, python_null);
		return true;
	}
	if (!session_percent(s, 6)) {
		if (is_perl)
			SAY_ONE(s, perl);
		else
			SAY_ONE(s, python);
		return true;
	}
	const struct line *said = is_perl ? SAY_ONE(s, perl_refusals)
					  : SAY_ONE(s, python_refusals);
	if (said->kind == PERL_DEFERRED)
		return true; /* DEFER_IF_PERMIT: another rule may refuse */
	if (said->kind == PYTHON_DEFERRED)
		session_say(s, SMTPD, RCPT_SPF_DEFER,
			"NOQUEUE: reject: RCPT from $c: 450 4.7.24 <$t>: "
			"Recipient address rejected: Message deferred due to: "
			"SPF Temporary Error: DNS Timeout. " WHY "; $e");
	else if (is_perl)
		session_say(s, SMTPD, RCPT_SPF,
			"NOQUEUE: reject: RCPT from $c: 550 5.7.1 <$t>: "
			"Recipient address rejected: Please see "
			"http://www.openspf.org/Why?s=mfrom;id=info%40$d;"
			"ip=$a;r=$o; $e");
	else
		session_say(s, SMTPD, RCPT_SPF,
			"NOQUEUE: reject: RCPT from $c: 550 5.7.23 <$t>: "
			"Recipient address rejected: Message rejected due to: "
			"SPF fail - not authorized. " WHY "; $e");
	return false;
}

/* OpenDKIM, OpenDMARC and a spam milter; false when it ends there. */
static bool
ask_milters(struct session *s)
{
	if (session_percent(s, 10))
		session_say(s, OPENDKIM, DKIM_SILENT,
			"$q: message has signatures from $d, pass.example");
	const struct line *said = SAY_ONE(s, dkim);
	if (said->kind == DKIM_PASS || said->kind == DKIM_FAIL)
		session_say(s, OPENDKIM, DKIM_SILENT,
			"$q: s=$s d=$d a=rsa-sha256 SSL ");
	said = SAY_ONE(s, dmarc);
	if (said->kind == DMARC_FAIL) {
		if (session_percent(s, 40)) {
			SAY_ONE(s, dmarc_refusals);
			return false;
		}
		if (session_percent(s, 10))
			session_say(s, OPENDMARC, DMARC_OVERRIDE,
				"$q: ARC pass, policy pass > overriding DMARC "
				"fail");
	}
	if (session_percent(s, 3)) {
		SAY_ONE(s, other_refusals);
		return false;
	}
	return true;
}

static void
deliver(struct session *s)
{
	bool is_deferred = false;
	for (unsigned i = 0; i < s->recipients; i++) {
		if (SAY_ONE(s, deliveries)->kind == LMTP_DEFERRED)
			is_deferred = true;
		if (i + 1 < s->recipients)
			session_new_recipient(s, true);
	}
	if (is_deferred) {
		session_wait(s, 300 + session_chance(s, 1800));
		session_say(s, QMGR, QMGR_ACTIVE,
			"$q: from=<$f>, size=$z, nrcpt=$N (queue active)");
		session_say(s, LMTP, LMTP_SENT, deliveries[0].text);
	}
	session_say(s, QMGR, QMGR_REMOVED, "$q: removed");
}

void
inbound_run(struct session *s)
{
	session_open_inbound(s);
	if (session_percent(s, 4))
		session_null_sender(s);
	say_connect(s);
	s->recipients = session_percent(s, 12) ? 2 : 1;
	if (!ask_spf(s)) {
		disconnect(s);
		return;
	}
	if (session_percent(s, 5)) {
		session_say(s, SMTPD, RCPT_GREYLISTED,
			"NOQUEUE: reject: RCPT from $c: 450 4.2.0 <$t>: "
			"Recipient address rejected: Greylisted, see "
			"http://postgrey.example/help/$D.html; $e");
		disconnect(s);
		return;
	}
	session_new_mail(s);
	session_say(s, SMTPD, SMTPD_CLIENT, "$q: client=$c");
	if (s->recipients > 1 && s->host == PERL_HOST)
		session_say(s, POLICY_SPF, PERL_SILENT, "Policy action=DUNNO");
	session_say(s, CLEANUP, SILENT, "$q: message-id=<$m>");
	if (!ask_milters(s)) {
		disconnect(s);
		return;
	}
	session_say(s, QMGR, QMGR_ACTIVE,
		"$q: from=<$f>, size=$z, nrcpt=$N (queue active)");
	disconnect(s);
	if (s->host != FILTERLESS_HOST)
		filter_run(s);
	deliver(s);
}
