/* SPDX-License-Identifier: ISC */
/*
 * mails — the messages of a generated log, and what each must count for.
 *
 * Told what a message is when a session makes it up, and of its lines as they
 * are written: what was cut off at the end of the log did not happen.  Reads no
 * text and no counter; what a message counts for follows from what it is.
 */
#ifndef TESTS_BENCH_MAILS_H
#define TESTS_BENCH_MAILS_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/kinds.h"

/* A message under all its queue ids; number 0 is none. */
struct mail {
	unsigned host, recipients, size;
	const char *domain; /* of its author, for good: it is not copied */
	bool is_null_sender;
	bool is_for_us; /* its relay is on a private network */
};

struct mails;

struct mails *mails_new(void);
void mails_free(struct mails *mails);
/* Its number. */
unsigned mails_add(struct mails *mails, const struct mail *mail);

/* A line about the message was written.  False for a verdict that counts for
 * its source alone: of our own mail, or not the first of its method. */
bool mails_note(
	struct mails *mails, unsigned number, enum kind kind, int64_t time_s);
/* The log ends: what they all count for. */
void mails_judge(struct mails *mails, struct truth *truth);

#endif
