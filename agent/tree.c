/* SPDX-License-Identifier: ISC */
/* tree — see tree.h. */
#include "agent/tree.h"

#include <string.h>

/* A place within an area: by numbers of column and row, not by arcs. */
struct place {
	size_t column, row;
};

static int
compare_arcs(const uint32_t *a, const uint32_t *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Where name lies: before the area (or above it), within it, behind it. */
static int
side_of(const struct tree_name *name, const struct area *area)
{
	size_t common = least(name->len, area->prefix_len);
	int order = compare_arcs(name->arcs, area->prefix, common);
	return order != 0 ? order : common < area->prefix_len ? -1 : 0;
}

/* Behind the area's prefix. */
static struct tree_name
within(const struct tree_name *name, const struct area *area)
{
	struct tree_name rest = {.len = name->len - area->prefix_len};
	memcpy(rest.arcs, name->arcs + area->prefix_len,
		rest.len * sizeof(*rest.arcs));
	return rest;
}

/* The first column that is not before arc. */
static size_t
find_column(const uint32_t *columns, size_t count, uint32_t arc)
{
	size_t first = 0;
	while (count > 0) {
		size_t half = count / 2;
		if (columns[first + half] < arc) {
			first += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return first;
}

/* The row's index against the arcs behind the column's. */
static int
compare_row(const struct area *area, const struct moment *moment, size_t row,
	const struct tree_name *rest)
{
	uint32_t index[AREA_INDEX_MAX] = {0};
	area->index(moment, row, index);
	size_t given = rest->len - 1;
	size_t common = least(given, area->index_len);
	int order = compare_arcs(index, rest->arcs + 1, common);
	if (order != 0)
		return order;
	return (area->index_len > given) - (area->index_len < given);
}

/* The first row whose index is behind the arcs (or, not after: equal). */
static size_t
find_row(const struct area *area, const struct moment *moment,
	const struct tree_name *rest, bool after)
{
	size_t first = 0, count = area->rows(moment);
	while (count > 0) {
		size_t half = count / 2;
		int order = compare_row(area, moment, first + half, rest);
		if (order < 0 || (after && order == 0)) {
			first += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return first;
}

/* The first place that may be behind rest. */
static struct place
place_behind(const struct area *area, const struct moment *moment,
	const struct tree_name *rest)
{
	struct place place = {0};
	if (rest->len == 0)
		return place;
	const uint32_t *columns;
	size_t count = area_columns(area, moment, &columns);
	place.column = find_column(columns, count, rest->arcs[0]);
	if (place.column < count && columns[place.column] == rest->arcs[0] &&
		rest->len > 1)
		place.row = find_row(area, moment, rest, true);
	return place;
}

static void
name_cell(struct tree_name *name, const struct area *area, uint32_t column,
	const uint32_t *index)
{
	memcpy(name->arcs, area->prefix,
		area->prefix_len * sizeof(*name->arcs));
	name->len = area->prefix_len;
	name->arcs[name->len++] = column;
	memcpy(name->arcs + name->len, index,
		area->index_len * sizeof(*name->arcs));
	name->len += area->index_len;
}

/* The first cell from place on. */
static bool
first_cell(const struct area *area, const struct moment *moment,
	struct place place, struct tree_name *name, struct value *value)
{
	const uint32_t *columns;
	size_t column_count = area_columns(area, moment, &columns);
	size_t row_count = area->rows(moment);
	for (; place.column < column_count; place.column++, place.row = 0)
		for (; place.row < row_count; place.row++) {
			uint32_t column = columns[place.column];
			if (!area->cell(moment, column, place.row, value))
				continue;
			uint32_t index[AREA_INDEX_MAX] = {0};
			area->index(moment, place.row, index);
			name_cell(name, area, column, index);
			return true;
		}
	return false;
}

enum tree_answer
tree_get(const struct tree *tree, const struct moment *moment,
	const struct tree_name *name, struct value *value)
{
	for (size_t i = 0; i < tree->count; i++) {
		const struct area *area = tree->areas[i];
		if (side_of(name, area) != 0)
			continue;
		struct tree_name rest = within(name, area);
		const uint32_t *columns;
		size_t count = area_columns(area, moment, &columns);
		if (rest.len == 0)
			return TREE_NO_OBJECT;
		size_t column = find_column(columns, count, rest.arcs[0]);
		if (column == count || columns[column] != rest.arcs[0])
			return TREE_NO_OBJECT;
		size_t row = find_row(area, moment, &rest, false);
		if (row == area->rows(moment) ||
			compare_row(area, moment, row, &rest) != 0 ||
			!area->cell(moment, rest.arcs[0], row, value))
			return TREE_NO_INSTANCE;
		return TREE_FOUND;
	}
	return TREE_NO_OBJECT;
}

bool
tree_next(const struct tree *tree, const struct moment *moment,
	struct tree_name *name, struct value *value)
{
	for (size_t i = 0; i < tree->count; i++) {
		const struct area *area = tree->areas[i];
		int side = side_of(name, area);
		if (side > 0)
			continue;
		struct place place = {0};
		if (side == 0) {
			struct tree_name rest = within(name, area);
			place = place_behind(area, moment, &rest);
		}
		if (first_cell(area, moment, place, name, value))
			return true;
	}
	return false;
}
