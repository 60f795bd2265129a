/* SPDX-License-Identifier: ISC */
/*
 * ruleresults — takes authentication results apart into names.
 *
 *   mx; dkim=pass (2048-bit) header.d=a.example; spf=fail smtp.mailfrom=b
 *   ─► dkim=pass, dkim=pass/(2048-bit), dkim=pass/header.d,
 *      dkim=pass/header.d=a.example, spf=fail, …
 *
 * What stands in quotes or comments, which strangers write, never becomes a
 * result.  One pass, nothing is allocated; knows no method and no counter.
 */
#ifndef COLLECTOR_RULERESULTS_H
#define COLLECTOR_RULERESULTS_H

#include "lib/slice.h"

enum { RULERESULTS_NAME_MAX = 160 }; /* longer names are left out */

/* Whoever wants the names. */
struct ruleresults_taker {
	void (*take)(struct slice name, void *arg);
	void *arg;
};

/* As RFC 8601 writes them in a header field; or, if the text begins with '{',
 * as JSON: an object of the type "entry" has a key (the method), a value (the
 * result), and children of the types "subentry" (key, value) and "comment"
 * (value).  A comment is taken apart at its commas, the first 16 of them. */
void ruleresults_each(struct slice text, const struct ruleresults_taker *taker);

#endif
