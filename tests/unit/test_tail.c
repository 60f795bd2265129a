/* SPDX-License-Identifier: ISC */
#include "collector/tail.c"

#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>

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
	assert_int_equal(tail_positions(box->tail, out, TAIL_FILES_MAX), 2);
	box_rename(box, "mail.log.1", "mail.log.2");
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log.2", 10);
	box_write(box, "mail.log", 10);
	box_poll(box);
	box_poll(box);
	box_expect_all(box);
	assert_int_equal(tail_positions(box->tail, out, TAIL_FILES_MAX), 2);
	assert_int_equal(tail_positions(box->tail, out, 1), 1);
}

static void
tail_lets_an_unlinked_file_go_once_it_is_quiet(void **state)
{
	struct tailbox *box = *state;
	int fd;

	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	fd = open(at(box, "mail.log"), O_WRONLY | O_APPEND);
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log", 10);
	box_poll(box);
	assert_int_equal(box->tail->set.count, 2);
	box->tail->set.files[0]->quiet_since_s -= TAIL_QUIET_S;
	assert_int_equal(write(fd, "strange\n", 8), 8);
	box_poll(box);
	assert_int_equal(box->strange, 1);
	assert_int_equal(box->tail->set.count, 2);
	box->tail->set.files[0]->quiet_since_s -= TAIL_QUIET_S;
	box_poll(box);
	assert_int_equal(box->tail->set.count, 1);
	close(fd);
}

static void
tail_follows_copytruncate(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 300);
	box_start(box);
	box_poll(box);
	box_copy(box, "mail.log", "mail.log.1");
	box_truncate(box, "mail.log");
	box_poll(box);
	box_write(box, "mail.log", 300);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).truncations, 1);
	assert_int_equal(tail_events(box->tail).rotations, 0);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
}

static void
tail_reads_the_rest_in_the_copy_of_copytruncate(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 300);
	box_start(box);
	box_poll(box);
	box_write(box, "mail.log", 50);
	box_copy(box, "mail.log", "mail.log-20260102");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 7);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
	/* And out of a compressed one. */
	box_write(box, "mail.log", 50);
	box_gzip(box, "mail.log", "mail.log-20260103.gz");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 7);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).truncations, 2);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
}

static void
tail_reads_two_copies_of_two_copytruncates(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 300);
	box_start(box);
	box_poll(box);
	box_write(box, "mail.log", 50);
	box_copy(box, "mail.log", "mail.log.2");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 400);
	box_copy(box, "mail.log", "mail.log.1");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 70);
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_notices_a_file_that_grew_again_past_the_offset(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 150);
	box_start(box);
	box_poll(box);
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 150);
	box_poll(box);
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 300);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).truncations, 2);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
}

static void
tail_counts_what_a_truncation_took_away(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 2);
	box_start(box);
	box_poll(box);
	box_puts(box, "mail.log", "never seen whole");
	box_poll(box);
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 1);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(
		tail_events(box->tail).lost_bytes, strlen("never seen whole"));
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
	assert_int_equal(tail_positions(box->tail, out, TAIL_FILES_MAX), 0);
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
tail_reads_a_file_that_replaced_the_log_from_its_start(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 100);
	box_start(box);
	box_poll(box);
	box_write(box, "new", 200);
	box_rename(box, "new", "mail.log");
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_goes_on_in_a_copy_that_replaced_the_log(void **state)
{
	struct tailbox *box = *state;
	char line[80];
	int old;

	box_write(box, "mail.log", 100);
	box_start(box);
	box_poll(box);
	/* Not read yet, and in both. */
	box_write(box, "mail.log", 150);
	box_line(line, box->written++);
	box_put(box, "mail.log", line, 20);
	old = open(at(box, "mail.log"), O_WRONLY | O_APPEND);
	box_copy(box, "mail.log", "new");
	box_rename(box, "new", "mail.log");
	/* Only in the old one, which its writer still holds. */
	assert_true(write(old, line + 20, strlen(line) - 20) > 0);
	box_poll(box);
	box_expect_all(box);
	box_line(line, box->written++);
	assert_true(write(old, line, strlen(line)) > 0);
	close(old);
	box_poll(box);
	box_expect_all(box);
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
tail_takes_no_copy_for_a_rotated_file(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 500);
	box_start(box);
	box_poll(box);
	box_copy(box, "mail.log", "mail.log.old");
	box_copy(box, "mail.log", "mail.log.bak");
	box_puts(box, "mail.log.7", "");
	box_gzip(box, "mail.log", "mail.log.5.gz");
	utimensat(AT_FDCWD, at(box, "mail.log.5.gz"), NULL, 0);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 10);
	box_poll(box);
	box_expect_all_in_order(box);
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

