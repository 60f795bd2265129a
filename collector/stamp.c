/* SPDX-License-Identifier: ISC */
/* stamp — see stamp.h. */
#include "collector/stamp.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

void
stamp_init(struct stamp *stamp, int64_t reference, int first_year)
{
	*stamp = (struct stamp){
		.reference = reference, .first_year = first_year};
}

/* Two digits, the first may be a blank; -1 if they are none. */
static int
two_digits(const char *p)
{
	unsigned tens = p[0] == ' ' ? 0 : (unsigned)(p[0] - '0');
	unsigned ones = (unsigned)(p[1] - '0');
	return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

static int
month_number(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int m = 0; m < 12; m++)
		if (memcmp(p, names + 3 * m, 3) == 0)
			return m;
	return -1;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Local time to Unix time; an ambiguous one becomes what is nearest to `near`,
 * one that was skipped what the clock would have shown. */
static int64_t
local_time(const struct tm *fields, int64_t near)
{
	int64_t best = -1;
	for (int dst = 0; dst <= 1; dst++) {
		struct tm tm = *fields;
		tm.tm_isdst = dst;
		int64_t t = mktime(&tm);
		bool is_real = tm.tm_hour == fields->tm_hour &&
			       tm.tm_min == fields->tm_min;
		if (t == -1 || !is_real || tm.tm_isdst != dst)
			continue;
		if (best == -1 || llabs(t - near) < llabs(best - near))
			best = t;
	}
	if (best != -1)
		return best;
	struct tm tm = *fields;
	tm.tm_isdst = -1;
	return mktime(&tm);
}

/* The whole minute, in the year that fits: the first one given, then the one
 * nearest to the line before; or the latest that is at most a day ahead of the
 * reference. */
static int64_t
infer_year(const struct stamp *stamp, struct tm fields)
{
	struct tm now;
	bool is_given = stamp->first_year != 0;
	int64_t anchor = is_given ? stamp->previous : stamp->reference + DAY_S;
	time_t t = (time_t)anchor;
	localtime_r(&t, &now);
	int year = is_given && stamp->previous == 0 ? stamp->first_year
						    : now.tm_year + 1900;
	bool needs_leap = fields.tm_mon == 1 && fields.tm_mday == 29;
	int64_t best = -1;
	for (int y = year + 1; y > year - 9; y--) {
		if (needs_leap && !is_leap(y))
			continue;
		fields.tm_year = y - 1900;
		int64_t time = local_time(&fields,
			stamp->previous != 0 ? stamp->previous : INT64_MAX / 2);
		if (is_given && stamp->previous == 0) {
			if (y <= year)
				return time;
		} else if (is_given) {
			if (best == -1 ||
				llabs(time - anchor) < llabs(best - anchor))
				best = time;
		} else if (time <= anchor) {
			return time;
		}
	}
	return best;
}

/* "Nov 21 21:01:38" in front of p: the slow way, once a minute. */
static bool
read_minute_3164(struct stamp *stamp, const char *p)
{
	struct tm fields = {
		.tm_mon = month_number(p),
		.tm_mday = two_digits(p + 4),
		.tm_hour = two_digits(p + 7),
		.tm_min = two_digits(p + 10),
	};
	if (fields.tm_mon < 0 || p[3] != ' ' || fields.tm_mday < 1 ||
		fields.tm_mday > 31 || p[6] != ' ' || fields.tm_hour < 0 ||
		fields.tm_hour > 23 || p[9] != ':' || fields.tm_min < 0 ||
		fields.tm_min > 59 || p[12] != ':')
		return false;
	stamp->minute_time = infer_year(stamp, fields);
	memcpy(stamp->minute, p, 12);
	stamp->minute_len = 12;
	return stamp->minute_time != -1;
}

static const char *
skip_fraction(const char *p, const char *end)
{
	if (p < end && (*p == '.' || *p == ',')) {
		p++;
		while (p < end && *p >= '0' && *p <= '9')
			p++;
	}
	return p;
}

static bool
finish(struct stamp *stamp, int seconds, int64_t *time)
{
	if (seconds < 0 || seconds > 60)
		return false;
	*time = stamp->minute_time + seconds;
	stamp->previous = *time;
	return true;
}

static bool
read_3164(struct stamp *stamp, const char **at, const char *end, int64_t *time)
{
	const char *p = *at;
	if (end - p < 16)
		return false;
	if (p[4] != ' ' && p[5] == ' ') { /* "Mar 7 02:09:33", not padded */
		char padded[17] = {p[0], p[1], p[2], ' ', ' '};
		memcpy(padded + 5, p + 4, 11);
		const char *in = padded;
		if (!read_3164(stamp, &in, padded + 16, time))
			return false;
		*at = skip_fraction(p + 14, end);
		return true;
	}
	if ((stamp->minute_len != 12 || memcmp(stamp->minute, p, 12) != 0 ||
		    p[12] != ':') &&
		!read_minute_3164(stamp, p))
		return false;
	if (!finish(stamp, two_digits(p + 13), time))
		return false;
	*at = skip_fraction(p + 15, end);
	return true;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year =
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

/* Z, +02:00, +0200 or -05; sets *len to what it takes, 0 for none. */
static int
zone_offset(const char *p, const char *end, unsigned *len)
{
	*len = 0;
	if (p < end && (*p == 'Z' || *p == 'z')) {
		*len = 1;
		return 0;
	}
	if (end - p < 3 || (*p != '+' && *p != '-'))
		return 0;
	int hours = two_digits(p + 1), minutes = 0;
	*len = 3;
	const char *m = p + 3 + (end - p > 3 && p[3] == ':');
	if (end - m >= 2 && two_digits(m) >= 0) {
		minutes = two_digits(m);
		*len = (unsigned)(m + 2 - p);
	}
	int offset = (hours * 60 + minutes) * 60;
	return *p == '-' ? -offset : offset;
}

/* "2026-11-21T21:01" in front of p and the zone behind the seconds. */
static bool
read_minute_3339(struct stamp *stamp, const char *p, struct tm *fields)
{
	int century = two_digits(p), year = two_digits(p + 2);
	*fields = (struct tm){
		.tm_year = century * 100 + year - 1900,
		.tm_mon = two_digits(p + 5) - 1,
		.tm_mday = two_digits(p + 8),
		.tm_hour = two_digits(p + 11),
		.tm_min = two_digits(p + 14),
	};
	if (century < 19 || year < 0 || p[4] != '-' || fields->tm_mon < 0 ||
		fields->tm_mon > 11 || p[7] != '-' || fields->tm_mday < 1 ||
		fields->tm_mday > 31 || (p[10] != 'T' && p[10] != ' ') ||
		fields->tm_hour < 0 || fields->tm_hour > 23 || p[13] != ':' ||
		fields->tm_min < 0 || fields->tm_min > 59 || p[16] != ':')
		return false;
	stamp->minute_len = 0;
	return true;
}

static bool
read_3339(struct stamp *stamp, const char **at, const char *end, int64_t *time)
{
	const char *p = *at;
	if (end - p < 20)
		return false;
	const char *zone = skip_fraction(p + 19, end);
	unsigned zone_len;
	int offset = zone_offset(zone, end, &zone_len);
	if (zone_len >= sizeof(stamp->zone))
		return false;
	if (stamp->minute_len != 16 || memcmp(stamp->minute, p, 16) != 0 ||
		p[16] != ':' || stamp->zone[zone_len] != '\0' ||
		memcmp(stamp->zone, zone, zone_len) != 0) {
		struct tm tm;
		if (!read_minute_3339(stamp, p, &tm))
			return false;
		stamp->minute_time =
			zone_len == 0 ? local_time(&tm, stamp->previous)
				      : days_of(tm.tm_year + 1900,
						tm.tm_mon + 1, tm.tm_mday) *
							DAY_S +
						tm.tm_hour * 3600 +
						tm.tm_min * 60 - offset;
		memcpy(stamp->minute, p, 16);
		memset(stamp->zone, 0, sizeof(stamp->zone));
		memcpy(stamp->zone, zone, zone_len);
		stamp->minute_len = 16;
	}
	if (!finish(stamp, two_digits(p + 17), time))
		return false;
	*at = zone + zone_len;
	return true;
}

bool
stamp_read(struct stamp *stamp, const char **at, const char *end, int64_t *time)
{
	if (*at >= end)
		return false;
	return **at >= '0' && **at <= '9' ? read_3339(stamp, at, end, time)
					  : read_3164(stamp, at, end, time);
}
