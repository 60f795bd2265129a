/* SPDX-License-Identifier: ISC */
/*
 * tailfind — the files that a log has now: its own and its rotated ones, and
 * which of them a saved position belongs to.
 *
 * Each file is in the list once, opened, whatever happens to its name
 * afterwards; a .gz is not if the uncompressed file is there.  Looks into the
 * folder of the path and, for a symbolic link, into that of its target.
 */
#ifndef COLLECTOR_TAILFIND_H
#define COLLECTOR_TAILFIND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "collector/tail.h"
#include "collector/tailname.h"

struct tailfile;

struct tailfind_entry {
	char *name;
	int fd;
	bool is_path;  /* the log's own name leads to it */
	bool is_taken; /* found already, or known to the caller */
	struct tailname age;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

struct tailfind {
	struct tailfind_entry *entries; /* oldest first, by mtime, then name */
	size_t count, capacity;
};

struct tailfind *tailfind_open(const char *path);
void tailfind_close(struct tailfind *list);

/* Whether the log's own name leads to a file that can be opened. */
bool tailfind_has_path(const struct tailfind *list);
/* Whether it leads to this one. */
bool tailfind_is_path(const struct tailfind *list, const struct tailfile *file);
/* The entry of an inode, or count. */
size_t tailfind_inode(const struct tailfind *list, dev_t dev, ino_t ino);
/* Below 0 if a file is older than an entry, above 0 if it is younger: by their
 * names if they are of the same kind, else by mtime.  0 if it is not listed. */
int tailfind_compare(
	const struct tailfind *list, const struct tailfile *file, size_t entry);
/* Marks as taken what has no younger lines than a file that once had the log's
 * name (NULL: not known).  Names of the same kind say which is younger; else it
 * is what stands behind that file in the list or was written after since. */
void tailfind_keep_younger(struct tailfind *list, const struct tailfile *than,
	struct timespec since);
/* The entry that a position belongs to, positioned there: by inode, else by
 * content, uncompressed first.  NULL if there is none; *is_short then says
 * that a gzip file which is not complete may still turn out to be it. */
struct tailfile *tailfind_position(struct tailfind *list,
	const struct tail_position *position, bool *is_short);
/* An entry as a file of its own, read from its start. */
struct tailfile *tailfind_take(struct tailfind *list, size_t index);

#endif
