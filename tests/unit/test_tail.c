/* SPDX-License-Identifier: ISC */
/* What needs to look inside: patience and failures. */
#include "collector/tail.c"

#include "tests/unit/tailbox.h"

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
		box_test(tail_lets_an_unlinked_file_go_once_it_is_quiet),
		box_test(tail_says_which_file_cannot_be_read_and_tries_again),
		box_test(tail_gives_a_broken_gzip_file_up_after_a_minute),
		box_test(
			tail_gives_a_gzip_file_up_that_ends_before_the_position),
	};

	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
