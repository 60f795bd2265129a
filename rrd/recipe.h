/* SPDX-License-Identifier: ISC */
/*
 * recipe — what each graph shows, as one table.
 *
 * A recipe is named after its group, or GROUP.PART where one graph of the
 * whole group could not be read.  Good results are green and lie at the bottom,
 * failures are red-orange and lie on top; the colours are Okabe and Ito's,
 * which the colour-blind can tell apart.
 */
#ifndef RRD_RECIPE_H
#define RRD_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

enum recipe_shape { RECIPE_AREA, RECIPE_LINE }; /* areas are stacked */

struct recipe_item {
	const char *counter; /* the word behind the group */
	const char *legend;
	const char *colour; /* RRGGBB */
	enum recipe_shape shape;
};

struct recipe {
	const char *name, *title, *unit;
	const struct recipe_item *items;
	bool is_gauge; /* values, not rates; no total */
};

/* The table; count is set. */
const struct recipe *recipe_table(size_t *count);
/* NULL when there is none of this name. */
const struct recipe *recipe_find(const char *name);
/* How many items: the list ends with a counter that is NULL. */
size_t recipe_size(const struct recipe *recipe);
/* Does any recipe of the group show this counter? */
bool recipe_names(const char *group, const char *counter);
/* The group of a recipe: what stands before the first dot.  size: of out. */
void recipe_group(const char *name, char *out, size_t size);
/* A colour for the nth counter that no recipe names, none of the recipe's own
 * as long as there are any. */
const char *recipe_colour(const struct recipe *recipe, size_t n);

#endif
