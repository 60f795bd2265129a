/* SPDX-License-Identifier: ISC */
/*
 * snapshot_lines — reads one line of a snapshot; a part of snapshot.c.
 *
 * Puts what the line says into arrays that already have room for it.
 * For snapshot.c only: everybody else includes snapshot.h.
 */
#ifndef LIB_SNAPSHOT_LINES_H
#define LIB_SNAPSHOT_LINES_H

#include "lib/fields.h"
#include "lib/snapshot.h"

/* In the order in which they stand in the file. */
enum snapshot_kind {
	SNAPSHOT_STARTED,
	SNAPSHOT_WRITTEN,
	SNAPSHOT_BOOT,
	SNAPSHOT_COUNTER,
	SNAPSHOT_INPUT,
	SNAPSHOT_ROW,
	SNAPSHOT_STEP,
	SNAPSHOT_SPOKE,
	SNAPSHOT_LEDGER,
	SNAPSHOT_SUCCESS,
	SNAPSHOT_SIGNS,
	SNAPSHOT_SIGNING,
	SNAPSHOT_SHARE,
	SNAPSHOT_ALERT,
	SNAPSHOT_CHANGE,
	SNAPSHOT_END,
	SNAPSHOT_KINDS /* how many; also: one that we do not know */
};

/* The steps of one row, chained in the order of their lines. */
struct snapshot_chain {
	struct snapshot_step *first, *last;
};

/* What snapshot_free() frees.  The public part is the first member. */
struct snapshot_whole {
	struct snapshot snapshot;
	char *text;
	struct snapshot_value *values;
	size_t value_count;
	struct snapshot_chain *chains; /* one per row */
	struct snapshot_step **next;   /* one per step */
	void *counters_by_number, *counters_by_name;
	void *rows_by_index, *rows_by_key;
};

struct snapshot_parser {
	struct snapshot_whole *whole;
	struct fields fields; /* of the present line */
	int kind;             /* of the last line of a known kind; -1: none */
};

/* The kind of a line, by its first word. */
int snapshot_kind_of(const char *line);
/* Reads the line in parser->fields; -1 with err set. */
int snapshot_parse_line(struct snapshot_parser *parser);

/* Orders of the trees. */
int snapshot_by_name(const void *a, const void *b);
int snapshot_by_key(const void *a, const void *b);

#endif
