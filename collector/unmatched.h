/* SPDX-License-Identifier: ISC */
/*
 * unmatched — the last lines of known programs that no rule knew.
 *
 * A daemon that changes its words after an upgrade is itself a breakage; these
 * lines show it.  Control characters are replaced; bounded.
 */
#ifndef COLLECTOR_UNMATCHED_H
#define COLLECTOR_UNMATCHED_H

#include "lib/err.h"
#include "lib/slice.h"

enum { UNMATCHED_LINES = 100, UNMATCHED_LINE_MAX = 1024 };

struct unmatched;

struct unmatched *unmatched_new(void);
void unmatched_free(struct unmatched *unmatched);

void unmatched_add(struct unmatched *unmatched, struct slice line);

/* A file of such lines, oldest first.  Loading a file that is missing or
 * unreadable changes nothing.  Saving does nothing when nothing was added since
 * the last time. */
void unmatched_load(struct unmatched *unmatched, const char *path);
int unmatched_save(
	struct unmatched *unmatched, const char *path, struct err *err);

#endif
