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

/* Replaces a method's order.  A source that it does not name comes last.  -1
 * for a method that does not exist. */
int authority_set_order(struct authority *authority, const char *method,
	const char *const *sources, size_t count, struct err *err);

/* Notes that source has spoken a verdict of method on this host at this log
 * time, and says whether the verdict counts in the totals.  host is the number
 * of a host row. */
bool authority_speak(struct authority *authority, int method, unsigned host,
	const char *source, int64_t time);

/* What has to be kept over a restart: when each (host, method, source) last
 * spoke, in a stable order. */
struct authority_spoke {
	unsigned host;
	int method;
	const char *source; /* borrowed */
	int64_t time;
};
/* Calls visit for each of them. */
void authority_each(const struct authority *authority,
	void (*visit)(const struct authority_spoke *spoke, void *arg),
	void *arg);
/* Puts one back; an unknown source is appended to the order. */
void authority_restore(
	struct authority *authority, const struct authority_spoke *spoke);

#endif
