/* SPDX-License-Identifier: ISC */
/*
 * logs — what the commands that read finished logs share: options, rules, and
 * the lines of all files in the order of their stamps.
 */
#ifndef CLI_LOGS_H
#define CLI_LOGS_H

#include <stdbool.h>

#include "cli/merge.h"
#include "collector/tally.h"

struct logs {
	bool as_json, only_unmatched;
	struct config *config;
	struct tally *tally;
	struct merge *merge;
	bool has_failed; /* a file could not be read to its end */
};

/* Reads the options and opens all.  LOGS_OPEN, or the exit status of a command
 * that is done: help was asked for, or it was called wrongly, which is said. */
enum { LOGS_OPEN = -1 };
int logs_open(struct logs *logs, const char *usage, int argc, char **argv);
void logs_close(struct logs *logs);

/* The next line, or NULL at the end.  A file that cannot be read on is said on
 * standard error and left out.  Valid until the next call. */
const struct merge_line *logs_next(struct logs *logs);

#endif
