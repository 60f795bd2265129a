/* SPDX-License-Identifier: ISC */
/*
 * shares — how much of the mail fails, over the last 5 and 60 minutes.
 *
 *   dkim_failures   (fail + permerror) / (pass + fail + permerror)
 *   spf_failures    fail / (pass + fail)
 *   dmarc_failures  fail / (pass + fail)
 *   dkim_unsigned   unsigned / (signed + unsigned)
 *
 * Counts of the total, by minute of log time.  A share of few messages, or of a
 * program that logs no success, is none.
 */
#ifndef COLLECTOR_SHARES_H
#define COLLECTOR_SHARES_H

#include "collector/catalogue.h"

enum {
	SHARES = 4,
	SHARES_LEAST = 20,        /* messages, for there to be a share */
	SHARES_SUCCESS_S = 86400, /* how old the last success may be */
	SHARES_WINDOW_MAX = 3600
};

struct shares;

/* The catalogue is borrowed. */
struct shares *shares_new(const struct catalogue *catalogue);
void shares_free(struct shares *shares);

/* The total's counter grew in the minute that ends at `end` (Unix time). */
void shares_add(
	struct shares *shares, int counter, uint64_t amount, int64_t end);

/* The share over the window (seconds) that ends at `until`; below 0: there is
 * none. */
double shares_value(
	const struct shares *shares, int share, int64_t window, int64_t until);
extern const char *const shares_names[SHARES];

/* When a success was last counted; 0: never.  To be kept over a restart. */
extern const char *const shares_methods[SHARES];
int64_t shares_success(const struct shares *shares, int share);
void shares_restore(struct shares *shares, const char *method, int64_t time);

#endif
