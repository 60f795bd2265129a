/* SPDX-License-Identifier: ISC */
/* test_stamp — which second a stamp means. */
#include "collector/stamp.c"

#include "tests/unit/stampbox.h"

/* The same by a reader that has read nothing before. */
static void
assert_fresh(const char *now, const char *text, int64_t expected)
{
	struct stamp stamp;
	stamp_init(&stamp, moment(now, 0), 0);
	assert_reads(&stamp, text, expected);
}

static void
stamps_of_december_belong_to_last_year_in_january(void **state)
{
	(void)state;
	live_in("UTC");
	struct stamp stamp;
	stamp_init(&stamp, moment("2026-01-05 12:00:00", 0), 0);
	assert_reads(
		&stamp, "Dec 31 23:59:59", moment("2025-12-31 23:59:59", 0));
	assert_reads(
		&stamp, "Jan  1 00:00:00", moment("2026-01-01 00:00:00", 0));
	assert_reads(
		&stamp, "Jan  5 11:59:00", moment("2026-01-05 11:59:00", 0));
}

static void
stamp_up_to_a_day_ahead_stays_in_the_year(void **state)
{
	(void)state;
	live_in("UTC");
	const char *now = "2026-06-15 12:00:30";
	assert_fresh(now, "Jun 16 12:00:30", moment("2026-06-16 12:00:30", 0));
	assert_fresh(now, "Jun 16 12:01:00", moment("2025-06-16 12:01:00", 0));
	assert_fresh("2025-12-31 18:00:00", "Jan  1 17:00:00",
		moment("2026-01-01 17:00:00", 0));
}

static void
february_29_takes_a_leap_year(void **state)
{
	(void)state;
	live_in("UTC");
	int64_t leap = moment("2024-02-29 10:00:00", 0);
	assert_fresh("2026-11-21 00:00:00", "Feb 29 10:00:00", leap);
	assert_fresh("2024-03-01 00:00:00", "Feb 29 10:00:00", leap);
	assert_fresh("2024-02-28 12:00:00", "Feb 29 10:00:00", leap);
	assert_fresh("2024-02-27 12:00:00", "Feb 29 10:00:00",
		moment("2020-02-29 10:00:00", 0));
}

static void
first_year_rolls_over_with_the_lines(void **state)
{
	(void)state;
	live_in("UTC");
	struct stamp stamp;
	stamp_init(&stamp, moment("2026-11-21 00:00:00", 0), 2019);
	assert_reads(
		&stamp, "Nov  3 01:02:03", moment("2019-11-03 01:02:03", 0));
	assert_reads(
		&stamp, "Dec 31 23:59:59", moment("2019-12-31 23:59:59", 0));
	assert_reads(
		&stamp, "Jan  1 00:00:00", moment("2020-01-01 00:00:00", 0));
	assert_reads(
		&stamp, "Dec 31 23:59:58", moment("2019-12-31 23:59:58", 0));
	assert_reads(
		&stamp, "Feb 29 00:00:00", moment("2020-02-29 00:00:00", 0));
	assert_reads(
		&stamp, "Aug  1 00:00:00", moment("2020-08-01 00:00:00", 0));
	assert_reads(
		&stamp, "Jan  1 00:00:00", moment("2021-01-01 00:00:00", 0));
}

static void
first_year_without_that_day_is_no_stamp(void **state)
{
	(void)state;
	live_in("UTC");
	struct stamp stamp;
	stamp_init(&stamp, moment("2026-11-21 00:00:00", 0), 2025);
	assert_reads(&stamp, "Feb 29 00:00:00", NONE);
	assert_reads(&stamp, "Feb 29 00:00:01", NONE);
	assert_reads(
		&stamp, "Mar  1 00:00:00", moment("2025-03-01 00:00:00", 0));
}

/* A clock change: local texts in the order of the log, and minutes from UTC
 * that hold for each. */
struct change {
	const char *zone, *date;
	struct {
		const char *clock;
		int offset_min;
	} lines[8];
};

