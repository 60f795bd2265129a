/* SPDX-License-Identifier: ISC */
/*
 * publish — writes what the collector knows as a snapshot, and takes it back
 * after a restart.
 *
 * Counters and log positions stand in one text, so they can never disagree.
 * mailtally-snapshot(5) is the format; lib/snapshot.h reads it.
 */
#ifndef COLLECTOR_PUBLISH_H
#define COLLECTOR_PUBLISH_H

#include "collector/authority.h"
#include "collector/rows.h"
#include "collector/shares.h"
#include "collector/signs.h"
#include "collector/tail.h"
#include "lib/buf.h"
#include "lib/snapshot.h"

struct publish_input {
	const char *path;
	struct tail_position positions[TAIL_FILES_MAX];
	size_t position_count;
	uint64_t lag, rotations;
};

/* All borrowed. */
struct publish_state {
	int64_t started;    /* Unix time */
	int64_t written_us; /* Unix time in microseconds */
	const char *boot;
	const struct rows *rows;
	struct step *const *steps; /* oldest first */
	size_t step_count;
	const struct authority *authority;
	const struct signs *signs;
	const struct shares *shares;
	int64_t ledger; /* log time up to which messages are settled */
	const struct publish_input *inputs;
	size_t input_count;
};

/* Appends the whole text. */
void publish_format(const struct publish_state *state, struct buf *buf);

/* What publish_restore() fills. */
struct publish_target {
	struct rows *rows; /* new */
	struct authority *authority;
	struct signs *signs;
	struct shares *shares;
	struct step **steps; /* oldest first; the caller's to free */
	size_t step_count;
};

/* Takes rows, steps, authority, signs and successes back.  Counters that the
 * catalogue does not have any more are dropped.  -1 with a sentence if a row
 * cannot be. */
int publish_restore(const struct snapshot *snapshot,
	struct publish_target *target, struct err *err);

#endif
