/* SPDX-License-Identifier: ISC */
/* view — see view.h. */
#include "agent/view.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/mem.h"

static bool
is_harmless(const char *text)
{
	size_t len = 0;
	for (; text[len] != '\0'; len++)
		if (text[len] < ' ' || text[len] > '~')
			return false;
	return len <= VIEW_TEXT_MAX;
}

size_t
view_tame(char room[VIEW_TEXT_MAX + 1], const char *text)
{
	size_t len = 0;
	for (; len < VIEW_TEXT_MAX && text[len] != '\0'; len++)
		room[len] =
			text[len] >= ' ' && text[len] <= '~' ? text[len] : '?';
	room[len] = '\0';
	return len;
}

/* The text itself, or a tame copy of it. */
static const char *
harmless(struct view *view, const char *text)
{
	if (is_harmless(text))
		return text;
	char room[VIEW_TEXT_MAX + 1];
	char *copy = mem_strndup(room, view_tame(room, text));
	view->texts = mem_grow(view->texts, view->text_count,
		&view->text_capacity, sizeof(*view->texts));
	view->texts[view->text_count++] = copy;
	return copy;
}

/* Of counters, cells, inputs and alerts: each begins with its number. */
static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void
take_counters(struct view *view)
{
	const struct snapshot *all = view->snapshot;
	size_t count = all->counter_count;
	view->counters = mem_zalloc(count, sizeof(*view->counters));
	view->scalars = mem_zalloc(count, sizeof(*view->scalars));
	view->gauges = mem_zalloc(count, sizeof(*view->gauges));
	for (size_t i = 0; i < count; i++) {
		const struct snapshot_counter *counter = &all->counters[i];
		view->counters[view->counter_count++] = (struct view_counter){
			.number = counter->number,
			.name = harmless(view, counter->name),
			.unit = harmless(view, counter->unit),
			.is_gauge = strncmp(counter->name, "queue.", 6) == 0,
		};
	}
	qsort(view->counters, count, sizeof(*view->counters), by_number);
	for (size_t i = 0; i < count; i++) {
		const struct view_counter *counter = &view->counters[i];
		if (counter->number >= VIEW_OWN_COUNTERS)
			continue;
		if (counter->is_gauge)
			view->gauges[view->gauge_count++] = counter->number;
		else
			view->scalars[view->scalar_count++] = counter->number;
	}
}

/* 0: a kind that the MIB does not know. */
static enum view_scope
scope_of(const char *kind)
{
	static const char *const kinds[VIEW_SCOPES] = {
		[VIEW_TOTAL] = "total",
		[VIEW_SOURCE] = "source",
		[VIEW_HOST] = "host",
		[VIEW_DOMAIN] = "domain",
	};
	for (int scope = VIEW_TOTAL; scope < VIEW_SCOPES; scope++)
		if (strcmp(kinds[scope], kind) == 0)
			return (enum view_scope)scope;
	return 0;
}

