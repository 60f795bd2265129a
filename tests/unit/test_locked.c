/* SPDX-License-Identifier: ISC */
/* test_locked — another process has the file that we want. */
#include "rrd/locked.c"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/history.h"

enum { HELD_MS = 60 };

/* Forks one that has the file locked, for held_ms or (-1) until it is killed.
 */
static pid_t
lock_elsewhere(const char *path, int held_ms)
{
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		const struct flock lock = {.l_type = F_WRLCK};
		int fd = open(path, O_RDWR);
		if (fcntl(fd, F_SETLK, &lock) != 0 ||
			write(ready[1], "x", 1) != 1)
			_exit(1);
		poll(NULL, 0, held_ms);
		_exit(0);
	}
	char byte;
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void
end(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
a_reader_waits_for_the_writer(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 10), 0);
	pid_t child = lock_elsewhere(path_of(h, &SERIES), HELD_MS);
	assert_counted(h, 0, 10);
	end(child);
}

static void
the_writer_waits_for_a_reader(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 10), 0);
	pid_t child = lock_elsewhere(path_of(h, &SERIES), HELD_MS);
	if (feed(h, 10, 20) != 0)
		fail_msg("%s", h->err.text);
	end(child);
	assert_counted(h, 0, 20);
}

static void
patience_has_an_end(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, 10), 0);
	const char *path = path_of(h, &SERIES);
	pid_t child = lock_elsewhere(path, -1);
	int tries = 3, failed = 0;
	do {
		time_t last;
		assert_int_not_equal(
			rrd_lastupdate_r(path, &last, NULL, NULL, NULL), 0);
		failed++;
	} while (locked_again(&tries));
	assert_int_equal(failed, 3);
	end(child);
}

static void
another_error_is_not_waited_for(void **state)
{
	struct history *h = *state;
	int tries = 3;
	time_t last;
	(void)h;
	assert_int_not_equal(rrd_lastupdate_r("/nowhere/at/all.rrd", &last,
				     NULL, NULL, NULL),
		0);
	assert_false(locked_again(&tries));
	rrd_clear_error();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_reader_waits_for_the_writer, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_writer_waits_for_a_reader, setup, teardown),
		cmocka_unit_test_setup_teardown(
			patience_has_an_end, setup, teardown),
		cmocka_unit_test_setup_teardown(
			another_error_is_not_waited_for, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
