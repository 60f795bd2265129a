/* SPDX-License-Identifier: ISC */
/*
 * tailchange — what a followed log's files turn into: rotated, copied,
 * truncated.
 *
 * Brings into the set what has lines that were not read yet, and counts the
 * events.  Does not find out that something happened, and reads no line.
 */
#ifndef COLLECTOR_TAILCHANGE_H
#define COLLECTOR_TAILCHANGE_H

#include "collector/tailset.h"

/* Adds what came after the last file and is not known yet. */
void tailchange_missed(struct tailset *set);
/* The name had another file than the last one when it was opened; it belongs to
 * the set then. */
void tailchange_rotated(struct tailset *set, struct tailfile *file);
/* The name still leads to the last file.  If nothing was read of it, nothing
 * can be missed in it; and yet it may have been filled, copied and truncated
 * since we looked. */
void tailchange_copied(struct tailset *set, const struct tailfile *last);
/* What was read of a file is not in it any more.  The rest may be in a copy
 * that was made before; then what came in between is younger than that, and
 * than seen. */
void tailchange_rewritten(
	struct tailset *set, size_t index, struct timespec seen);

#endif
