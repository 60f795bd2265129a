/* SPDX-License-Identifier: ISC */
/*
 * younger — which alerts have a change behind a given number.
 *
 * Remembers what it has seen of a list that only grows at its end, so that
 * each change is looked at once however many alerts are asked about.  May say
 * yes for a change that is gone from the list by now.
 */
#ifndef AGENT_YOUNGER_H
#define AGENT_YOUNGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/view.h"

/* Zero-initialise. */
struct younger {
	uint64_t from, upto; /* the changes behind from, up to upto */
	uint64_t *hashes;    /* of their alerts, ascending */
	size_t count, capacity;
};

/* A change of the view's snapshot, or of one before, whose number is above
 * from. */
bool younger_has(struct younger *younger, const struct view *view,
	uint64_t from, const struct view_alert *alert);
/* Forgets all: for when numbers begin anew.  Nothing is left to be freed. */
void younger_clear(struct younger *younger);

#endif
