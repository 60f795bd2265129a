/* SPDX-License-Identifier: ISC */
/* Odd lines, odd files, odd rights. */
#include <grp.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/tailbox.h"

static size_t
next_block(struct tailbox *box, char *out, size_t size)
{
	struct tail_block block = {0};
	struct err err;

	tail_check(box->tail);
	if (tail_read(box->tail, &block, &err) != 1)
		return 0;
	assert_true(block.len <= size);
	memcpy(out, block.data, block.len);
	return block.len;
}

static void
tail_follows_a_link_to_another_file(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];
	struct stat st;

	mkdir(at(box, "log"), 0755);
	box_write(box, "log/a", 10);
	assert_int_equal(symlink("log/a", at(box, "mail.log")), 0);
	box_start(box);
	box_poll(box);
	box_write(box, "log/a", 10);
	box_write(box, "log/b", 10);
	unlink(at(box, "mail.log"));
	assert_int_equal(symlink("log/b", at(box, "mail.log")), 0);
	box_poll(box);
	box_expect_all_in_order(box);
	box_write(box, "log/a", 10);
	box_poll(box);
	box_write(box, "log/b", 10);
	box_poll(box);
	box_expect_all_in_order(box);
	/* And back: what is read is not read again. */
	unlink(at(box, "mail.log"));
	assert_int_equal(symlink("log/a", at(box, "mail.log")), 0);
	box_write(box, "log/a", 10);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(stat(at(box, "mail.log"), &st), 0);
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 2);
	assert_int_equal(out[1].ino, st.st_ino);
}

static void
tail_finds_rotated_files_where_a_link_leads(void **state)
{
	struct tailbox *box = *state;
	struct pollfd wait = {.events = POLLIN};

	mkdir(at(box, "log"), 0755);
	box_write(box, "log/real", 10);
	assert_int_equal(symlink("log/real", at(box, "mail.log")), 0);
	box_start(box);
	box_poll(box);
	box_stop(box);
	box_write(box, "log/real", 10);
	box_rename(box, "log/real", "log/real.1");
	box_write(box, "log/real", 10);
	box_start(box);
	box_poll(box);
	box_expect_all_in_order(box);
	tail_drain(box->tail);
	wait.fd = tail_fd(box->tail);
	box_rename(box, "log/real", "log/real.0");
	assert_int_equal(poll(&wait, 1, 5000), 1);
}

static void
tail_cuts_a_line_that_is_too_long(void **state)
{
	static const size_t sizes[] = {TAIL_LINE_MAX - 1, TAIL_LINE_MAX,
		TAIL_LINE_MAX + 1, 100000, 1000000};
	struct tailbox *box = *state;
	char *text = malloc(1000001);
	char *out = malloc(TAIL_BLOCK_SIZE);

	box_start(box);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t whole =
			sizes[i] < TAIL_LINE_MAX ? sizes[i] : TAIL_LINE_MAX;

		memset(text, 'a' + (int)i, sizes[i]);
		text[sizes[i]] = '\n';
		box_put(box, "mail.log", text, sizes[i] + 1);
		box_write(box, "mail.log", 3);
		assert_int_equal(
			next_block(box, out, TAIL_BLOCK_SIZE) >= whole + 1, 1);
		assert_memory_equal(out, text, whole);
		assert_int_equal(out[whole], '\n');
		box_poll(box);
		assert_int_equal(tail_events(box->tail).cut, i < 2 ? 0 : i - 1);
	}
	assert_int_equal(tail_lag(box->tail), 0);
	free(text);
	free(out);
}

static void
tail_reads_past_a_line_without_end(void **state)
{
	struct tailbox *box = *state;
	struct tail_position position;

	box_write(box, "mail.log", 2);
	box_start(box);
	box_poll(box);
	assert_int_equal(truncate(at(box, "mail.log"), 300 << 20), 0);
	box_poll(box);
	assert_int_equal(tail_positions(box->tail, INT64_MAX, &position, 1), 1);
	assert_true(position.offset < 100);
	assert_true(tail_lag(box->tail) > 299 << 20);
	box_puts(box, "mail.log", "\n");
	box_write(box, "mail.log", 2);
	box_poll(box);
	assert_int_equal(tail_events(box->tail).cut, 1);
	assert_int_equal(box->strange, 1);
	assert_int_equal(box->lines, 4);
}

