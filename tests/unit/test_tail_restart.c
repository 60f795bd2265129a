/* SPDX-License-Identifier: ISC */
/* What happens to the log while the tail is down, and how it begins. */
#include <sys/stat.h>
#include <time.h>

#include "tests/unit/tailbox.h"

/* Ten lines read, then down. */
static void
read_ten(struct tailbox *box)
{
	box->clock = 1700000000;
	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_stop(box);
}

static void
expect_rest(struct tailbox *box)
{
	box_start(box);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
}

static void
tail_goes_on_after_a_stop(void **state)
{
	struct tailbox *box = *state;

	read_ten(box);
	box_write(box, "mail.log", 500);
	expect_rest(box);
	assert_int_equal(tail_events(box->tail).rotations, 0);
}

static void
tail_goes_on_after_a_stop_in_the_middle_of_a_line(void **state)
{
	struct tailbox *box = *state;
	char line[80];

	read_ten(box);
	box_line(line, box->written++);
	box_put(box, "mail.log", line, 20);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->lines, 10);
	box_stop(box);
	box_puts(box, "mail.log", line + 20);
	expect_rest(box);
}

static void
tail_goes_on_after_a_stop_in_a_line_that_is_too_long(void **state)
{
	struct tailbox *box = *state;
	char *text = malloc(200000);

	read_ten(box);
	memset(text, 'x', 200000);
	box_put(box, "mail.log", text, 200000);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->lines + box->strange, 10);
	box_stop(box);
	box_puts(box, "mail.log", "\n");
	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	free(text);
	assert_int_equal(box->strange, 1);
	assert_int_equal(tail_events(box->tail).cut, 1);
	box->strange = 0;
	box_expect_all_in_order(box);
}

static void
tail_finds_a_file_that_was_rotated_while_down(void **state)
{
	struct tailbox *box = *state;

	read_ten(box);
	box_write(box, "mail.log", 40);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 50);
	expect_rest(box);
	/* It may be written still. */
	box_write(box, "mail.log.1", 5);
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_goes_on_with_an_old_file_beside_the_new_one(void **state)
{
	struct tailbox *box = *state;

	read_ten(box);
	box_start(box);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 5);
	box_poll(box);
	box_stop(box);
	assert_int_equal(box->saved_count, 2);
	box_write(box, "mail.log.1", 5);
	box_write(box, "mail.log", 5);
	expect_rest(box);
	box_write(box, "mail.log.1", 5);
	box_poll(box);
	box_expect_all(box);
}

static void
tail_finds_two_rotations_one_of_them_compressed(void **state)
{
	struct tailbox *box = *state;

	read_ten(box);
	box_write(box, "mail.log", 4000);
	box_gzip(box, "mail.log", "mail.log.2.gz");
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log.1", 40);
	box_write(box, "mail.log", 50);
	expect_rest(box);
}

static void
tail_finds_compressed_files_of_several_members(void **state)
{
	struct tailbox *box = *state;
	char data[8192];
	int fd;
	ssize_t n;

	read_ten(box);
	box_gzip(box, "mail.log", "mail.log-20260102.gz");
	box_write(box, "rest", 20);
	box_gzip(box, "rest", "rest.gz");
	fd = open(at(box, "rest.gz"), O_RDONLY);
	n = read(fd, data, sizeof data);
	close(fd);
	box_put(box, "mail.log-20260102.gz", data, (size_t)n);
	unlink(at(box, "mail.log"));
	/* Padding behind the last one, as tapes have it. */
	box_put(box, "mail.log-20260102.gz", "\0\0\0\0", 4);
	box_write(box, "mail.log", 50);
	expect_rest(box);
}

static void
tail_takes_the_plain_file_and_not_its_compressed_twin(void **state)
{
	struct tailbox *box = *state;

	read_ten(box);
	box_write(box, "mail.log", 40);
	box_rename(box, "mail.log", "mail.log.1");
	box_puts(box, "mail.log.1.gz", "\x1f\x8b\x08");
	box_write(box, "mail.log", 50);
	expect_rest(box);
}

static void
tail_waits_for_a_gzip_file_in_progress(void **state)
{
	struct tailbox *box = *state;
	char data[65536];
	ssize_t size;
	int fd;

	read_ten(box);
	box_write(box, "mail.log", 600);
	box_gzip(box, "mail.log", "whole.gz");
	unlink(at(box, "mail.log"));
	fd = open(at(box, "whole.gz"), O_RDONLY);
	size = read(fd, data, sizeof data);
	close(fd);
	box_write(box, "mail.log", 50);
	/* In three pieces: too little to find the position in it; all but the
	 * trailer; the rest. */
	box_put(box, "mail.log.1.gz", data, 20);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->lines, 10);
	box_put(box, "mail.log.1.gz", data + 20, (size_t)size - 24);
	box_poll(box);
	assert_true(box->lines < 660);
	box_stop(box);
	box_start(box);
	box_poll(box);
	assert_true(box->lines < 660);
	box_put(box, "mail.log.1.gz", data + size - 4, 4);
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_finds_the_copy_that_copytruncate_made(void **state)
{
	struct tailbox *box = *state;

	read_ten(box);
	box_write(box, "mail.log", 40);
	box_copy(box, "mail.log", "mail.log.1");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 100);
	expect_rest(box);
}

