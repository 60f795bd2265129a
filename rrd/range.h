/* SPDX-License-Identifier: ISC */
/*
 * range — spans of time as people write them: 6h, 1d, week, 3months, 1y.
 */
#ifndef RRD_RANGE_H
#define RRD_RANGE_H

#include "lib/err.h"

/* NUMBER and a unit (min h d w month y, or the whole word), a unit alone for
 * one of it; from a minute to 20 years.  Seconds to *out. */
int range_parse(const char *text, long *out, struct err *err);

#endif
