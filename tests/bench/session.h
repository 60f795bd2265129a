/* SPDX-License-Identifier: ISC */
/*
 * session — one conversation: who talks to whom, and lines with those names.
 *
 * A line is a template in which `$c` and its like stand for the session's
 * names; session_say() fills it in, lets a little time go by and hands the line
 * to the journal.  All chance comes from one seeded generator, so the same seed
 * writes the same log.  Does not know which line follows which.
 */
#ifndef TESTS_BENCH_SESSION_H
#define TESTS_BENCH_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/journal.h"

/* 2026-11-01 04:00 UTC; log time is UTC. */
enum { SESSION_START_S = 1793505600 };

enum program {
	SMTPD,
	SUBMISSION,
	CLEANUP,
	QMGR,
	SMTP,
	LMTP,
	LOCAL,
	PIPE,
	ERROR,
	BOUNCE,
	PICKUP,
	POSTSCREEN,
	DNSBLOG,
	ANVIL,
	SCACHE,
	REWRITE,
	OPENDKIM,
	OPENDMARC,
	POLICYD,
	POLICY_SPF,
	DOVECOT,
	KERNEL,
	CRON,
	SSHD,
	NAMED,
	PROGRAM_COUNT
};

/* One of several lines; chosen by weight. */
struct line {
	unsigned weight;
	enum program program;
	enum kind kind;
	const char *text;
};

/* Letters of templates:
 *   q queue id          x another queue id       m message-id
 *   c client NAME[IP]   a its IP   p its port    h its HELO name
 *   f sender            d its domain             s selector of d
 *   t recipient         D its domain             e from= to= proto= helo=
 *   u login             o our host's name        O its IP
 *   r relay NAME[IP]    R relay's IP
 *   n a number          w delay= and delays=     B the queue id before
 *   z size              N number of recipients
 * A line tells of the message whose queue id its template begins with. */
struct session {
	struct journal *journal;
	uint64_t *seed;
	uint64_t now_us;
	unsigned host, pid; /* pid: offset within a program's pool */
	bool is_v6, relay_is_v6, relay_is_ours;
	unsigned recipients, mail, mail_before;
	const char *domain;
	const char *var[128];
	char qid[24], first_qid[24], next_qid[24], client[160], addr[48],
		port[8], helo[80], from[128], to[96], to_domain[64],
		message_id[96], envelope[400], relay[128], relay_addr[48],
		delays[64], size[16], nrcpt[16];
};

extern const char *const session_hosts[HOST_COUNT];

unsigned session_chance(struct session *s, unsigned limit); /* 0 … limit-1 */
bool session_percent(struct session *s, unsigned percent);

/* A stranger writes to one of us / one of us writes to a stranger. */
void session_open_inbound(struct session *s);
void session_open_outbound(struct session *s);
/* Someone of this domain writes; it is not copied. */
void session_set_sender(struct session *s, const char *domain);
/* Our content filter connects: the message gets one more queue id. */
void session_be_filter(struct session *s);
/* A new message; $B is the queue id of the one before. */
void session_new_mail(struct session *s);
/* Has our signer got a key for the sender's domain by now? */
bool session_is_signing(const struct session *s);
void session_new_recipient(struct session *s, bool is_ours);
void session_null_sender(struct session *s);
void session_wait(struct session *s, unsigned seconds);

/* kind is that of IPv4 where the kind's name ends in V4. */
void session_say(struct session *s, enum program program, enum kind kind,
	const char *text);
/* Folded by syslogd: "message repeated N times: [ TEXT]". */
void session_repeat(struct session *s, const struct line *line, unsigned times);
const struct line *session_say_one(
	struct session *s, const struct line *lines, size_t count);

#define SAY_ONE(s, lines) \
	session_say_one((s), (lines), sizeof(lines) / sizeof(*(lines)))

#endif
