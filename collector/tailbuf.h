/* SPDX-License-Identifier: ISC */
/*
 * tailbuf — the bytes of a followed file in memory, cut into whole lines.
 *
 *   data:  [ mark | whole lines and a partial one | room ]
 *                 ^start = offset                 ^len = end
 *
 * At least TAIL_MARK_SIZE bytes before the offset and before the end (or all
 * there are) stay: they make the hash of a position.  Memory is bounded
 * whatever the bytes are.  Does no input or output.
 */
#ifndef COLLECTOR_TAILBUF_H
#define COLLECTOR_TAILBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/tail.h"

struct tailbuf {
	char *data;
	size_t start, len;
	uint64_t offset;    /* in the file: behind the last line taken */
	uint64_t end;       /* in the file: behind all that was added */
	char *long_line;    /* the first TAIL_LINE_MAX bytes of a longer one */
	bool is_skipping;   /* the rest of that line is not over yet */
	uint64_t mark_hash; /* the mark before that line */
	uint64_t cut;       /* such lines taken */
};

/* The size of the mark before an offset. */
size_t tailbuf_mark_size(uint64_t offset);

/* Begins anew at an offset and gives the place to put its mark. */
char *tailbuf_begin(struct tailbuf *buf, uint64_t offset);
void tailbuf_free(struct tailbuf *buf);

/* Where the next bytes of the file go; returns for how many there is room. */
size_t tailbuf_room(struct tailbuf *buf, char **out);
/* That many bytes were put there. */
void tailbuf_add(struct tailbuf *buf, size_t size);
/* Takes the next block of whole lines, valid until the next tailbuf_room().
 * False: more bytes are needed. */
bool tailbuf_take(struct tailbuf *buf, struct tail_block *block);
/* Whether it would take one without more bytes. */
bool tailbuf_has_block(const struct tailbuf *buf);
/* Lets go all bytes added so far: the offset moves to the end. */
void tailbuf_pass(struct tailbuf *buf);

/* The hash of the mark before the offset, and before the end. */
uint64_t tailbuf_hash(const struct tailbuf *buf);
uint64_t tailbuf_end_hash(const struct tailbuf *buf);
/* The tailbuf_mark_size(end) bytes before the end. */
const char *tailbuf_end_mark(const struct tailbuf *buf);

#endif
