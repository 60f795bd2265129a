/* SPDX-License-Identifier: ISC */
/*
 * recordbox — rows, steps and a history in a folder, and what it tells.
 */
#ifndef TESTS_UNIT_RECORDBOX_H
#define TESTS_UNIT_RECORDBOX_H

#include <math.h>

#include "collector/record.h"
#include "lib/mem.h"
#include "rrd/fetch.h"
#include "tests/unit/folder.h"
#include "tests/unit/rowbox.h"

enum { MINUTE = ROWS_STEP_S, HOUR = 3600, DAY = 86400 };
static const int64_t START = INT64_C(497223) * HOUR;

#define TOTAL_DKIM "rrd/total/total/dkim.rrd"
#define TOTAL_QMGR "rrd/total/total/qmgr.rrd"
#define TOTAL_QUEUE "rrd/total/total/queue.rrd"

struct recordbox {
	void *folder, *counted;
	struct rows *rows;
	struct config config;
	struct steps steps;
	struct record *record;
	struct err err;
};

static inline int
setup(void **state)
{
	static char dir[] = "rrd";
	struct recordbox *box = mem_zalloc(1, sizeof(*box));
	*state = box;
	if (folder_enter(&box->folder) != 0 || rowbox_setup(&box->counted) != 0)
		return -1;
	box->rows = ((struct rowbox *)box->counted)->rows;
	box->config.rrd_dir = dir;
	box->record = record_new(&box->config, box->rows, &box->err);
	return box->record != NULL ? 0 : -1;
}

static inline int
teardown(void **state)
{
	struct recordbox *box = *state;
	record_free(box->record);
	steps_free(&box->steps);
	int result =
		rowbox_teardown(&box->counted) | folder_leave(&box->folder);
	free(box);
	return result;
}

static inline size_t
counter_of(const struct recordbox *box, const char *name)
{
	int c = catalogue_find(box->rows->catalogue, slice_of(name));
	assert_true(c >= 0);
	return (size_t)c;
}

static inline struct row *
row_of(struct recordbox *box, enum rows_kind kind, const char *key)
{
	return rows_get(box->rows, kind, slice_of(key));
}

static inline void
count_in(struct recordbox *box, const struct row *row, const char *name,
	int64_t time)
{
	bool is_late;
	struct step *step = steps_for(&box->steps, time, &is_late);
	step_vector(step, box->rows, row)[counter_of(box, name)]++;
}

static inline void
count_total(struct recordbox *box, const char *name, int64_t time, int amount)
{
	for (int i = 0; i < amount; i++)
		count_in(box, box->rows->total, name, time);
}

/* Closes until this time, and says what one call made of it. */
static inline int
record_until(struct recordbox *box, int64_t until)
{
	steps_close(&box->steps, until);
	return record_steps(box->record, &box->steps, until, &box->err);
}

static inline void
record_all(struct recordbox *box, int64_t until)
{
	int left;
	int64_t before;
	do {
		before = box->steps.confirmed;
		left = record_until(box, until);
	} while (left > 0 && box->steps.confirmed > before);
	if (left != 0)
		fail_msg("%s", box->err.text);
	assert_int_equal(box->steps.confirmed, until);
}

/* The mean of one row of the file: the seconds that begin at `from`. */
static inline double
mean_of(const char *path, const char *source, int64_t from, int64_t seconds)
{
	struct fetch fetch;
	struct err err = {""};
	if (fetch_read(&(struct fetch_request){.path = path,
			       .from = from,
			       .to = from + seconds,
			       .step = (unsigned long)seconds},
		    &fetch, &err) != 0)
		fail_msg("%s: %s", path, err.text);
	assert_int_equal(fetch.step, seconds);
	assert_int_equal(fetch.from, from);
	long at = fetch_source(&fetch, source);
	assert_true(at >= 0 && fetch.row_count > 0);
	double mean = fetch.values[at];
	fetch_free(&fetch);
	return mean;
}

static inline void
assert_added(const char *path, const char *source, int64_t from, double amount)
{
	double got = mean_of(path, source, from, MINUTE) * MINUTE;
	if (!(fabs(got - amount) < 1e-6))
		fail_msg("%s %s at %+d s: %g, not %g", path, source,
			(int)(from - START), got, amount);
}

static inline void
assert_added_in_hour(int64_t from, double amount)
{
	double got = mean_of(TOTAL_DKIM, "pass", from, HOUR) * HOUR;
	if (!(fabs(got - amount) < 1e-6))
		fail_msg("hour %+d: %g, not %g", (int)((from - START) / HOUR),
			got, amount);
}

static inline bool
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

#endif