static void
tail_finds_the_copy_of_a_file_that_was_empty(void **state)
{
	struct tailbox *box = *state;

	box->clock = 1700000000;
	box_puts(box, "mail.log", "");
	box_start(box);
	box_poll(box);
	box_stop(box);
	box_write(box, "mail.log", 40);
	box_copy(box, "mail.log", "mail.log.1");
	box_truncate(box, "mail.log");
	box_write(box, "mail.log", 10);
	expect_rest(box);
}

static void
tail_knows_a_reused_inode_by_its_content(void **state)
{
	struct tailbox *box = *state;
	struct stat st;

	read_ten(box);
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log", 300);
	assert_int_equal(stat(at(box, "mail.log"), &st), 0);
	box->saved[0].dev = st.st_dev;
	box->saved[0].ino = st.st_ino;
	expect_rest(box);
}

static void
tail_knows_an_inode_that_the_system_reused(void **state)
{
	struct tailbox *box = *state;
	struct stat st;

	read_ten(box);
	box_rename(box, "mail.log", "mail.log.1");
	box_copy(box, "mail.log.1", "mail.log.2");
	for (int i = 0;; i++) {
		if (i == 2000) {
			print_message("skipped: no inode is used again here\n");
			skip();
		}
		unlink(at(box, i ? "mail.log" : "mail.log.1"));
		box_puts(box, "mail.log", "");
		assert_int_equal(stat(at(box, "mail.log"), &st), 0);
		if (st.st_ino == box->saved[0].ino)
			break;
	}
	box_write(box, "mail.log", 300);
	expect_rest(box);
}

static void
tail_reads_what_is_new_if_its_file_is_gone(void **state)
{
	struct tailbox *box = *state;

	box->clock = 1699000000;
	box_puts(box, "mail.log.3", "long ago\n");
	read_ten(box);
	unlink(at(box, "mail.log"));
	box_write(box, "mail.log.2", 30);
	box_write(box, "mail.log.1", 20);
	box_write(box, "mail.log", 10);
	expect_rest(box);
}

static void
tail_does_not_take_an_older_name_for_newer(void **state)
{
	struct tailbox *box = *state;

	box->clock = 1690000000;
	box_puts(box, "mail.log.3", "long ago\n");
	read_ten(box);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 10);
	box_stamp(box, "mail.log.3");
	expect_rest(box);
}

static void
tail_keeps_its_positions_while_nothing_is_there(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];

	mkdir(at(box, "away"), 0755);
	read_ten(box);
	box_write(box, "mail.log", 10);
	box_rename(box, "mail.log", "away/mail.log");
	box_start(box);
	box_poll(box);
	assert_string_equal(
		tail_trouble(box->tail), "No such file or directory");
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 1);
	assert_memory_equal(out, box->saved, sizeof *out);
	box_rename(box, "away/mail.log", "mail.log");
	box_poll(box);
	box_expect_all_in_order(box);
}

static void
tail_begins_at_the_last_line_if_asked_to(void **state)
{
	struct tailbox *box = *state;
	struct tail_start start = {.at_end = true};
	char line[80];

	box_puts(box, "mail.log", "not to be read\n");
	box_line(line, box->written++);
	box_put(box, "mail.log", line, 20);
	box->tail = tail_open(at(box, "mail.log"), &start);
	box_poll(box);
	assert_int_equal(box->lines, 0);
	box_puts(box, "mail.log", line + 20);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", 20);
	box_poll(box);
	box_expect_all_in_order(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tail_goes_on_after_a_stop),
		box_test(tail_goes_on_after_a_stop_in_the_middle_of_a_line),
		box_test(tail_goes_on_after_a_stop_in_a_line_that_is_too_long),
		box_test(tail_finds_a_file_that_was_rotated_while_down),
		box_test(tail_goes_on_with_an_old_file_beside_the_new_one),
		box_test(tail_finds_two_rotations_one_of_them_compressed),
		box_test(tail_finds_compressed_files_of_several_members),
		box_test(tail_takes_the_plain_file_and_not_its_compressed_twin),
		box_test(tail_waits_for_a_gzip_file_in_progress),
		box_test(tail_finds_the_copy_that_copytruncate_made),
		box_test(tail_finds_the_copy_of_a_file_that_was_empty),
		box_test(tail_knows_a_reused_inode_by_its_content),
		box_test(tail_knows_an_inode_that_the_system_reused),
		box_test(tail_reads_what_is_new_if_its_file_is_gone),
		box_test(tail_does_not_take_an_older_name_for_newer),
		box_test(tail_keeps_its_positions_while_nothing_is_there),
		box_test(tail_begins_at_the_last_line_if_asked_to),
	};

	return cmocka_run_group_tests_name("tail_restart", tests, NULL, NULL);
}
