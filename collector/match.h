/* SPDX-License-Identifier: ISC */
/*
 * match — many rules as one JIT-compiled alternation.  The only module that
 * includes pcre2.h.
 *
 * A set is built from pieces in order (open a prefix, add a rule, close), so
 * that its text is (?|(?>prefix)(?|(?:rule)(*MARK:0)|(?:rule)(*MARK:1)…)…).
 * Patterns are bytes, anchored where they begin; only named groups capture.
 */
#ifndef COLLECTOR_MATCH_H
#define COLLECTOR_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/slice.h"

enum { MATCH_DEPTH_MAX = 8 };

struct match_set;

/* A group's name and its number within the whole set. */
struct match_group {
	char *name;
	int number;
};

/* The groups that a rule can use: its own and those of the prefixes around it.
 */
struct match_groups {
	struct match_group *items;
	size_t count, capacity;
};

/* What a run needs besides the set: one for all, as one is run at a time and a
 * processor's first cache is small.  It must outlive its sets. */
struct match_room;
struct match_room *match_room_new(void);
void match_room_free(struct match_room *room);

/* is_checked: pieces that somebody else wrote, each of which must be good by
 * itself.  Without, the caller knows that they are. */
struct match_set *match_new(struct match_room *room, bool is_checked);
void match_free(struct match_set *set);

/* -1 with what is wrong and where.  Adds the pattern's groups to *groups
 * (numbers of the whole set). */
int match_open(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err);
void match_close(struct match_set *set);
/* The next rule; its identity is the count of match_add() calls before. */
int match_add(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err);
/* Compiles, if that is still to be done: the first match_run() does it, too.
 * No piece can be added any more. */
int match_compile(struct match_set *set, struct err *err);

enum match_result { MATCH_NONE, MATCH_RULE, MATCH_LIMIT };

struct match {
	int rule;
	const char *subject;
	const size_t *offsets; /* valid until the room's next match_run() */
	int groups;            /* groups below this number have offsets */
};

/* MATCH_LIMIT: a match limit was hit; the line is hostile or the rule bad, or
 * the set cannot be compiled. */
enum match_result match_run(
	struct match_set *set, struct slice subject, struct match *match);

/* The text that the group captured; absent if it took no part. */
static inline struct slice
match_text(const struct match *match, int group)
{
	if (group <= 0 || group >= match->groups ||
		match->offsets[2 * group] == (size_t)-1)
		return (struct slice){NULL, 0};
	size_t from = match->offsets[2 * group];
	return (struct slice){
		match->subject + from, match->offsets[2 * group + 1] - from};
}

void match_groups_free(struct match_groups *groups);

#endif