static void
tail_takes_nul_for_a_byte_like_others(void **state)
{
	struct tailbox *box = *state;
	char out[64];

	box_put(box, "mail.log", "a\0b\n\0\n\0", 7);
	box_start(box);
	assert_int_equal(next_block(box, out, sizeof out), 6);
	assert_memory_equal(out, "a\0b\n\0\n", 6);
	box_put(box, "mail.log", "\n", 1);
	assert_int_equal(next_block(box, out, sizeof out), 2);
	assert_memory_equal(out, "\0\n", 2);
}

static void
tail_gives_a_big_file_in_whole_lines(void **state)
{
	struct tailbox *box = *state;

	box_write(box, "mail.log", 50000);
	box_start(box);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(tail_events(box->tail).cut, 0);
}

static void
tail_never_waits_for_what_is_no_regular_file(void **state)
{
	struct tailbox *box = *state;

	assert_int_equal(mkfifo(at(box, "mail.log"), 0644), 0);
	box_start(box);
	box_poll(box);
	assert_string_equal(tail_trouble(box->tail), "Not a regular file");
	unlink(at(box, "mail.log"));
	mkdir(at(box, "mail.log"), 0755);
	box_poll(box);
	assert_string_equal(tail_trouble(box->tail), "Not a regular file");
	rmdir(at(box, "mail.log"));
	box_write(box, "mail.log", 10);
	box_poll(box);
	assert_null(tail_trouble(box->tail));
	box_expect_all_in_order(box);
}

/* In a process that root's rights were taken from.  The parent does what only
 * the owner may, when asked by a byte. */
static int
read_as_nobody(struct tailbox *box, int ask, int answer)
{
	char byte = 0;

	if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
		return 2;
	box_start(box);
	box_poll(box);
	if (!tail_trouble(box->tail) ||
		strcmp(tail_trouble(box->tail), "Permission denied") != 0)
		return 3;
	if (tail_positions(box->tail, INT64_MAX, box->saved, TAIL_FILES_MAX) !=
		box->saved_count)
		return 4;
	if (write(ask, &byte, 1) != 1 || read(answer, &byte, 1) != 1)
		return 5;
	box_poll(box);
	if (tail_trouble(box->tail) || box->strange != 0)
		return 6;
	return box->lines == box->written ? 0 : 7;
}

static void
check_unreadable(struct tailbox *box)
{
	int ask[2], answer[2], status = 0;
	char byte = 0;
	pid_t child;

	assert_int_equal(pipe(ask) | pipe(answer), 0);
	chmod(box->folder, 0755);
	chmod(at(box, "mail.log"), 0600);
	child = fork();
	if (child == 0)
		_exit(read_as_nobody(box, ask[1], answer[0]));
	close(ask[1]);
	if (read(ask[0], &byte, 1) == 1) {
		chmod(at(box, "mail.log"), 0644);
		assert_int_equal(write(answer[1], &byte, 1), 1);
	}
	waitpid(child, &status, 0);
	close(ask[0]);
	close(answer[0]);
	close(answer[1]);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
tail_picks_up_a_file_that_becomes_readable(void **state)
{
	struct tailbox *box = *state;

	if (getuid() != 0) {
		print_message("skipped: only root can become somebody else\n");
		skip();
	}
	box_write(box, "mail.log", 10);
	check_unreadable(box);
}

static void
tail_keeps_its_place_in_a_file_that_it_may_not_read(void **state)
{
	struct tailbox *box = *state;

	if (getuid() != 0) {
		print_message("skipped: only root can become somebody else\n");
		skip();
	}
	box_write(box, "mail.log", 10);
	box_start(box);
	box_poll(box);
	box_stop(box);
	box_write(box, "mail.log", 10);
	check_unreadable(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tail_follows_a_link_to_another_file),
		box_test(tail_finds_rotated_files_where_a_link_leads),
		box_test(tail_cuts_a_line_that_is_too_long),
		box_test(tail_reads_past_a_line_without_end),
		box_test(tail_takes_nul_for_a_byte_like_others),
		box_test(tail_gives_a_big_file_in_whole_lines),
		box_test(tail_never_waits_for_what_is_no_regular_file),
		box_test(tail_picks_up_a_file_that_becomes_readable),
		box_test(tail_keeps_its_place_in_a_file_that_it_may_not_read),
	};

	return cmocka_run_group_tests_name("tail_odd", tests, NULL, NULL);
}