static const struct change changes[] = {
	{"Europe/Berlin", "2026-10-25",
		{{"01:59:59", 120}, {"02:00:00", 120}, {"02:35:00", 120},
			{"02:59:59", 120}, {"02:00:00", 60}, {"02:25:00", 60},
			{"02:50:00", 60}, {"03:00:00", 60}}},
	{"Europe/Berlin", "2026-03-29",
		{{"01:00:00", 60}, {"01:59:59", 60}, {"03:00:00", 120},
			{"03:30:00", 120}, {"04:00:00", 120}}},
	{"America/New_York", "2026-11-01",
		{{"00:59:59", -240}, {"01:00:00", -240}, {"01:45:00", -240},
			{"01:59:59", -240}, {"01:00:01", -300},
			{"01:29:00", -300}, {"01:58:00", -300},
			{"02:00:00", -300}}},
	{"America/New_York", "2026-03-08",
		{{"01:59:59", -300}, {"03:00:00", -240}, {"03:59:59", -240}}},
	{"Australia/Lord_Howe", "2026-04-05",
		{{"01:29:59", 660}, {"01:30:00", 660}, {"01:59:59", 660},
			{"01:30:00", 630}, {"01:44:00", 630}, {"01:58:00", 630},
			{"02:00:00", 630}}},
	{"Australia/Lord_Howe", "2026-10-04",
		{{"01:59:59", 630}, {"02:30:00", 660}, {"02:59:59", 660}}},
	/* The clock went back for good, without a change of summer time. */
	{"Asia/Almaty", "2024-02-29",
		{{"22:59:59", 360}, {"23:00:00", 360}, {"23:35:00", 360},
			{"23:59:59", 360}, {"23:00:00", 300}, {"23:25:00", 300},
			{"23:50:00", 300}}},
};

static void
ambiguous_time_is_the_one_nearest_to_the_line_before(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof(changes) / sizeof(*changes); c++) {
		const struct change *change = &changes[c];
		live_in(change->zone);
		struct stamp old, iso;
		char date[64], text[80];
		snprintf(date, sizeof(date), "%s 12:00:00", change->date);
		struct tm tm = {0};
		strptime(date, "%Y-%m-%d %H:%M:%S", &tm);
		stamp_init(&old, moment(date, 0), 0);
		stamp_init(&iso, moment(date, 0), 0);
		old.previous = iso.previous = moment(date, 0) - 86400;
		for (size_t l = 0; l < 8 && change->lines[l].clock; l++) {
			const char *clock = change->lines[l].clock;
			snprintf(text, sizeof(text), "%s %s", change->date,
				clock);
			int64_t expected =
				moment(text, change->lines[l].offset_min);
			assert_reads(&iso, text, expected);
			char day[16];
			strftime(day, sizeof(day), "%b %e", &tm);
			snprintf(text, sizeof(text), "%s %s", day, clock);
			assert_reads(&old, text, expected);
		}
	}
}

static void
skipped_time_is_what_the_clock_would_have_shown(void **state)
{
	(void)state;
	live_in("Europe/Berlin");
	assert_fresh("2026-04-01 00:00:00", "Mar 29 02:30:00",
		moment("2026-03-29 02:30:00", 60));
	live_in("America/New_York");
	assert_fresh("2026-04-01 00:00:00", "Mar  8 02:00:00",
		moment("2026-03-08 02:00:00", -300));
	live_in("Australia/Lord_Howe");
	assert_fresh("2026-10-10 00:00:00", "Oct  4 02:15:00",
		moment("2026-10-04 02:15:00", 630));
}

static void
iso_stamps_carry_their_zone(void **state)
{
	(void)state;
	live_in("Europe/Berlin");
	const char *now = "2026-11-21 00:00:00";
	int64_t time = moment("2026-05-17 12:57:51", 0);
	static const char *const texts[] = {"2026-05-17T12:57:51Z",
		"2026-05-17T14:57:51+02:00", "2026-05-17T14:57:51+0200",
		"2026-05-17T14:57:51.742322+02:00", "2026-05-17T12:57:51.7Z",
		"2026-05-17T12:57:51.123456789z", "2026-05-17T14:57:51+02",
		"2026-05-17T07:27:51-05:30", "2026-05-17 14:57:51",
		"2026-05-17T14:57:51", "2026-05-17 14:57:51,123",
		"2026-05-18T02:57:51+14:00", "May 17 14:57:51",
		"May 17 14:57:51.742322"};
	struct stamp stamp;
	stamp_init(&stamp, moment(now, 0), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_fresh(now, texts[i], time);
		assert_reads(&stamp, texts[i], time);
	}
}

static void
day_may_be_padded_with_a_blank_a_zero_or_not_at_all(void **state)
{
	(void)state;
	live_in("UTC");
	const char *now = "2026-11-21 00:00:00";
	int64_t time = moment("2026-03-07 02:09:33", 0);
	assert_fresh(now, "Mar  7 02:09:33", time);
	assert_fresh(now, "Mar 07 02:09:33", time);
	assert_fresh(now, "Mar 7 02:09:33", time);
	assert_fresh(now, "Mar 7 02:09:33.125", time);
}

