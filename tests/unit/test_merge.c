/* SPDX-License-Identifier: ISC */
/* test_merge — lines of several logs in the order of their stamps. */
#include "cli/merge.c"
#include "cli/reader.c"

#include "lib/buf.h"
#include "tests/unit/folder.h"

enum { FILES_MAX = 8 };

static struct merge *
open_merge(char *const *paths, int first_year)
{
	size_t count = 0;
	while (paths[count] != NULL)
		count++;
	struct err err;
	struct merge *merge = merge_open(paths, count, first_year, &err);
	if (merge == NULL)
		fail_msg("%s", err.text);
	return merge;
}

/* "FILE:NUMBER MESSAGE" of each line, in order; a sentence stands as it is. */
static void
assert_order(char *const *paths, const char *const *expected)
{
	struct merge *merge = open_merge(paths, 2026);
	const struct merge_line *line;
	struct err err;
	int result;
	for (; (result = merge_next(merge, &line, &err)) != 0; expected++) {
		struct buf text = {0};
		if (result < 0)
			buf_adds(&text, err.text);
		else
			buf_printf(&text, "%s:%lu %.*s", line->file,
				line->number,
				(int)(line->is_log ? line->line.message.len
						   : line->line.raw.len),
				line->is_log ? line->line.message.data
					     : line->line.raw.data);
		assert_non_null(*expected);
		assert_string_equal(text.data, *expected);
		buf_free(&text);
	}
	assert_null(*expected);
	assert_int_equal(merge_next(merge, &line, &err), 0);
	merge_close(merge);
}

#define PATHS(...) ((char *const[]){__VA_ARGS__, NULL})
#define ORDER(...) ((const char *const[]){__VA_ARGS__, NULL})

static void
lines_come_in_the_order_of_their_stamps(void **state)
{
	(void)state;
	folder_put("a", "Nov 20 10:00:01 mx x: one\nNov 20 10:00:05 mx x: 5\n");
	folder_put("b", "2026-11-20T10:00:02+00:00 mx x: two\n"
			"2026-11-20T10:00:06+00:00 mx x: 6\n");
	folder_put("c", "Nov 20 10:00:03 mx x: three\n"
			"Nov 20 10:00:04 mx x: four\n"
			"Nov 20 10:00:07 mx x: seven");
	static const char *const order[] = {"a:1 one", "b:1 two", "c:1 three",
		"c:2 four", "a:2 5", "b:2 6", "c:3 seven", NULL};
	assert_order(PATHS("a", "b", "c"), order);
	assert_order(PATHS("c", "b", "a"), order);
}

static void
equal_stamps_keep_the_order_of_the_files(void **state)
{
	(void)state;
	folder_put("a", "Nov 20 10:00:01 mx x: a1\nNov 20 10:00:01 mx x: a2\n"
			"Nov 20 10:00:02 mx x: a3\n");
	folder_put("b", "Nov 20 10:00:01 mx x: b1\nNov 20 10:00:02 mx x: b2\n");
	assert_order(PATHS("a", "b"),
		ORDER("a:1 a1", "a:2 a2", "b:1 b1", "a:3 a3", "b:2 b2"));
	assert_order(PATHS("b", "a"),
		ORDER("b:1 b1", "a:1 a1", "a:2 a2", "b:2 b2", "a:3 a3"));
	assert_order(
		PATHS("b", "b"), ORDER("b:1 b1", "b:1 b1", "b:2 b2", "b:2 b2"));
}

static void
lines_of_one_file_keep_their_order_whatever_their_stamps(void **state)
{
	(void)state;
	folder_put("a", "Nov 20 10:00:09 mx x: nine\nNov 20 10:00:01 mx x: 1\n"
			"Nov 20 10:00:05 mx x: five\n");
	folder_put("b", "Nov 20 10:00:02 mx x: two\n");
	assert_order(PATHS("a", "b"),
		ORDER("b:1 two", "a:1 nine", "a:2 1", "a:3 five"));
}

static void
line_without_a_stamp_stays_behind_the_one_before(void **state)
{
	(void)state;
	folder_put("a", "begin of the file\nNov 20 10:00:01 mx x: a2\n"
			"\tof a trace\nNov 20 10:00:05 mx x: a4\n");
	folder_put("b", "Nov 20 10:00:02 mx x: b1\n\nlast words\n"
			"Nov 20 10:00:06 mx x: b4\n");
	assert_order(
		PATHS("b", "a"), ORDER("a:1 begin of the file", "a:2 a2",
					 "a:3 \tof a trace", "b:1 b1", "b:2 ",
					 "b:3 last words", "a:4 a4", "b:4 b4"));
}

static void
damaged_file_is_given_up_and_the_others_go_on(void **state)
{
	(void)state;
	folder_put("a", "Nov 20 10:00:01 mx x: a1\nNov 20 10:00:03 mx x: a2\n");
	folder_put("b.gz", "damaged\n");
	folder_put("c", "Nov 20 10:00:02 mx x: c1\nNov 20 10:00:04 mx x: c2\n");
	assert_order(PATHS("a", "b.gz", "c"),
		ORDER("b.gz: damaged gzip data", "a:1 a1", "c:1 c1", "a:2 a2",
			"c:2 c2"));
}

