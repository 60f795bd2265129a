/* SPDX-License-Identifier: ISC */
/* The log is truncated, rewritten, copied, replaced. */
#include <sys/stat.h>

#include "tests/unit/tailbox.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tail_follows_copytruncate),
		box_test(tail_reads_the_rest_in_the_copy_of_copytruncate),
		box_test(tail_reads_two_copies_of_two_copytruncates),
		box_test(tail_notices_a_file_that_grew_again_past_the_offset),
		box_test(tail_counts_what_a_truncation_took_away),
		box_test(
			tail_reads_a_file_that_replaced_the_log_from_its_start),
		box_test(tail_goes_on_in_a_copy_that_replaced_the_log),
		box_test(tail_takes_no_copy_for_a_rotated_file),
	};

	return cmocka_run_group_tests_name("tail_rewrite", tests, NULL, NULL);
}
