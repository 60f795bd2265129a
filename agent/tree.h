/* SPDX-License-Identifier: ISC */
/*
 * tree — finds the object of a name, and the one behind it.
 *
 * Names are object identifiers below the root, in lexicographic order
 * (RFC 3416 section 4.2.2).  Knows neither SNMP packets nor the library.
 */
#ifndef AGENT_TREE_H
#define AGENT_TREE_H

#include "agent/area.h"

enum { TREE_NAME_MAX = 128 }; /* RFC 2578 section 3.5 */

struct tree_name {
	uint32_t arcs[TREE_NAME_MAX];
	size_t len;
};

/* Areas, ascending by prefix, none of them within another. */
struct tree {
	const struct area *const *areas;
	size_t count;
};

enum tree_answer {
	TREE_FOUND,
	TREE_NO_OBJECT,  /* no area has such a column */
	TREE_NO_INSTANCE /* the column has no such row, or no value there */
};

/* The object with just this name. */
enum tree_answer tree_get(const struct tree *tree, const struct moment *moment,
	const struct tree_name *name, struct value *value);
/* The first object behind name: puts its name in the place of name.  False at
 * the end; name is untouched then. */
bool tree_next(const struct tree *tree, const struct moment *moment,
	struct tree_name *name, struct value *value);

#endif
