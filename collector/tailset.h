/* SPDX-License-Identifier: ISC */
/*
 * tailset — the files that are open for one log, in the order of reading.
 *
 * Oldest first; the last one is, or was, the one that has the log's name.  No
 * inode is in it twice.  Remembers what was read of closed files, so that a
 * copy of it is not taken for something new, and that it can be replayed.
 */
#ifndef COLLECTOR_TAILSET_H
#define COLLECTOR_TAILSET_H

#include <stddef.h>
#include <sys/types.h>

#include "collector/tailfile.h"
#include "collector/tailfind.h"
#include "collector/tailwatch.h"

enum { TAILSET_HEADS = 64, TAILSET_HEAD_SIZE = 4096 };

struct tailset_head {
	struct tail_position position; /* how far it was read */
	struct tailmarks marks;
	size_t len;
	char bytes[TAILSET_HEAD_SIZE];
};

struct tailset {
	char *path; /* of the log */
	struct tail_events events;
	struct tailfile **files;
	size_t count, capacity;
	struct tailset_head *heads; /* of the last TAILSET_HEADS closed ones */
	size_t heads_count;
	struct tailwatch watch;
};

struct tailset tailset_open(const char *path);
void tailset_close(struct tailset *set);

/* NULL if there is none. */
struct tailfile *tailset_last(const struct tailset *set);
/* The index of an inode, or count. */
size_t tailset_inode(const struct tailset *set, dev_t dev, ino_t ino);
/* file belongs to the set from then on. */
void tailset_insert(struct tailset *set, size_t index, struct tailfile *file);
/* Inserts where its age puts it; it is in the list. */
void tailset_insert_by_age(struct tailset *set, struct tailfile *file,
	const struct tailfind *list);
/* Puts a file at the end of the order. */
void tailset_move_last(struct tailset *set, size_t index);
/* Closes a file that was read to its end, and remembers it. */
void tailset_drop(struct tailset *set, size_t index);
/* Remembers a file as if it had been read and closed. */
void tailset_remember(struct tailset *set, const struct tailfile *file);
/* Closes all, and remembers none. */
void tailset_clear(struct tailset *set);

/* The marks that go on from a saved position, of an open file or a closed one;
 * NULL if there are none. */
struct tailmarks *tailset_saved_marks(struct tailset *set, size_t saved);
/* As tail_positions() once all is found; with INT64_MIN from where the reading
 * began. */
size_t tailset_positions(const struct tailset *set, int64_t since,
	struct tail_position *out, size_t size);

/* Marks what the set has open as taken in the list. */
void tailset_mark_taken(const struct tailset *set, struct tailfind *list);
/* Inserts, at index or where their age puts them, the entries of the list that
 * are not taken, not the log's present file and no copy of what was read; of a
 * copy that goes on, what follows.  Returns how many. */
size_t tailset_gather(struct tailset *set, size_t index, struct tailfind *list);

#endif
