/* SPDX-License-Identifier: ISC */
/* What is replayed of files that were copied, truncated, replaced, compressed.
 */
#include "collector/tail.c"

#include "tests/unit/replaybox.h"

static void
tail_replays_what_copytruncate_copied(void **state)
{
	struct tailbox *box = *state;

	begin(box, 100);
	box_copy(box, "mail.log", "mail.log.1");
	box_truncate(box, "mail.log");
	box_poll(box);
	write_and_read(box, 100);
	stop_lines_back(box, 150);
	start_and_expect_replay(box);
	stop_lines_back(box, 150);
	/* And if it was copied while down. */
	rename(at(box, "mail.log.1"), at(box, "mail.log.2"));
	box_copy(box, "mail.log", "mail.log.1");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 40);
	start_and_expect_replay(box);
}

static void
tail_replays_nothing_that_is_gone(void **state)
{
	struct tailbox *box = *state;

	begin(box, 100);
	box_truncate(box, "mail.log");
	box_poll(box);
	write_and_read(box, 20);
	stop_lines_back(box, 120);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->replays, 20);
	stop_lines_back(box, 120);
	/* Another file in its place. */
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log", 300);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->replays, 0);
	assert_int_equal(tail_events(box->tail).gone, box->saved[0].offset);
	box_expect_all_in_order(box);
	assert_false(tail_is_replaying(box->tail));
}

static void
tail_gives_a_replay_up_that_is_truncated(void **state)
{
	struct tailbox *box = *state;
	struct tail_block block;

	begin(box, 5);
	box_write(box, "mail.log", 9000);
	box_poll(box);
	stop_lines_back(box, 20000);
	box_start(box);
	assert_int_equal(tail_read(box->tail, &block, NULL), 1);
	box_take(box, &block);
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 10);
	box_poll(box);
	assert_true(box->replays > 0 && box->replays < 9005);
	box_expect_all_in_order(box);
	assert_false(tail_is_replaying(box->tail));
	assert_int_equal(tail_events(box->tail).truncations, 1);
	stop_lines_back(box, 20000);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->replays, 10);
}

static void
tail_replays_a_log_once_that_was_replaced_by_a_copy(void **state)
{
	struct tailbox *box = *state;

	begin(box, 100);
	box_copy(box, "mail.log", "new");
	box_rename(box, "new", "mail.log");
	box_poll(box);
	write_and_read(box, 50);
	stop_lines_back(box, 120);
	start_and_expect_replay(box);
	/* The old one is let go, and known no more. */
	box_copy(box, "mail.log", "new");
	box_rename(box, "new", "mail.log");
	box_poll(box);
	box->tail->set.files[0]->quiet_since_s -= TAIL_QUIET_S;
	write_and_read(box, 50);
	stop_lines_back(box, 120);
	assert_int_equal(box->saved_count, 1);
	start_and_expect_replay(box);
}

static void
tail_replays_a_closed_file_once_that_a_copy_of_goes_on(void **state)
{
	struct tailbox *box = *state;

	begin(box, 100);
	rotate(box);
	write_and_read(box, 50);
	rotate(box);
	write_and_read(box, 50);
	box_copy(box, "mail.log.2", "copy");
	box_write(box, "copy", 10);
	box_rename(box, "copy", "mail.log.0");
	rotate(box);
	box_expect_all(box);
	stop_lines_back(box, 300);
	box_start(box);
	box_poll(box);
	expect_replay(box);
	/* A copy that does not go on changes nothing. */
	box_copy(box, "mail.log.2", "mail.log-20260101");
	rotate(box);
	write_and_read(box, 10);
	stop_lines_back(box, 300);
	box_start(box);
	box_poll(box);
	expect_replay(box);
}

static void
tail_replays_a_gzip_file_that_it_was_still_reading(void **state)
{
	struct tailbox *box = *state;
	struct tail_block block;

	begin(box, 100);
	stop_lines_back(box, 80);
	box_write(box, "mail.log", 9000);
	box_gzip(box, "mail.log", "mail.log.1.gz");
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log", 20);
	box_start(box);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(tail_read(box->tail, &block, NULL), 1);
		assert_int_equal(block.is_replay, i == 0);
		box_take(box, &block);
	}
	box_expect_replay(box);
	assert_true(box->lines < box->written);
	stop_lines_back(box, 9000);
	start_and_expect_replay(box);
}

static void
tail_finds_the_bytes_of_a_reused_inode_elsewhere(void **state)
{
	struct tailbox *box = *state;
	struct stat st;

	begin(box, 100);
	stop_lines_back(box, 60);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 300);
	assert_int_equal(stat(at(box, "mail.log"), &st), 0);
	box->saved[0].dev = st.st_dev;
	box->saved[0].ino = st.st_ino;
	start_and_expect_replay(box);
}

static void
tail_replays_the_files_that_a_link_leads_to(void **state)
{
	struct tailbox *box = *state;

	mkdir(at(box, "log"), 0755);
	box_puts(box, "log/real", "");
	assert_int_equal(symlink("log/real", at(box, "mail.log")), 0);
	box_start(box);
	write_and_read(box, 100);
	for (int i = 2; i > 0; i--) {
		char name[32];

		sprintf(name, "log/real.%d", i);
		box_rename(box, "log/real", name);
		box_puts(box, "log/real", "");
		box_poll(box);
		write_and_read(box, 100);
	}
	stop_lines_back(box, 250);
	assert_int_equal(box->saved_count, 3);
	start_and_expect_replay(box);
}

static void
tail_replays_nothing_from_before_it_began(void **state)
{
	struct tailbox *box = *state;
	struct tail_start start = {.at_end = true};

	box_puts(box, "mail.log", "not to be read\n");
	box->tail = tail_open(at(box, "mail.log"), &start);
	write_and_read(box, 20);
	stop_lines_back(box, 100);
	assert_int_equal(box->saved[0].replay, strlen("not to be read\n"));
	start_and_expect_replay(box);
	assert_int_equal(box->strange, 0);
}

static void
tail_counts_no_line_as_cut_twice(void **state)
{
	struct tailbox *box = *state;
	char *text = calloc(1, 100001);

	begin(box, 10);
	memset(text, 'x', 100000);
	text[100000] = '\n';
	box_put(box, "mail.log", text, 100001);
	free(text);
	write_and_read(box, 10);
	assert_int_equal(tail_events(box->tail).cut, 1);
	assert_int_equal(box->strange, 1);
	stop_lines_back(box, 20);
	box_start(box);
	box_poll(box);
	box_expect_replay(box);
	assert_int_equal(box->strange, 2);
	assert_int_equal(tail_events(box->tail).cut, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tail_replays_what_copytruncate_copied),
		box_test(tail_replays_nothing_that_is_gone),
		box_test(tail_gives_a_replay_up_that_is_truncated),
		box_test(tail_replays_a_log_once_that_was_replaced_by_a_copy),
		box_test(
			tail_replays_a_closed_file_once_that_a_copy_of_goes_on),
		box_test(tail_replays_a_gzip_file_that_it_was_still_reading),
		box_test(tail_finds_the_bytes_of_a_reused_inode_elsewhere),
		box_test(tail_replays_the_files_that_a_link_leads_to),
		box_test(tail_replays_nothing_from_before_it_began),
		box_test(tail_counts_no_line_as_cut_twice),
	};

	return cmocka_run_group_tests_name(
		"tail_replay_odd", tests, NULL, NULL);
}
