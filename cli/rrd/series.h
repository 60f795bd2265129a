/* SPDX-License-Identifier: ISC */
/*
 * series — counts per step of several counters, from their files.
 *
 * Reads the finest archive that reaches back far enough and adds its rows up
 * to the step asked for: what is known of a step counts, and a step is unknown
 * where nothing of it is known.
 */
#ifndef CLI_RRD_SERIES_H
#define CLI_RRD_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/rrd/where.h"

struct series_request {
	const struct where *where;
	char **counters; /* GROUP.WORD */
	size_t count;
	time_t from, to;
	long step;
};

/* Row i begins at from + i × step; values[i × count + c] is NaN if unknown.
 * A gauge's value is its mean. */
struct series {
	time_t from;
	long step;
	size_t row_count, count;
	double *values;
	bool *is_gauge;
};

/* The step may come out longer than asked for, where so fine is not kept. */
int series_read(const struct series_request *request, struct series *out,
	struct err *err);
void series_free(struct series *series);
/* The sum over all rows; NaN for a gauge or if nothing is known. */
double series_total(const struct series *series, size_t counter);

#endif
