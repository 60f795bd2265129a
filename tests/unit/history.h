/* SPDX-License-Identifier: ISC */
/*
 * history — a made-up history for the tests of the store, in a folder of its
 * own: what a collector would hand over, and what the files tell afterwards.
 */
#ifndef TESTS_UNIT_HISTORY_H
#define TESTS_UNIT_HISTORY_H

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "rrd/fetch.h"
#include "rrd/path.h"
#include "rrd/store.h"

enum { SOURCES = 3, DAY = 1440, STEPS_MAX = 3 * DAY };

static const struct store_source SOURCE[SOURCES] = {
	{"pass", false}, {"fail", false}, {"files", true}};
static const struct store_series SERIES = {
	.kind = "total",
	.key = "total",
	.group = "dkim",
	.sources = SOURCE,
	.source_count = SOURCES,
};

/* A made-up history: what a collector would hand over. */
struct history {
	char dir[64];
	time_t times[STEPS_MAX];
	uint64_t values[STEPS_MAX][SOURCES], before[SOURCES];
	struct store *store;
	const char *cached; /* rrdcached, or NULL */
	struct err err;
};

static inline void
open_store(struct history *h)
{
	const struct store_options options = {
		.dir = h->dir, .cached = h->cached};
	store_close(h->store);
	h->store = store_open(&options, &h->err);
	assert_non_null(h->store);
}

static inline int
setup(void **state)
{
	struct history *h = mem_zalloc(1, sizeof(*h));
	strcpy(h->dir, "/tmp/test_store.XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	srandom(7);
	uint64_t value[SOURCES] = {UINT64_C(1) << 62, 1000, 0};
	memcpy(h->before, value, sizeof(value));
	for (size_t i = 0; i < STEPS_MAX; i++) {
		h->times[i] = 1790000040 + (time_t)i * STORE_STEP_S;
		value[0] += (uint64_t)random() % 50;
		value[1] += random() % 10 == 0 ? (uint64_t)random() % 3 : 0;
		value[2] = (uint64_t)random() % 100;
		memcpy(h->values[i], value, sizeof(value));
	}
	open_store(h);
	*state = h;
	return 0;
}

static inline int
teardown(void **state)
{
	struct history *h = *state;
	char command[128];
	store_close(h->store);
	snprintf(command, sizeof(command), "rm -rf '%s'", h->dir);
	int rc = system(command);
	free(h);
	return rc;
}

static inline int
feed_series(struct history *h, const struct store_series *series, size_t from,
	size_t to)
{
	const struct store_steps steps = {
		.times = h->times + from,
		.count = to - from,
		.values = h->values[from],
		.before = from ? h->values[from - 1] : h->before,
	};
	return store_feed(h->store, series, &steps, &h->err);
}

static inline int
feed(struct history *h, size_t from, size_t to)
{
	return feed_series(h, &SERIES, from, to);
}

static inline const char *
path_of(struct history *h, const struct store_series *series)
{
	static char path[PATH_SIZE];
	assert_int_equal(store_path(h->store, series, path, sizeof(path)), 0);
	return path;
}

/* What steps [from, to) add, as the file tells it; NaN when a step is unknown.
 */
static inline double
fetched(struct history *h, const char *source, size_t from, size_t to)
{
	const struct fetch_request request = {
		.path = path_of(h, &SERIES),
		.cached = h->cached,
		.from = h->times[from] - STORE_STEP_S,
		.to = h->times[to - 1],
		.step = STORE_STEP_S,
	};
	struct fetch fetch;
	assert_int_equal(fetch_read(&request, &fetch, &h->err), 0);
	long at = fetch_source(&fetch, source);
	assert_true(at >= 0);
	double sum = 0;
	for (size_t i = 0; i < fetch.row_count; i++) {
		time_t time = fetch.from + (time_t)((i + 1) * fetch.step);
		if (time <= request.to)
			sum += fetch.values[i * fetch.source_count +
					    (size_t)at] *
			       (double)fetch.step;
	}
	fetch_free(&fetch);
	return sum;
}

static inline double
truth(struct history *h, size_t source, size_t from, size_t to)
{
	uint64_t start = from ? h->values[from - 1][source] : h->before[source];
	return (double)(h->values[to - 1][source] - start);
}

static inline void
assert_counted(struct history *h, size_t from, size_t to)
{
	for (size_t s = 0; s < 2; s++) {
		double got = fetched(h, SOURCE[s].name, from, to);
		double want = truth(h, s, from, to);
		if (!(fabs(got - want) < 1e-6))
			fail_msg("%s of steps %zu to %zu: %.9g, not %.9g",
				SOURCE[s].name, from, to, got, want);
	}
}

#endif
