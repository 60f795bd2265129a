/* SPDX-License-Identifier: ISC */
/*
 * root — where the MIB is rooted, as numbers.
 */
#ifndef AGENT_ROOT_H
#define AGENT_ROOT_H

#include "agent/tree.h"
#include "lib/err.h"

/* From "1.3.6.1.4.1.8072.9999.9999.25"; must be good for shape_is_root(). */
int root_parse(const char *text, struct tree_name *root, struct err *err);

#endif
