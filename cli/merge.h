/* SPDX-License-Identifier: ISC */
/*
 * merge — the lines of several finished logs in the order of their stamps.
 *
 * Lines of one file keep their order; among files the earliest stamp comes
 * first, the file named first where they are equal.
 */
#ifndef CLI_MERGE_H
#define CLI_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/line.h"
#include "lib/err.h"

struct merge;

/* A line and where it stands. */
struct merge_line {
	struct line line;
	bool is_log; /* line_parse() could read it */
	const char *file;
	unsigned long number; /* within its file, from 1 */
};

/* paths is borrowed; first_year is the year of each file's first stamp, 0 to
 * infer it.  NULL with a sentence if one cannot be opened. */
struct merge *merge_open(
	char *const *paths, size_t count, int first_year, struct err *err);
void merge_close(struct merge *merge);

/* The next line: 1, or 0 at the end of all, or -1 with a sentence: the file it
 * names is given up, calling again goes on with the others.  *line is valid
 * until the next call. */
int merge_next(
	struct merge *merge, const struct merge_line **line, struct err *err);

/* Part of all bytes that is read, 0 to 1; below 0 if not known. */
double merge_progress(const struct merge *merge);

#endif
