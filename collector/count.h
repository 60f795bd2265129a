/* SPDX-License-Identifier: ISC */
/*
 * count — from what a line says to what is counted, in which rows.
 *
 *   line ─► rules ─► (ledger: joins what is known of messages in flight) ─►
 * rows
 *
 * Source rows count what the line says.  Total, host and domain rows take the
 * verdicts of the source that has the authority.  Does not know files, steps'
 * ends or the wall clock.
 */
#ifndef COLLECTOR_COUNT_H
#define COLLECTOR_COUNT_H

#include "collector/authority.h"
#include "collector/line.h"
#include "collector/rows.h"
#include "collector/rules.h"

struct count;

/* All are borrowed and must outlive it. */
struct count *count_new(
	struct rules *rules, struct rows *rows, struct authority *authority);
void count_free(struct count *count);

/* Counts one line in this step.  is_log: line_parse() could read it.  The
 * outcome stays valid until the next call. */
const struct rules_outcome *count_line(struct count *count,
	const struct line *line, bool is_log, struct step *step);

/* Adds to a counter of the total row that no line stands for (log.rotations …).
 */
void count_event(struct count *count, const char *name, uint64_t amount,
	struct step *step);

#endif