static void
tail_says_which_file_cannot_be_read_and_tries_again(void **state)
{
	struct tailbox *box = *state;
	struct tailfile *file;
	struct tail_block block;
	struct err err;
	int fd = open("/dev/null", O_WRONLY);

	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_write(box, "mail.log", 10);
	/* What ESTALE is on NFS: the descriptor is of no more use. */
	file = box->tail->set.files[0];
	dup2(fd, file->fd);
	close(fd);
	assert_int_equal(tail_read(box->tail, &block, &err), -1);
	assert_non_null(strstr(err.text, at(box, "mail.log")));
	assert_non_null(strstr(err.text, strerror(EBADF)));
	assert_int_equal(tail_read(box->tail, &block, NULL), -1);
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
cut_gzip(struct tailbox *box, const char *name)
{
	struct stat st;

	assert_int_equal(stat(at(box, name), &st), 0);
	assert_int_equal(truncate(at(box, name), st.st_size - 9), 0);
	utimensat(AT_FDCWD, at(box, name),
		(struct timespec[]){st.st_atim, st.st_mtim}, 0);
}

static void
tail_gives_a_broken_gzip_file_up_after_a_minute(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_stop(box);
	/* The position is in one that never gets its trailer … */
	box_write(box, "mail.log", 40);
	box_gzip(box, "mail.log", "mail.log.2.gz");
	cut_gzip(box, "mail.log.2.gz");
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_poll(box);
	assert_true(box->lines < 60);
	box->tail->set.files[0]->short_since_s -= TAIL_GZ_PATIENCE_S;
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
	box_poll(box);
	assert_int_equal(box->tail->set.count, 1);
}

static void
tail_gives_a_gzip_file_up_that_ends_before_the_position(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 100);
	box_start(box);
	box_poll(box);
	box_stop(box);
	box_puts(box, "mail.log.1.gz", "\x1f\x8b");
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->lines, 100);
	assert_null(tail_trouble(box->tail));
	box->tail->short_since_s -= TAIL_GZ_PATIENCE_S;
	box_poll(box);
	box->tail->set.files[0]->short_since_s -= TAIL_GZ_PATIENCE_S;
	box_poll(box);
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
		box_test(tail_lets_an_unlinked_file_go_once_it_is_quiet),
		box_test(tail_follows_copytruncate),
		box_test(tail_reads_the_rest_in_the_copy_of_copytruncate),
		box_test(tail_reads_two_copies_of_two_copytruncates),
		box_test(tail_notices_a_file_that_grew_again_past_the_offset),
		box_test(tail_counts_what_a_truncation_took_away),
		box_test(tail_waits_for_the_end_of_a_line),
		box_test(tail_picks_up_a_file_and_a_folder_that_appear_later),
		box_test(tail_follows_a_folder_that_is_replaced),
		box_test(tail_bears_that_the_name_is_absent_during_a_rotation),
		box_test(
			tail_reads_a_file_that_replaced_the_log_from_its_start),
		box_test(tail_goes_on_in_a_copy_that_replaced_the_log),
		box_test(tail_reads_what_came_and_went_between_two_checks),
		box_test(tail_takes_no_copy_for_a_rotated_file),
		box_test(tail_reads_right_when_events_overflow),
		box_test(tail_fd_tells_of_each_thing_that_happens),
		box_test(tail_says_which_file_cannot_be_read_and_tries_again),
		box_test(tail_gives_a_broken_gzip_file_up_after_a_minute),
		box_test(
			tail_gives_a_gzip_file_up_that_ends_before_the_position),
	};

	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
