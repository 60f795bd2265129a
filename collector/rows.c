/* SPDX-License-Identifier: ISC */
/* rows — see rows.h. */
#include "collector/rows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/mem.h"

const char *const rows_kind_names[ROWS_KINDS] = {
	[ROWS_TOTAL] = "total",
	[ROWS_SOURCE] = "source",
	[ROWS_HOST] = "host",
	[ROWS_DOMAIN] = "domain",
};

struct rows *
rows_new(
	const struct catalogue *catalogue, size_t hosts_max, size_t domains_max)
{
	struct rows *rows = mem_zalloc(1, sizeof(*rows));
	rows->catalogue = catalogue;
	rows->kind_max[ROWS_TOTAL] = 1;
	rows->kind_max[ROWS_SOURCE] = SIZE_MAX;
	rows->kind_max[ROWS_HOST] = hosts_max;
	rows->kind_max[ROWS_DOMAIN] = domains_max;
	for (int kind = 0; kind < ROWS_KINDS; kind++)
		rows->next_index[kind] = 1;
	rows->table_size = 64;
	rows->table = mem_zalloc(rows->table_size, sizeof(*rows->table));
	rows->total = rows_get(rows, ROWS_TOTAL, slice_of(ROWS_TOTAL_KEY));
	for (size_t i = 0; i < catalogue->count; i++)
		if (catalogue->counters[i].is_gauge)
			rows->total->base[i] = ROWS_GAUGE_UNKNOWN;
	return rows;
}

void
rows_free(struct rows *rows)
{
	if (rows == NULL)
		return;
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->items[i]->key);
		free(rows->items[i]->base);
		free(rows->items[i]);
	}
	free(rows->items);
	free(rows->table);
	free(rows);
}

static size_t
slot_of(const struct rows *rows, enum rows_kind kind, struct slice key)
{
	size_t mask = rows->table_size - 1;
	size_t slot = (hash64(key.data, key.len) + (size_t)kind) & mask;
	struct row *row;
	while ((row = rows->table[slot]) != NULL &&
		(row->kind != kind || !slice_is(key, row->key)))
		slot = (slot + 1) & mask;
	return slot;
}

struct row *
rows_find(const struct rows *rows, enum rows_kind kind, struct slice key)
{
	return rows->table[slot_of(rows, kind, key)];
}

static void
grow_table(struct rows *rows)
{
	free(rows->table);
	rows->table_size *= 2;
	rows->table = mem_zalloc(rows->table_size, sizeof(*rows->table));
	for (size_t i = 0; i < rows->count; i++) {
		struct row *row = rows->items[i];
		rows->table[slot_of(rows, row->kind, slice_of(row->key))] = row;
	}
}

static struct row *
add_row(struct rows *rows, enum rows_kind kind, uint32_t index,
	struct slice key)
{
	if (rows->count * 2 >= rows->table_size)
		grow_table(rows);
	struct row *row = mem_zalloc(1, sizeof(*row));
	*row = (struct row){
		.kind = kind,
		.index = index,
		.number = rows->count,
		.key = mem_strndup(key.data, key.len),
		.base = mem_zalloc(rows->catalogue->count, sizeof(*row->base)),
	};
	rows->items = mem_grow(rows->items, rows->count, &rows->capacity,
		sizeof(*rows->items));
	rows->items[rows->count++] = row;
	rows->kind_count[kind]++;
	rows->table[slot_of(rows, kind, key)] = row;
	if (index >= rows->next_index[kind])
		rows->next_index[kind] = index + 1;
	return row;
}

/* As a row keeps it: without a NUL and what is behind. */
static struct slice
as_kept(struct slice key)
{
	return (struct slice){key.data, strnlen(key.data, key.len)};
}

struct row *
rows_get(struct rows *rows, enum rows_kind kind, struct slice key)
{
	key = as_kept(key);
	struct row *row = rows_find(rows, kind, key);
	if (row != NULL)
		return row;
	if (rows->kind_count[kind] >= rows->kind_max[kind]) {
		key = slice_of(ROWS_OTHER_KEY);
		row = rows_find(rows, kind, key);
		if (row != NULL)
			return row;
	}
	return add_row(rows, kind, rows->next_index[kind], key);
}

void
rows_mark_own(struct rows *rows, struct row *row)
{
	if (!row->is_own)
		rows->kind_count[row->kind]--;
	row->is_own = true;
}

void
rows_sign(struct row *host, int64_t time)
{
	if (host->signing_since == 0 || time < host->signing_since)
		host->signing_since = time;
}

struct row *
rows_get_own(struct rows *rows, enum rows_kind kind, struct slice key)
{
	key = as_kept(key);
	struct row *row = rows_find(rows, kind, key);
	if (row == NULL)
		row = add_row(rows, kind, rows->next_index[kind], key);
	rows_mark_own(rows, row);
	return row;
}

struct row *
rows_restore(struct rows *rows, enum rows_kind kind, uint32_t index,
	struct slice key)
{
	key = as_kept(key);
	struct row *row = rows_find(rows, kind, key);
	if (row != NULL && row == rows->total && index == row->index)
		return row;
	for (size_t i = 0; i < rows->count; i++)
		if (row != NULL || (rows->items[i]->kind == kind &&
					   rows->items[i]->index == index))
			return NULL;
	return add_row(rows, kind, index, key);
}

struct step *
step_new(int64_t end)
{
	struct step *step = mem_zalloc(1, sizeof(*step));
	step->end = end;
	return step;
}

void
step_free(struct step *step)
{
	if (step == NULL)
		return;
	for (size_t i = 0; i < step->size; i++)
		free(step->added[i]);
	free(step->added);
	free(step);
}

uint64_t *
step_new_vector(
	struct step *step, const struct rows *rows, const struct row *row)
{
	if (row->number >= step->size) {
		size_t size = rows->count;
		step->added =
			mem_realloc(step->added, size, sizeof(*step->added));
		for (size_t i = step->size; i < size; i++)
			step->added[i] = NULL;
		step->size = size;
	}
	if (step->added[row->number] == NULL)
		step->added[row->number] =
			mem_zalloc(rows->catalogue->count, sizeof(uint64_t));
	return step->added[row->number];
}

static void
add_vector(uint64_t *into, const uint64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		into[i] += from[i];
}

void
step_confirm(struct step *step, struct rows *rows)
{
	for (size_t i = 0; i < step->size; i++)
		if (step->added[i] != NULL)
			add_vector(rows->items[i]->base, step->added[i],
				rows->catalogue->count);
}

void
step_merge(struct step *into, const struct step *from, const struct rows *rows)
{
	for (size_t i = 0; i < from->size; i++)
		if (from->added[i] != NULL)
			add_vector(step_vector(into, rows, rows->items[i]),
				from->added[i], rows->catalogue->count);
}
