/* SPDX-License-Identifier: ISC */
/* inputs — see inputs.h. */
#include "agent/inputs.h"

#include "agent/cell.h"

enum column { PATH = 2, OFFSET, LAG, ROTATIONS };

static const uint32_t arcs[] = {PATH, OFFSET, LAG, ROTATIONS};

static size_t
rows(const struct moment *moment)
{
	return moment->view != NULL ? moment->view->input_count : 0;
}

static void
index_row(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	index[0] = moment->view->inputs[row].index;
}

static bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	const struct view_input *input = &moment->view->inputs[row];
	switch (column) {
	case PATH:
		return cell_text(value, input->path);
	case OFFSET:
		return cell_counter64(value, input->offset);
	case LAG:
		return cell_counter64(value, input->lag);
	default:
		return cell_counter64(value, input->rotations);
	}
}

const struct area inputs_area = {
	.prefix = {1, 9, 1},
	.prefix_len = 3,
	.index_len = 1,
	.arcs = arcs,
	.arc_count = sizeof(arcs) / sizeof(arcs[0]),
	.rows = rows,
	.index = index_row,
	.cell = cell,
};
