/* SPDX-License-Identifier: ISC */
/*
 * tailfile — one open file of a followed log, plain or gzip: whole lines from a
 * position on.
 *
 * After each read the bytes before it are compared with the file again, so
 * that bytes of a rewritten file are never taken for the old one's.  Knows no
 * other file, and its own name only for sentences.
 */
#ifndef COLLECTOR_TAILFILE_H
#define COLLECTOR_TAILFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "collector/tail.h"
#include "collector/tailbuf.h"
#include "collector/tailmarks.h"

struct gunzip;

enum tailfile_state {
	TAILFILE_READY,   /* a block, or the offset that was looked for */
	TAILFILE_END,     /* nothing more now */
	TAILFILE_SHORT,   /* a gzip file that is not complete yet */
	TAILFILE_CHANGED, /* what was read is not there any more: truncated */
	TAILFILE_FAILED   /* see error */
};

struct tailfile {
	char *name; /* the one it was opened by, for sentences */
	int fd;
	struct gunzip *gunzip; /* NULL: a plain file */
	dev_t dev;
	ino_t ino;
	struct tailbuf buf;
	uint64_t limit; /* nothing is read from there on */
	/* Of the lines that were handed out.  Whoever goes to an offset begins
	 * them anew there. */
	struct tailmarks marks;

	/* As of the last tailfile_look(). */
	uint64_t size; /* on disk; for a plain file at least what was read */
	struct timespec mtime;
	struct timespec mtime_before; /* as of the look before */
	bool is_unlinked;

	bool is_at_end; /* the last read found nothing more */
	int error;      /* errno of the last failure */
	int watch;      /* for tailwatch; -1 is none */

	/* For tail: since when, by its clock; 0 is not. */
	int64_t quiet_since_s, short_since_s;
};

/* Opens for reading, never blocks.  NULL with errno; EINVAL if it is not a
 * regular file. */
struct tailfile *tailfile_open(const char *name);
/* The same for an open descriptor, which then belongs to the result. */
struct tailfile *tailfile_adopt(int fd, const char *name, bool is_gz);
void tailfile_close(struct tailfile *file);
/* Opens name again for the same file, after its descriptor went stale. */
void tailfile_reopen(struct tailfile *file, const char *name);

/* Goes to an offset.  TAILFILE_END or TAILFILE_SHORT: the file ends before. */
enum tailfile_state tailfile_seek(struct tailfile *file, uint64_t offset);
/* Goes to a position if its mark is there and not empty, else to the start;
 * says which. */
bool tailfile_resume(
	struct tailfile *file, const struct tail_position *position);
/* Goes behind the last whole line, as far as one can be found. */
enum tailfile_state tailfile_seek_last_line(struct tailfile *file);
/* The next block of whole lines, valid until the next call. */
enum tailfile_state tailfile_read(
	struct tailfile *file, struct tail_block *block);
/* Takes the file for a new one that is read from its start. */
void tailfile_restart(struct tailfile *file);

struct tail_position tailfile_position(const struct tailfile *file);
/* As tailfile_position(), of all that was read, a partial line too. */
struct tail_position tailfile_probe(const struct tailfile *file);
/* Its first bytes as they are now; returns how many, at most size. */
size_t tailfile_head(const struct tailfile *file, char *head, size_t size);
/* Stats it; false if what was read is not there any more, or if it got shorter
 * before anything was read.  Then size and mtime tell of what it was and is. */
bool tailfile_look(struct tailfile *file);
/* Bytes not handed out yet (compressed ones in a gzip file). */
uint64_t tailfile_lag(const struct tailfile *file);
/* Whether file is a copy of what was read of old: then it goes on where old
 * stands, with old's marks, and old moves behind the whole lines that both have
 * and begins there. */
bool tailfile_continue(struct tailfile *file, struct tailfile *old);

#endif
