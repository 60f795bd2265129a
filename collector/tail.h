/* SPDX-License-Identifier: ISC */
/*
 * tail — follow one log file by name, whole lines only, and never lose a line
 * that still exists in some file.
 *
 *   path ──► current file ──► block of whole lines
 *            old files (renamed, still written) are read beside it
 *
 * A position is device, inode, offset and the XXH3-64 of up to TAIL_MARK_SIZE
 * bytes before the offset.  The offset stands behind the last whole line that
 * was handed out.  Positions are all that has to be kept to continue after a
 * stop: the file is found again by inode or, when that fails, by content, also
 * under a rotated name and inside a gzip file.
 *
 * Does not know what a line means, and never logs.
 */
#ifndef COLLECTOR_TAIL_H
#define COLLECTOR_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "lib/err.h"

enum {
	TAIL_MARK_SIZE = 4096, /* bytes before the offset that are hashed */
	TAIL_LINE_MAX = 65536, /* a longer line is cut to this */
	TAIL_BLOCK_SIZE = 262144
};

struct tail;

struct tail_position {
	dev_t dev;
	ino_t ino;
	uint64_t offset; /* bytes; of the inflated text in a .gz */
	uint64_t hash;   /* XXH3-64 of the min(offset, TAIL_MARK_SIZE) bytes
			    before offset */
	uint64_t replay; /* <= offset: the next start hands out the lines from
			    here to offset once more */
};

/* How to begin.  With saved positions (oldest file first, current last) the
 * reading continues there, after the replay; saved_at is when they were written
 * (Unix time).  Without, the file is read from its start, or from its end if
 * at_end. */
struct tail_start {
	const struct tail_position *saved;
	size_t saved_count;
	time_t saved_at;
	bool at_end;
};

/* Running numbers since tail_open(). */
struct tail_events {
	uint64_t rotations;   /* the name got another file */
	uint64_t truncations; /* the file shrank or was rewritten in place */
	uint64_t lost_bytes;  /* known to be gone without having been read */
	uint64_t cut;         /* lines longer than TAIL_LINE_MAX */
	uint64_t gone; /* bytes to be replayed whose files are not there */
};

/* A run of whole lines, each ended by '\n' (a cut line's '\n' follows its first
 * TAIL_LINE_MAX bytes).  Valid until the next call on the same tail. */
struct tail_block {
	const char *data;
	size_t len;
	bool is_replay; /* all its lines were handed out in an earlier life */
};

/* Never fails for a file that is missing or unreadable: it is picked up when it
 * appears.  path is copied. */
struct tail *tail_open(const char *path, const struct tail_start *start);
void tail_close(struct tail *tail);

/* The next block: 1 with *block filled, 0 when every file is read to its end,
 * -1 with a reason (the file cannot be read now; calling again retries).
 * The lines of a block count as read from this call on: positions asked for
 * afterwards stand behind them.
 * After a start the saved lines from replay to offset come first, of what can
 * still be found of them: in no tail_lag(), and in tail_events() only what is
 * gone. */
int tail_read(struct tail *tail, struct tail_block *block, struct err *err);
/* Says the log time of the last line of the block handed out last (the latest,
 * where lines before it may be younger).  Without effect after another
 * tail_read() or a tail_check(). */
void tail_note_time(struct tail *tail, int64_t time);
/* Whether a replay is still to come, as far as known. */
bool tail_is_replaying(const struct tail *tail);

/* A descriptor that becomes readable when something may have happened (inotify
 * on file and folder), for poll(2); -1 where inotify is not to be had. */
int tail_fd(const struct tail *tail);
/* Takes what tail_fd() has to say.  Call tail_check() and tail_read() then. */
void tail_drain(struct tail *tail);
/* Looks at the name and at every open file: rotation, truncation, a file that
 * appeared or became readable.  Call about once a second too, for what events
 * miss (overflow, network file systems). */
void tail_check(struct tail *tail);

/* Present positions, oldest file first; at most TAIL_FILES_MAX.  Returns how
 * many were written.  Zero when no file was ever found.
 * Behind their replay offsets stand all lines that were handed out with a time
 * >= since, as far as times were noted: INT64_MAX is none.  Files that were
 * read to their end and closed and have such lines come before the others, with
 * dev and ino 0, as far as there is room.  While it replays, since has no
 * effect and the saved replay offsets stay. */
enum { TAIL_FILES_MAX = 64 };
size_t tail_positions(const struct tail *tail, int64_t since,
	struct tail_position *out, size_t size);

const char *tail_path(const struct tail *tail);
struct tail_events tail_events(const struct tail *tail);
/* Bytes that exist and are not yet read, as far as known. */
uint64_t tail_lag(const struct tail *tail);
/* Why the name cannot be read now ("No such file or directory", …); NULL when
 * it can.  Borrowed, valid until the next call. */
const char *tail_trouble(const struct tail *tail);

#endif
