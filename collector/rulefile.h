/* SPDX-License-Identifier: ISC */
/*
 * rulefile — reads one rule file, mailtally-rules(5), into a ruleset.
 *
 * Everything is checked here: a rule that names a counter, table or group that
 * does not exist, a bad pattern, a block that is not ended is an error with
 * file and line, never a silent zero.  Only patterns of shipped files, which
 * the tests check, wait until a line needs them.
 */
#ifndef COLLECTOR_RULEFILE_H
#define COLLECTOR_RULEFILE_H

#include <stdbool.h>

#include "collector/ruleset.h"
#include "lib/err.h"
#include "lib/slice.h"

struct rulefile {
	const char *name; /* as errors and `explain` show it; copied */
	struct slice text;
	bool is_own; /* not shipped: patterns are checked, too */
};

/* Appends the file's sections.  -1 with "NAME:LINE: …"; the ruleset may then
 * only be freed. */
int rulefile_parse(struct ruleset *set, const struct catalogue *catalogue,
	const struct rulefile *file, struct err *err);

#endif
