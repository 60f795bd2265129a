/* SPDX-License-Identifier: ISC */
/* Feeds real RRD files and reads them back. */
#include "rrd/store.c"

#include "tests/unit/history.h"

static void
the_sum_over_the_file_is_the_counter(void **state)
{
	struct history *h = *state;
	for (size_t i = 0, n; i < DAY; i += n) {
		n = 1 + (size_t)random() % 300;
		if (i + n > DAY)
			n = DAY - i;
		assert_int_equal(feed(h, i, i + n), 0);
	}
	assert_counted(h, 0, DAY);
}

static void
every_single_step_is_exact(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 300), 0);
	for (size_t i = 0; i < 300; i++)
		assert_counted(h, i, i + 1);
}

static void
the_first_step_of_a_file_is_known(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 1), 0);
	assert_counted(h, 0, 1);
}

static void
a_step_without_events_is_zero_not_unknown(void **state)
{
	struct history *h = *state;
	for (size_t i = 1; i < 20; i++)
		memcpy(h->values[i], h->values[0], sizeof(h->values[0]));
	assert_int_equal(feed(h, 0, 20), 0);
	assert_true(fetched(h, "pass", 1, 20) == 0);
}

static void
feeding_again_from_an_older_step_changes_nothing(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 500), 0);
	for (int round = 0; round < 20; round++) {
		size_t from = (size_t)random() % 500;
		if (round % 3 == 0)
			open_store(h);
		assert_int_equal(feed(h, from, 500 + (size_t)round), 0);
	}
	assert_counted(h, 0, 519);
}

static void
three_days_go_in_with_one_call(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, STEPS_MAX), 0);
	assert_counted(h, DAY + 60, STEPS_MAX);
	/* The first day only stands in coarser rows now. */
	const struct fetch_request request = {
		.path = path_of(h, &SERIES),
		.from = h->times[0] - STORE_STEP_S,
		.to = h->times[DAY],
		.step = 300,
	};
	struct fetch fetch;
	assert_int_equal(fetch_read(&request, &fetch, &h->err), 0);
	assert_int_equal(fetch.step, 300);
	fetch_free(&fetch);
}

static void
gaps_of_the_caller_are_bridged_with_the_value_before(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 100), 0);
	assert_int_equal(feed(h, 105, 110), 0);
	assert_true(
		fabs(fetched(h, "pass", 0, 110) - truth(h, 0, 0, 110)) < 1e-6);
	assert_counted(h, 105, 110);
}

static void
a_hole_longer_than_the_heartbeat_is_unknown(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 100), 0);
	assert_int_equal(feed(h, 150, 160), 0);
	assert_true(isnan(fetched(h, "pass", 100, 150)));
	assert_counted(h, 150, 160);
}

static void
a_counter_that_began_anew_loses_no_step(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 10), 0);
	uint64_t lost = h->values[9][0];
	for (size_t i = 9; i < 20; i++)
		h->values[i][0] -= lost;
	assert_int_equal(feed(h, 10, 20), 0);
	assert_counted(h, 10, 20);
}

static void
an_unknown_gauge_is_unknown(void **state)
{
	struct history *h = *state;
	h->values[5][2] = STORE_UNKNOWN;
	assert_int_equal(feed(h, 0, 10), 0);
	assert_true(isnan(fetched(h, "files", 5, 6)));
	assert_true(fetched(h, "files", 6, 7) ==
		    (double)h->values[6][2] * STORE_STEP_S);
}

/* Root may write anywhere, so a file in the way stands for "cannot". */
static void
what_cannot_be_written_is_fed_later(void **state)
{
	struct history *h = *state;
	char blocker[128];
	snprintf(blocker, sizeof(blocker), "%s/total", h->dir);
	close(open(blocker, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(feed(h, 0, 100), -1);
	assert_non_null(strstr(h->err.text, "total"));
	assert_null(store_note(h->store));
	assert_int_equal(unlink(blocker), 0);
	assert_int_equal(feed(h, 0, 100), 0);
	assert_counted(h, 0, 100);
}

static void
a_read_only_folder_is_an_error_until_it_is_not(void **state)
{
	struct history *h = *state;
	if (geteuid() == 0 && seteuid(65534) < 0)
		skip();
	assert_int_equal(feed(h, 0, 100), -1);
	assert_non_null(strstr(h->err.text, "ermission denied"));
	if (geteuid() == 65534)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(feed(h, 0, 100), 0);
	assert_counted(h, 0, 100);
}

static void
two_processes_worth_of_memory_do_not_lie(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 10), 0);
	struct store *first = h->store;
	h->store = NULL;
	open_store(h);
	assert_int_equal(feed(h, 5, 20), 0);
	store_close(h->store);
	h->store = first;
	assert_int_equal(feed(h, 10, 30), 0);
	assert_counted(h, 0, 30);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_sum_over_the_file_is_the_counter),
		TEST(every_single_step_is_exact),
		TEST(the_first_step_of_a_file_is_known),
		TEST(a_step_without_events_is_zero_not_unknown),
		TEST(feeding_again_from_an_older_step_changes_nothing),
		TEST(three_days_go_in_with_one_call),
		TEST(gaps_of_the_caller_are_bridged_with_the_value_before),
		TEST(a_hole_longer_than_the_heartbeat_is_unknown),
		TEST(a_counter_that_began_anew_loses_no_step),
		TEST(an_unknown_gauge_is_unknown),
		TEST(what_cannot_be_written_is_fed_later),
		TEST(a_read_only_folder_is_an_error_until_it_is_not),
		TEST(two_processes_worth_of_memory_do_not_lie),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
