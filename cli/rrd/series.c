/* SPDX-License-Identifier: ISC */
#include "cli/rrd/series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "rrd/fetch.h"
#include "rrd/graph.h"
#include "rrd/path.h"
#include "rrd/recipe.h"

enum { FINEST_S = 60, ROWS_MAX = 1000000, NAME_LEN = 64 };

/* What there is instead, for whoever mistyped. */
static int
explain(const struct series_request *request, const struct fetch *fetch,
	const char *counter, struct err *err)
{
	struct buf there = {0};
	for (size_t i = 0; fetch && i < fetch->source_count; i++)
		buf_printf(&there, " %.*s.%s", (int)strcspn(counter, "."),
			counter, fetch->sources[i]);
	if (!fetch) {
		const struct sheet_request graph = {.dir = request->where->dir,
			.kind = request->where->kind,
			.key = request->where->key};
		struct buf names = {0};
		sheet_list(&graph, &names);
		for (char *p = names.data; p && *p;) {
			size_t len = strcspn(p, "\n");
			if (!memchr(p, '.', len))
				buf_printf(&there, " %.*s.*", (int)len, p);
			p += len + 1;
		}
		buf_free(&names);
	}
	const struct where *where = request->where;
	err_set(err, "no history of '%s' for %s; there is:%s", counter,
		*where->key ? where->key : where->kind,
		there.data ? there.data : " none");
	buf_free(&there);
	return -1;
}

static int
read_counter(const struct series_request *request, const char *counter,
	struct fetch *out, struct err *err)
{
	char group[NAME_LEN], path[PATH_SIZE];
	const struct where *where = request->where;
	recipe_group(counter, group, sizeof(group));
	const char *const parts[4] = {
		where->dir, where->kind, where->key, group};
	if (path_series(parts, path, sizeof(path)) < 0)
		return err_set(err, "%s: path too long", where->dir);
	if (access(path, F_OK) != 0)
		return explain(request, NULL, counter, err);
	const struct fetch_request fetch = {.path = path,
		.cached = where->cached,
		.from = request->from,
		.to = request->to,
		.step = FINEST_S};
	if (fetch_read(&fetch, out, err) < 0)
		return -1;
	const char *word = strchr(counter, '.');
	if (word && fetch_source(out, word + 1) >= 0)
		return 0;
	explain(request, out, counter, err);
	fetch_free(out);
	return -1;
}

/* Adds the rows of one counter up; weights[row] is what is known, in s. */
static void
add_up(struct series *series, size_t counter, const struct fetch *fetch,
	const char *word)
{
	size_t at = (size_t)fetch_source(fetch, word);
	double *known = mem_zalloc(series->row_count, sizeof(*known));
	long fine = (long)fetch->step;
	for (size_t i = 0; i < fetch->row_count; i++) {
		time_t begin = fetch->from + (time_t)i * fine;
		double rate = fetch->values[i * fetch->source_count + at];
		time_t row = (begin - series->from) / series->step;
		if (isnan(rate) || begin < series->from ||
			(size_t)row >= series->row_count)
			continue;
		double *value =
			&series->values[(size_t)row * series->count + counter];
		*value += rate * (double)fine;
		known[row] += (double)fine;
	}
	for (size_t row = 0; row < series->row_count; row++) {
		double *value = &series->values[row * series->count + counter];
		if (known[row] == 0)
			*value = NAN;
		else if (series->is_gauge[counter])
			*value /= known[row];
	}
	free(known);
}

static int
lay_out(const struct series_request *request, const struct fetch *fetches,
	struct series *out, struct err *err)
{
	long fine = FINEST_S;
	for (size_t i = 0; i < request->count; i++) {
		if ((long)fetches[i].step > fine)
			fine = (long)fetches[i].step;
	}
	out->count = request->count;
	out->step = (request->step + fine - 1) / fine * fine;
	out->from = request->from - request->from % out->step;
	long rows = (long)(request->to - out->from + out->step - 1) / out->step;
	if (rows < 1 || rows > ROWS_MAX)
		return err_set(err, "no step, or over %d steps, in this range",
			ROWS_MAX);
	out->row_count = (size_t)rows;
	return 0;
}

int
series_read(const struct series_request *request, struct series *out,
	struct err *err)
{
	struct fetch *fetches = mem_zalloc(request->count, sizeof(*fetches));
	struct series series = {0};
	/* Whole steps: a first one that counts in part would tell too little.
	 */
	struct series_request whole = *request;
	whole.from -= whole.from % whole.step;
	int rc = 0;
	for (size_t i = 0; i < request->count && rc == 0; i++)
		rc = read_counter(
			&whole, request->counters[i], &fetches[i], err);
	if (rc == 0)
		rc = lay_out(&whole, fetches, &series, err);
	if (rc == 0) {
		series.values = mem_zalloc(
			series.row_count * series.count, sizeof(double));
		series.is_gauge = mem_zalloc(series.count, sizeof(bool));
	}
	for (size_t i = 0; i < request->count; i++) {
		char group[NAME_LEN];
		recipe_group(request->counters[i], group, sizeof(group));
		const struct recipe *recipe = recipe_find(group);
		if (rc == 0) {
			series.is_gauge[i] = recipe && recipe->is_gauge;
			add_up(&series, i, &fetches[i],
				strchr(request->counters[i], '.') + 1);
		}
		fetch_free(&fetches[i]);
	}
	free(fetches);
	if (rc == 0)
		*out = series;
	return rc;
}

void
series_free(struct series *series)
{
	free(series->values);
	free(series->is_gauge);
	*series = (struct series){0};
}

double
series_total(const struct series *series, size_t counter)
{
	double sum = NAN;
	for (size_t i = 0; i < series->row_count; i++) {
		double value = series->values[i * series->count + counter];
		if (!isnan(value) && !series->is_gauge[counter])
			sum = isnan(sum) ? value : sum + value;
	}
	return sum;
}
