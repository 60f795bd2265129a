/* SPDX-License-Identifier: ISC */
#include "rrd/archive.h"

/* A step is a minute.  MAX keeps the busiest minute of a row, so it begins
 * where a row is no minute any more and the day graph cannot tell. */
static const struct archive TABLE[] = {
	{"AVERAGE", 1, 2 * 1440},         /* 1 min for 2 days */
	{"AVERAGE", 5, 14 * 288},         /* 5 min for 14 days */
	{"AVERAGE", 60, 100 * 24},        /* 1 h for 100 days */
	{"AVERAGE", 6 * 60, 2 * 365 * 4}, /* 6 h for 2 years */
	{"AVERAGE", 1440, 10 * 365},      /* 1 d for 10 years */
	{"MAX", 60, 100 * 24},
	{"MAX", 6 * 60, 2 * 365 * 4},
	{"MAX", 1440, 10 * 365},
};

enum { COUNT = sizeof(TABLE) / sizeof(TABLE[0]) };

const struct archive *
archive_table(size_t *count)
{
	*count = COUNT;
	return TABLE;
}

uint64_t
archive_size(size_t source_count)
{
	/* Definition, state and per archive state of a source; then rows. */
	uint64_t per_source = 120 + 112 + 80 * COUNT;
	for (size_t i = 0; i < COUNT; i++)
		per_source += TABLE[i].rows * sizeof(double);
	return 144 + 128 * COUNT + source_count * per_source;
}
