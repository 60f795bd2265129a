/* SPDX-License-Identifier: ISC */
/*
 * columns — which counters have columns of their own in the tables of sources,
 * hosts and domains.
 *
 * The other counters of a row are in mtCounterTable.  agent/mib.py reads
 * columns.c, too.
 */
#ifndef AGENT_COLUMNS_H
#define AGENT_COLUMNS_H

#include "agent/view.h"

enum { COLUMNS_NAME = 2 }; /* the row's name; number 1 is its index */

/* COLUMNS_NAME and the numbers of the counters, ascending. */
size_t columns_of(enum view_scope scope, const uint32_t **columns);

#endif
