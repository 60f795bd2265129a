/* SPDX-License-Identifier: ISC */
/*
 * ruleaction — what a rule does: reads the words behind a pattern.  A part of
 * rulefile.c.
 */
#ifndef COLLECTOR_RULEACTION_H
#define COLLECTOR_RULEACTION_H

#include "collector/ruleset.h"
#include "lib/err.h"
#include "lib/slice.h"

/* What the words may name. */
struct ruleaction_names {
	const struct catalogue *catalogue;
	const struct match_groups *groups; /* of the rule and around it */
	const struct rule_table *tables;   /* of the whole ruleset */
	size_t first_table, table_count;   /* those of this file */
};

/* counter, counter+=group, counter+=#group, @group, group?counter:other, =fact,
 * or ignore alone. */
int ruleaction_parse(const struct ruleaction_names *names, struct slice words,
	struct rule *rule, struct err *why);

/* Index in the catalogue, or -1 with a sentence. */
int ruleaction_counter(
	const struct catalogue *catalogue, struct slice name, struct err *why);

/* Number of the innermost group of this name, 0 for none. */
uint16_t ruleaction_group(const struct match_groups *groups, struct slice name);

#endif
