/* SPDX-License-Identifier: ISC */
/*
 * mails — what each message went through, and the verdict at the end.
 */
#include "tests/bench/mails.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { SETTLE_S = 120, KNOWN_S = 3600, DOMAINS_MAX = 32 };

/* What was seen of a message. */
enum {
	LOGIN = 1 << 0,
	LOCALLY = 1 << 1, /* born on the machine */
	ACTIVE = 1 << 2,
	SIGNED = 1 << 3,
	LEFT = 1 << 4, /* for the world */
	EXPIRED = 1 << 5,
	DKIM_JUDGED = 1 << 6,
	DMARC_JUDGED = 1 << 7,
};

struct life {
	struct mail mail;
	unsigned seen;
	int ids; /* begun and not removed yet */
	int64_t born_s, removed_s;
};

struct signing {
	const char *domain;
	int64_t since_s;
};

struct mails {
	struct life *lives;
	size_t count, capacity;
	struct signing domains[DOMAINS_MAX];
	int64_t host_since_s[HOST_COUNT];
};

struct mails *
mails_new(void)
{
	struct mails *mails = mem_zalloc(1, sizeof(*mails));
	mails_add(mails, &(struct mail){0});
	return mails;
}

void
mails_free(struct mails *mails)
{
	free(mails->lives);
	free(mails);
}

unsigned
mails_add(struct mails *mails, const struct mail *mail)
{
	mails->lives = mem_grow(mails->lives, mails->count, &mails->capacity,
		sizeof(*mails->lives));
	mails->lives[mails->count] = (struct life){.mail = *mail};
	return (unsigned)mails->count++;
}

/* Since when we sign for it; 0: not seen. */
static int64_t *
signing_of(struct mails *mails, const char *domain)
{
	size_t i = 0;
	while (mails->domains[i].domain &&
		strcmp(mails->domains[i].domain, domain) != 0)
		if (++i == DOMAINS_MAX)
			abort(); /* the generator has more domains of ours */
	mails->domains[i].domain = domain;
	return &mails->domains[i].since_s;
}

static void
note_signature(struct mails *mails, struct life *life, int64_t time_s)
{
	int64_t *domain_s = signing_of(mails, life->mail.domain);
	int64_t *host_s = &mails->host_since_s[life->mail.host];
	life->seen |= SIGNED;
	if (*domain_s == 0)
		*domain_s = time_s;
	if (*host_s == 0)
		*host_s = time_s;
}

static void
note_beginning(struct life *life, unsigned how, int64_t time_s)
{
	life->seen |= how;
	life->ids++;
	if (life->born_s == 0)
		life->born_s = time_s;
}

static void
note_removal(struct life *life, int64_t time_s)
{
	life->ids--;
	life->removed_s = time_s;
}

/* Is it the message's first of this method, and not about our own mail? */
static bool
is_heard(struct life *life, unsigned method)
{
	bool is_heard = (life->seen & (method | LOGIN | LOCALLY)) == 0;
	life->seen |= method;
	return is_heard;
}

bool
mails_note(struct mails *mails, unsigned number, enum kind kind, int64_t time_s)
{
	struct life *life = &mails->lives[number];
	if (number == 0)
		return true;
	if (kind >= DKIM_PASS && kind <= DKIM_PERMERROR)
		return is_heard(life, DKIM_JUDGED);
	if (kind >= DMARC_PASS && kind <= DMARC_PERMERROR)
		return is_heard(life, DMARC_JUDGED);
	if (kind == SMTPD_CLIENT || kind == SMTPD_REINJECTED)
		note_beginning(life, 0, time_s);
	else if (kind == SMTPD_LOGIN)
		note_beginning(life, LOGIN, time_s);
	else if (kind == SUBMITTED)
		note_beginning(life, LOCALLY, time_s);
	else if (kind == QMGR_ACTIVE)
		life->seen |= ACTIVE;
	else if (kind == QMGR_EXPIRED)
		life->seen |= EXPIRED;
	else if (kind == QMGR_REMOVED)
		note_removal(life, time_s);
	else if (kind == DKIM_ADDED)
		note_signature(mails, life, time_s);
	else if (kind == SMTP_SENT && !life->mail.is_for_us)
		life->seen |= LEFT;
	return true;
}

/* Did it go out without a signature, though by the time it was settled both its
 * domain and its machine had been seen to sign? */
static bool
is_unsigned(struct mails *mails, const struct life *life)
{
	const unsigned needed = ACTIVE | LEFT;
	int64_t settled_s = life->removed_s + SETTLE_S;
	int64_t domain_s = *signing_of(mails, life->mail.domain);
	int64_t host_s = mails->host_since_s[life->mail.host];
	if ((life->seen & (needed | SIGNED | EXPIRED)) != needed ||
		(life->seen & (LOGIN | LOCALLY)) == 0 ||
		life->mail.is_null_sender)
		return false;
	/* All of it was seen, and within the hour. */
	if (life->ids != 0 || life->removed_s == 0 ||
		settled_s - life->born_s > KNOWN_S)
		return false;
	return domain_s != 0 && domain_s < settled_s && host_s != 0 &&
	       host_s < settled_s;
}

void
mails_judge(struct mails *mails, struct truth *truth)
{
	for (size_t i = 1; i < mails->count; i++) {
		const struct life *life = &mails->lives[i];
		uint64_t *sums = truth->mails[life->mail.host];
		if ((life->seen & ACTIVE) != 0) {
			sums[MAIL_ACCEPTED]++;
			sums[MAIL_BYTES] += life->mail.size;
			sums[MAIL_RECIPIENTS] += life->mail.recipients;
		}
		if ((life->seen & SIGNED) != 0)
			sums[MAIL_SIGNED]++;
		else if (is_unsigned(mails, life))
			sums[(life->seen & LOGIN) != 0 ? MAIL_UNSIGNED
						       : MAIL_LOCAL]++;
	}
}
