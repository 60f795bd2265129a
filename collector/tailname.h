/* SPDX-License-Identifier: ISC */
/*
 * tailname — is this file name a rotated log, and how old does it say it is?
 *
 * Knows the names of logrotate (numbers, dateext, extension) and savelog:
 *   mail.log.1  mail.log.0  mail.log.old  mail.log-20260101
 *   mail.log-20260101-1700000000  mail-20260101.log, each with or without .gz
 * Never takes anything else (.bak, .swp, another log beside it) for one.
 * Looks at names only, never at files.
 */
#ifndef COLLECTOR_TAILNAME_H
#define COLLECTOR_TAILNAME_H

#include <stdbool.h>

struct tailname {
	bool is_gz;
	bool is_index;  /* counts up with age; else a date */
	char stamp[48]; /* the digits, as they stand in the name */
};

/* Whether name is a rotated file of the log called base; both without folder.
 * Fills *out only then. */
bool tailname_parse(const char *base, const char *name, struct tailname *out);
/* Below 0 if a is older by its name, above 0 if b is, 0 if they do not say. */
int tailname_compare(const struct tailname *a, const struct tailname *b);

#endif
