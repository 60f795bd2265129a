/* SPDX-License-Identifier: ISC */
/*
 * catalogue — every counter, declared once.
 *
 * Read from collector/rules.d/catalogue and from a user's own file of the same
 * form: NUMBER NAME UNIT DOMAIN MEANING.  A counter is known everywhere else by
 * its index in this table, which is sorted by number.
 */
#ifndef COLLECTOR_CATALOGUE_H
#define COLLECTOR_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/slice.h"

enum {
	CATALOGUE_OWN_FIRST = 100000, /* numbers of a user's own counters */
	CATALOGUE_WORD_MAX = 19,      /* an RRD data source's name */
	CATALOGUE_COUNTERS_MAX = 4096
};

/* Which domain of a line a counter's domain row takes. */
enum catalogue_domain {
	CATALOGUE_NONE,
	CATALOGUE_SIGNER,
	CATALOGUE_FROM,
	CATALOGUE_MAILFROM,
	CATALOGUE_RCPT,
	CATALOGUE_DOMAINS
};
extern const char *const catalogue_domain_names[CATALOGUE_DOMAINS];

struct catalogue_counter {
	uint32_t number;
	char *name;       /* "dkim.pass" */
	const char *word; /* "pass", within name */
	char *group;      /* "dkim" */
	char *unit, *meaning;
	enum catalogue_domain domain;
	int method;    /* authority method of a verdict, else -1 */
	bool is_gauge; /* a level, not a count: group queue */
};

struct catalogue {
	struct catalogue_counter *counters;
	size_t count, capacity;
};

struct catalogue_file {
	const char *name; /* for errors */
	struct slice text;
	bool is_own; /* numbers from CATALOGUE_OWN_FIRST on; else below */
};

/* Adds the counters of one file.  -1 with "NAME:LINE: …". */
int catalogue_add(struct catalogue *catalogue,
	const struct catalogue_file *file, struct err *err);
/* Sorts by number; to be called after the last catalogue_add(), before any
 * index is taken. */
void catalogue_sort(struct catalogue *catalogue);
void catalogue_free(struct catalogue *catalogue);

/* Does the counter count what we do for our own domain: sign? */
static inline bool
catalogue_is_signing(const struct catalogue_counter *counter)
{
	return counter->domain == CATALOGUE_SIGNER && counter->method < 0;
}

/* Index of the counter of this name or number, or -1. */
int catalogue_find(const struct catalogue *catalogue, struct slice name);
int catalogue_find_number(const struct catalogue *catalogue, uint32_t number);

#endif
