/* SPDX-License-Identifier: ISC */
/*
 * noise — what stands between the messages: refusals, guessers, scanners,
 * warnings, statistics, other programs.
 */
#include "tests/bench/flows.h"

#define RCPT "NOQUEUE: reject: RCPT from $c: "

static const struct line refusals[] = {
	{20, SMTPD, REJECT_RELAY,
		RCPT "554 5.7.1 <$t>: Relay access denied; $e"},
	{10, SMTPD, REJECT_HELO,
		RCPT "504 5.5.2 <User>: Helo command rejected: need "
		     "fully-qualified hostname; from=<$f> to=<$t> proto=ESMTP "
		     "helo=<User>"},
	{25, SMTPD, REJECT_DNSBL,
		RCPT "554 5.7.1 Service unavailable; Client host [$a] blocked "
		     "using zen.dnsbl.example; https://dnsbl.example/q?ip=$a; "
		     "$e"},
	{30, SMTPD, RCPT_UNKNOWN,
		RCPT "550 5.1.1 <$t>: Recipient address rejected: User unknown "
		     "in virtual mailbox table; $e"},
	{4, SMTPD, RCPT_DENIED,
		RCPT "554 5.7.1 <$t>: Recipient address rejected: Access "
		     "denied; $e"},
	{2, SMTPD, RCPT_UNQUALIFIED,
		RCPT "504 5.5.2 <$u>: Recipient address rejected: need "
		     "fully-qualified address; from=<$f> to=<$u> proto=ESMTP "
		     "helo=<$h>"},
	{10, SMTPD, SENDER_DOMAIN,
		RCPT "450 4.1.8 <$f>: Sender address rejected: Domain not "
		     "found; $e"},
	{4, SMTPD, SENDER_DENIED,
		RCPT "554 5.7.1 <$f>: Sender address rejected: Access denied; "
		     "$e"},
	{2, SMTPD, SENDER_NOT_LOGIN,
		RCPT "553 5.7.1 <$f>: Sender address rejected: not logged in; "
		     "$e"},
	{2, SMTPD, SENDER_UNQUALIFIED,
		RCPT "504 5.5.2 <$u>: Sender address rejected: need "
		     "fully-qualified address; from=<$u> to=<$t> proto=ESMTP "
		     "helo=<$h>"},
	{4, SMTPD, CLIENT_DENIED,
		RCPT "554 5.7.1 <$c>: Client host rejected: Access denied; $e"},
	{10, SMTPD, CLIENT_DNS,
		RCPT "450 4.7.25 Client host rejected: cannot find your "
		     "hostname, [$a]; $e"},
	{3, SMTPD, REJECT_SIZE,
		"NOQUEUE: reject: MAIL from $c: 552 5.3.4 Message size exceeds "
		"fixed limit; proto=ESMTP helo=<$h>"},
	{5, SMTPD, REJECT_WARNING,
		"NOQUEUE: reject_warning: RCPT from $c: 554 5.7.1 Service "
		"unavailable; Client host [$a] blocked using "
		"test.dnsbl.example; $e"},
	{2, SMTPD, RCPT_POLICY_DOWN,
		RCPT "451 4.3.5 <$t>: Recipient address rejected: Server "
		     "configuration problem; $e"},
	{2, SMTPD, MILTER_DEFAULT,
		"NOQUEUE: milter-reject: CONNECT from $c: 451 4.7.1 Service "
		"unavailable - try again later; proto=SMTP"},
};

static const struct line endings[] = {
	{40, SMTPD, SMTPD_LOST, "lost connection after AUTH from $c"},
	{20, SMTPD, SMTPD_LOST, "lost connection after DATA (0 bytes) from $c"},
	{10, SMTPD, SMTPD_TIMEOUT, "timeout after RCPT from $c"},
	{5, SMTPD, SMTPD_ERRORS, "too many errors after RCPT from $c"},
	{10, SMTPD, SMTPD_TLS_FAILED,
		"SSL_accept error from $c: lost connection"},
	{10, SMTPD, SMTPD_RATE,
		"warning: Connection rate limit exceeded: $n from $c for "
		"service smtp"},
};

static const struct line guess = {1, SUBMISSION, SMTPD_AUTH_FAILED,
	"warning: $c: SASL LOGIN authentication failed: UGFzc3dvcmQ6"};

static const struct line screened[] = {
	{40, POSTSCREEN, SCREEN_DNSBL, "DNSBL rank 5 for [$a]:$p"},
	{20, POSTSCREEN, SCREEN_PREGREET,
		"PREGREET 14 after 0.02 from [$a]:$p: EHLO pass\\r\\n"},
	{30, POSTSCREEN, SCREEN_HANGUP,
		"HANGUP after 0.31 from [$a]:$p in tests before SMTP "
		"handshake"},
	{5, POSTSCREEN, SCREEN_DENIED, "DENYLISTED [$a]:$p"},
};

