/* SPDX-License-Identifier: ISC */
/*
 * archive — how long which resolution is kept: the archives of every file.
 */
#ifndef RRD_ARCHIVE_H
#define RRD_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

struct archive {
	const char *function; /* AVERAGE or MAX */
	unsigned long steps;  /* one row stands for so many steps */
	unsigned long rows;
};

/* The table, finest first; count is set. */
const struct archive *archive_table(size_t *count);

/* About the size of a file with so many data sources, in bytes. */
uint64_t archive_size(size_t source_count);

#endif
