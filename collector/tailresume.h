/* SPDX-License-Identifier: ISC */
/*
 * tailresume — find the files that were read before a stop, and what has come
 * since.
 *
 * Changes nothing until all can be said: a folder that is not mounted yet, a
 * log that may not be read and a gzip file that is still being written are
 * waited for.  Reads no line.
 */
#ifndef COLLECTOR_TAILRESUME_H
#define COLLECTOR_TAILRESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "collector/tail.h"

struct tailset;

struct tailresume {
	struct tail_position *saved; /* oldest first */
	size_t count;                /* 0: nothing (more) to find */
	time_t saved_at;
};

enum tailresume_state {
	TAILRESUME_DONE,
	TAILRESUME_LATER, /* nobody can say yet */
	TAILRESUME_SHORT  /* for a gzip file that is not complete */
};

/* Fills the empty set with the files that the positions belong to and with
 * those that came after them, but for the log's present one.  is_patient:
 * wait for a gzip file. */
enum tailresume_state tailresume_find(const struct tailresume *resume,
	const char *path, bool is_patient, struct tailset *set);

#endif
