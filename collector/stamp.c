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

static int
days_in_month(int month, int year)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month] + (month == 1 && is_leap(year));
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

/* The fields as if they were UTC. */
static int64_t
as_utc(const struct tm *fields)
{
	return days_of(fields->tm_year + 1900, fields->tm_mon + 1,
		       fields->tm_mday) *
		       DAY_S +
	       fields->tm_hour * 3600 + fields->tm_min * 60;
}

/* Seconds from UTC to local time at this Unix time. */
static int64_t
offset_at(int64_t time)
{
	struct tm tm;
	time_t t = (time_t)time;
	localtime_r(&t, &tm);
	return tm.tm_gmtoff;
}

/* Local time to Unix time; an ambiguous one becomes what is nearest to `near`,
 * one that was skipped what the clock would have shown.  *is_plain: neither.
 * The offset is that of the day before or of the day behind. */
static int64_t
convert(const struct tm *fields, int64_t near, bool *is_plain)
{
	int64_t utc = as_utc(fields);
	int64_t one = utc - offset_at(utc - DAY_S);
	int64_t two = utc - offset_at(utc + DAY_S);
	bool is_one = one + offset_at(one) == utc;
	bool is_two = two + offset_at(two) == utc;
	*is_plain = is_one != is_two || (is_one && one == two);
	if (is_one != is_two)
		return is_one ? one : two;
	return is_one && llabs(two - near) < llabs(one - near) ? two : one;
}

/* The same through the hour that is remembered, if the zone's offset does not
 * change within it. */
static int64_t
local_time(struct stamp *stamp, const struct tm *fields)
{
	int64_t utc = as_utc(fields), hour = utc - utc % 3600;
	if (stamp->has_hour && hour == stamp->hour)
		return utc - stamp->hour_offset;
	int64_t near = stamp->previous != 0 ? stamp->previous : INT64_MAX / 2;
	struct tm first = *fields, last = *fields;
	first.tm_min = 0;
	last.tm_min = 59;
	bool first_is_plain, last_is_plain, is_plain;
	int64_t offset =
		as_utc(&first) - convert(&first, near, &first_is_plain);
	stamp->has_hour = offset == as_utc(&last) - convert(&last, near,
							    &last_is_plain) &&
			  first_is_plain && last_is_plain;
	stamp->hour = hour;
	stamp->hour_offset = offset;
	return convert(fields, near, &is_plain);
}

static int
year_of(int64_t time)
{
	struct tm tm;
	time_t t = (time_t)time;
	localtime_r(&t, &tm);
	return tm.tm_year + 1900;
}

/* The fields in that year; -1 if the year has no such day. */
static int64_t
in_year(struct stamp *stamp, struct tm fields, int year)
{
	if (fields.tm_mday > days_in_month(fields.tm_mon, year))
		return -1;
	fields.tm_year = year - 1900;
	return local_time(stamp, &fields);
}

/* The year is known for the first stamp: those behind it take the one that is
 * nearest to the stamp before. */
static int64_t
nearest_year(struct stamp *stamp, const struct tm *fields)
{
	if (stamp->previous == 0)
		return in_year(stamp, *fields, stamp->first_year);
	int year = year_of(stamp->previous);
	int64_t best = in_year(stamp, *fields, year);
	int64_t half_a_year = 182 * DAY_S;
	if (best != -1 && llabs(best - stamp->previous) < half_a_year)
		return best;
	for (int y = year - 1; y <= year + 1; y += 2) {
		int64_t time = in_year(stamp, *fields, y);
		if (time != -1 &&
			(best == -1 || llabs(time - stamp->previous) <
					       llabs(best - stamp->previous)))
			best = time;
	}
	return best;
}

/* The latest year that is at most a day ahead of the reference. */
static int64_t
latest_year(struct stamp *stamp, const struct tm *fields)
{
	int64_t limit = stamp->reference + DAY_S;
	int year = year_of(limit);
	for (int y = year; y > year - 9; y--) {
		int64_t time = in_year(stamp, *fields, y);
		if (time != -1 && time <= limit)
			return time;
	}
	return -1;
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
	stamp->minute_time = stamp->first_year != 0
				     ? nearest_year(stamp, &fields)
				     : latest_year(stamp, &fields);
	memcpy(stamp->minute, p, 12);
	stamp->minute_len = stamp->minute_time != -1 ? 12 : 0;
	return stamp->minute_len > 0;
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
	if (*time < 0)
		*time = 0;
	stamp->previous = *time;
	return true;
}

/* "Mar  7 02:09:33" */
static inline bool
read_padded(struct stamp *stamp, const char *p, int64_t *time)
{
	bool is_known = stamp->minute_len == 12 &&
			memcmp(stamp->minute, p, 12) == 0 && p[12] == ':';
	return (is_known || read_minute_3164(stamp, p)) &&
	       finish(stamp, two_digits(p + 13), time);
}

/* "Mar 7 02:09:33" */
static bool
read_unpadded(struct stamp *stamp, const char *p, int64_t *time)
{
	char padded[15] = {p[0], p[1], p[2], p[3], ' '};
	memcpy(padded + 5, p + 4, 10);
	return read_padded(stamp, padded, time);
}

static bool
read_3164(struct stamp *stamp, const char **at, const char *end, int64_t *time)
{
	const char *p = *at;
	if (end - p < 16)
		return false;
	bool is_unpadded = p[4] != ' ' && p[5] == ' ';
	if (is_unpadded ? !read_unpadded(stamp, p, time)
			: !read_padded(stamp, p, time))
		return false;
	*at = skip_fraction(p + (is_unpadded ? 14 : 15), end);
	return true;
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
	if (hours < 0 || hours > 23 || minutes > 59)
		*len = 0;
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
		fields->tm_mday >
			days_in_month(fields->tm_mon, fields->tm_year + 1900) ||
		(p[10] != 'T' && p[10] != ' ') || fields->tm_hour < 0 ||
		fields->tm_hour > 23 || p[13] != ':' || fields->tm_min < 0 ||
		fields->tm_min > 59 || p[16] != ':')
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
		stamp->minute_time = zone_len == 0 ? local_time(stamp, &tm)
						   : as_utc(&tm) - offset;
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
