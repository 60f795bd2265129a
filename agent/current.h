/* SPDX-License-Identifier: ISC */
/*
 * current — the snapshot that requests are answered from, as it is now.
 *
 * Looks whether the file is another one, reads it, and keeps the old view where
 * the new file is no good: each trouble is logged once, and once that it is
 * over.  The view stays the same between two calls of current_look().
 */
#ifndef AGENT_CURRENT_H
#define AGENT_CURRENT_H

#include "agent/area.h"

enum { CURRENT_REST_MS = 200 }; /* between one look and the next */

struct current;

struct current *current_new(const char *path);
void current_free(struct current *current);

/* At most one look each CURRENT_REST_MS; now_ms is the monotonic clock.  True
 * when there is another view: what was taken from the old one is gone. */
bool current_look(struct current *current, int64_t now_ms);

/* Fills in all but what the agent knows of notifications; the view is NULL as
 * long as none could be read.  uptime is sysUpTime, in hundredths of a second;
 * counting_since stays the same while that goes on, give or take 1 s. */
void current_moment(struct current *current, int64_t now_ms, uint32_t uptime,
	struct moment *moment);

#endif
