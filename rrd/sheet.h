/* SPDX-License-Identifier: ISC */
/*
 * sheet — what one graph is made of: its recipe, its file, its range, and
 * the items that this file really has.  Draws nothing.
 */
#ifndef RRD_SHEET_H
#define RRD_SHEET_H

#include <stddef.h>
#include <time.h>

#include "rrd/fetch.h"
#include "rrd/path.h"
#include "rrd/recipe.h"

enum { SHEET_WIDTH = 700, SHEET_HEIGHT = 220, SHEET_NAME_SIZE = 64 };

struct sheet_request {
	const char *dir;
	const char *cached; /* rrdcached to be flushed first, or NULL */
	const char *name;   /* of a recipe, or a group without one */
	const char *kind, *key;
	long range_s;
	time_t end;             /* 0: now */
	const char *output;     /* FILE.png, FILE.svg, or - for PNG on stdout */
	unsigned width, height; /* of the canvas; 0: 700 × 220 */
};

/* Borrows the request. */
struct sheet {
	const struct sheet_request *request;
	struct recipe recipe;
	struct recipe_item *items; /* of the recipe that the file has, … */
	size_t item_count;
	char path[PATH_SIZE], group[SHEET_NAME_SIZE];
	time_t from, to;
	struct fetch data; /* … whose data this is */
};

/* -1 with a sentence when nothing was counted yet, or nobody knows the graph.
 * sheet_close() it in either case. */
int sheet_open(struct sheet *sheet, const struct sheet_request *request,
	struct err *err);
void sheet_close(struct sheet *sheet);

/* The graphs that the row has files for, one name per line. */
void sheet_list(const struct sheet_request *request, struct buf *out);

#endif
