/* SPDX-License-Identifier: ISC */
/*
 * record — writes closed steps to history, and confirms them.
 *
 * Every minute is written, zeros too.  A step is confirmed once every file has
 * it; until then it stays in memory and in the snapshot, and is fed again.
 * The snapshot that holds the steps must have been published before.
 */
#ifndef COLLECTOR_RECORD_H
#define COLLECTOR_RECORD_H

#include "collector/steps.h"
#include "lib/config.h"
#include "rrd/store.h"

struct record;

/* config and rows are borrowed. */
struct record *record_new(
	const struct config *config, struct rows *rows, struct err *err);
void record_free(struct record *record);

/* Records what is closed, at most RECORD_CHUNK minutes a call.  1: more is
 * left; 0: all done; -1: a file cannot be written now, call again later.  now
 * is Unix time: gauges are only known for the last minutes. */
enum { RECORD_CHUNK = 240 };
int record_steps(struct record *record, struct steps *steps, int64_t now,
	struct err *err);

/* See store_note(). */
const char *record_note(struct record *record);

#endif
