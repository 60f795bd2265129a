/* SPDX-License-Identifier: ISC */
/*
 * fetch — read a series back: rates per step, as the file has them.
 *
 * Takes the finest archive that covers the range at the step asked for.
 * Changes nothing.
 */
#ifndef RRD_FETCH_H
#define RRD_FETCH_H

#include <stddef.h>
#include <time.h>

#include "lib/err.h"

struct fetch_request {
	const char *path;
	const char *cached; /* rrdcached to be flushed first, or NULL */
	time_t from, to;
	unsigned long step; /* seconds at least, 0: the finest there is */
};

/* Row i stands for the step that ends at from + (i + 1) × step; values[i ×
 * source_count + s] is its rate per second (a gauge: its mean), NaN for
 * unknown.  Sources stand in the file's order. */
struct fetch {
	time_t from;
	unsigned long step;
	size_t row_count, source_count;
	char **sources;
	double *values;
};

int fetch_read(const struct fetch_request *request, struct fetch *out,
	struct err *err);
void fetch_free(struct fetch *fetch);
/* Index of the source, or -1. */
long fetch_source(const struct fetch *fetch, const char *name);

#endif
