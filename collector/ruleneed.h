/* SPDX-License-Identifier: ISC */
/*
 * ruleneed — the `needs` statement of rule files: which counters of a source
 * are only seen with which setting of its daemon.
 *
 * Counting does not depend on it; the table in docs/sources.md and `mailtally
 * doctor` do.
 */
#ifndef COLLECTOR_RULENEED_H
#define COLLECTOR_RULENEED_H

#include <stddef.h>

#include "collector/catalogue.h"
#include "lib/err.h"
#include "lib/slice.h"

enum { RULE_NEED_COUNTERS_MAX = 32 };

struct rule_need {
	size_t source; /* number within the ruleset */
	int counters[RULE_NEED_COUNTERS_MAX];
	size_t count;
	char *setting; /* in words; the need's own */
	const char *file;
	unsigned line;
};

/* Reads what stands behind `needs`: COUNTER… : SETTING in words.  Fills
 * counters, count and setting of need; -1 leaves it alone. */
int ruleneed_parse(const struct catalogue *catalogue, struct slice text,
	struct rule_need *need, struct err *why);

#endif
