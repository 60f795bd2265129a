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
#include <stdint.h>

#include "collector/catalogue.h"
#include "collector/match.h"
#include "collector/ruleneed.h"
#include "lib/slice.h"

enum {
	RULE_COUNTERS_MAX = 8,   /* actions of a rule, counters of a word */
	RULE_ADDITIONS_MAX = 16, /* that one line may make */
	RULE_LIST_GROUPS_MAX = 8 /* of counters, in a list */
};

/* A word of a table or list and what it adds to; no counters: ignored. */
struct rule_word {
	char *word; /* lower case in a table */
	size_t len;
	int counters[RULE_COUNTERS_MAX];
	bool is_per_option[RULE_COUNTERS_MAX]; /* counter+=options, in a list */
	size_t count;
	size_t group; /* in a list: that of the first counter, from 0 */
};

struct rule_table {
	char *name;
	bool is_list;
	bool is_results;    /* a list of authentication results */
	size_t group_count; /* of a list */
	struct rule_word *words;
	size_t count, capacity;
};

enum rule_verb {
	RULE_ADD,        /* counter */
	RULE_ADD_NUMBER, /* counter+=group */
	RULE_ADD_ITEMS,  /* counter+=#group */
	RULE_LOOK_UP,    /* @group */
	RULE_CHOOSE      /* group?counter:other */
};

/* What a line tells the ledger (messages.h). */
enum rule_fact {
	RULE_NO_FACT,
	RULE_ARRIVED,   /* a client began it: client login orig origin */
	RULE_SUBMITTED, /* begun on this machine */
	RULE_CREATED,   /* its beginning, whoever began it */
	RULE_ACTIVE,    /* in the active queue: mailfrom size nrcpt */
	RULE_DELIVERED, /* by smtp(8): relay */
	RULE_FILTERED,  /* handed to a content filter */
	RULE_REQUEUED,  /* a filter put it back: next */
	RULE_REMOVED,
	RULE_EXPIRED,
	RULE_PROBED, /* of an address, no mail */
	RULE_HELD,   /* on hold, without a reason */
	RULE_FACTS
};
extern const char *const rule_fact_names[RULE_FACTS];

/* Groups that the ledger reads. */
enum rule_group {
	RULE_CLIENT, /* address of the client */
	RULE_LOGIN,  /* there, whatever it is: the client logged in */
	RULE_ORIG,   /* queue id before a content filter */
	RULE_ORIGIN, /* address of the client before a content filter */
	RULE_RELAY,  /* name[address]:port */
	RULE_NEXT,   /* queue id behind a content filter */
	RULE_SIZE,
	RULE_NRCPT,
	RULE_GROUPS
};
extern const char *const rule_group_names[RULE_GROUPS];

struct rule_action {
	enum rule_verb verb;
	int counter, other;
	int group; /* number within the section's match set */
	unsigned table;
};

/* What a line needs of its rule comes first: the rules of a log's lines are
 * more than a processor keeps at hand. */
struct rule {
	enum rule_fact fact;
	unsigned action_count; /* 0: ignore */
	uint16_t queue_id;     /* groups, 0 for none */
	uint16_t domains[CATALOGUE_DOMAINS];
	uint16_t groups[RULE_GROUPS];
	struct rule_action actions[RULE_COUNTERS_MAX];
	unsigned line;
	const char *file; /* borrowed from the ruleset */
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
	struct match_room *room;       /* of all sections */
	struct rule_section *sections; /* in the order they are tried */
	size_t section_count, section_capacity;
	struct rule_table *tables;
	size_t table_count, table_capacity;
	struct rule_alias *aliases;
	size_t alias_count, alias_capacity;
	struct rule_need *needs;
	size_t need_count, need_capacity;
};

/* Takes the need's setting over. */
void ruleset_add_need(struct ruleset *set, const struct rule_need *need);
void ruleset_free(struct ruleset *set);

/* Compiles the sections from `first` on; -1 with what is wrong. */
int ruleset_compile(struct ruleset *set, size_t first, struct err *err);

/* NULL if the table does not have the word.  Case matters in lists only. */
const struct rule_word *ruleset_find_word(
	const struct rule_table *table, struct slice text);

#endif
