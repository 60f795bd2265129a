/* SPDX-License-Identifier: ISC */
/*
 * wrap — text for people, in lines of at most 80 columns.
 *
 * A character is a column.  Only takes what plain_add() would let pass.
 */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stdio.h>

enum { WRAP_COLUMNS = 80 };

/* Each line is indented by so many blanks, those after the first by two more.
 * A word too long for a line is cut where the line ends. */
void wrap_print(const char *text, int indent, FILE *out);

#endif
