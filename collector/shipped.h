/* SPDX-License-Identifier: ISC */
/*
 * shipped — the catalogue and the rules that travel inside the programs, so
 * that they run without an installation.  Made by collector/shipped.sh.
 */
#ifndef COLLECTOR_SHIPPED_H
#define COLLECTOR_SHIPPED_H

struct shipped_file {
	const char *name; /* "opendkim.rules"; NULL ends the table */
	const char *data, *end;
};

/* The catalogue first, then the rule files by name. */
extern const struct shipped_file shipped_files[];

#endif
