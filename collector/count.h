/* SPDX-License-Identifier: ISC */
/*
 * count — from what a line says to what is counted, in which rows.
 *
 *   line ─► rules ─► messages ─► rows
 *
 * Source rows count what the line says.  Total, host and domain rows take the
 * verdicts of the source that has the authority, once per message.  Does not
 * know files, steps' ends or the wall clock.
 */
#ifndef COLLECTOR_COUNT_H
#define COLLECTOR_COUNT_H

#include "collector/authority.h"
#include "collector/line.h"
#include "collector/rows.h"
#include "collector/rules.h"
#include "collector/shares.h"
#include "collector/signs.h"
#include "lib/config.h"

struct count;

/* All are borrowed and must outlive it. */
struct count_parts {
	const struct config *config;
	struct rules *rules;
	struct rows *rows;
	struct authority *authority;
	struct signs *signs;
	struct shares *shares;
};

/* NULL with a sentence if the configuration has a network that is none. */
struct count *count_new(const struct count_parts *parts, struct err *err);
void count_free(struct count *count);

/* Counts one line in this step.  is_log: line_parse() could read it.  The
 * outcome stays valid until the next call. */
const struct rules_outcome *count_line(struct count *count,
	const struct line *line, bool is_log, struct step *step);

/* No line before this log time is to come: what waited for it counts in this
 * step.  INT64_MAX: no line at all. */
void count_advance(struct count *count, int64_t time, struct step *step);
int64_t count_clock(const struct count *count);

/* How many logs the lines come from; one, if nothing is said. */
void count_expect_logs(struct count *count, size_t logs);

/* After a restart: what was due up to this log time counted before it. */
void count_resume(struct count *count, int64_t time);

/* While muted, lines only tell the ledger what it knew before a restart. */
void count_mute(struct count *count, bool is_muted);

/* Adds to a counter of the total row that no line stands for (log.rotations …).
 */
void count_event(struct count *count, const char *name, uint64_t amount,
	struct step *step);

#endif