static void
file_that_cannot_be_opened_is_said_at_once(void **state)
{
	(void)state;
	folder_put("a", "Nov 20 10:00:01 mx x: a1\n");
	struct err err;
	assert_null(merge_open(PATHS("a", "missing"), 2, 0, &err));
	assert_string_equal(err.text, "missing: No such file or directory");
}

static void
first_year_holds_for_each_file(void **state)
{
	(void)state;
	folder_put("a", "Dec 31 23:59:59 mx x: old\nJan  1 00:00:00 mx x: n\n");
	folder_put("b", "Dec 31 23:59:58 mx x: older\n");
	struct merge *merge = open_merge(PATHS("a", "b"), 2019);
	struct tm tm = {.tm_year = 119,
		.tm_mon = 11,
		.tm_mday = 31,
		.tm_hour = 23,
		.tm_min = 59,
		.tm_sec = 58,
		.tm_isdst = -1};
	int64_t expected = mktime(&tm);
	const struct merge_line *line;
	struct err err;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(merge_next(merge, &line, &err), 1);
		assert_int_equal(line->line.time, expected + i);
	}
	merge_close(merge);
}

/* Random logs, each in order: merged, all are. */
static void
random_logs_are_one_log_in_order(void **state)
{
	(void)state;
	char names[FILES_MAX][16], *paths[FILES_MAX + 1] = {NULL};
	unsigned long lines = 0;
	srandom(20261121);
	for (int f = 0; f < FILES_MAX; f++) {
		struct buf text = {0};
		long at = 1790000000 + random() % 1000;
		for (long n = random() % 400; n > 0; n--, lines++) {
			time_t time = at += random() % 40;
			char stamp[64];
			struct tm tm;
			strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ",
				gmtime_r(&time, &tm));
			buf_printf(&text, "%s mx x: %d\n", stamp, f);
		}
		snprintf(names[f], sizeof(names[f]), "log%d", f);
		folder_put(names[f], text.len > 0 ? text.data : "");
		paths[f] = names[f];
		buf_free(&text);
	}
	struct merge *merge = open_merge(paths, 0);
	const struct merge_line *line;
	struct err err;
	int64_t before = 0;
	unsigned long last[FILES_MAX] = {0}, file_before = 0;
	for (; merge_next(merge, &line, &err) > 0; lines--) {
		unsigned long f = (unsigned long)(line->file[3] - '0');
		assert_true(line->line.time >= before);
		assert_true(line->line.time > before || f >= file_before);
		assert_int_equal(line->number, ++last[f]);
		before = line->line.time;
		file_before = f;
	}
	assert_int_equal(lines, 0);
	merge_close(merge);
}

static void
progress_never_goes_back(void **state)
{
	(void)state;
	struct buf text = {0};
	for (int i = 0; i < 20000; i++)
		buf_printf(
			&text, "Nov 20 1%d:00:00 mx x: %030d\n", i / 3000, i);
	folder_put("b", text.data);
	memcpy(text.data, "Nov 21", 6);
	folder_put("c", text.data);
	folder_put("a", "Nov 19 10:00:00 mx x: y\n");
	struct merge *merge = open_merge(PATHS("a", "b", "c"), 2026);
	const struct merge_line *line;
	struct err err;
	double before = 0;
	while (merge_next(merge, &line, &err) > 0) {
		double part = merge_progress(merge);
		assert_true(part >= before && part <= 1);
		before = part;
	}
	assert_true(merge_progress(merge) > 0.999999);
	merge_close(merge);
	buf_free(&text);
}

static void
progress_of_a_pipe_is_not_known(void **state)
{
	(void)state;
	int ends[2];
	char path[32];
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(write(ends[1], "x\n", 2), 2);
	close(ends[1]);
	folder_put("a", "Nov 19 10:00:00 mx x: y\n");
	struct merge *merge = open_merge(PATHS("a", path), 2026);
	const struct merge_line *line;
	struct err err;
	assert_int_equal(merge_next(merge, &line, &err), 1);
	assert_true(merge_progress(merge) < 0);
	merge_close(merge);
	close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(lines_come_in_the_order_of_their_stamps),
		FOLDER_TEST(equal_stamps_keep_the_order_of_the_files),
		FOLDER_TEST(
			lines_of_one_file_keep_their_order_whatever_their_stamps),
		FOLDER_TEST(line_without_a_stamp_stays_behind_the_one_before),
		FOLDER_TEST(damaged_file_is_given_up_and_the_others_go_on),
		FOLDER_TEST(file_that_cannot_be_opened_is_said_at_once),
		FOLDER_TEST(first_year_holds_for_each_file),
		FOLDER_TEST(random_logs_are_one_log_in_order),
		FOLDER_TEST(progress_never_goes_back),
		FOLDER_TEST(progress_of_a_pipe_is_not_known),
	};
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
