/* SPDX-License-Identifier: ISC */
/*
 * changes — which change of an alert is to be told next, and which were told.
 *
 * The snapshot's list of changes is the queue; kept is only the number of the
 * last one told, in a file.  Each change is told at least once, and once if
 * nobody is killed and no connection lost.
 *
 * Where that cannot be, the present state of the alerts is told instead, each
 * with the number of the newest change and its own SINCE as the time:
 *  - changes are gone before they were told, which counts them as dropped: all
 *    alerts whose SINCE is not before the last change told; raised and silenced
 *    as raised, clear and pending as cleared, other states not at all;
 *  - the numbers began anew (the newest is below the last told, or that one
 *    has another time now): the same; dropped are those of the new numbers that
 *    are gone, as nobody knows how many there were of the old ones;
 *  - there is no file, or a damaged one: the alerts that are raised now.
 * Sends nothing, and logs nothing.
 */
#ifndef AGENT_CHANGES_H
#define AGENT_CHANGES_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "agent/view.h"
#include "lib/err.h"

struct changes;

/* Texts are harmless as a view's are, but the severity is any word; they live
 * until the next call or the end of the view. */
struct change_told {
	bool is_raised;
	uint32_t number; /* of the change, modulo 2^32 */
	time_t time;
	const char *name, *key, *severity, *value, *threshold, *text;
};

/* Never NULL.  err->text says what is wrong with the file, "" if nothing. */
struct changes *changes_open(const char *path, struct err *err);
void changes_free(struct changes *changes);

/* What is to be told now: it counts as handed over.  False: nothing, and told
 * is untouched.  view may be NULL, and need not be the one of the last call. */
bool changes_next(struct changes *changes, const struct view *view,
	struct change_told *told);
/* All that was handed over has been read. */
void changes_confirm(struct changes *changes);
/* The connection was lost: what is not confirmed will be handed over again. */
void changes_again(struct changes *changes);
/* Writes the file if the last change confirmed is another than the one in it;
 * not durable.  -1 with a sentence; the next call tries again. */
int changes_save(struct changes *changes, struct err *err);

/* Since changes_open(), never descending: handed over, with repetitions; gone
 * before they could be. */
uint64_t changes_sent(const struct changes *changes);
uint64_t changes_dropped(const struct changes *changes);

#endif
