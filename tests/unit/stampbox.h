/* SPDX-License-Identifier: ISC */
/*
 * stampbox — reads texts as stamps, in a time zone.
 */
#ifndef TESTS_UNIT_STAMPBOX_H
#define TESTS_UNIT_STAMPBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/stamp.h"

#define NONE INT64_MIN

static inline void
live_in(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* Unix time of a UTC date, by libc; offset is the local time's from UTC. */
static inline int64_t
moment(const char *text, int offset_min)
{
	struct tm tm = {0};
	assert_non_null(strptime(text, "%Y-%m-%d %H:%M:%S", &tm));
	return timegm(&tm) - offset_min * 60;
}

/* Reads a whole text as a stamp that a blank follows. */
static inline int64_t
read_text(struct stamp *stamp, const char *text)
{
	char *line = NULL;
	assert_true(asprintf(&line, "%s host x: y", text) > 0);
	const char *at = line;
	int64_t time;
	bool is_stamp = stamp_read(stamp, &at, line + strlen(line), &time);
	if (!is_stamp)
		assert_ptr_equal(at, line);
	else if (at != line + strlen(text))
		is_stamp = false;
	free(line);
	return is_stamp ? time : NONE;
}

static inline void
assert_reads(struct stamp *stamp, const char *text, int64_t expected)
{
	int64_t time = read_text(stamp, text);
	if (time != expected)
		fail_msg("'%s' is %jd, not %jd", text, (intmax_t)time,
			(intmax_t)expected);
}

#endif
