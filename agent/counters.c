/* SPDX-License-Identifier: ISC */
/*
 * counters — see counters.h.
 *
 * The view's cells stand in the order of this table, so that a row here is a
 * cell there.
 */
#include "agent/counters.h"

#include "agent/cell.h"

enum column { KEY = 4, NAME, UNIT, VALUE, GAUGE };

static const uint32_t arcs[] = {KEY, NAME, UNIT, VALUE, GAUGE};

static size_t
rows(const struct moment *moment)
{
	return moment->view != NULL ? moment->view->cell_count : 0;
}

static void
index_row(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	const struct view_cell *at = &moment->view->cells[row];
	const struct view_row *of = &moment->view->rows[at->row];
	index[0] = of->scope;
	index[1] = of->index;
	index[2] = at->number;
}

static bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	const struct view *view = moment->view;
	const struct view_cell *at = &view->cells[row];
	const struct view_counter *counter = at->counter;
	switch (column) {
	case KEY:
		return cell_text(value, view->rows[at->row].key);
	case NAME:
		return cell_text(value, counter->name);
	case UNIT:
		return cell_text(value, counter->unit);
	case VALUE:
		return !counter->is_gauge && cell_counter64(value, at->value);
	default:
		return counter->is_gauge && cell_gauge(value, at->value);
	}
}

const struct area counters_area = {
	.prefix = {1, 8, 1},
	.prefix_len = 3,
	.index_len = 3,
	.arcs = arcs,
	.arc_count = sizeof(arcs) / sizeof(arcs[0]),
	.rows = rows,
	.index = index_row,
	.cell = cell,
};
