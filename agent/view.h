/* SPDX-License-Identifier: ISC */
/*
 * view — a snapshot, sorted for look-ups by SNMP index.
 *
 * Holds the values as they are now (row plus steps), rows by scope and index,
 * and all texts made harmless: only visible ASCII and blanks, at most 255
 * bytes.  Everything belongs to the view and lives until view_free().
 */
#ifndef AGENT_VIEW_H
#define AGENT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/snapshot.h"

/* Numbers from here on are the administrator's own counters. */
enum { VIEW_OWN_COUNTERS = 100000, VIEW_TEXT_MAX = 255 };

/* The MIB's MtScope. */
enum view_scope {
	VIEW_TOTAL = 1,
	VIEW_SOURCE,
	VIEW_HOST,
	VIEW_DOMAIN,
	VIEW_SCOPES
};

struct view_counter {
	uint32_t number;
	const char *name, *unit;
	bool is_gauge; /* goes down, too: the files in a queue */
};

/* One value; counters that are 0 have none, gauges of which nothing is known
 * neither. */
struct view_cell {
	uint32_t number;
	uint32_t row; /* in rows */
	uint64_t value;
	const struct view_counter *counter;
};

struct view_row {
	enum view_scope scope;
	uint32_t index;
	const char *key;
	size_t first, count; /* in cells, ascending by number */
};

/* One log, whatever the number of its files. */
struct view_input {
	uint32_t index; /* made from the path */
	const char *path;
	uint64_t offset, lag, rotations;
};

struct view_alert {
	uint32_t index; /* made from name and key */
	const char *name, *key, *state, *severity, *value, *threshold, *text;
	time_t since;
};

struct view {
	struct snapshot *snapshot;
	struct view_counter *counters; /* ascending by number */
	/* Numbers of the counters that are scalars of their own, and of the
	 * gauges, ascending. */
	uint32_t *scalars, *gauges;
	size_t scalar_count, gauge_count;
	struct view_row *rows; /* by scope, then by index */
	struct view_cell *cells;
	struct view_input *inputs; /* by index */
	struct view_alert *alerts; /* by index */
	size_t counter_count, row_count, cell_count, input_count, alert_count;
	/* Rows of scope s are scopes[s] up to scopes[s + 1] - 1. */
	size_t scopes[VIEW_SCOPES + 1];
	char **texts; /* copies of what was not harmless */
	size_t text_count, text_capacity;
};

/* Takes the snapshot over. */
struct view *view_new(struct snapshot *snapshot);
void view_free(struct view *view);

/* Copies the text as views show it, with '?' for what is no visible ASCII or
 * blank, and cut; returns its length. */
size_t view_tame(char room[VIEW_TEXT_MAX + 1], const char *text);

/* NULL when the catalogue in force has no such counter. */
const struct view_counter *view_counter(
	const struct view *view, uint32_t number);
/* Whether the row has a value; 0 is put out where it has none. */
bool view_value(const struct view *view, const struct view_row *row,
	uint32_t number, uint64_t *value);

#endif
