/* SPDX-License-Identifier: ISC */
/*
 * authority — which source's verdicts count in the totals.
 *
 * OpenDKIM, amavis and SpamAssassin each verify the same signature.  Per method
 * and host, the first source in the method's order that has spoken a verdict
 * within the last 24 h of log time has the authority; the verdicts of the
 * others count in their source rows only.
 */
#ifndef COLLECTOR_AUTHORITY_H
#define COLLECTOR_AUTHORITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

enum { AUTHORITY_METHODS = 6, AUTHORITY_WINDOW_S = 86400 };
extern const char *const authority_methods[AUTHORITY_METHODS];

/* The method whose verdict this counter is, or -1: dkim.pass is one,
 * dkim.signatures and dmarc.disp_reject are none. */
int authority_method_of(const char *group, const char *word);
int authority_method_find(const char *name);

struct authority;

struct authority *authority_new(void);
void authority_free(struct authority *authority);

struct authority_order {
	const char *const *sources;
	size_t count;
};

/* Replaces a method's order.  A source that it does not name comes last.  -1
 * for a method that does not exist. */
int authority_set_order(struct authority *authority, const char *method,
	struct authority_order order, struct err *err);

/* A verdict: host is the number of a host row (0: the line has none), time is
 * log time. */
struct authority_spoke {
	unsigned host;
	int method;
	const char *source; /* borrowed */
	int64_t time;
};

/* Notes that the source has spoken, and says whether its verdict counts in the
 * totals. */
bool authority_speak(
	struct authority *authority, const struct authority_spoke *spoke);

/* Only says whether it counts. */
bool authority_counts(
	struct authority *authority, const struct authority_spoke *spoke);

/* What has to be kept over a restart: calls visit for the last verdict of each
 * host, method and source, in a stable order. */
void authority_each(const struct authority *authority,
	void (*visit)(const struct authority_spoke *spoke, void *arg),
	void *arg);
/* Puts one back; an unknown source is appended to the order. */
void authority_restore(
	struct authority *authority, const struct authority_spoke *spoke);

#endif
