/* SPDX-License-Identifier: ISC */
/* scopes — see scopes.h. */
#include "agent/scopes.h"

#include "agent/cell.h"
#include "agent/columns.h"

static size_t
row_count(const struct moment *moment, enum view_scope scope)
{
	const struct view *view = moment->view;
	return view != NULL ? view->scopes[scope + 1] - view->scopes[scope] : 0;
}

static const struct view_row *
row_at(const struct moment *moment, enum view_scope scope, size_t row)
{
	return &moment->view->rows[moment->view->scopes[scope] + row];
}

static bool
show(const struct moment *moment, const struct view_row *row, uint32_t column,
	struct value *value)
{
	if (column == COLUMNS_NAME)
		return cell_text(value, row->key);
	/* First: a column without a counter is passed over row by row. */
	if (view_counter(moment->view, column) == NULL)
		return false;
	uint64_t number;
	view_value(moment->view, row, column, &number);
	return cell_counter64(value, number);
}

/* What an area calls knows its moment only: one set of functions per scope. */
#define SCOPE(name, scope, arc)                                               \
	static size_t name##_columns(                                         \
		const struct moment *moment, const uint32_t **columns)        \
	{                                                                     \
		(void)moment;                                                 \
		return columns_of(scope, columns);                            \
	}                                                                     \
	static size_t name##_rows(const struct moment *moment)                \
	{                                                                     \
		return row_count(moment, scope);                              \
	}                                                                     \
	static void name##_index(const struct moment *moment, size_t row,     \
		uint32_t index[AREA_INDEX_MAX])                               \
	{                                                                     \
		index[0] = row_at(moment, scope, row)->index;                 \
	}                                                                     \
	static bool name##_cell(const struct moment *moment, uint32_t column, \
		size_t row, struct value *value)                              \
	{                                                                     \
		return show(                                                  \
			moment, row_at(moment, scope, row), column, value);   \
	}                                                                     \
	const struct area scopes_##name = {                                   \
		.prefix = {1, arc, 1},                                        \
		.prefix_len = 3,                                              \
		.index_len = 1,                                               \
		.columns = name##_columns,                                    \
		.rows = name##_rows,                                          \
		.index = name##_index,                                        \
		.cell = name##_cell,                                          \
	}

SCOPE(source, VIEW_SOURCE, 5);
SCOPE(host, VIEW_HOST, 6);
SCOPE(domain, VIEW_DOMAIN, 7);