static int
by_scope_and_index(const void *a, const void *b)
{
	const struct view_row *x = a, *y = b;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static void
take_rows(struct view *view)
{
	const struct snapshot *all = view->snapshot;
	view->rows = mem_zalloc(all->row_count, sizeof(*view->rows));
	for (size_t i = 0; i < all->row_count; i++) {
		const struct snapshot_row *row = &all->rows[i];
		enum view_scope scope = scope_of(row->kind);
		if (scope != 0)
			view->rows[view->row_count++] = (struct view_row){
				.scope = scope,
				.index = row->index,
				.key = harmless(view, row->key),
			};
	}
	qsort(view->rows, view->row_count, sizeof(*view->rows),
		by_scope_and_index);
	size_t at = 0;
	for (size_t scope = 0; scope <= VIEW_SCOPES; scope++) {
		while (at < view->row_count && view->rows[at].scope < scope)
			at++;
		view->scopes[scope] = at;
	}
}

static struct view_row *
find_row(const struct view *view, const char *kind, uint32_t index)
{
	struct view_row like = {.scope = scope_of(kind), .index = index};
	return bsearch(&like, view->rows, view->row_count, sizeof(like),
		by_scope_and_index);
}

typedef void part_taker(struct view *view, struct view_row *row,
	const struct snapshot_value *values, size_t count);

/* Hands over all that the snapshot says of the rows: sums and steps. */
static void
take_parts(struct view *view, part_taker *take)
{
	const struct snapshot *all = view->snapshot;
	for (size_t i = 0; i < all->row_count; i++) {
		const struct snapshot_row *from = &all->rows[i];
		struct view_row *row = find_row(view, from->kind, from->index);
		if (row != NULL)
			take(view, row, from->values, from->count);
	}
	for (size_t i = 0; i < all->step_count; i++) {
		const struct snapshot_step *from = &all->steps[i];
		struct view_row *row = find_row(view, from->kind, from->index);
		if (row != NULL)
			take(view, row, from->values, from->count);
	}
}

static void
count_values(struct view *view, struct view_row *row,
	const struct snapshot_value *values, size_t count)
{
	(void)values;
	row->count += count;
	view->cell_count += count;
}

static void
add_values(struct view *view, struct view_row *row,
	const struct snapshot_value *values, size_t count)
{
	struct view_cell *cells = view->cells + row->first;
	for (size_t i = 0; i < count; i++)
		cells[row->count++] = (struct view_cell){
			.number = values[i].number,
			.row = (uint32_t)(row - view->rows),
			.value = values[i].value,
		};
}

static bool
is_shown(const struct view_cell *cell)
{
	return cell->counter != NULL &&
	       (cell->counter->is_gauge || cell->value > 0);
}

/* Sums up what stands twice, and moves the row to view->cell_count, which is
 * not behind it. */
static void
settle_row(struct view *view, struct view_row *row)
{
	struct view_cell *cells = view->cells + row->first;
	size_t count = row->count, first = view->cell_count;
	qsort(cells, count, sizeof(*cells), by_number);
	for (size_t i = 0; i < count;) {
		struct view_cell sum = cells[i];
		while (++i < count && cells[i].number == sum.number)
			sum.value += cells[i].value;
		sum.counter = view_counter(view, sum.number);
		if (is_shown(&sum))
			view->cells[view->cell_count++] = sum;
	}
	row->first = first;
	row->count = view->cell_count - first;
}

/* Each row gets room for all that is said of it, then this; then it is sorted
 * and the rows are closed up. */
static void
take_cells(struct view *view)
{
	take_parts(view, count_values);
	view->cells = mem_zalloc(view->cell_count, sizeof(*view->cells));
	size_t first = 0;
	for (size_t i = 0; i < view->row_count; i++) {
		struct view_row *row = &view->rows[i];
		row->first = first;
		first += row->count;
		row->count = 0;
	}
	take_parts(view, add_values);
	view->cell_count = 0;
	for (size_t i = 0; i < view->row_count; i++)
		settle_row(view, &view->rows[i]);
}

/* A number that stays the same as long as the texts do. */
static uint32_t
index_of(const char *first, const char *second)
{
	struct buf both = {0};
	buf_add(&both, first, strlen(first) + 1);
	buf_adds(&both, second);
	uint64_t hash = hash64(both.data, both.len);
	buf_free(&both);
	return (uint32_t)(hash % INT32_MAX) + 1;
}

/* Of indices in ascending order, the one before given: never the same. */
static uint32_t
free_index(uint32_t wanted, uint32_t before)
{
	return wanted > before ? wanted : before + 1;
}

static int
by_path(const void *a, const void *b)
{
	const struct snapshot_input *const *x = a, *const *y = b;
	int order = strcmp((*x)->path, (*y)->path);
	return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* The positions of one path are one input: its last file is the present one,
 * and what is not read of the others is behind, too. */
static void
take_inputs(struct view *view)
{
	const struct snapshot *all = view->snapshot;
	size_t count = all->input_count;
	const struct snapshot_input **sorted =
		mem_zalloc(count, sizeof(struct snapshot_input *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &all->inputs[i];
	qsort(sorted, count, sizeof(*sorted), by_path);
	view->inputs = mem_zalloc(count, sizeof(*view->inputs));
	struct view_input *input = NULL;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(sorted[i - 1]->path, sorted[i]->path) != 0)
			input = &view->inputs[view->input_count++];
		input->index = index_of(sorted[i]->path, "");
		input->path = sorted[i]->path;
		input->offset = sorted[i]->offset;
		input->rotations = sorted[i]->rotations;
		input->lag += sorted[i]->lag;
	}
	free(sorted);
	qsort(view->inputs, view->input_count, sizeof(*view->inputs),
		by_number);
	for (size_t i = 0; i < view->input_count; i++) {
		input = &view->inputs[i];
		input->path = harmless(view, input->path);
		if (i > 0)
			input->index =
				free_index(input->index, input[-1].index);
	}
}

static void
take_alerts(struct view *view)
{
	const struct snapshot *all = view->snapshot;
	view->alert_count = all->alert_count;
	view->alerts = mem_zalloc(view->alert_count, sizeof(*view->alerts));
	for (size_t i = 0; i < view->alert_count; i++) {
		const struct snapshot_alert *from = &all->alerts[i];
		view->alerts[i] = (struct view_alert){
			.index = index_of(from->name, from->key),
			.name = harmless(view, from->name),
			.key = harmless(view, from->key),
			.state = from->state,
			.severity = from->severity,
			.value = harmless(view, from->value),
			.threshold = harmless(view, from->threshold),
			.text = harmless(view, from->text),
			.since = from->since,
		};
	}
	qsort(view->alerts, view->alert_count, sizeof(*view->alerts),
		by_number);
	for (size_t i = 1; i < view->alert_count; i++) {
		struct view_alert *alert = &view->alerts[i];
		alert->index = free_index(alert->index, alert[-1].index);
	}
}

struct view *
view_new(struct snapshot *snapshot)
{
	struct view *view = mem_zalloc(1, sizeof(*view));
	view->snapshot = snapshot;
	take_counters(view);
	take_rows(view);
	take_cells(view);
	take_inputs(view);
	take_alerts(view);
	return view;
}

void
view_free(struct view *view)
{
	if (view == NULL)
		return;
	for (size_t i = 0; i < view->text_count; i++)
		free(view->texts[i]);
	free(view->texts);
	free(view->counters);
	free(view->scalars);
	free(view->gauges);
	free(view->rows);
	free(view->cells);
	free(view->inputs);
	free(view->alerts);
	snapshot_free(view->snapshot);
	free(view);
}

const struct view_counter *
view_counter(const struct view *view, uint32_t number)
{
	struct view_counter like = {.number = number};
	return bsearch(&like, view->counters, view->counter_count, sizeof(like),
		by_number);
}

bool
view_value(const struct view *view, const struct view_row *row, uint32_t number,
	uint64_t *value)
{
	struct view_cell like = {.number = number};
	const struct view_cell *cell = bsearch(&like, view->cells + row->first,
		row->count, sizeof(like), by_number);
	*value = cell != NULL ? cell->value : 0;
	return cell != NULL;
}
