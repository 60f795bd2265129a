/* SPDX-License-Identifier: ISC */
/*
 * tailreplay — lines that were handed out in an earlier life, once more.
 *
 * Each part is the lines of one file from its replay offset to its saved
 * position, read through a descriptor of its own: what happens to the files
 * that are followed, and what is read of them, has nothing to do with it.  A
 * part that cannot be read any more is passed over.
 */
#ifndef COLLECTOR_TAILREPLAY_H
#define COLLECTOR_TAILREPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/tailfile.h"

struct tailreplay {
	struct tailfile **parts; /* oldest first */
	size_t count, capacity;
	size_t at; /* the one that is read */
};

/* Adds the saved lines of a position that belongs to this file, which is
 * borrowed.  saved: as in tailmarks.h. */
void tailreplay_add(struct tailreplay *replay, const struct tailfile *file,
	const struct tail_position *position, size_t saved);
void tailreplay_clear(struct tailreplay *replay);

/* Whether more is to come. */
bool tailreplay_is_pending(const struct tailreplay *replay);
/* The next block and the part that it is from, both valid until the next call;
 * NULL when all is read. */
const struct tailfile *tailreplay_read(
	struct tailreplay *replay, struct tail_block *block);

#endif
