/* SPDX-License-Identifier: ISC */
/* record — see record.h. */
#include "collector/record.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum {
	FILL_MAX_S = 14 * 86400, /* a longer silence stays a gap */
	GAUGE_FRESH_S = 3 * ROWS_STEP_S,
	GROUP_MAX = 256 /* counters of one group */
};

/* The counters of one group: indices in the catalogue. */
struct group {
	const char *name;
	size_t counters[GROUP_MAX];
	struct store_source sources[GROUP_MAX];
	size_t count;
};

struct record {
	const struct config *config;
	struct rows *rows;
	struct store *store;
	struct group *groups;
	size_t group_count, group_capacity;
	uint64_t *values; /* RECORD_CHUNK × GROUP_MAX */
};

static struct group *
group_of(struct record *record, const char *name)
{
	for (size_t g = 0; g < record->group_count; g++)
		if (strcmp(record->groups[g].name, name) == 0)
			return &record->groups[g];
	record->groups = mem_grow(record->groups, record->group_count,
		&record->group_capacity, sizeof(*record->groups));
	struct group *group = &record->groups[record->group_count++];
	*group = (struct group){.name = name};
	return group;
}

struct record *
record_new(const struct config *config, struct rows *rows, struct err *err)
{
	struct record *record = mem_zalloc(1, sizeof(*record));
	record->config = config;
	record->rows = rows;
	record->store = store_open(
		&(struct store_options){
			.dir = config->rrd_dir,
			.cached = config->rrd_cached,
			.size_max = (uint64_t)config->rrd_size_max << 20,
		},
		err);
	const struct catalogue *catalogue = rows->catalogue;
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogue_counter *c = &catalogue->counters[i];
		struct group *group = group_of(record, c->group);
		if (group->count == GROUP_MAX)
			continue;
		group->counters[group->count] = i;
		group->sources[group->count++] =
			(struct store_source){c->word, c->is_gauge};
	}
	record->values =
		mem_zalloc((size_t)RECORD_CHUNK * GROUP_MAX, sizeof(uint64_t));
	if (record->store != NULL)
		return record;
	record_free(record);
	return NULL;
}

void
record_free(struct record *record)
{
	if (record == NULL)
		return;
	store_close(record->store);
	free(record->groups);
	free(record->values);
	free(record);
}

/* Which rows have files: total, sources, configured domains, and hosts once
 * there are two. */
static bool
has_files(const struct record *record, const struct row *row)
{
	if (row->kind == ROWS_HOST)
		return record->rows->kind_count[ROWS_HOST] > 1;
	if (row->kind != ROWS_DOMAIN)
		return true;
	const struct config_strings *own = &record->config->own_domains;
	for (size_t i = 0; i < own->count; i++)
		if (strcmp(own->items[i], row->key) == 0)
			return true;
	return false;
}

static uint64_t
added_by(const struct step *step, const struct row *row, size_t counter)
{
	return row->number < step->size && step->added[row->number] != NULL
		       ? step->added[row->number][counter]
		       : 0;
}

/* A run of closed minutes, for one group of one row at a time. */
struct chunk {
	const struct row *row;
	const struct group *group;
	const struct steps *steps;
	time_t times[RECORD_CHUNK];
	size_t count;
	int64_t now;
};

/* Fills one column of record->values and says whether the counter has ever
 * counted in the row. */
static bool
fill_counter(struct record *record, const struct chunk *chunk, size_t column)
{
	const struct row *row = chunk->row;
	const struct group *group = chunk->group;
	size_t counter = group->counters[column];
	uint64_t value = row->base[counter];
	bool is_gauge = group->sources[column].is_gauge;
	size_t s = 0;
	for (size_t t = 0; t < chunk->count; t++) {
		for (; !is_gauge && s < chunk->steps->count &&
			chunk->steps->items[s]->end <= chunk->times[t];
			s++)
			value += added_by(chunk->steps->items[s], row, counter);
		uint64_t *out = &record->values[t * group->count + column];
		bool is_fresh = chunk->now - chunk->times[t] < GAUGE_FRESH_S;
		*out = is_gauge && !is_fresh ? STORE_UNKNOWN : value;
	}
	return is_gauge ? row->kind == ROWS_TOTAL && value != STORE_UNKNOWN
			: value != 0;
}

static int
feed(struct record *record, const struct chunk *chunk, struct err *err)
{
	const struct row *row = chunk->row;
	const struct group *group = chunk->group;
	bool has_counted = false;
	uint64_t before[GROUP_MAX];
	for (size_t c = 0; c < group->count; c++) {
		has_counted |= fill_counter(record, chunk, c);
		before[c] = group->sources[c].is_gauge
				    ? STORE_UNKNOWN
				    : row->base[group->counters[c]];
	}
	if (!has_counted)
		return 0;
	return store_feed(record->store,
		&(struct store_series){
			.kind = rows_kind_names[row->kind],
			.key = row->key,
			.group = group->name,
			.sources = group->sources,
			.source_count = group->count,
		},
		&(struct store_steps){
			.times = chunk->times,
			.count = chunk->count,
			.values = record->values,
			.before = before,
		},
		err);
}

/* Until when nothing counted, at most what is closed. */
static int64_t
quiet_until(const struct steps *steps)
{
	size_t s = 0;
	while (s < steps->count && steps->items[s]->size == 0)
		s++;
	int64_t until = s < steps->count ? steps->items[s]->end - ROWS_STEP_S
					 : steps->closed;
	return until < steps->closed ? until : steps->closed;
}

int
record_steps(struct record *record, struct steps *steps, int64_t now,
	struct err *err)
{
	int64_t quiet = quiet_until(steps);
	if (quiet - steps->confirmed > FILL_MAX_S)
		steps_confirm(steps, record->rows, quiet - FILL_MAX_S);
	struct chunk chunk = {.steps = steps, .now = now};
	int64_t time = steps->confirmed;
	while (time < steps->closed && chunk.count < RECORD_CHUNK) {
		time += ROWS_STEP_S;
		chunk.times[chunk.count++] = time;
	}
	if (chunk.count == 0)
		return 0;
	for (size_t r = 0; r < record->rows->count; r++) {
		chunk.row = record->rows->items[r];
		size_t groups =
			has_files(record, chunk.row) ? record->group_count : 0;
		for (size_t g = 0; g < groups; g++) {
			chunk.group = &record->groups[g];
			if (feed(record, &chunk, err) != 0)
				return -1;
		}
	}
	steps_confirm(steps, record->rows, time);
	return steps->confirmed < steps->closed;
}

const char *
record_note(struct record *record)
{
	return store_note(record->store);
}
