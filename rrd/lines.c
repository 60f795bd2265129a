/* SPDX-License-Identifier: ISC */
#include "rrd/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static const size_t NONE = SIZE_MAX;

/* Files and callers nearly always have the same order: look there first. */
static size_t
find_source(const struct store_series *series, const char *name, size_t hint)
{
	for (size_t i = 0; i < series->source_count; i++) {
		size_t at = (hint + i) % series->source_count;
		if (strcmp(series->sources[at].name, name) == 0)
			return at;
	}
	return NONE;
}

static size_t *
map_sources(const struct rrdfile *file, const struct store_series *series,
	size_t *found)
{
	size_t *map = mem_zalloc(file->count + 1, sizeof(*map));
	size_t hint = 0;
	*found = 0;
	for (size_t i = 0; i < file->count; i++) {
		map[i] = find_source(series, file->names[i], hint);
		if (map[i] == NONE)
			continue;
		hint = map[i] + 1;
		++*found;
	}
	return map;
}

size_t
lines_lacking(const struct rrdfile *file, const struct store_series *series)
{
	size_t found;
	free(map_sources(file, series, &found));
	return series->source_count - found;
}

static void
add_line(struct lines *lines, const struct rrdfile *file, const char *stamp,
	const uint64_t *values)
{
	lines->starts = mem_grow(lines->starts, lines->out.count,
		&lines->capacity, sizeof(*lines->starts));
	lines->starts[lines->out.count++] = lines->text.len;
	buf_adds(&lines->text, stamp);
	for (size_t i = 0; i < file->count; i++) {
		buf_addc(&lines->text, ':');
		size_t source = lines->sources[i];
		if (source == NONE || values[source] == STORE_UNKNOWN)
			buf_addc(&lines->text, 'U');
		else
			buf_addu(&lines->text, values[source]);
	}
	buf_addc(&lines->text, '\0');
}

static void
add_step(struct lines *lines, const struct rrdfile *file, time_t time,
	const uint64_t *values)
{
	char stamp[32];
	snprintf(stamp, sizeof(stamp), "%lld", (long long)time);
	add_line(lines, file, stamp, values);
}

static bool
goes_on_from(const struct lines *lines, const struct rrdfile *file,
	const struct store_series *series, const uint64_t *values)
{
	for (size_t i = 0; file->values && i < file->count; i++) {
		size_t source = lines->sources[i];
		if (source != NONE && !series->sources[source].is_gauge &&
			file->values[i] != values[source])
			return false;
	}
	return true;
}

/* What stands before the first step that the file lacks. */
static void
add_start(struct lines *lines, const struct rrdfile *file,
	const struct store_series *series, const struct store_steps *steps)
{
	size_t first = 0;
	while (first < steps->count && steps->times[first] <= file->last)
		first++;
	const uint64_t *before = steps->before;
	if (first > 0)
		before = steps->values + (first - 1) * series->source_count;
	time_t start =
		steps->times[0] + (time_t)first * STORE_STEP_S - STORE_STEP_S;
	if (first == steps->count)
		return;
	if (file->last < start) {
		add_step(lines, file, start, before);
	} else if (file->last == start &&
		   !goes_on_from(lines, file, series, before)) {
		/* librrd counts whole unknown seconds: this costs none. */
		char stamp[32];
		snprintf(stamp, sizeof(stamp), "%lld.001", (long long)start);
		add_line(lines, file, stamp, before);
	}
}

void
lines_build(struct lines *lines, const struct rrdfile *file,
	const struct store_series *series, const struct store_steps *steps)
{
	size_t found;
	*lines = (struct lines){0};
	lines->sources = map_sources(file, series, &found);
	add_start(lines, file, series, steps);
	for (size_t i = 0; i < steps->count; i++) {
		if (steps->times[i] > file->last)
			add_step(lines, file, steps->times[i],
				steps->values + i * series->source_count);
	}
	size_t n = lines->out.count;
	lines->out.items = mem_zalloc(n + 1, sizeof(*lines->out.items));
	for (size_t i = 0; i < n; i++)
		lines->out.items[i] = lines->text.data + lines->starts[i];
}

void
lines_confirm(const struct lines *lines, struct rrdfile *file,
	const struct store_series *series, const struct store_steps *steps)
{
	if (lines->out.count == 0)
		return;
	if (!file->values)
		file->values = mem_zalloc(file->count, sizeof(*file->values));
	size_t last = steps->count - 1;
	file->last = steps->times[last];
	for (size_t i = 0; i < file->count; i++) {
		size_t source = lines->sources[i];
		file->values[i] = STORE_UNKNOWN;
		if (source != NONE)
			file->values[i] =
				steps->values[last * series->source_count +
					      source];
	}
}

void
lines_free(struct lines *lines)
{
	free(lines->sources);
	free(lines->starts);
	free(lines->out.items);
	buf_free(&lines->text);
	*lines = (struct lines){0};
}
