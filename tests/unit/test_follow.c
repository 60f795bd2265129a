/* SPDX-License-Identifier: ISC */
/* test_follow — real logs in a folder, the wall clock passed in. */
#include "collector/follow.c"

#include <poll.h>

#include "lib/file.h"
#include "tests/unit/followbox.h"

static void
lines_count_in_the_minute_of_their_stamp(void **state)
{
	struct followbox *box = *state;
	static const int seconds[] = {0, 59, 60, 119, 120, 125, 301};
	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++)
		put("a.log", NOON + seconds[i], "dkim.pass");
	add_input(box, "a.log", false);
	start(box);
	read_all(box, NOON + 400);
	for (int m = 0; m < 6; m++) {
		uint64_t expected = 0;
		for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++)
			expected += seconds[i] / MINUTE == m;
		assert_int_equal(in_minute(box, NOON + m * MINUTE, "dkim.pass"),
			expected);
	}
	assert_int_equal(total(box, "log.late"), 0);
	assert_int_equal(total(box, "log.future"), 0);
}

static void
line_of_the_future_counts_now_and_opens_no_step(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	put("a.log", NOON + FUTURE_S, "dkim.pass");
	put("a.log", NOON + FUTURE_S + 1, "dkim.fail");
	put("a.log", NOON + 400 * INT64_C(86400), "dkim.fail");
	start(box);
	read_all(box, NOON);
	assert_int_equal(in_minute(box, NOON, "log.future"), 2);
	assert_int_equal(in_minute(box, NOON, "dkim.fail"), 2);
	assert_int_equal(in_minute(box, NOON + MINUTE, "dkim.pass"), 1);
	const struct steps *steps = &box->tally->steps;
	assert_int_equal(
		steps->items[steps->count - 1]->end, NOON + 2 * MINUTE);
}

static void
line_without_any_stamp_counts_now(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	append("a.log", "\x01\x02\x03\n");
	start(box);
	read_all(box, NOON + 61);
	assert_int_equal(in_minute(box, NOON + MINUTE, "log.malformed"), 1);
	assert_int_equal(box->tally->steps.count, 1);
}

static void
late_line_counts_in_the_oldest_open_step(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	put("a.log", NOON, "dkim.pass");
	start(box);
	read_all(box, NOON + 70);
	steps_close(&box->tally->steps, NOON + MINUTE);
	put("a.log", NOON + 59, "dkim.fail");
	put("a.log", NOON + 61, "dkim.pass");
	poll_all(box, NOON + 70);
	assert_int_equal(in_minute(box, NOON, "dkim.pass"), 1);
	assert_int_equal(in_minute(box, NOON, "dkim.fail"), 0);
	assert_int_equal(in_minute(box, NOON + MINUTE, "dkim.fail"), 1);
	assert_int_equal(in_minute(box, NOON + MINUTE, "dkim.pass"), 1);
	assert_int_equal(total(box, "log.late"), 1);
}

static void
unmatched_lines_are_kept_word_for_word(void **state)
{
	struct followbox *box = *state;
	static const char line[] = "2026-11-21T12:00:01Z mx t-mine[1]: hello\n";
	add_input(box, "a.log", false);
	put("a.log", NOON, "dkim.pass");
	append("a.log", line);
	append("a.log", "2026-11-21T12:00:01Z mx foreign[1]: hello\n");
	put("a.log", NOON + 2, "none");
	start(box);
	read_all(box, NOON + 5);
	struct err err = {""};
	struct buf text = {0};
	assert_int_equal(unmatched_save(box->unmatched, "ring", &err), 0);
	assert_int_equal(file_read("ring", 4096, &text, &err), 0);
	assert_string_equal(text.data, line);
	assert_int_equal(total(box, "log.unmatched"), 1);
	buf_free(&text);
}

static void
two_inputs_count_into_the_same_steps(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	add_input(box, "b.log", false);
	put("a.log", NOON + MINUTE, "dkim.pass");
	put("b.log", NOON, "dkim.pass");
	put("b.log", NOON + MINUTE, "dkim.pass");
	start(box);
	assert_int_equal(follow_input_count(box->follow), 2);
	assert_true(follow_fd(box->follow, 0) != follow_fd(box->follow, 1));
	read_all(box, NOON + 70);
	assert_int_equal(in_minute(box, NOON, "dkim.pass"), 1);
	assert_int_equal(in_minute(box, NOON + MINUTE, "dkim.pass"), 2);
	assert_int_equal(total(box, "log.late"), 0);
	put("a.log", NOON + 62, "dkim.fail");
	put("b.log", NOON + 62, "dkim.fail");
	poll_all(box, NOON + 70);
	assert_int_equal(total(box, "dkim.fail"), 2);
	assert_int_equal(total(box, "dkim.pass"), 3);
}

