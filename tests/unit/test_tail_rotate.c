/* SPDX-License-Identifier: ISC */
/* The log is renamed, is absent, grows in pieces. */
#include <poll.h>
#include <sys/stat.h>

#include "tests/unit/tailbox.h"

static void
tail_follows_a_rename(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 300);
	box_start(box);
	box_poll(box);
	box_write(box, "mail.log", 100);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 200);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).rotations, 1);
	assert_int_equal(tail_lag(box->tail), 0);
}

static void
tail_reads_a_renamed_file_before_there_is_a_new_one(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_rename(box, "mail.log", "mail.log.1");
	box_poll(box);
	assert_string_equal(
		tail_trouble(box->tail), "No such file or directory");
	box_write(box, "mail.log.1", 10);
	box_poll(box);
	box_expect_all_in_order(box);
	box_write(box, "mail.log", 10);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_null(tail_trouble(box->tail));
}

static void
tail_reads_old_and_new_side_by_side(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_rename(box, "mail.log", "mail.log.1");
	for (int i = 0; i < 20; i++) {
		box_write(box, i % 2 ? "mail.log" : "mail.log.1", 5);
		box_poll(box);
	}
	box_expect_all_in_order(box);
	/* All before a look: the old one's come first. */
	box_write(box, "mail.log", 5);
	box_write(box, "mail.log.1", 5);
	box_poll(box);
	box_expect_all(box);
	assert_int_equal(box->backwards, 1);
}

static void
tail_lets_an_old_file_go_at_the_next_rotation(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];

	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 10);
	box_poll(box);
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 2);
	box_rename(box, "mail.log.1", "mail.log.2");
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log.2", 10);
	box_write(box, "mail.log", 10);
	box_poll(box);
	box_poll(box);
	box_expect_all(box);
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 2);
	assert_int_equal(tail_positions(box->tail, INT64_MAX, out, 1), 1);
}

static void
tail_waits_for_the_end_of_a_line(void **state)
{
	struct tailbox *box = *state;
	char line[80];

	box_start(box);
	for (int i = 0; i < 10; i++) {
		size_t half;

		box_line(line, box->written++);
		half = strlen(line) / 2;
		box_put(box, "mail.log", line, half);
		box_poll(box);
		assert_int_equal(box->lines, i);
		box_puts(box, "mail.log", line + half);
		box_poll(box);
		assert_int_equal(box->lines, i + 1);
	}
	box_line(line, box->written++);
	for (char *c = line; *c; c++) {
		assert_int_equal(box->lines, 10);
		box_put(box, "mail.log", c, 1);
		box_poll(box);
	}
	box_expect_all_in_order(box);
}

static void
tail_picks_up_a_file_and_a_folder_that_appear_later(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];
	struct tail_start start = {.at_end = true};

	box->tail = tail_open(at(box, "later/mail.log"), &start);
	box_poll(box);
	assert_string_equal(
		tail_trouble(box->tail), "No such file or directory");
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 0);
	mkdir(at(box, "later"), 0755);
	box_poll(box);
	box_write(box, "later/mail.log", 100);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_null(tail_trouble(box->tail));
	assert_string_equal(tail_path(box->tail), at(box, "later/mail.log"));
}

static void
tail_follows_a_folder_that_is_replaced(void **state)
{
	struct tailbox *box = *state;
	struct pollfd wait = {.events = POLLIN};

	mkdir(at(box, "log"), 0755);
	box_write(box, "log/mail.log", 100);
	box->tail = tail_open(at(box, "log/mail.log"), &(struct tail_start){0});
	box_poll(box);
	box_rename(box, "log", "old");
	mkdir(at(box, "log"), 0755);
	box_poll(box);
	tail_drain(box->tail);
	box_write(box, "log/mail.log", 100);
	wait.fd = tail_fd(box->tail);
	assert_int_equal(poll(&wait, 1, 5000), 1);
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_bears_that_the_name_is_absent_during_a_rotation(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 100);
	box_start(box);
	box_poll(box);
	box_write(box, "mail.log", 100);
	box_rename(box, "mail.log", "mail.log.1");
	for (int i = 0; i < 5; i++)
		box_poll(box);
	assert_non_null(tail_trouble(box->tail));
	box_write(box, "mail.log", 100);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_null(tail_trouble(box->tail));
}

static void
tail_reads_what_came_and_went_between_two_checks(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 100);
	box_start(box);
	box_poll(box);
	box_write(box, "mail.log", 10);
	for (int i = 0; i < 3; i++) {
		rename(at(box, "mail.log.2"), at(box, "mail.log.3"));
		rename(at(box, "mail.log.1"), at(box, "mail.log.2"));
		box_rename(box, "mail.log", "mail.log.1");
		box_write(box, "mail.log", 100);
	}
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).rotations, 3);
}

static void
tail_reads_right_when_events_overflow(void **state)
{
	struct tailbox *box = *state;
	struct pollfd wait = {.events = POLLIN};
	FILE *limit = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
	int most = 0;

	if (!limit || fscanf(limit, "%d", &most) != 1 || most > 100000)
		most = 16384;
	if (limit)
		fclose(limit);
	box_start(box);
	box_write(box, "mail.log", 1);
	tail_check(box->tail);
	for (int i = 0; i < most / 2 + 10; i++) {
		box_puts(box, "x", "");
		unlink(at(box, "x"));
	}
	box_write(box, "mail.log", 100);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 100);
	wait.fd = tail_fd(box->tail);
	assert_int_equal(poll(&wait, 1, 0), 1);
	tail_drain(box->tail);
	assert_int_equal(poll(&wait, 1, 0), 0);
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_fd_tells_of_each_thing_that_happens(void **state)
{
	struct tailbox *box = *state;
	struct pollfd wait = {.events = POLLIN};

	box_start(box);
	wait.fd = tail_fd(box->tail);
	for (int i = 0; i < 6; i++) {
		tail_drain(box->tail);
		assert_int_equal(poll(&wait, 1, 0), 0);
		if (i == 3)
			box_rename(box, "mail.log", "mail.log.1");
		else if (i == 4)
			box_write(box, "mail.log.1", 1);
		else
			box_write(box, "mail.log", 1);
		assert_int_equal(poll(&wait, 1, 5000), 1);
		tail_drain(box->tail);
		box_poll(box);
	}
	box_expect_all_in_order(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tail_follows_a_rename),
		box_test(tail_reads_a_renamed_file_before_there_is_a_new_one),
		box_test(tail_reads_old_and_new_side_by_side),
		box_test(tail_lets_an_old_file_go_at_the_next_rotation),
		box_test(tail_waits_for_the_end_of_a_line),
		box_test(tail_picks_up_a_file_and_a_folder_that_appear_later),
		box_test(tail_follows_a_folder_that_is_replaced),
		box_test(tail_bears_that_the_name_is_absent_during_a_rotation),
		box_test(tail_reads_what_came_and_went_between_two_checks),
		box_test(tail_reads_right_when_events_overflow),
		box_test(tail_fd_tells_of_each_thing_that_happens),
	};

	return cmocka_run_group_tests_name("tail_rotate", tests, NULL, NULL);
}