static const struct line odds[] = {
	{30, ANVIL, SILENT,
		"statistics: max connection rate 3/60s for (smtp:$a) at Nov  2 "
		"10:00:00"},
	{30, ANVIL, SILENT, "statistics: max cache size 12 at Nov  2 10:00:00"},
	{10, SCACHE, SILENT,
		"statistics: domain lookup hits=$n miss=$n success=50%"},
	{5, REWRITE, POSTFIX_WARNING,
		"warning: do not list domain $D in BOTH mydestination and "
		"virtual_mailbox_domains"},
	{5, SMTPD, MILTER_CONNECT,
		"warning: connect to Milter service inet:localhost:8891: "
		"Connection refused"},
	{5, CLEANUP, MILTER_IO,
		"warning: milter inet:localhost:8893: can't read SMFIC_BODYEOB "
		"reply packet header: Success"},
	{200, DOVECOT, FOREIGN,
		"imap-login: Login: user=<$u>, method=PLAIN, rip=$a, "
		"lip=$O, mpid=4$n, TLS, session=<Zk$nQ2x$nabcd>"},
	{150, DOVECOT, FOREIGN,
		"lmtp($u)<4$n><XgQ3Ln9Z>: sieve: msgid=<$n.$n@$d>: stored mail "
		"into "
		"mailbox 'INBOX'"},
	{100, DOVECOT, FOREIGN,
		"imap($u)<4$n><Zk$n>: Disconnected: Logged out in=$n out=4$n "
		"deleted=0 expunged=0 trashed=0 hdr_count=0"},
	{20, KERNEL, FOREIGN,
		"[41$n.23$n1] nft drop: IN=eth0 OUT= SRC=198.51.100.7 "
		"DST=192.0.2.25 LEN=60 PROTO=TCP SPT=$p DPT=23"},
	{20, CRON, FOREIGN, "(root) CMD (/usr/local/sbin/status=sent)"},
	{30, SSHD, FOREIGN, "Invalid user pass from $a port $p"},
	{20, NAMED, FOREIGN, "client @0x7f00 $a#53: query (cache) denied"},
};

static void
attack_screen(struct session *s)
{
	session_say(s, POSTSCREEN, SCREEN_CONNECT,
		"CONNECT from [$a]:$p to [$O]:25");
	const struct line *said = SAY_ONE(s, screened);
	if (said->kind == SCREEN_DNSBL) {
		session_say(s, DNSBLOG, DNSBL_LISTED,
			"addr $a listed by domain zen.dnsbl.example as "
			"127.0.0.4");
		session_say(s, POSTSCREEN, SCREEN_REJECT,
			"NOQUEUE: reject: RCPT from [$a]:$p: 550 5.7.1 Service "
			"unavailable; client [$a] blocked using "
			"zen.dnsbl.example; from=<$f>, to=<$t>, proto=ESMTP, "
			"helo=<$h>");
	}
	session_say(s, POSTSCREEN, SILENT, "DISCONNECT [$a]:$p");
}

static void
attack_login(struct session *s)
{
	session_say(s, SUBMISSION, SMTPD_CONNECT_V4, "connect from $c");
	session_say(s, guess.program, guess.kind, guess.text);
	if (session_percent(s, 25))
		session_repeat(s, &guess, 2 + session_chance(s, 9));
	session_say(s, SUBMISSION, SILENT,
		"disconnect from $c ehlo=1 auth=0/1 quit=1 commands=2/3");
}

static void
attack_relay(struct session *s)
{
	session_say(s, SMTPD, SMTPD_CONNECT_V4, "connect from $c");
	const struct line *said = SAY_ONE(s, refusals);
	if (session_percent(s, 4))
		session_repeat(s, said, 2 + session_chance(s, 5));
	if (session_percent(s, 30))
		SAY_ONE(s, endings);
	session_say(s, SMTPD, SILENT,
		"disconnect from $c ehlo=1 mail=1 rcpt=0/1 quit=1 "
		"commands=3/4");
}

void
attack_run(struct session *s)
{
	session_open_inbound(s);
	unsigned dice = session_chance(s, 10);
	if (dice < 5)
		attack_screen(s);
	else if (dice < 6)
		attack_login(s);
	else
		attack_relay(s);
}

void
noise_run(struct session *s)
{
	session_open_inbound(s);
	SAY_ONE(s, odds);
}
