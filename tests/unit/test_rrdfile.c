/* SPDX-License-Identifier: ISC */
/* Files that are damaged, gone, or of an older version. */
#include "rrd/rrdfile.c"

#include "tests/unit/history.h"

static void
a_new_counter_is_added_and_the_history_stays(void **state)
{
	struct history *h = *state;
	struct store_series narrow = SERIES;
	uint64_t values[100];
	for (size_t i = 0; i < 100; i++)
		values[i] = h->values[i][0];
	narrow.source_count = 1;
	const struct store_steps steps = {h->times, 100, values, h->before};
	assert_int_equal(store_feed(h->store, &narrow, &steps, &h->err), 0);

	assert_int_equal(feed(h, 100, 101), 0);
	assert_int_equal(feed(h, 101, 200), 0);
	assert_non_null(strstr(store_note(h->store), "2 new counters"));
	assert_null(store_note(h->store));
	assert_counted(h, 100, 200);
	assert_true(
		fabs(fetched(h, "pass", 0, 200) - truth(h, 0, 0, 200)) < 1e-6);
	assert_true(isnan(fetched(h, "fail", 0, 100)));
}

static void
data_sources_that_the_caller_does_not_name_stay(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 10), 0);
	struct store_series narrow = SERIES;
	narrow.sources = SOURCE + 1;
	narrow.source_count = 1;
	uint64_t values[10];
	for (size_t i = 0; i < 10; i++)
		values[i] = h->values[10 + i][1];
	const struct store_steps steps = {
		h->times + 10, 10, values, &h->values[9][1]};
	assert_int_equal(store_feed(h->store, &narrow, &steps, &h->err), 0);
	assert_true(
		fabs(fetched(h, "fail", 0, 20) - truth(h, 1, 0, 20)) < 1e-6);
	assert_true(isnan(fetched(h, "pass", 10, 20)));
	/* And they go on where the caller names them again. */
	assert_int_equal(feed(h, 20, 30), 0);
	assert_counted(h, 20, 30);
}

static void
write_file(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
}

static void
assert_set_aside_and_begun_anew(struct history *h)
{
	assert_int_equal(feed(h, 100, 110), 0);
	const char *text = store_note(h->store);
	assert_non_null(text);
	assert_non_null(strstr(text, "dkim.rrd.damaged-2"));
	assert_counted(h, 100, 110);
	char command[256];
	snprintf(command, sizeof(command),
		"ls %s/total/total/dkim.rrd.damaged-* >/dev/null", h->dir);
	assert_int_equal(system(command), 0);
}

static void
a_file_that_is_no_rrd_is_set_aside(void **state)
{
	struct history *h = *state;
	char junk[5000];
	memset(junk, 'x', sizeof(junk));
	assert_int_equal(feed(h, 0, 100), 0);
	write_file(path_of(h, &SERIES), junk, sizeof(junk));
	assert_set_aside_and_begun_anew(h);
}

static void
an_empty_file_is_set_aside(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 100), 0);
	write_file(path_of(h, &SERIES), "", 0);
	assert_set_aside_and_begun_anew(h);
}

static void
a_file_cut_short_is_set_aside(void **state)
{
	struct history *h = *state;
	for (off_t size = 100; size < 100000; size *= 3) {
		assert_int_equal(feed(h, 0, 100), 0);
		assert_int_equal(truncate(path_of(h, &SERIES), size), 0);
		open_store(h);
		assert_set_aside_and_begun_anew(h);
		assert_int_equal(unlink(path_of(h, &SERIES)), 0);
		open_store(h);
	}
}

static void
a_deleted_file_is_made_again(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 100), 0);
	assert_int_equal(unlink(path_of(h, &SERIES)), 0);
	assert_int_equal(feed(h, 100, 102), 0);
	assert_counted(h, 100, 102);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_new_counter_is_added_and_the_history_stays),
		TEST(data_sources_that_the_caller_does_not_name_stay),
		TEST(a_file_that_is_no_rrd_is_set_aside),
		TEST(an_empty_file_is_set_aside),
		TEST(a_file_cut_short_is_set_aside),
		TEST(a_deleted_file_is_made_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
