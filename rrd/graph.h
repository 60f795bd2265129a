/* SPDX-License-Identifier: ISC */
/*
 * graph — draw the history of one group in one row, by its recipe.
 *
 * Counts are drawn per minute; zero is drawn as zero and unknown as a gap.  No
 * counter of the file is silently missing: what no recipe names is drawn too,
 * in the graph that bears the group's name, and what counted nothing is named
 * below.
 */
#ifndef RRD_GRAPH_H
#define RRD_GRAPH_H

#include <time.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "rrd/sheet.h"

/* Draws and writes the file (whole or not at all). */
int graph_draw(const struct sheet_request *request, struct err *err);
/* Draws into out; is_svg or PNG. */
enum graph_format { GRAPH_PNG, GRAPH_SVG };
int graph_image(const struct sheet_request *request, enum graph_format format,
	struct buf *out, struct err *err);

#endif
