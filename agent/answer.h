/* SPDX-License-Identifier: ISC */
/*
 * answer — answers the SNMP library's requests out of a tree.
 *
 * One registration for the whole tree.  All answers are of the moment that the
 * caller keeps up to date; it must change only between two turns of the
 * library.  Nothing can be set.
 */
#ifndef AGENT_ANSWER_H
#define AGENT_ANSWER_H

#include "agent/tree.h"
#include "lib/err.h"

struct answer {
	const struct tree *tree;
	const struct moment *moment;
	struct tree_name root; /* of the tree: its names go on behind it */
};

/* After the library's init_agent().  answer is borrowed until the library is
 * shut down; name is for its log. */
int answer_register(struct answer *answer, const char *name, struct err *err);

/* Adds a variable with that name below root to the library's list. */
struct variable_list;
void answer_append(struct variable_list **list, const struct tree_name *root,
	const struct tree_name *name, const struct value *value);

#endif
