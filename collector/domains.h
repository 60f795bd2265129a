/* SPDX-License-Identifier: ISC */
/*
 * domains — the row of a domain, as lines name it.
 *
 * Attackers write many of them: what is no domain gets no row.
 */
#ifndef COLLECTOR_DOMAINS_H
#define COLLECTOR_DOMAINS_H

#include "collector/rows.h"

struct domains {
	struct rows *rows;
	char bytes[256]; /* lower case; '\0': not in a domain */
};

/* rows is borrowed. */
void domains_init(struct domains *domains, struct rows *rows);

/* The row of a domain or of an address' domain, made if there is room; NULL if
 * the text is none.  is_own: a domain that we sign for always has one. */
struct row *domains_row(
	struct domains *domains, struct slice text, bool is_own);

#endif
