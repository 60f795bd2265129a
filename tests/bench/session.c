/* SPDX-License-Identifier: ISC */
/*
 * session — names, addresses and queue ids by chance, and templates filled in.
 */
#include "tests/bench/session.h"

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* mx1 has long queue ids; mx2 runs the Perl SPF service, the others Python. */
const char *const session_hosts[HOST_COUNT] = {"mx1", "mx2", "mx3"};

/* pool 0: one process for ever; no pid where pid is 0. */
static const struct {
	const char *tag;
	unsigned pid, pool;
} programs[PROGRAM_COUNT] = {
	[SMTPD] = {"postfix/smtpd", 21000, 40},
	[SUBMISSION] = {"postfix/submission/smtpd", 22000, 20},
	[CLEANUP] = {"postfix/cleanup", 23000, 20},
	[QMGR] = {"postfix/qmgr", 1204, 0},
	[SMTP] = {"postfix/smtp", 24000, 40},
	[LMTP] = {"postfix/lmtp", 25000, 20},
	[LOCAL] = {"postfix/local", 26000, 10},
	[PIPE] = {"postfix/pipe", 26100, 10},
	[ERROR] = {"postfix/error", 26200, 4},
	[BOUNCE] = {"postfix/bounce", 26300, 4},
	[PICKUP] = {"postfix/pickup", 1203, 0},
	[POSTSCREEN] = {"postfix/postscreen", 1310, 0},
	[DNSBLOG] = {"postfix/dnsblog", 26400, 10},
	[ANVIL] = {"postfix/anvil", 1311, 0},
	[SCACHE] = {"postfix/scache", 1312, 0},
	[REWRITE] = {"postfix/trivial-rewrite", 1313, 0},
	[OPENDKIM] = {"opendkim", 712, 0},
	[OPENDMARC] = {"opendmarc", 731, 0},
	[POLICYD] = {"policyd-spf", 27000, 20},
	[POLICY_SPF] = {"postfix/policy-spf", 28000, 20},
	[DOVECOT] = {"dovecot", 0, 0},
	[KERNEL] = {"kernel", 0, 0},
	[CRON] = {"CRON", 29000, 20},
	[SSHD] = {"sshd", 30000, 20},
	[NAMED] = {"named", 655, 0},
};

static const char *const strangers[] = {"example.com", "news.example.com",
	"bypass.example", "compass.example.net", "nonesuch.example",
	"none.example.info", "fail-safe.example", "mail.failover.example",
	"reject.example.biz", "rejectionletters.example", "softfail.example",
	"passport-office.example", "university.example", "post.example.de",
	"bulk-sender.example", "notifications.social.example",
	"bounces.shop.example", "a.example", "deferred-mail.example",
	"permerror.example.eu", "xn--mller-kva.example", "bank.example.co"};
static const char *const ours[] = {
	"example.org", "lists.example.org", "club.example", "guild.example"};
static const char *const users[] = {"anna", "b.meier", "carl-otto", "d_young",
	"erika.mustermann", "info", "postmaster", "sales", "support+tickets",
	"webmaster", "noreply", "newsletter", "bounce+a1b2c3-77=example.org",
	"no-reply-4711", "prvs=0412ab34cd=jo", "SRS0=x1Yz=QT=example.net=kim",
	"pass", "fail", "status=sent", "accounts.payable"};
static const char *const selectors[] = {"s1", "mail", "2026-11", "k2.rsa",
	"google_1", "sel-eu.mx", "20230601", "fail", "dkim"};
static const char *const hellos[] = {"mail", "mx-out-7", "smtp", "mta12.eu",
	"relay-pass", "vm-3-1-fail", "out.none"};

unsigned
session_chance(struct session *s, unsigned limit)
{
	/* splitmix64 */
	uint64_t z = *s->seed += 0x9e3779b97f4a7c15U;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	z ^= z >> 31;
	return (unsigned)((z >> 32) * limit >> 32);
}

bool
session_percent(struct session *s, unsigned percent)
{
	return session_chance(s, 100) < percent;
}

#define PICK(s, list) ((list)[session_chance((s), (unsigned)COUNT(list))])

static void
make_addr(struct session *s, bool is_v6, char *out, size_t size)
{
	static const char *const nets[] = {
		"192.0.2", "198.51.100", "203.0.113"};
	if (is_v6)
		snprintf(out, size, "2001:db8:%x:%x::%x",
			session_chance(s, 65536), session_chance(s, 65536),
			1 + session_chance(s, 4000));
	else
		snprintf(out, size, "%s.%u", PICK(s, nets),
			1 + session_chance(s, 254));
}

