/* SPDX-License-Identifier: ISC */
/*
 * store — the RRD files: create, feed, mend.
 *
 * One file per row and group, DIR/KIND/KEY/GROUP.rrd, one data source per
 * counter, fed with cumulative values at log time.  Feeding is idempotent: a
 * step that a file already has is skipped, so what was interrupted is simply
 * fed again.  A damaged file is set aside; a missing data source is added in
 * place; nothing is ever recreated while it can be read.
 *
 * A kill in the middle of an update is taken back by the next store_open()
 * (DIR/undo), so one process at a time feeds a folder.
 *
 * Does not log: what was mended is told through store_note().
 */
#ifndef RRD_STORE_H
#define RRD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "lib/err.h"

enum { STORE_STEP_S = 60, STORE_HEARTBEAT_S = 600 };

struct store;

/* One counter of a group. */
struct store_source {
	const char *name; /* 1 to 19 of [a-z0-9_] */
	bool is_gauge;
};

/* Which file: path parts are escaped by the store. */
struct store_series {
	const char *kind, *key, *group;
	const struct store_source *sources;
	size_t source_count;
};

/* The value that stands for "not known" (gauges only). */
#define STORE_UNKNOWN UINT64_MAX

/* Steps to feed, oldest first, without holes: times[i] = times[0] +
 * i × STORE_STEP_S, each a multiple of STORE_STEP_S.  values[i × source_count
 * + s] is the cumulative value at times[i]; before[s] the one at times[0] -
 * STORE_STEP_S, which a new file gets first so that its first step is known. */
struct store_steps {
	const time_t *times;
	size_t count;
	const uint64_t *values;
	const uint64_t *before;
};

/* dir is made if missing.  cached is an rrdcached address or NULL.  size_max is
 * a cap in bytes on the whole store, 0 for none: no new file is created above
 * it. */
struct store_options {
	const char *dir, *cached;
	uint64_t size_max;
};

struct store *store_open(const struct store_options *options, struct err *err);
void store_close(struct store *store);

/* 0 when the file has every step now; -1 when it has not (disk full, rrdcached
 * away …): call again later with the same steps.  A series that cannot be
 * created because of size_max is reported once by store_note() and then
 * skipped with 0. */
int store_feed(struct store *store, const struct store_series *series,
	const struct store_steps *steps, struct err *err);

/* What was set aside, extended or refused since the last call, one sentence at
 * a time; NULL when there is no more.  Borrowed until the next call. */
const char *store_note(struct store *store);

/* Writes DIR/KIND/KEY/GROUP.rrd, escaped, into out; the kind total has one row,
 * whose key is always "total" here.  -1 when it does not fit. */
int store_path(const struct store *store, const struct store_series *series,
	char *out, size_t size);

#endif
