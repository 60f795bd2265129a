/* SPDX-License-Identifier: ISC */
/*
 * lines — steps as the update lines of one RRD file.
 *
 * Decides what a file still lacks and in which order its data sources stand;
 * touches no file.
 */
#ifndef RRD_LINES_H
#define RRD_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "rrd/rrdfile.h"
#include "rrd/store.h"

struct lines {
	struct rrdfile_lines out; /* valid until lines_free() */
	struct buf text;
	size_t *starts, capacity;
	size_t *sources; /* per data source: the series' source, or none */
};

/* How many sources of the series the file has no data source for. */
size_t lines_lacking(
	const struct rrdfile *file, const struct store_series *series);

/* What brings the file up to the last step: nothing for steps that it has.
 * A hole before the first step is closed with the `before` values.  Where the
 * file's last values are not those that the steps go on from (a data source
 * that is new, a counter that began anew, an update that was cut off), a line a
 * moment behind the last update sets them right first. */
void lines_build(struct lines *lines, const struct rrdfile *file,
	const struct store_series *series, const struct store_steps *steps);
/* Notes in the head that the lines were fed. */
void lines_confirm(const struct lines *lines, struct rrdfile *file,
	const struct store_series *series, const struct store_steps *steps);
void lines_free(struct lines *lines);

#endif