static void
make_qid(struct session *s, char *out, size_t size)
{
	static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZ"
				     "bcdfghjklmnpqrstvwxyz";
	uint64_t micros = s->now_us % 1000000, seconds = s->now_us / 1000000;
	unsigned inode = 100000 + session_chance(s, 9000000);
	if (s->host != 0) {
		snprintf(out, size, "%05X%X", (unsigned)micros, inode);
		return;
	}
	char text[24] = "";
	size_t at = 16;
	for (; inode > 0; inode /= 51)
		text[--at] = digits[inode % 51];
	text[--at] = 'z';
	for (int i = 0; i < 4; i++, micros /= 52)
		text[--at] = digits[micros % 52];
	for (int i = 0; i < 6 && at > 0; i++, seconds /= 52)
		text[--at] = digits[seconds % 52];
	snprintf(out, size, "%s", text + at);
}

/* One domain never gets a key, another one and a host get it later. */
bool
session_is_signing(const struct session *s)
{
	static const struct {
		const char *domain;
		unsigned after_s;
	} keys[] = {{"example.org", 0}, {"lists.example.org", 0},
		{"club.example", 600}};
	static const unsigned after_s[HOST_COUNT] = {0, 0, 300};
	uint64_t now_s = s->now_us / 1000000 - SESSION_START_S;
	for (size_t i = 0; i < COUNT(keys); i++)
		if (strcmp(keys[i].domain, s->domain) == 0)
			return now_s >= keys[i].after_s &&
			       now_s >= after_s[s->host];
	return false;
}

static void
make_envelope(struct session *s)
{
	snprintf(s->envelope, sizeof(s->envelope),
		"from=<%s> to=<%s> proto=ESMTP helo=<%s>", s->from, s->to,
		s->helo);
}

static void
new_qid(struct session *s)
{
	memcpy(s->first_qid, s->qid, sizeof(s->qid));
	make_qid(s, s->qid, sizeof(s->qid));
	make_qid(s, s->next_qid, sizeof(s->next_qid));
	snprintf(s->message_id, sizeof(s->message_id), "%08x.%05u.%u@%s",
		session_chance(s, UINT32_MAX), session_chance(s, 100000),
		s->pid, s->domain);
	s->mail_before = s->mail;
}

void
session_new_mail(struct session *s)
{
	new_qid(s);
	const struct mail mail = {
		.host = s->host,
		.recipients = s->recipients,
		.size = 400 + session_chance(s, 40000),
		.domain = s->domain,
		.is_null_sender = !s->from[0],
		.is_for_us = s->relay_is_ours,
	};
	s->mail = mails_add(journal_mails(s->journal), &mail);
	snprintf(s->size, sizeof(s->size), "%u", mail.size);
	snprintf(s->nrcpt, sizeof(s->nrcpt), "%u", mail.recipients);
}

void
session_new_recipient(struct session *s, bool is_ours)
{
	const char *domain = is_ours ? PICK(s, ours) : PICK(s, strangers);
	snprintf(s->to_domain, sizeof(s->to_domain), "%s", domain);
	snprintf(s->to, sizeof(s->to), "%s@%s", PICK(s, users), domain);
	unsigned ms = 20 + session_chance(s, 9000);
	snprintf(s->delays, sizeof(s->delays),
		"delay=%u.%02u, delays=0.%02u/0.01/%u.%u/0.%02u", ms / 1000,
		ms % 100, ms % 90, ms / 2000, ms % 10, ms % 70);
	make_envelope(s);
}

void
session_set_sender(struct session *s, const char *domain)
{
	s->domain = domain;
	s->var['d'] = domain;
	snprintf(s->from, sizeof(s->from), "%s@%s", PICK(s, users), domain);
	make_envelope(s);
}

void
session_null_sender(struct session *s)
{
	s->from[0] = '\0';
	make_envelope(s);
}

static void
bind_names(struct session *s)
{
	const struct {
		char letter;
		const char *text;
	} names[] = {{'q', s->qid}, {'x', s->next_qid}, {'B', s->first_qid},
		{'m', s->message_id}, {'c', s->client}, {'a', s->addr},
		{'p', s->port}, {'h', s->helo}, {'f', s->from}, {'t', s->to},
		{'D', s->to_domain}, {'e', s->envelope}, {'r', s->relay},
		{'R', s->relay_addr}, {'w', s->delays}, {'z', s->size},
		{'N', s->nrcpt}};
	for (size_t i = 0; i < COUNT(names); i++)
		s->var[(unsigned char)names[i].letter] = names[i].text;
	static const char *const full[HOST_COUNT] = {
		"mx1.example.org", "mx2.example.org", "mx3.club.example"};
	s->var['o'] = full[s->host];
	s->var['O'] = s->is_v6 ? "2001:db8:25::25" : "192.0.2.25";
	s->var['u'] = PICK(s, users);
	s->var['s'] = PICK(s, selectors);
}

