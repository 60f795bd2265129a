/* SPDX-License-Identifier: ISC */
/*
 * module — MAILTALLY-MIB, which travels inside the program, for any root.
 *
 * The text is agent/MAILTALLY-MIB.txt; only where the root is defined, and
 * what is imported for it, differs.  Knows no object of the MIB.
 */
#ifndef AGENT_MODULE_H
#define AGENT_MODULE_H

#include <stdio.h>

#include "lib/err.h"

/* The root that agent/MAILTALLY-MIB.txt has: netSnmpPlaypen and 25. */
#define MODULE_ROOT "1.3.6.1.4.1.8072.9999.9999.25"

/* Writes the module, rooted at root (decimal, below 1.3.6.1.4.1, see
 * shape_is_root()); for MODULE_ROOT the file byte for byte.  -1: that is no
 * root, and nothing is written; or out could not be written. */
int module_print(FILE *out, const char *root, struct err *err);

#endif