static void
descriptor_is_readable_until_it_is_drained(void **state)
{
	struct followbox *box = *state;
	add_input(box, "b.log", false);
	add_input(box, "a.log", false);
	put("a.log", NOON, "dkim.pass");
	start(box);
	struct pollfd fd = {follow_fd(box->follow, 1), POLLIN, 0};
	follow_drain(box->follow);
	assert_int_equal(poll(&fd, 1, 0), 0);
	put("a.log", NOON, "dkim.pass");
	assert_int_equal(poll(&fd, 1, 0), 1);
	follow_drain(box->follow);
	assert_int_equal(poll(&fd, 1, 0), 0);
}

static void
input_that_begins_at_its_end_counts_what_comes(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", true);
	put("a.log", NOON, "dkim.pass");
	start(box);
	read_all(box, NOON + 5);
	put("a.log", NOON + 1, "dkim.fail");
	poll_all(box, NOON + 5);
	assert_int_equal(total(box, "dkim.pass"), 0);
	assert_int_equal(total(box, "dkim.fail"), 1);
}

static void
steps_stay_open_while_an_input_is_behind(void **state)
{
	struct followbox *box = *state;
	enum { LINES = 20 };
	int64_t now = NOON + 2 * LINES * MINUTE;
	int64_t end = NOON + (LINES - 1) * MINUTE;
	add_input(box, "a.log", false);
	add_input(box, "b.log", false);
	put("b.log", now, "dkim.pass");
	for (int i = 0; i < LINES; i++)
		put_padded("a.log", NOON + i * MINUTE, "dkim.fail", LONG_LINE);
	start(box);
	assert_true(follow_closable(box->follow, now) < NOON);
	int blocks = 0;
	while (follow_read(box->follow, now)) {
		int64_t last =
			NOON + ((int64_t)total(box, "dkim.fail") - 1) * MINUTE;
		int64_t until = follow_closable(box->follow, now);
		assert_true(until <= last || last == end);
		assert_true(until >= last - MINUTE);
		steps_close(&box->tally->steps, until);
		blocks++;
	}
	assert_in_range(blocks, 3, LINES);
	assert_int_equal(total(box, "log.late"), 0);
	for (int i = 0; i < LINES; i++)
		assert_int_equal(
			in_minute(box, NOON + i * MINUTE, "dkim.fail"), 1);
	assert_int_equal(follow_closable(box->follow, now), now - MINUTE);
}

static void
minute_can_be_closed_a_little_after_its_end(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	put("a.log", NOON, "dkim.pass");
	start(box);
	read_all(box, NOON);
	for (int s = 0; s < CLOSE_AFTER_S; s++)
		assert_int_equal(
			follow_closable(box->follow, NOON + s), NOON - MINUTE);
	for (int s = 0; s < MINUTE; s++)
		assert_int_equal(
			follow_closable(box->follow, NOON + CLOSE_AFTER_S + s),
			NOON);
}

static void
positions_survive_a_restart(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	add_input(box, "b.log", true);
	put("a.log", NOON, "dkim.pass");
	start(box);
	read_all(box, NOON);
	for (int round = 1; round < 4; round++) {
		restart(box, NOON + round);
		put("a.log", NOON + round, "dkim.pass");
		put("b.log", NOON + round, "dkim.fail");
		start(box);
		read_all(box, NOON + round);
		assert_int_equal(total(box, "dkim.pass"), 1 + round);
	}
	/* b.log was not there at the first start: then it came, at its end. */
	assert_int_equal(total(box, "dkim.fail"), 2);
	assert_int_equal(total(box, "log.lost_bytes"), 0);
}

/* Appends what OpenDKIM says of a message. */
static void
put_verdict(const char *path, int64_t time, const char *id)
{
	char line[256], stamp[32];
	time_t t = (time_t)time;
	struct tm tm;
	strftime(stamp, sizeof(stamp), "%FT%TZ", gmtime_r(&t, &tm));
	snprintf(line, sizeof(line),
		"%s mx opendkim[1]: %s: DKIM verification successful\n", stamp,
		id);
	append(path, line);
}

static void
ledger_knows_after_a_restart_what_it_knew(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	put_verdict("a.log", NOON, "4F0001");
	start(box);
	read_all(box, NOON);
	assert_int_equal(total(box, "dkim.pass"), 1);
	restart(box, NOON + 1);
	/* another process: nothing is left in memory */
	struct config *config = box->tally->config;
	box->tally->config = config_default();
	tallybox_free(box->tally);
	box->tally = tallybox_new(0, 0);
	config_free(box->tally->config);
	box->tally->config = config;
	put_verdict("a.log", NOON + 2, "4F0001");
	put_verdict("a.log", NOON + 2, "4F0002");
	start(box);
	read_all(box, NOON + 2);
	assert_int_equal(total(box, "log.lines"), 2);
	assert_int_equal(total(box, "dkim.pass"), 1);
	assert_int_equal(follow_ledger(box->follow), NOON + 2);
}

