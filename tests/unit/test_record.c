/* SPDX-License-Identifier: ISC */
/* test_record — closed steps become real RRD files, and are confirmed. */
#include "collector/record.c"

#include "tests/unit/recordbox.h"

static void
every_closed_minute_reaches_its_file_zeros_too(void **state)
{
	struct recordbox *box = *state;
	static const int amounts[] = {2, 0, 0, 5, 1, 0, 7};
	enum { MINUTES = sizeof(amounts) / sizeof(*amounts) };
	for (int m = 0; m < MINUTES; m++)
		count_total(
			box, "dkim.pass", START + m * MINUTE + m, amounts[m]);
	count_total(box, "dkim.fail", START + 3 * MINUTE, 4);
	record_all(box, START + 2 * MINUTE);
	record_all(box, START + MINUTES * MINUTE);
	for (int m = 0; m < MINUTES; m++) {
		assert_added(
			TOTAL_DKIM, "pass", START + m * MINUTE, amounts[m]);
		assert_added(
			TOTAL_DKIM, "fail", START + m * MINUTE, m == 3 ? 4 : 0);
	}
	assert_null(record_note(box->record));
}

static void
open_step_is_not_recorded(void **state)
{
	struct recordbox *box = *state;
	assert_int_equal(record_until(box, START), 0);
	count_total(box, "dkim.pass", START, 1);
	count_total(box, "dkim.pass", START + MINUTE, 3);
	record_all(box, START + MINUTE);
	assert_added(TOTAL_DKIM, "pass", START, 1);
	assert_true(isnan(mean_of(TOTAL_DKIM, "pass", START + MINUTE, MINUTE)));
	size_t pass = counter_of(box, "dkim.pass");
	assert_int_equal(box->rows->total->base[pass], 1);
}

static void
one_call_records_a_chunk_and_says_that_more_is_left(void **state)
{
	struct recordbox *box = *state;
	int64_t end = START + (2 * RECORD_CHUNK + 1) * MINUTE;
	count_total(box, "dkim.pass", START, 1);
	count_total(box, "dkim.pass", START + RECORD_CHUNK * MINUTE, 2);
	count_total(box, "dkim.pass", end - MINUTE, 3);
	assert_int_equal(record_until(box, end), 1);
	assert_int_equal(box->steps.confirmed, START + RECORD_CHUNK * MINUTE);
	assert_int_equal(record_until(box, end), 1);
	assert_int_equal(record_until(box, end), 0);
	assert_int_equal(record_until(box, end), 0);
	assert_added(TOTAL_DKIM, "pass", START, 1);
	assert_added(TOTAL_DKIM, "pass", START + RECORD_CHUNK * MINUTE, 2);
	assert_added(TOTAL_DKIM, "pass", end - MINUTE, 3);
}

static void
hosts_get_files_once_there_are_two(void **state)
{
	struct recordbox *box = *state;
	struct row *first = row_of(box, ROWS_HOST, "mx1");
	count_in(box, first, "dkim.pass", START);
	count_total(box, "dkim.pass", START, 1);
	record_all(box, START + MINUTE);
	assert_true(is_there(TOTAL_DKIM));
	assert_false(is_there("rrd/host"));
	struct row *second = row_of(box, ROWS_HOST, "mx2");
	count_in(box, second, "dkim.fail", START + MINUTE);
	count_in(box, first, "dkim.pass", START + 2 * MINUTE);
	record_all(box, START + 3 * MINUTE);
	for (int m = 1; m < 3; m++) {
		assert_added("rrd/host/mx1/dkim.rrd", "pass",
			START + m * MINUTE, m == 2);
		assert_added("rrd/host/mx2/dkim.rrd", "fail",
			START + m * MINUTE, m == 1);
	}
}

static void
domains_get_files_only_if_they_are_configured(void **state)
{
	struct recordbox *box = *state;
	char *own[] = {(char[]){"own.example"}, (char[]){"idle.example"}};
	box->config.own_domains = (struct config_strings){own, 2};
	count_in(box, row_of(box, ROWS_DOMAIN, "own.example"), "dkim.pass",
		START);
	count_in(box, row_of(box, ROWS_DOMAIN, "alien.example"), "dkim.pass",
		START);
	row_of(box, ROWS_DOMAIN, "idle.example");
	count_in(box, row_of(box, ROWS_SOURCE, "opendkim"), "dkim.pass", START);
	record_all(box, START + MINUTE);
	assert_added("rrd/domain/own.example/dkim.rrd", "pass", START, 1);
	assert_added("rrd/source/opendkim/dkim.rrd", "pass", START, 1);
	assert_false(is_there("rrd/domain/alien.example"));
	assert_false(is_there("rrd/domain/idle.example"));
}

