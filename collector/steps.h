/* SPDX-License-Identifier: ISC */
/*
 * steps — the minutes of log time that are not yet history.
 *
 *   confirmed ──────── closed ──────── now
 *   in rows' base │ to be recorded │ open: lines count here
 *
 * Log time decides the step of a line.  Who closes a step, and when, is the
 * caller's affair; a closed step takes no line any more.  Knows no clock.
 */
#ifndef COLLECTOR_STEPS_H
#define COLLECTOR_STEPS_H

#include <stdbool.h>

#include "collector/rows.h"

struct steps {
	struct step *
		*items; /* ascending by end; never empty once a line came */
	size_t count, capacity;
	int64_t confirmed; /* end of the last confirmed step; 0: none yet */
	int64_t closed;    /* end of the last closed step */
	bool has_closed;   /* before, an older line moves the beginning back */
};

/* End of the step that a time belongs to. */
int64_t steps_end_of(int64_t time);

/* The step for a line of this time; the oldest open one, with *is_late, if its
 * own is closed already. */
struct step *steps_for(struct steps *steps, int64_t time, bool *is_late);

/* Closes all steps that end at or before `until`; going back has no effect. */
void steps_close(struct steps *steps, int64_t until);

/* Adds the steps that end at or before `until` to the rows' bases and forgets
 * them. */
void steps_confirm(struct steps *steps, struct rows *rows, int64_t until);

/* While history cannot be written: merges the oldest steps until at most `max`
 * are left.  Sums stay right, only their minutes get coarser. */
void steps_fold(struct steps *steps, const struct rows *rows, size_t max);

/* Takes over what a snapshot held (oldest first). */
void steps_restore(struct steps *steps, struct step **items, size_t count);
void steps_free(struct steps *steps);

#endif
