/* SPDX-License-Identifier: ISC */
/*
 * where — which row of which store a command is about, and when.
 */
#ifndef CLI_RRD_WHERE_H
#define CLI_RRD_WHERE_H

#include <stdbool.h>
#include <time.h>

#include "lib/err.h"

struct where {
	const char *config;     /* -c */
	const char *rrd;        /* --rrd: read no configuration */
	const char *kind, *key; /* --scope, --key */
	char *dir, *cached;     /* filled by where_find() */
};

/* Refuses what is no row, and fills in the total row where none is named. */
int where_check(struct where *where, struct err *err);
/* Fills dir and cached. */
int where_find(struct where *where, struct err *err);
void where_free(struct where *where);

/* Unix time, RFC 3339, now, or -RANGE before now. */
int where_time(const char *text, time_t now, time_t *out, struct err *err);

/* The commands: argv[0] is the command's name. */
int command_graph(int argc, char **argv);
int command_history(int argc, char **argv);

#endif
