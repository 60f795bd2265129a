/* SPDX-License-Identifier: ISC */
/*
 * rulelist — takes a text apart into items and finds a list's words among them.
 *
 *   NAME[=score][(score)][{option;option;}][[…]]  between ',', ']' or blanks
 *
 * One pass over the text, nothing is allocated.  What stands in brackets is
 * skipped, because strangers write it; so a ']' does not end the text.
 * Does not know what a word means: see mailtally-rules(5), "list".
 */
#ifndef COLLECTOR_RULELIST_H
#define COLLECTOR_RULELIST_H

#include "collector/ruleset.h"
#include "lib/err.h"
#include "lib/slice.h"

struct rulelist_item {
	struct slice name;
	size_t options; /* each ends in ';'; 0 without braces */
};

/* Cuts the next item off *text; false at the end.  *form is for this function
 * alone, '\0' before the first item. */
bool rulelist_take_item(
	struct slice *text, char *form, struct rulelist_item *item);

/* The word that decides for a group of counters; NULL for none. */
struct rulelist_found {
	const struct rule_word *word;
	size_t options; /* of the word's item, at least 1 */
};

/* Fills as many as the list has groups. */
void rulelist_find(const struct rule_table *list, struct slice text,
	struct rulelist_found *found);

/* Sets the group of the word that was added last; -1 if there are too many. */
int rulelist_add(struct rule_table *list, const struct catalogue *catalogue,
	struct err *why);

#endif
