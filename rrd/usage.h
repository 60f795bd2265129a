/* SPDX-License-Identifier: ISC */
/*
 * usage — how many bytes the RRD files take, against a cap.
 *
 * Counted once by a walk, then kept by adding up what is made.  The walk also
 * removes the temporary files that a killed process left behind.
 */
#ifndef RRD_USAGE_H
#define RRD_USAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Files below this name's ending are unfinished: FILE.rrd.new… */
#define USAGE_UNFINISHED ".rrd.new"

struct usage {
	uint64_t bytes, max; /* max 0: no cap */
	bool is_told;        /* that 90 % are reached */
};

/* Counts the files below dir; what cannot be read counts as nothing. */
void usage_walk(struct usage *usage, const char *dir);
/* Is there room for so many bytes more? */
bool usage_has_room(const struct usage *usage, uint64_t bytes);
/* Adds (or takes away); true once, when 90 % of the cap are reached. */
bool usage_add(struct usage *usage, int64_t bytes);

#endif
