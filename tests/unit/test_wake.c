/* SPDX-License-Identifier: ISC */
/* test_wake — signals wake poll(2); each test in a process of its own. */
#include "agent/wake.c"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { CHILD_OK = 77 };

static bool
is_ready(int fd)
{
	struct pollfd poller = {.fd = fd, .events = POLLIN};
	return poll(&poller, 1, 0) == 1;
}

/* The status that a child ends with which does this. */
static int
status_of(void (*act)(int fd))
{
	pid_t child = fork();
	if (child == 0) {
		struct err err;
		int fd = wake_open(&err);
		if (fd < 0)
			_exit(1);
		act(fd);
		_exit(CHILD_OK);
	}
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
expect_ok(void (*act)(int fd))
{
	int status = status_of(act);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CHILD_OK);
}

#define CHECK(condition)                 \
	do {                             \
		if (!(condition))        \
			_exit(__LINE__); \
	} while (0)

static void
stop(int fd)
{
	CHECK(!wake_has_stop() && !is_ready(fd));
	raise(SIGTERM);
	CHECK(wake_has_stop() && is_ready(fd));
	wake_drain();
	CHECK(wake_has_stop() && !is_ready(fd));
	CHECK(!wake_take_reload());
	wake_drain(); /* never waits */
}

static void
a_stop_wakes_and_stays(void **state)
{
	(void)state;
	expect_ok(stop);
}

static void
interrupt(int fd)
{
	raise(SIGINT);
	CHECK(wake_has_stop() && is_ready(fd));
}

static void
an_interrupt_is_a_stop(void **state)
{
	(void)state;
	expect_ok(interrupt);
}

static void
reload(int fd)
{
	CHECK(!wake_take_reload());
	raise(SIGHUP);
	raise(SIGHUP);
	CHECK(is_ready(fd));
	CHECK(wake_take_reload());
	CHECK(!wake_take_reload());
	CHECK(!wake_has_stop());
	CHECK(alarm(0) == 0);
}

static void
hangups_are_one_reload_and_no_stop(void **state)
{
	(void)state;
	expect_ok(reload);
}

static void
hold(int fd)
{
	wake_hold();
	raise(SIGTERM);
	raise(SIGHUP);
	CHECK(!wake_has_stop() && !wake_take_reload() && !is_ready(fd));
	/* The new program opens. */
	struct err err;
	fd = wake_open(&err);
	CHECK(fd >= 0 && wake_has_stop() && wake_take_reload());
	CHECK(is_ready(fd));
}

static void
what_is_held_comes_when_the_next_one_opens(void **state)
{
	(void)state;
	expect_ok(hold);
}

static void
look_at_descriptor(int fd)
{
	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void
the_descriptor_is_closed_in_another_program(void **state)
{
	(void)state;
	expect_ok(look_at_descriptor);
}

static void
write_to_nobody(int fd)
{
	int ends[2];
	(void)fd;
	CHECK(pipe(ends) == 0);
	close(ends[0]);
	CHECK(write(ends[1], "x", 1) == -1 && errno == EPIPE);
}

static void
a_reader_that_has_gone_does_not_end_us(void **state)
{
	(void)state;
	expect_ok(write_to_nobody);
}

/* The alarm comes at once here, instead of after its time. */
static void
hang(int fd)
{
	(void)fd;
	raise(SIGTERM);
	unsigned left = alarm(1);
	CHECK(left > 0 && left <= WAKE_END_S);
	raise(SIGTERM);
	raise(SIGTERM);
	CHECK(alarm(0) == 1); /* which a second stop does not put off */
	raise(SIGALRM);
}

static void
one_that_hangs_is_ended_as_if_all_were_well(void **state)
{
	(void)state;
	int status = status_of(hang);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stop_wakes_and_stays),
		cmocka_unit_test(an_interrupt_is_a_stop),
		cmocka_unit_test(hangups_are_one_reload_and_no_stop),
		cmocka_unit_test(what_is_held_comes_when_the_next_one_opens),
		cmocka_unit_test(the_descriptor_is_closed_in_another_program),
		cmocka_unit_test(a_reader_that_has_gone_does_not_end_us),
		cmocka_unit_test(one_that_hangs_is_ended_as_if_all_were_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
