/* SPDX-License-Identifier: ISC */
/*
 * undo — takes back an update that was cut off.
 *
 * librrd updates a shared mapping: a process that is killed in the middle
 * leaves rows written that the head does not know of, or the other way round.
 * So the head is copied first, into one file per store.  Rows are a ring, and
 * an update writes only where the oldest are: with the old head back in place
 * the update never happened, and feeding it again gives what it would have.
 */
#ifndef RRD_UNDO_H
#define RRD_UNDO_H

#include <stddef.h>

#include "lib/err.h"

struct undo;

/* Opens DIR/undo (made when first needed) and takes back what it holds: then
 * *restored is the file's path, which the caller frees, else NULL. */
struct undo *undo_open(const char *dir, char **restored);
void undo_close(struct undo *undo);

/* Keeps the first head_size bytes of the file.  Where that cannot be done (disk
 * full) nothing is kept: an update without it is better than none. */
void undo_begin(struct undo *undo, const char *path, size_t head_size);
/* The update is done. */
void undo_commit(struct undo *undo);
/* The update failed: the head is put back. */
void undo_revert(struct undo *undo);

#endif
