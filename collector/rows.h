/* SPDX-License-Identifier: ISC */
/*
 * rows — the counters: one vector per row, split by step.
 *
 *   value now = row->base (confirmed steps) + what each step in memory adds
 *
 * A row is about the total, a source, a host or a domain.  A step is a minute
 * of log time; while it is in memory its additions are kept apart, so that they
 * can be written to history as that minute's.  Gauges are levels, not sums, and
 * stand in base alone.  Rows are bounded; what finds no room counts in
 * "(other)".
 */
#ifndef COLLECTOR_ROWS_H
#define COLLECTOR_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/catalogue.h"
#include "lib/slice.h"

enum rows_kind { ROWS_TOTAL, ROWS_SOURCE, ROWS_HOST, ROWS_DOMAIN, ROWS_KINDS };
extern const char *const rows_kind_names[ROWS_KINDS];

#define ROWS_TOTAL_KEY "all"
#define ROWS_OTHER_KEY "(other)"
#define ROWS_GAUGE_UNKNOWN UINT64_MAX

struct row {
	enum rows_kind kind;
	uint32_t index; /* unique within the kind, never used again */
	size_t number;  /* place in rows, for steps */
	char *key;      /* lower case for hosts and domains */
	uint64_t *base; /* one per counter */
	bool is_own;    /* needs no room: our own domains */
	/* Log time of the first signature on this host; 0: none was seen. */
	int64_t signing_since;
};

struct step {
	int64_t end;      /* Unix time, a multiple of ROWS_STEP_S */
	uint64_t **added; /* by row number; NULL: nothing */
	size_t size;      /* of added */
};
enum { ROWS_STEP_S = 60 };

struct rows {
	const struct catalogue *catalogue;
	struct row **items;
	size_t count, capacity;
	size_t kind_count[ROWS_KINDS]; /* without our own */
	size_t kind_max[ROWS_KINDS];
	uint32_t next_index[ROWS_KINDS];
	struct row **table; /* open addressing by kind and key */
	size_t table_size;
	struct row *total;
};

struct rows *rows_new(const struct catalogue *catalogue, size_t hosts_max,
	size_t domains_max);
void rows_free(struct rows *rows);

/* The row of this key, made if there is room, else the kind's "(other)" row.
 * Never NULL. */
struct row *rows_get(struct rows *rows, enum rows_kind kind, struct slice key);
/* The same, made and marked as our own even where there is no room. */
struct row *rows_get_own(
	struct rows *rows, enum rows_kind kind, struct slice key);
void rows_mark_own(struct rows *rows, struct row *row);
/* A signature was added on this host. */
void rows_sign(struct row *host, int64_t time);
struct row *rows_find(
	const struct rows *rows, enum rows_kind kind, struct slice key);
/* Puts a row back as it was, whatever the bounds; NULL if key or index is
 * taken. */
struct row *rows_restore(struct rows *rows, enum rows_kind kind, uint32_t index,
	struct slice key);

struct step *step_new(int64_t end);
void step_free(struct step *step);
/* Makes the row's vector in this step, zeroed. */
uint64_t *step_new_vector(
	struct step *step, const struct rows *rows, const struct row *row);

/* The row's vector in this step; made when it is missing. */
static inline uint64_t *
step_vector(struct step *step, const struct rows *rows, const struct row *row)
{
	if (row->number < step->size && step->added[row->number] != NULL)
		return step->added[row->number];
	return step_new_vector(step, rows, row);
}

/* Adds the step's vectors to the rows' bases. */
void step_confirm(struct step *step, struct rows *rows);
/* Adds all of `from` to `into`. */
void step_merge(
	struct step *into, const struct step *from, const struct rows *rows);

#endif