static void
ledger_waits_for_the_log_that_is_behind(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	add_input(box, "b.log", false);
	for (int i = 0; i < 20; i++)
		put_padded("b.log", NOON + i, "dkim.pass", LONG_LINE);
	put("a.log", NOON + 100, "dkim.pass");
	start(box);
	assert_true(follow_read(box->follow, NOON + 200));
	assert_true(follow_ledger(box->follow) < NOON + 20);
	read_all(box, NOON + 200);
	assert_int_equal(follow_ledger(box->follow), NOON + 100);
	/* and for what may be written yet */
	put("a.log", NOON + 300, "dkim.pass");
	read_all(box, NOON + 300);
	assert_true(follow_ledger(box->follow) < NOON + 300);
	read_all(box, NOON + 310);
	assert_int_equal(follow_ledger(box->follow), NOON + 300);
}

static void
rotations_are_counted_beyond_a_restart(void **state)
{
	struct followbox *box = *state;
	struct publish_input input;
	add_input(box, "a.log", false);
	put("a.log", NOON, "dkim.pass");
	start(box);
	read_all(box, NOON);
	for (int round = 1; round < 4; round++) {
		put("a.log", NOON + round, "dkim.fail");
		rename("a.log.2", "a.log.3");
		rename("a.log.1", "a.log.2");
		assert_int_equal(rename("a.log", "a.log.1"), 0);
		put("a.log", NOON + round, "dkim.pass");
		poll_all(box, NOON + round);
		follow_positions(box->follow, &input);
		assert_int_equal(input.rotations, round);
		assert_int_equal(input.lag, 0);
		assert_int_equal(in_minute(box, NOON, "log.rotations"), round);
		restart(box, NOON + round);
		start(box);
		read_all(box, NOON + round);
	}
	assert_int_equal(total(box, "dkim.pass"), 4);
	assert_int_equal(total(box, "dkim.fail"), 3);
}

static void
truncation_and_what_it_cost_are_counted_once(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	put("a.log", NOON, "dkim.pass");
	start(box);
	poll_all(box, NOON);
	put("a.log", NOON + 1, "dkim.fail");
	follow_check(box->follow, NOON + 1);
	assert_int_equal(truncate("a.log", 0), 0);
	poll_all(box, NOON + 2);
	poll_all(box, NOON + 3);
	assert_int_equal(total(box, "log.truncations"), 1);
	const struct tail_events events =
		tail_events(box->follow->inputs[0].tail);
	assert_int_equal(total(box, "log.lost_bytes"), events.lost_bytes);
	put("a.log", NOON + 4, "dkim.pass");
	poll_all(box, NOON + 4);
	assert_int_equal(total(box, "dkim.pass"), 2);
}

/* How often the log says so. */
static int
times_told(const char *path, const char *what)
{
	struct buf text = {0};
	struct err err = {""};
	int times = 0;
	assert_int_equal(file_read(path, 65536, &text, &err), 0);
	for (const char *p = text.data;
		p != NULL && (p = strstr(p, what)) != NULL; p++)
		times++;
	buf_free(&text);
	return times;
}

static void
input_that_is_missing_is_told_once_each_way(void **state)
{
	struct followbox *box = *state;
	add_input(box, "a.log", false);
	int before = dup(2), to = open("err", O_WRONLY | O_CREAT, 0600);
	assert_true(before >= 0 && dup2(to, 2) == 2);
	start(box);
	for (int s = 0; s < 3; s++)
		poll_all(box, NOON + s);
	put("a.log", NOON, "dkim.pass");
	for (int s = 3; s < 6; s++)
		poll_all(box, NOON + s);
	dup2(before, 2);
	close(before);
	close(to);
	assert_int_equal(times_told("err", "a.log: No such file"), 1);
	assert_int_equal(times_told("err", "can be read now"), 1);
	assert_int_equal(total(box, "dkim.pass"), 1);
	follow_free(NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(lines_count_in_the_minute_of_their_stamp),
		TEST(line_of_the_future_counts_now_and_opens_no_step),
		TEST(line_without_any_stamp_counts_now),
		TEST(late_line_counts_in_the_oldest_open_step),
		TEST(unmatched_lines_are_kept_word_for_word),
		TEST(two_inputs_count_into_the_same_steps),
		TEST(descriptor_is_readable_until_it_is_drained),
		TEST(input_that_begins_at_its_end_counts_what_comes),
		TEST(steps_stay_open_while_an_input_is_behind),
		TEST(minute_can_be_closed_a_little_after_its_end),
		TEST(positions_survive_a_restart),
		TEST(ledger_knows_after_a_restart_what_it_knew),
		TEST(ledger_waits_for_the_log_that_is_behind),
		TEST(rotations_are_counted_beyond_a_restart),
		TEST(truncation_and_what_it_cost_are_counted_once),
		TEST(input_that_is_missing_is_told_once_each_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