static void
group_gets_its_file_once_it_has_counted(void **state)
{
	struct recordbox *box = *state;
	count_total(box, "dkim.pass", START, 1);
	record_all(box, START + MINUTE);
	assert_true(is_there(TOTAL_DKIM));
	assert_false(is_there(TOTAL_QMGR));
	count_total(box, "qmgr.bytes", START + 2 * MINUTE, 6);
	record_all(box, START + 4 * MINUTE);
	assert_added(TOTAL_QMGR, "bytes", START + MINUTE, 0);
	assert_added(TOTAL_QMGR, "bytes", START + 2 * MINUTE, 6);
	assert_added(TOTAL_QMGR, "bytes", START + 3 * MINUTE, 0);
	assert_false(is_there(TOTAL_QUEUE));
}

static void
folder_that_is_read_only_holds_steps_back_until_it_is_not(void **state)
{
	struct recordbox *box = *state;
	count_total(box, "dkim.pass", START, 2);
	record_all(box, START + MINUTE);
	count_total(box, "dkim.pass", START + MINUTE, 3);
	count_total(box, "qmgr.bytes", START + 2 * MINUTE, 4);
	bool is_root = geteuid() == 0;
	assert_int_equal(chmod(".", 0755) | chmod("rrd", 0555) |
				 chmod("rrd/total/total", 0555) |
				 chmod(TOTAL_DKIM, 0444),
		0);
	assert_int_equal(is_root ? seteuid(65534) : 0, 0);
	int result = record_until(box, START + 3 * MINUTE);
	assert_int_equal(is_root ? seteuid(0) : 0, 0);
	assert_int_equal(result, -1);
	assert_non_null(strstr(box->err.text, "ermission denied"));
	assert_int_equal(box->steps.confirmed, START + MINUTE);
	assert_int_equal(
		box->rows->total->base[counter_of(box, "dkim.pass")], 2);
	assert_int_equal(chmod("rrd", 0755) | chmod("rrd/total/total", 0755) |
				 chmod(TOTAL_DKIM, 0644),
		0);
	record_all(box, START + 3 * MINUTE);
	assert_added(TOTAL_DKIM, "pass", START, 2);
	assert_added(TOTAL_DKIM, "pass", START + MINUTE, 3);
	assert_added(TOTAL_DKIM, "pass", START + 2 * MINUTE, 0);
	assert_added(TOTAL_QMGR, "bytes", START + 2 * MINUTE, 4);
	assert_int_equal(
		box->rows->total->base[counter_of(box, "dkim.pass")], 5);
}

/* The total has the steps already when a source's folder cannot be made. */
static void
half_recorded_steps_are_completed_without_doubling(void **state)
{
	struct recordbox *box = *state;
	struct row *source = row_of(box, ROWS_SOURCE, "opendkim");
	folder_put("rrd/source", "in the way\n");
	for (int m = 0; m < 3; m++) {
		count_total(box, "dkim.pass", START + m * MINUTE, 1 + m);
		count_in(box, source, "dkim.pass", START + m * MINUTE);
		assert_int_equal(
			record_until(box, START + (m + 1) * MINUTE), -1);
		assert_added(TOTAL_DKIM, "pass", START + m * MINUTE, 1 + m);
		assert_int_equal(box->steps.confirmed, START);
	}
	assert_int_equal(unlink("rrd/source"), 0);
	record_all(box, START + 3 * MINUTE);
	for (int m = 0; m < 3; m++) {
		assert_added(TOTAL_DKIM, "pass", START + m * MINUTE, 1 + m);
		assert_added("rrd/source/opendkim/dkim.rrd", "pass",
			START + m * MINUTE, 1);
	}
	assert_int_equal(
		box->rows->total->base[counter_of(box, "dkim.pass")], 6);
}

static void
silence_of_over_14_days_stays_a_gap(void **state)
{
	struct recordbox *box = *state;
	int64_t again = START + 20 * DAY;
	count_total(box, "dkim.pass", START, 3);
	record_all(box, START + MINUTE);
	count_total(box, "dkim.pass", again, 5);
	record_all(box, again + MINUTE);
	assert_true(isnan(mean_of(TOTAL_DKIM, "pass", START + 3 * DAY, HOUR)));
	assert_added_in_hour(again - 10 * DAY, 0);
	assert_added(TOTAL_DKIM, "pass", again - MINUTE, 0);
	assert_added(TOTAL_DKIM, "pass", again, 5);
	assert_int_equal(
		box->rows->total->base[counter_of(box, "dkim.pass")], 8);
}

static void
silence_is_over_where_nothing_is_closed_yet(void **state)
{
	struct recordbox *box = *state;
	count_total(box, "dkim.pass", START, 3);
	record_all(box, START + MINUTE);
	count_total(box, "dkim.pass", START + 20 * DAY, 5);
	record_all(box, START + 3 * MINUTE);
	assert_added(TOTAL_DKIM, "pass", START + 2 * MINUTE, 0);
	record_all(box, START + 17 * DAY);
	record_all(box, START + 20 * DAY + MINUTE);
	assert_added(TOTAL_DKIM, "pass", START + 20 * DAY, 5);
}

