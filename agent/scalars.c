/* SPDX-License-Identifier: ISC */
/* scalars — see scalars.h. */
#include "agent/scalars.h"

#include <math.h>
#include <string.h>

#include "agent/cell.h"

/* What the arcs of mtShares stand for. */
static const struct {
	const char *name;
	uint32_t window;
} shares[] = {
	[1] = {"dkim_failures", 300},
	[2] = {"dkim_failures", 3600},
	[3] = {"spf_failures", 300},
	[4] = {"spf_failures", 3600},
	[5] = {"dmarc_failures", 300},
	[6] = {"dmarc_failures", 3600},
	[7] = {"dkim_unsigned", 300},
	[8] = {"dkim_unsigned", 3600},
};
static const uint32_t share_arcs[] = {1, 2, 3, 4, 5, 6, 7, 8};

/* False: there is no total row, or no value in it. */
static bool
total_value(const struct moment *moment, uint32_t number, uint64_t *value)
{
	const struct view *view = moment->view;
	size_t first = view->scopes[VIEW_TOTAL];
	*value = 0;
	return first < view->scopes[VIEW_TOTAL + 1] &&
	       view_value(view, &view->rows[first], number, value);
}

static size_t
total_columns(const struct moment *moment, const uint32_t **arcs)
{
	*arcs = moment->view != NULL ? moment->view->scalars : NULL;
	return moment->view != NULL ? moment->view->scalar_count : 0;
}

static bool
total_cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)row;
	uint64_t number;
	total_value(moment, column, &number);
	return cell_counter64(value, number);
}

static size_t
queue_columns(const struct moment *moment, const uint32_t **arcs)
{
	*arcs = moment->view != NULL ? moment->view->gauges : NULL;
	return moment->view != NULL ? moment->view->gauge_count : 0;
}

static bool
queue_cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)row;
	uint64_t number;
	return total_value(moment, column, &number) &&
	       cell_gauge(value, number);
}

static bool
share_cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)row;
	const struct snapshot *all =
		moment->view != NULL ? moment->view->snapshot : NULL;
	for (size_t i = 0; all != NULL && i < all->share_count; i++) {
		const struct snapshot_share *share = &all->shares[i];
		if (share->window == shares[column].window &&
			strcmp(share->scope, "total") == 0 &&
			strcmp(share->name, shares[column].name) == 0)
			return cell_gauge(
				value, (uint64_t)lround(share->value * 10000));
	}
	return false;
}

const struct area scalars_totals = {
	.prefix = {1, 1},
	.prefix_len = 2,
	.index_len = 1,
	.columns = total_columns,
	.rows = cell_one_row,
	.index = cell_row_zero,
	.cell = total_cell,
};

const struct area scalars_queue = {
	.prefix = {1, 2},
	.prefix_len = 2,
	.index_len = 1,
	.columns = queue_columns,
	.rows = cell_one_row,
	.index = cell_row_zero,
	.cell = queue_cell,
};

const struct area scalars_shares = {
	.prefix = {1, 3},
	.prefix_len = 2,
	.index_len = 1,
	.arcs = share_arcs,
	.arc_count = sizeof(share_arcs) / sizeof(share_arcs[0]),
	.rows = cell_one_row,
	.index = cell_row_zero,
	.cell = share_cell,
};
