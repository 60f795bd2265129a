/* SPDX-License-Identifier: ISC */
/*
 * gunzip — the text inside a gzip file, piece by piece.
 *
 * A file that ends too early is not an error: it may still be growing, and
 * reading goes on where it stopped.  Several members in a row are one text.
 * Reads by offset: the descriptor's own position is neither used nor moved.
 */
#ifndef COLLECTOR_GUNZIP_H
#define COLLECTOR_GUNZIP_H

#include <stddef.h>

struct gunzip;

enum gunzip_state {
	GUNZIP_DATA,  /* *got bytes */
	GUNZIP_END,   /* complete, with its trailer */
	GUNZIP_SHORT, /* the file ends before its trailer; calling again looks
			 for more */
	GUNZIP_BAD,   /* not gzip, or damaged from here on */
	GUNZIP_ERROR  /* cannot be read, see errno */
};

/* fd is borrowed and must outlive the result. */
struct gunzip *gunzip_open(int fd);
void gunzip_close(struct gunzip *gunzip);

/* Writes 1 to size bytes with GUNZIP_DATA, none with any other state. */
enum gunzip_state gunzip_read(
	struct gunzip *gunzip, char *out, size_t size, size_t *got);
/* Compressed bytes taken so far. */
size_t gunzip_taken(const struct gunzip *gunzip);

#endif
