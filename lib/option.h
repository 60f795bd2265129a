/* SPDX-License-Identifier: ISC */
/*
 * option — what values the options of the configuration may have.
 *
 * One value at a time, by the option's name; what needs the whole file (double
 * titles, missing options) is the reader's, lib/config.
 */
#ifndef LIB_OPTION_H
#define LIB_OPTION_H

#include "lib/err.h"

/* A text, or the title of a section.  -1 with "OPTION is 'TEXT': why". */
int option_check_text(const char *option, const char *text, struct err *err);
/* -1 with "OPTION is NUMBER: must be MIN to MAX". */
int option_check_number(const char *option, long number, struct err *err);

#endif
