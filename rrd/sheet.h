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
#include "rrd/graph.h"
#include "rrd/path.h"
#include "rrd/recipe.h"

enum { SHEET_WIDTH = 700, SHEET_HEIGHT = 220, SHEET_NAME_SIZE = 64 };

/* Borrows the request. */
struct sheet {
	const struct graph_request *request;
	struct recipe recipe;
	struct recipe_item *items; /* of the recipe that the file has, … */
	size_t item_count;
	char path[PATH_SIZE], group[SHEET_NAME_SIZE];
	time_t from, to;
	struct fetch data; /* … whose data this is */
};

/* -1 with a sentence when nothing was counted yet, or nobody knows the graph.
 * sheet_close() it in either case. */
int sheet_open(struct sheet *sheet, const struct graph_request *request,
	struct err *err);
void sheet_close(struct sheet *sheet);

#endif
