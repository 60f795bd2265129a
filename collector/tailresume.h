/* SPDX-License-Identifier: ISC */
/*
 * tailresume — find the files that were read before a stop, and what has come
 * since.
 *
 * Changes nothing until all can be said: a folder that is not mounted yet, a
 * log that may not be read and a gzip file that is still being written are
 * waited for; what is only to be replayed is not.  Reads no line.
 */
#ifndef COLLECTOR_TAILRESUME_H
#define COLLECTOR_TAILRESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "collector/tailreplay.h"

struct tailset;

struct tailresume {
	struct tail_position *saved; /* oldest first */
	size_t count;
	time_t saved_at;
	bool is_waiting; /* they are to be found */
	struct tailreplay replay;
};

enum tailresume_state {
	TAILRESUME_DONE,
	TAILRESUME_LATER, /* nobody can say yet */
	TAILRESUME_SHORT  /* for a gzip file that is not complete */
};

/* The saved positions are copied. */
struct tailresume tailresume_open(const struct tail_start *start);
void tailresume_close(struct tailresume *resume);
/* Fills the empty set with the files that the positions belong to and with
 * those that came after them, but for the log's present one; begins the replay.
 * is_patient: wait for a gzip file. */
enum tailresume_state tailresume_find(
	struct tailresume *resume, bool is_patient, struct tailset *set);
/* Whether a replay is still to come, as far as known. */
bool tailresume_is_replaying(const struct tailresume *resume);

#endif
