/* SPDX-License-Identifier: ISC */
/*
 * dispatch — from a program's name to the sections that know its lines.
 *
 * Each name is compared with the sections' program patterns once; the answer is
 * kept in a table, so a line costs one look-up.  The table is bounded: names
 * beyond it are compared again each time.
 */
#ifndef COLLECTOR_DISPATCH_H
#define COLLECTOR_DISPATCH_H

#include "collector/ruleset.h"

enum { DISPATCH_SECTIONS_MAX = 32 };

struct dispatch_entry {
	struct slice program;
	uint64_t hash;
	int source; /* of the first section; -1 if there is none */
	size_t count;
	struct rule_section *sections[DISPATCH_SECTIONS_MAX];
};

struct dispatch;

/* The ruleset must outlive it. */
struct dispatch *dispatch_new(const struct ruleset *set);
void dispatch_free(struct dispatch *dispatch);

/* Valid until the next call. */
const struct dispatch_entry *dispatch_find(
	struct dispatch *dispatch, struct slice program);

#endif
