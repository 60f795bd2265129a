/* SPDX-License-Identifier: ISC */
/*
 * area — one table or group of scalars of the MIB, and what a cell may hold.
 *
 * An area lies below the MIB's root at its prefix; a cell's name is
 * ROOT.PREFIX.COLUMN.INDEX.  A group of scalars is a table with the one row
 * 0.  Areas are constant; what they show comes from the moment that they are
 * given, so that all cells of one request are of one instant.
 */
#ifndef AGENT_AREA_H
#define AGENT_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/view.h"

enum { AREA_PREFIX_MAX = 4, AREA_INDEX_MAX = 3, VALUE_ROOM = 11 };

/* The SNMP types that we use.  cell.h fills values in. */
enum value_type {
	VALUE_INTEGER,
	VALUE_GAUGE,
	VALUE_COUNTER32,
	VALUE_COUNTER64,
	VALUE_TIMETICKS,
	VALUE_STRING,
	VALUE_OID /* text: dotted numbers */
};

struct value {
	enum value_type type;
	uint64_t number;
	const char *text; /* VALUE_STRING: belongs to the view, or to room */
	size_t len;
	char room[VALUE_ROOM];
};

/* What the agent knows of itself. */
struct health {
	uint64_t refused; /* snapshots that could not be read */
	uint64_t sent;    /* notifications handed over */
	uint64_t dropped; /* changes that were gone before they could be sent */
};

/* All that a request is answered from. */
struct moment {
	const struct view *view; /* NULL: no snapshot was ever read */
	int64_t now_us;          /* Unix time */
	int64_t held_us;         /* for so long the view was the newest */
	/* sysUpTime as the managers see it, and as it was when counting began
	 * (0 when that was before), in hundredths of a second. */
	uint32_t uptime, counting_since;
	struct health health;
};

struct area {
	uint32_t prefix[AREA_PREFIX_MAX];
	size_t prefix_len, index_len;
	/* Columns' numbers, ascending; where they depend on the snapshot,
	 * columns tells them. */
	const uint32_t *arcs;
	size_t arc_count;
	size_t (*columns)(const struct moment *moment, const uint32_t **arcs);
	/* Rows, 0 to the number of them minus 1, ascending by index. */
	size_t (*rows)(const struct moment *moment);
	void (*index)(const struct moment *moment, size_t row,
		uint32_t index[AREA_INDEX_MAX]);
	/* False: there is no such cell; value is untouched. */
	bool (*cell)(const struct moment *moment, uint32_t column, size_t row,
		struct value *value);
};

static inline size_t
area_columns(const struct area *area, const struct moment *moment,
	const uint32_t **arcs)
{
	if (area->columns != NULL)
		return area->columns(moment, arcs);
	*arcs = area->arcs;
	return area->arc_count;
}

#endif
