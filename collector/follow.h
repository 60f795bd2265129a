/* SPDX-License-Identifier: ISC */
/*
 * follow — reads all inputs and counts their lines into steps.
 *
 *   tail ─► line ─► step of its log time ─► count
 *
 * After a restart the lines of the last hour are read once more, muted: they
 * tell the ledger what it knew.  The wall clock is passed in.  Does not
 * publish, record or wait.
 */
#ifndef COLLECTOR_FOLLOW_H
#define COLLECTOR_FOLLOW_H

#include "collector/publish.h"
#include "collector/steps.h"
#include "collector/tally.h"
#include "collector/unmatched.h"

struct follow;

/* All borrowed. */
struct follow_parts {
	const struct config *config;
	struct tally *tally;
	struct steps *steps;
	struct unmatched *unmatched;
};

/* Opens every input where the snapshot (NULL: none) left it. */
struct follow *follow_new(
	const struct follow_parts *parts, const struct snapshot *snapshot);
void follow_free(struct follow *follow);

/* Counts at most one block of each input; true if there may be more.  now is
 * Unix time. */
bool follow_read(struct follow *follow, int64_t now);
/* Looks for rotation, truncation, files that appeared; counts what happened. */
void follow_check(struct follow *follow, int64_t now);

/* Until which time steps may be closed: the wall clock's minute, held back by
 * inputs that are behind. */
int64_t follow_closable(const struct follow *follow, int64_t now);

size_t follow_input_count(const struct follow *follow);
/* Descriptor for poll(2), -1 for none; follow_drain() when it is readable. */
int follow_fd(const struct follow *follow, size_t input);
void follow_drain(struct follow *follow);

/* The ledger's clock (log time); 0: no line was read yet. */
int64_t follow_ledger(const struct follow *follow);

/* Present positions; out has room for follow_input_count(). */
void follow_positions(const struct follow *follow, struct publish_input *out);

#endif