static void
silence_of_less_is_filled_with_zeros(void **state)
{
	struct recordbox *box = *state;
	int64_t again = START + 13 * DAY;
	count_total(box, "dkim.pass", START, 3);
	record_all(box, START + MINUTE);
	count_total(box, "dkim.pass", again, 5);
	record_all(box, again + MINUTE);
	assert_added_in_hour(START, 3);
	for (int day = 1; day < 13; day++)
		assert_added_in_hour(START + day * DAY, 0);
	assert_added(TOTAL_DKIM, "pass", again, 5);
}

/* Stopped right behind a line, and started again after the holidays. */
static void
minute_before_a_long_silence_is_recorded(void **state)
{
	struct recordbox *box = *state;
	int64_t again = START + 20 * DAY;
	count_total(box, "dkim.pass", START, 3);
	count_total(box, "dkim.pass", again, 5);
	record_all(box, again + MINUTE);
	assert_added_in_hour(START, 3);
	assert_true(isnan(mean_of(TOTAL_DKIM, "pass", START + 3 * DAY, HOUR)));
	assert_added(TOTAL_DKIM, "pass", again, 5);
}

/* A quiet machine's log: weeks of it come with one block. */
static void
lines_of_many_weeks_are_all_recorded(void **state)
{
	struct recordbox *box = *state;
	for (int week = 0; week < 6; week++)
		count_total(box, "dkim.pass", START + week * 7 * DAY, 1 + week);
	record_all(box, START + 36 * DAY);
	for (int week = 0; week < 6; week++)
		assert_added_in_hour(START + week * 7 * DAY, 1 + week);
	assert_added_in_hour(START + 7 * DAY + HOUR, 0);
}

static void
gauge_is_known_for_the_last_minutes_only(void **state)
{
	struct recordbox *box = *state;
	int64_t end = START + 10 * MINUTE;
	box->rows->total->base[counter_of(box, "queue.active")] = 7;
	count_in(box, row_of(box, ROWS_SOURCE, "postfix"), "qmgr.bytes", START);
	record_all(box, end);
	int fresh = GAUGE_FRESH_S / MINUTE;
	for (int m = 0; m < 10; m++) {
		double mean = mean_of(
			TOTAL_QUEUE, "active", START + m * MINUTE, MINUTE);
		assert_true(
			m < 10 - fresh ? isnan(mean) : fabs(mean - 7) < 1e-6);
	}
	assert_false(is_there("rrd/source/postfix/queue.rrd"));
	assert_true(is_there("rrd/source/postfix/qmgr.rrd"));
}

static void
what_was_mended_is_told(void **state)
{
	struct recordbox *box = *state;
	assert_int_equal(mkdir("rrd/total", 0755), 0);
	assert_int_equal(mkdir("rrd/total/total", 0755), 0);
	folder_put(TOTAL_DKIM, "no RRD file\n");
	count_total(box, "dkim.pass", START, 1);
	record_all(box, START + MINUTE);
	const char *note = record_note(box->record);
	assert_non_null(note);
	assert_non_null(strstr(note, "damaged"));
	assert_null(record_note(box->record));
	assert_added(TOTAL_DKIM, "pass", START, 1);
}

static void
history_that_cannot_be_opened_is_an_error(void **state)
{
	struct recordbox *box = *state;
	struct config config = {.rrd_dir = (char[]){"file/rrd"}};
	folder_put("file", "in the way\n");
	assert_null(record_new(&config, box->rows, &box->err));
	assert_non_null(strstr(box->err.text, "file"));
	record_free(NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_closed_minute_reaches_its_file_zeros_too),
		TEST(open_step_is_not_recorded),
		TEST(one_call_records_a_chunk_and_says_that_more_is_left),
		TEST(hosts_get_files_once_there_are_two),
		TEST(domains_get_files_only_if_they_are_configured),
		TEST(group_gets_its_file_once_it_has_counted),
		TEST(folder_that_is_read_only_holds_steps_back_until_it_is_not),
		TEST(half_recorded_steps_are_completed_without_doubling),
		TEST(silence_of_over_14_days_stays_a_gap),
		TEST(silence_is_over_where_nothing_is_closed_yet),
		TEST(silence_of_less_is_filled_with_zeros),
		TEST(minute_before_a_long_silence_is_recorded),
		TEST(lines_of_many_weeks_are_all_recorded),
		TEST(gauge_is_known_for_the_last_minutes_only),
		TEST(what_was_mended_is_told),
		TEST(history_that_cannot_be_opened_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
