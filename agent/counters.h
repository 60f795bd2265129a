/* SPDX-License-Identifier: ISC */
/*
 * counters — mtCounterTable: every value of every row, by the counter's number.
 *
 * A new counter of the catalogue, or one of the administrator's own, is here
 * without a change of the MIB.  Counters that are 0 are left out.
 */
#ifndef AGENT_COUNTERS_H
#define AGENT_COUNTERS_H

#include "agent/area.h"

extern const struct area counters_area;

#endif
