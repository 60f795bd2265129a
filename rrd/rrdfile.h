/* SPDX-License-Identifier: ISC */
/*
 * rrdfile — one RRD file: read its head, create, extend, update.
 *
 * librrd's calls with their errors made into sentences.  Every function either
 * did its work or left the file as it was, but for an update that is killed or
 * fails in the middle: see undo.h.
 */
#ifndef RRD_RRDFILE_H
#define RRD_RRDFILE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "lib/err.h"
#include "rrd/store.h"

/* What the head says: last update, and per data source its name and the value
 * of the last update (STORE_UNKNOWN when it has none). */
struct rrdfile {
	time_t last;
	size_t count;
	char **names;
	uint64_t *values; /* NULL: cannot be told */
	size_t head_size; /* bytes before the first row */
};

enum rrdfile_state {
	RRDFILE_ERROR = -1, /* err says why */
	RRDFILE_READ,
	RRDFILE_ABSENT,
	RRDFILE_DAMAGED, /* readable, but no RRD file: err says why */
};

/* Fills out when RRDFILE_READ; rrdfile_free() it. */
enum rrdfile_state rrdfile_read(
	const char *path, struct rrdfile *out, struct err *err);
void rrdfile_free(struct rrdfile *file);

/* Makes (or replaces) the file, with nothing in it, begun at start. */
int rrdfile_create(const char *path, time_t start,
	const struct store_series *series, struct err *err);
/* Adds the series' sources that the file lacks, and their number to *added. */
int rrdfile_extend(const char *path, const struct store_series *series,
	size_t *added, struct err *err);
/* DS:… and RRA:… of a new file; their number to *count.  Free each and all. */
char **rrdfile_definitions(const struct store_series *series, size_t *count);

/* Update lines TIME:VALUE:…, values in the file's order. */
struct rrdfile_lines {
	const char **items;
	size_t count;
};
int rrdfile_update(
	const char *path, const struct rrdfile_lines *lines, struct err *err);
/* Makes `to` a copy of `from`, replacing it. */
int rrdfile_copy(const char *from, const char *to, struct err *err);
/* Renames the file to NAME.damaged-YYYYMMDDTHHMMSS, which it writes to `to`. */
int rrdfile_set_aside(const char *path, char *to, size_t size, struct err *err);

#endif
