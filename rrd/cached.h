/* SPDX-License-Identifier: ISC */
/*
 * cached — one rrdcached daemon, as the way to the files.
 *
 * Over a unix socket the daemon sees our files: we create and mend them, it
 * only takes the updates.  Over TCP it owns them, below its base directory,
 * under our path without the leading slash.  librrd holds one connection per
 * process; any failure drops it, and the next call connects again.
 * The only file that includes rrd_client.h.
 */
#ifndef RRD_CACHED_H
#define RRD_CACHED_H

#include <stdbool.h>
#include <time.h>

#include "lib/err.h"
#include "rrd/rrdfile.h"

struct cached;

/* unix:PATH, /PATH or HOST[:PORT].  Does not connect yet. */
struct cached *cached_open(const char *address);
void cached_close(struct cached *cached);

/* The daemon's files are not ours to open. */
bool cached_is_remote(const struct cached *cached);
/* Grows with each new connection: whoever answers there may know more or less
 * than the one before. */
unsigned cached_generation(const struct cached *cached);

/* Connects if need be. */
int cached_connect(struct cached *cached, struct err *err);
/* Everything for this file is written; a file that does not exist is fine. */
int cached_flush(struct cached *cached, const char *path, struct err *err);
/* The daemon drops what it knows of a file that we replaced. */
int cached_forget(struct cached *cached, const char *path, struct err *err);
/* Update lines as rrdfile_update() takes them; 0 when the file has them. */
int cached_update(struct cached *cached, const char *path,
	const struct rrdfile_lines *lines, struct err *err);

/* For remote files; out->values are all unknown. */
enum rrdfile_state cached_read(struct cached *cached, const char *path,
	struct rrdfile *out, struct err *err);
/* The daemon must run with -R, or have the folder already. */
struct cached_new {
	const char *path;
	time_t start;
	const struct store_series *series;
};
int cached_create(
	struct cached *cached, const struct cached_new *file, struct err *err);

#endif
