/* SPDX-License-Identifier: ISC */
/*
 * path — where the RRD file of a series stands.
 *
 * Keys come from mail logs, so from strangers: whatever a key holds, its path
 * stays below DIR, and two keys never share one file.  Knows no RRD.
 */
#ifndef RRD_PATH_H
#define RRD_PATH_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

enum { PATH_SIZE = 4096, PATH_PART_MAX = 200 };

/* Appends one part: [a-z0-9_-] and a dot that is not the first stay, any other
 * byte becomes %XX, nothing becomes "%".  A part that would be longer than
 * PATH_PART_MAX is cut and ends in "%-" and a hash of the whole. */
void path_escape(struct buf *buf, const char *text);

/* Writes DIR/KIND/KEY/GROUP.rrd into out; -1 when it does not fit.  parts are
 * DIR, KIND, KEY, GROUP; the one row of the kind total has the key total,
 * whatever KEY says. */
int path_series(const char *const parts[4], char *out, size_t size);

/* Makes the folders that stand in path behind its first `from` bytes. */
int path_make_folders(const char *path, size_t from, struct err *err);

#endif
