/* SPDX-License-Identifier: ISC */
/*
 * rules — what each line is taken for.
 *
 *   program ─dispatch─► sections ─one alternation each─► rule ─► additions
 *
 * The program's name decides first; only the sections for it look at the
 * message.  The result is what the line itself says, in the unit of its source;
 * what counts in the totals is decided by count.h.
 */
#ifndef COLLECTOR_RULES_H
#define COLLECTOR_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/catalogue.h"
#include "collector/filters.h"
#include "collector/line.h"
#include "collector/ruleset.h"
#include "lib/err.h"

struct rules;

enum rules_status {
	RULES_MATCHED,
	RULES_IGNORED,
	RULES_UNMATCHED, /* a source that we know, a line that we do not */
	RULES_FOREIGN,   /* a program that we do not follow */
	RULES_MALFORMED, /* no log line at all */
	RULES_STATUSES
};
extern const char *const rules_status_names[RULES_STATUSES];

struct rules_addition {
	int counter; /* index in the catalogue */
	uint64_t amount;
};

struct rules_outcome {
	enum rules_status status;
	bool hit_limit; /* a match limit stopped a section */
	int source;     /* number of the source, -1 for none */
	struct rules_addition additions[RULE_ADDITIONS_MAX];
	size_t count;
	const struct rule *rule; /* NULL: none fits */
	struct match match;
};

/* What the rule's groups captured, absent if nothing: the queue id; a domain or
 * an address.  Valid as long as the line, and until the next rules_apply(). */
struct slice rules_queue_id(const struct rules_outcome *outcome);
struct slice rules_domain(
	const struct rules_outcome *outcome, enum catalogue_domain domain);
struct slice rules_group(
	const struct rules_outcome *outcome, enum rule_group group);
/* What stands in the message behind what the rule matched; valid as above. */
struct slice rules_rest(
	const struct rules_outcome *outcome, struct slice message);
/* Decimal digits as a number; 0 if it begins with none. */
uint64_t rules_to_number(struct slice text);

/* Fills the catalogue and loads the rules: own_dir's files first (its
 * "catalogue" and *.rules by name; NULL or a missing folder: none), then the
 * shipped ones.  NULL with "FILE:LINE: …".  The catalogue must outlive the
 * rules. */
struct rules *rules_load(
	struct catalogue *catalogue, const char *own_dir, struct err *err);
void rules_free(struct rules *rules);

/* Compiles the shipped patterns now, not when their programs' first lines come.
 * -1 with what is wrong: the library is not the one that they were tested
 * with. */
int rules_compile(struct rules *rules, struct err *err);

/* Content filters besides loopback; borrowed. */
void rules_set_filters(struct rules *rules, struct filters filters);

void rules_apply(struct rules *rules, const struct line *line,
	struct rules_outcome *outcome);

size_t rules_source_count(const struct rules *rules);
const char *rules_source_name(const struct rules *rules, size_t source);

/* The `needs` statements, in the order of their files. */
size_t rules_need_count(const struct rules *rules);
const struct rule_need *rules_need(const struct rules *rules, size_t index);

#endif
