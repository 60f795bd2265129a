/* SPDX-License-Identifier: ISC */
/*
 * config_singles — the options that a file has one of, and their places in
 * struct config; a part of config.c.
 *
 * For config.c only: everybody else includes config.h.
 */
#ifndef LIB_CONFIG_SINGLES_H
#define LIB_CONFIG_SINGLES_H

#include "lib/config.h"

enum { CONFIG_SINGLES = 23 };

extern const struct config_single {
	const char *option; /* SECTION|NAME, or NAME */
	enum { CONFIG_TEXT, CONFIG_LIST, CONFIG_NUMBER } kind;
	size_t place; /* of a char *, struct config_strings, or long */
} config_singles[CONFIG_SINGLES];

#endif
