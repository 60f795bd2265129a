/* SPDX-License-Identifier: ISC */
/*
 * stamp — the time in front of a log line.
 *
 * RFC 3164 stamps have no year and no zone: the year is the latest one that
 * puts the stamp at most a day after a reference time, the zone is TZ's.  Where
 * a clock change makes a local time ambiguous, the reading nearest to the line
 * before is taken.  One struct per log: it remembers the last minute, because
 * calendar arithmetic for each line would cost more than all the rest.
 */
#ifndef COLLECTOR_STAMP_H
#define COLLECTOR_STAMP_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct stamp {
	int64_t reference;   /* Unix time: wall clock, or the file's mtime */
	int first_year;      /* year of the first stamp, 0 to infer it */
	int64_t previous;    /* the last stamp's time, 0 before the first */
	char minute[20];     /* text of the minute in minute_time */
	unsigned minute_len; /* 0: none */
	int64_t minute_time;
	char zone[7]; /* text of the RFC 3339 zone of minute_time */
	int64_t hour; /* local hour, as if UTC, that hour_offset is for */
	int64_t hour_offset; /* seconds from UTC to local time */
	bool has_hour;
};

void stamp_init(struct stamp *stamp, int64_t reference, int first_year);

/* Reads a stamp at *at (not behind end), moves *at behind it and returns true
 * with the Unix time, 0 for all before 1970; false if there is none, with *at
 * where it was. */
bool stamp_read(
	struct stamp *stamp, const char **at, const char *end, int64_t *time);

#endif
