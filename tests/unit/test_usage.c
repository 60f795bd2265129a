/* SPDX-License-Identifier: ISC */
/* The cap on the store, and what killed processes leave. */
#include "rrd/usage.c"

#include "rrd/archive.h"
#include "tests/unit/history.h"

static void
above_size_max_no_file_is_made_and_it_is_said_once(void **state)
{
	struct history *h = *state;
	store_close(h->store);
	const struct store_options options = {
		.dir = h->dir, .size_max = archive_size(SOURCES) * 2};
	h->store = store_open(&options, &h->err);
	const char *const groups[] = {"a", "b", "c"};
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < 3; i++) {
			struct store_series series = SERIES;
			series.group = groups[i];
			assert_int_equal(feed_series(h, &series, round * 10,
						 round * 10 + 10),
				0);
			assert_int_equal(access(path_of(h, &series), F_OK),
				i < 2 ? 0 : -1);
		}
	}
	assert_non_null(strstr(store_note(h->store), "90 %"));
	assert_non_null(strstr(store_note(h->store), "not created"));
	assert_null(store_note(h->store));
}

static void
the_size_of_a_file_is_known_beforehand(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 1), 0);
	struct stat st;
	assert_int_equal(stat(path_of(h, &SERIES), &st), 0);
	double real = (double)st.st_size;
	double guess = (double)archive_size(SOURCES);
	assert_true(fabs(real - guess) < real / 100);
	assert_true(guess / SOURCES < 210e3);
}

static void
leftovers_of_a_killed_process_are_removed(void **state)
{
	struct history *h = *state;
	char path[PATH_SIZE + 32];
	assert_int_equal(feed(h, 0, 1), 0);
	snprintf(path, sizeof(path), "%sAbCdEf", path_of(h, &SERIES));
	char *dot = strstr(path, ".rrd");
	strcpy(dot, ".rrd.newAbCdEf");
	close(open(path, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(access(path, F_OK), 0);
	open_store(h);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(path_of(h, &SERIES), F_OK), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(above_size_max_no_file_is_made_and_it_is_said_once),
		TEST(the_size_of_a_file_is_known_beforehand),
		TEST(leftovers_of_a_killed_process_are_removed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
