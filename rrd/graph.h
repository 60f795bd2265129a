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

struct graph_request {
	const char *dir;
	const char *cached; /* rrdcached to be flushed first, or NULL */
	const char *name;   /* of a recipe, or a group without one */
	const char *kind, *key;
	long range_s;
	time_t end;             /* 0: now */
	const char *output;     /* FILE.png, FILE.svg, or - for PNG on stdout */
	unsigned width, height; /* of the canvas; 0: 700 × 220 */
};

/* Draws and writes the file (whole or not at all). */
int graph_draw(const struct graph_request *request, struct err *err);
/* Draws into out; is_svg or PNG. */
enum graph_format { GRAPH_PNG, GRAPH_SVG };
int graph_image(const struct graph_request *request, enum graph_format format,
	struct buf *out, struct err *err);

/* The graphs that the row has files for, one name per line. */
void graph_list(const struct graph_request *request, struct buf *out);

#endif