static void
make_private(struct session *s)
{
	static const char *const nets[] = {"10.20.30", "172.31.7", "192.168.4"};
	if (s->relay_is_v6)
		snprintf(s->relay_addr, sizeof(s->relay_addr), "fd12:34::%x",
			1 + session_chance(s, 4000));
	else
		snprintf(s->relay_addr, sizeof(s->relay_addr), "%s.%u",
			PICK(s, nets), 1 + session_chance(s, 254));
}

static void
open_any(struct session *s)
{
	unsigned dice = session_chance(s, 10);
	s->host = dice < 4 ? 0 : dice < 7 ? 1 : 2;
	s->recipients = 1;
	s->pid = session_chance(s, 1000);
	s->is_v6 = session_percent(s, 15);
	s->relay_is_v6 = session_percent(s, 15);
	make_addr(s, s->is_v6, s->addr, sizeof(s->addr));
	make_addr(s, s->relay_is_v6, s->relay_addr, sizeof(s->relay_addr));
	snprintf(s->port, sizeof(s->port), "%u",
		1024 + session_chance(s, 64000));
	bind_names(s);
}

void
session_open_inbound(struct session *s)
{
	open_any(s);
	session_set_sender(s, PICK(s, strangers));
	snprintf(s->helo, sizeof(s->helo), "%s.%s", PICK(s, hellos), s->domain);
	snprintf(s->client, sizeof(s->client), "%s[%s]",
		session_percent(s, 12) ? "unknown" : s->helo, s->addr);
	session_new_recipient(s, true);
}

void
session_open_outbound(struct session *s)
{
	open_any(s);
	session_set_sender(s, PICK(s, ours));
	s->relay_is_ours = session_percent(s, 8);
	if (s->relay_is_ours)
		make_private(s);
	snprintf(s->helo, sizeof(s->helo), "[%s]", s->addr);
	snprintf(s->client, sizeof(s->client), "dsl-%u.access.example[%s]",
		session_chance(s, 5000), s->addr);
	session_new_recipient(s, false);
	snprintf(s->relay, sizeof(s->relay), "%s.%s[%s]", PICK(s, hellos),
		s->to_domain, s->relay_addr);
}

void
session_be_filter(struct session *s)
{
	s->is_v6 = false;
	s->pid++;
	new_qid(s);
}

void
session_wait(struct session *s, unsigned seconds)
{
	s->now_us += (uint64_t)seconds * 1000000 + session_chance(s, 999999);
}

static void
fill(struct session *s, struct buf *out, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "$");
		buf_add(out, text, len);
		text += len;
		if (!*text)
			return;
		unsigned char letter = (unsigned char)text[1];
		if (letter == 'n')
			buf_addu(out, session_chance(s, 1000));
		else
			buf_adds(out, s->var[letter]);
		text += 2;
	}
}

static enum kind
kind_of_family(const struct session *s, enum kind kind)
{
	if (kind == SMTPD_CONNECT_V4 && s->is_v6)
		return SMTPD_CONNECT_V6;
	if (kind == SMTP_REFUSED_V4 && s->relay_is_v6)
		return SMTP_REFUSED_V6;
	if (kind == SMTP_TIMEOUT_V4 && s->relay_is_v6)
		return SMTP_TIMEOUT_V6;
	return kind;
}

/* The message that a line tells of. */
static unsigned
mail_of(const struct session *s, const char *text)
{
	if (strncmp(text, "$q", 2) == 0)
		return s->mail;
	return strncmp(text, "$B", 2) == 0 ? s->mail_before : 0;
}

static void
say(struct session *s, const struct line *line, unsigned repeat)
{
	struct buf out = {0};
	buf_adds(&out, programs[line->program].tag);
	if (programs[line->program].pid > 0) {
		unsigned pool = programs[line->program].pool;
		buf_addc(&out, '[');
		buf_addu(&out, programs[line->program].pid +
				       (pool > 0 ? s->pid % pool : 0));
		buf_addc(&out, ']');
	}
	buf_adds(&out, ": ");
	if (repeat > 0)
		buf_printf(&out, "message repeated %u times: [ ", repeat);
	fill(s, &out, line->text);
	if (repeat > 0)
		buf_addc(&out, ']');
	struct journal_line head = {s->now_us, kind_of_family(s, line->kind),
		s->host, repeat, mail_of(s, line->text)};
	journal_add(s->journal, &head, out.data, out.len);
	buf_free(&out);
	s->now_us += 1000 + session_chance(s, 60000);
}

void
session_say(struct session *s, enum program program, enum kind kind,
	const char *text)
{
	say(s, &(struct line){1, program, kind, text}, 0);
}

void
session_repeat(struct session *s, const struct line *line, unsigned times)
{
	say(s, line, times);
}

const struct line *
session_say_one(struct session *s, const struct line *lines, size_t count)
{
	unsigned sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += lines[i].weight;
	unsigned dice = session_chance(s, sum);
	const struct line *line = lines;
	while (dice >= line->weight)
		dice -= line++->weight;
	say(s, line, 0);
	return line;
}
