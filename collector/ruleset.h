/* SPDX-License-Identifier: ISC */
/*
 * ruleset — what rule files are turned into.
 *
 *   ruleset ─► section (programs of one source) ─► rule ─► actions
 *
 * Plain data: rulefile.c fills it, rules.c runs it, nobody else looks inside.
 */
#ifndef COLLECTOR_RULESET_H
#define COLLECTOR_RULESET_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/catalogue.h"
#include "collector/match.h"
#include "collector/ruleneed.h"

enum {
	RULE_COUNTERS_MAX = 8,  /* actions of a rule, counters of a word */
	RULE_ADDITIONS_MAX = 16 /* that one line may make */
};

/* A word of a table and what it adds to; no counters: ignored. */
struct rule_word {
	char *word; /* lower case */
	int counters[RULE_COUNTERS_MAX];
	size_t count;
};

struct rule_table {
	char *name;
	struct rule_word *words;
	size_t count, capacity;
};

enum rule_verb {
	RULE_ADD,        /* counter */
	RULE_ADD_NUMBER, /* counter+=group */
	RULE_LOOK_UP,    /* @group */
	RULE_CHOOSE      /* group?counter:other */
};

struct rule_action {
	enum rule_verb verb;
	int counter, other;
	int group; /* number within the section's match set */
	size_t table;
};

struct rule {
	const char *file; /* borrowed from the ruleset */
	unsigned line;
	struct rule_action actions[RULE_COUNTERS_MAX];
	size_t action_count; /* 0: ignore */
	int queue_id;        /* groups, 0 for none */
	int domains[CATALOGUE_DOMAINS];
};

struct rule_section {
	size_t source;
	struct match_set *programs; /* patterns of their names */
	struct rule *rules;
	size_t rule_count, rule_capacity;
	struct match_set *match;
};

struct rule_alias {
	char *name, *program;
};

struct ruleset {
	char **files; /* names, for messages */
	size_t file_count, file_capacity;
	char **sources;
	size_t source_count, source_capacity;
	struct rule_section *sections; /* in the order they are tried */
	size_t section_count, section_capacity;
	struct rule_table *tables;
	size_t table_count, table_capacity;
	struct rule_alias *aliases;
	size_t alias_count, alias_capacity;
	struct rule_need *needs;
	size_t need_count, need_capacity;
};

void ruleset_free(struct ruleset *set);

#endif