static void
leap_second_is_the_second_behind(void **state)
{
	(void)state;
	live_in("UTC");
	int64_t time = moment("2017-01-01 00:00:00", 0);
	assert_fresh("2017-01-02 00:00:00", "Dec 31 23:59:60", time);
	assert_fresh("2017-01-02 00:00:00", "2016-12-31T23:59:60Z", time);
}

static void
stamps_with_bad_fields_are_refused(void **state)
{
	(void)state;
	live_in("UTC");
	static const char *const texts[] = {"", "Foo 21 10:00:00",
		"Nov 00 10:00:00", "Nov 32 10:00:00", "Nov 31 10:00:00",
		"Feb 30 10:00:00", "Nov 21 24:00:00", "Nov 21 10:60:00",
		"Nov 21 10:00:61", "Nov 21 10-00-00", "Nov:21 10:00:00",
		"Nov:7 10:00:00", "Nov 21 1x:00:00", "nov 21 10:00:00",
		"2026-13-01T10:00:00Z", "2026-00-01T10:00:00Z",
		"2026-11-31T10:00:00Z", "2025-02-29T10:00:00Z",
		"2026-11-00T10:00:00Z", "2026-11-21T24:00:00Z",
		"2026-11-21T10:60:00Z", "2026-11-21T10:00:61Z",
		"2026-11-21x10:00:00Z", "2026/11/21 10:00:00",
		"2026-11-21T10:00:00+xx:00", "2026-11-21T10:00:00+25:00",
		"2026-11-21T10:00:00+01:60", "0000-11-21T10:00:00Z",
		"2026-11-21", "123456789"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (int again = 0; again < 2; again++)
			assert_fresh("2026-11-21 12:00:00", texts[i], NONE);
}

static void
refused_stamp_leaves_no_trace(void **state)
{
	(void)state;
	live_in("UTC");
	struct stamp stamp;
	stamp_init(&stamp, moment("2026-11-21 12:00:00", 0), 0);
	int64_t time = moment("2026-11-20 10:00:00", 0);
	assert_reads(&stamp, "Nov 20 10:00:00", time);
	for (int i = 0; i < 2; i++) {
		assert_reads(&stamp, "Nov 31 10:00:00", NONE);
		assert_reads(&stamp, "2026-02-30T10:00:00Z", NONE);
		assert_reads(&stamp, "Nov 20 10:00:99", NONE);
		assert_int_equal(stamp.previous, time);
	}
	assert_reads(&stamp, "Nov 20 10:00:07", time + 7);
}

static void
stamp_that_is_cut_is_none(void **state)
{
	(void)state;
	live_in("UTC");
	static const char *const texts[] = {
		"Nov 21 10:00:00 ", "2026-11-21T10:00:00.5+02:00"};
	for (size_t i = 0; i < 2; i++)
		for (size_t len = 0; len < 15; len++) {
			char *text = strndup(texts[i], len);
			struct stamp stamp;
			const char *at = text;
			int64_t time;
			stamp_init(&stamp, 0, 0);
			assert_false(
				stamp_read(&stamp, &at, text + len, &time));
			free(text);
		}
}

/* A clock that was never set, east of Greenwich. */
static void
time_before_1970_is_none(void **state)
{
	(void)state;
	live_in("UTC");
	const char *now = "2026-11-21 12:00:00";
	assert_fresh(now, "1970-01-01T00:00:10+01:00", 0);
	assert_fresh(now, "1960-02-03T04:05:06Z", 0);
	assert_fresh(now, "1970-01-01T00:00:10Z", 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			stamps_of_december_belong_to_last_year_in_january),
		cmocka_unit_test(stamp_up_to_a_day_ahead_stays_in_the_year),
		cmocka_unit_test(february_29_takes_a_leap_year),
		cmocka_unit_test(first_year_rolls_over_with_the_lines),
		cmocka_unit_test(first_year_without_that_day_is_no_stamp),
		cmocka_unit_test(
			ambiguous_time_is_the_one_nearest_to_the_line_before),
		cmocka_unit_test(
			skipped_time_is_what_the_clock_would_have_shown),
		cmocka_unit_test(iso_stamps_carry_their_zone),
		cmocka_unit_test(
			day_may_be_padded_with_a_blank_a_zero_or_not_at_all),
		cmocka_unit_test(leap_second_is_the_second_behind),
		cmocka_unit_test(stamps_with_bad_fields_are_refused),
		cmocka_unit_test(refused_stamp_leaves_no_trace),
		cmocka_unit_test(stamp_that_is_cut_is_none),
		cmocka_unit_test(time_before_1970_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
