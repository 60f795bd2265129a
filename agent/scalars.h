/* SPDX-License-Identifier: ISC */
/*
 * scalars — the counters of the total row, each an object with a name.
 *
 * A counter of the catalogue in force is there even if it is 0, so that a
 * graph of it begins at once.
 */
#ifndef AGENT_SCALARS_H
#define AGENT_SCALARS_H

#include "agent/area.h"

extern const struct area scalars_totals; /* mtTotals */
extern const struct area scalars_queue;  /* mtQueue */
extern const struct area scalars_shares; /* mtShares */

#endif
