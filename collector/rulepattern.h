/* SPDX-License-Identifier: ISC */
/*
 * rulepattern — the patterns of a rule file: delimiters, flags, and defines,
 * which are texts that patterns use as %{NAME}.  A part of rulefile.c.
 */
#ifndef COLLECTOR_RULEPATTERN_H
#define COLLECTOR_RULEPATTERN_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/slice.h"

struct rulepattern_define {
	char *name, *text;
};

struct rulepattern {
	struct rulepattern_define *defines;
	size_t count, capacity;
	struct buf text; /* of the pattern that was taken last */
};

void rulepattern_free(struct rulepattern *patterns);

/* Is this the start of a pattern? */
bool rulepattern_starts(struct slice text);

/* Remembers a define, expanded itself. */
int rulepattern_define(struct rulepattern *patterns, struct slice name,
	struct slice text, struct err *why);

/* Cuts /pattern/flags off *text and leaves it, expanded, in patterns->text. */
int rulepattern_take(
	struct rulepattern *patterns, struct slice *text, struct err *why);

#endif
