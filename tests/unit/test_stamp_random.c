/* SPDX-License-Identifier: ISC */
/* test_stamp_random — stamps against libc, in zones of all kinds. */
#include "collector/stamp.c"

#include "tests/unit/stampbox.h"

static const char *const zones[] = {"UTC", "Europe/Berlin", "America/New_York",
	"Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns",
	"Europe/Moscow", "Europe/Dublin", "Africa/Casablanca",
	"Pacific/Auckland"};

static int64_t
random_below(int64_t limit)
{
	return ((int64_t)random() << 16 ^ random()) % limit;
}

/* Writes a time as libc does, in one of four ways. */
static void
write_time(time_t time, int form, char *text, size_t size)
{
	struct tm tm;
	localtime_r(&time, &tm);
	switch (form) {
	case 0:
		strftime(text, size, "%b %e %H:%M:%S", &tm);
		break;
	case 1:
		strftime(text, size, "%b %d %H:%M:%S", &tm);
		break;
	case 2:
		strftime(text, size, "%Y-%m-%dT%H:%M:%S%z", &tm);
		break;
	default:
		strftime(text, size, "%Y-%m-%d %H:%M:%S", &tm);
	}
}

/* What libc writes of a time is read as that time, by a reader whose line
 * before was up to ten minutes earlier. */
static void
stamps_of_random_times_are_read_as_libc_writes_them(void **state)
{
	(void)state;
	size_t count = sizeof(zones) / sizeof(*zones);
	srandom(20261121);
	for (size_t z = 0; z < count; z++) {
		live_in(zones[z]);
		int64_t from = moment("2001-01-01 00:00:00", 0);
		int64_t to = moment("2026-11-01 00:00:00", 0);
		for (int i = 0; i < 10000; i++) {
			int64_t time = from + random_below(to - from);
			char text[64];
			write_time(time, i % 4, text, sizeof(text));
			struct stamp stamp;
			stamp_init(&stamp, time + random_below(300 * 86400), 0);
			stamp.previous = time - random_below(600);
			assert_reads(&stamp, text, time);
		}
	}
}

/* One log over every clock change of 25 years: a line each few minutes for two
 * days around each. */
static void
stamps_of_one_log_are_read_over_all_clock_changes(void **state)
{
	(void)state;
	size_t count = sizeof(zones) / sizeof(*zones);
	srandom(7);
	for (size_t z = 0; z < count; z++) {
		live_in(zones[z]);
		struct stamp stamp;
		time_t t = moment("2005-01-01 00:00:00", 0);
		int64_t to = moment("2026-11-01 00:00:00", 0), near = 0;
		stamp_init(&stamp, 0, 0);
		while (t < to) {
			if (offset_at(t) != offset_at(t + 86400))
				near = t + 2 * 86400;
			char text[64];
			write_time(t, 0, text, sizeof(text));
			stamp.reference = t;
			assert_reads(&stamp, text, t);
			t += random_below(t < near ? 300 : 80000);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			stamps_of_random_times_are_read_as_libc_writes_them),
		cmocka_unit_test(
			stamps_of_one_log_are_read_over_all_clock_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
