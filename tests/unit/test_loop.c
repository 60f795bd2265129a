/* SPDX-License-Identifier: ISC */
/*
 * test_loop — the clock stands still, and moves only by what poll() is asked
 * to wait: nothing here sleeps.
 */
#include <poll.h>
#include <signal.h>
#include <time.h>

static int fake_clock(clockid_t clock, struct timespec *now);
static int fake_poll(struct pollfd *fds, nfds_t count, int timeout_ms);

#define clock_gettime fake_clock
#define poll fake_poll
#include "lib/loop.c"
#undef clock_gettime
#undef poll

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int64_t clock_ms;

static int
fake_clock(clockid_t clock, struct timespec *now)
{
	assert_int_equal(clock, CLOCK_MONOTONIC);
	now->tv_sec = clock_ms / 1000;
	now->tv_nsec = clock_ms % 1000 * 1000000;
	return 0;
}

static int
fake_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	int ready = poll(fds, count, 0);
	if (ready == 0) {
		assert_true(timeout_ms >= 0); /* else it waits for ever */
		clock_ms += timeout_ms;
	}
	return ready;
}

/* What a test's callbacks know and leave behind. */
struct seen {
	struct loop *loop;
	int pipe[2], other;
	int calls, stop_at;
	int64_t stand_still_ms;
	int64_t at_ms[8];
};

static int
set_up(void **state)
{
	struct seen *seen = mem_zalloc(1, sizeof(*seen));
	clock_ms = 5000;
	seen->loop = loop_new(NULL);
	*state = seen;
	return seen->loop != NULL ? pipe(seen->pipe) : -1;
}

static int
tear_down(void **state)
{
	struct seen *seen = *state;
	loop_free(seen->loop);
	close(seen->pipe[0]);
	close(seen->pipe[1]);
	free(seen);
	return 0;
}

/* Notes the time, stands still as asked, and stops after stop_at calls. */
static void
on_timer(void *arg)
{
	struct seen *seen = arg;
	seen->at_ms[seen->calls++] = clock_ms - 5000;
	clock_ms += seen->stand_still_ms;
	seen->stand_still_ms = 0;
	if (seen->calls == seen->stop_at)
		loop_stop(seen->loop);
}

static void
count_call(void *arg)
{
	++*(int *)arg;
}

static void
stop(void *arg)
{
	loop_stop(arg);
}

static void
loop_calls_a_timer_at_its_interval(void **state)
{
	struct seen *seen = *state;
	seen->stop_at = 3;
	loop_add_timer(seen->loop, 200, on_timer, seen);
	loop_run(seen->loop);
	assert_int_equal(seen->at_ms[0], 200);
	assert_int_equal(seen->at_ms[1], 400);
	assert_int_equal(seen->at_ms[2], 600);
}

static void
loop_makes_up_for_one_missed_call_only(void **state)
{
	struct seen *seen = *state;
	seen->stop_at = 4;
	seen->stand_still_ms = 1050; /* in the call at 200 */
	loop_add_timer(seen->loop, 200, on_timer, seen);
	loop_run(seen->loop);
	assert_int_equal(seen->at_ms[0], 200);
	assert_int_equal(seen->at_ms[1], 1250);
	assert_int_equal(seen->at_ms[2], 1400);
	assert_int_equal(seen->at_ms[3], 1600);
}

static void
loop_runs_timers_of_different_intervals(void **state)
{
	struct seen *seen = *state;
	int fast = 0, slow = 0;
	loop_add_timer(seen->loop, 30, count_call, &fast);
	loop_add_timer(seen->loop, 100, count_call, &slow);
	loop_add_timer(seen->loop, 305, stop, seen->loop);
	loop_run(seen->loop);
	assert_int_equal(fast, 10);
	assert_int_equal(slow, 3);
}

static void
read_byte(void *arg)
{
	struct seen *seen = arg;
	char c;
	seen->calls += (int)read(seen->pipe[0], &c, 1);
	if (seen->calls == seen->stop_at)
		loop_stop(seen->loop);
}

static void
loop_calls_while_a_descriptor_can_be_read(void **state)
{
	struct seen *seen = *state;
	seen->stop_at = 3;
	assert_int_equal(write(seen->pipe[1], "abc", 3), 3);
	loop_add_fd(seen->loop, seen->pipe[0], read_byte, seen);
	loop_run(seen->loop);
	assert_int_equal(seen->calls, 3);
	assert_int_equal(clock_ms, 5000);
}

static void
remove_and_add_again(void *arg)
{
	struct seen *seen = arg;
	loop_remove_fd(seen->loop, seen->pipe[0]);
	loop_add_fd(seen->loop, seen->pipe[0], read_byte, seen);
}

static void
loop_lets_a_callback_change_what_it_waits_for(void **state)
{
	struct seen *seen = *state;
	seen->stop_at = 1;
	assert_int_equal(write(seen->pipe[1], "a", 1), 1);
	loop_add_fd(seen->loop, seen->pipe[0], remove_and_add_again, seen);
	loop_run(seen->loop);
	assert_int_equal(seen->calls, 1);
	assert_int_equal(seen->loop->fd_count, 2); /* and the signals' */
}

static void
loop_forgets_a_descriptor_that_was_removed(void **state)
{
	struct seen *seen = *state;
	assert_int_equal(write(seen->pipe[1], "a", 1), 1);
	loop_add_fd(seen->loop, seen->pipe[0], read_byte, seen);
	loop_remove_fd(seen->loop, seen->pipe[0]);
	loop_add_timer(seen->loop, 10, stop, seen->loop);
	loop_run(seen->loop);
	assert_int_equal(seen->calls, 0);
}

static void
remove_both(void *arg)
{
	struct seen *seen = arg;
	loop_remove_fd(seen->loop, seen->other);
	loop_remove_fd(seen->loop, seen->pipe[0]);
	seen->calls++;
}

/* Both can be read in the same round; the first removes the second too. */
static void
loop_does_not_call_what_was_removed_in_this_round(void **state)
{
	struct seen *seen = *state;
	int called = 0;
	seen->other = dup(seen->pipe[0]);
	assert_int_equal(write(seen->pipe[1], "a", 1), 1);
	loop_add_fd(seen->loop, seen->pipe[0], remove_both, seen);
	loop_add_fd(seen->loop, seen->other, count_call, &called);
	loop_add_timer(seen->loop, 1, stop, seen->loop);
	loop_run(seen->loop);
	assert_int_equal(seen->calls, 1);
	assert_int_equal(called, 0);
	close(seen->other);
}

static void
loop_leaves_a_descriptor_without_news_alone(void **state)
{
	struct seen *seen = *state;
	int idle[2], called = 0;
	assert_int_equal(pipe(idle), 0);
	seen->stop_at = 1;
	assert_int_equal(write(seen->pipe[1], "a", 1), 1);
	loop_add_fd(seen->loop, idle[0], count_call, &called);
	loop_add_fd(seen->loop, seen->pipe[0], read_byte, seen);
	loop_run(seen->loop);
	assert_int_equal(called, 0);
	close(idle[0]);
	close(idle[1]);
}

static void
loop_calls_at_the_end_of_a_pipe(void **state)
{
	struct seen *seen = *state;
	close(seen->pipe[1]);
	seen->pipe[1] = -1;
	loop_add_fd(seen->loop, seen->pipe[0], stop, seen->loop);
	loop_run(seen->loop);
	assert_int_equal(clock_ms, 5000);
}

static void
loop_calls_for_each_signal_it_was_told_of(void **state)
{
	struct seen *seen = *state;
	int hup = 0, usr1 = 0;
	loop_signal(seen->loop, SIGHUP, count_call, &hup);
	loop_signal(seen->loop, SIGUSR1, count_call, &usr1);
	loop_add_timer(seen->loop, 10, stop, seen->loop);
	raise(SIGHUP);
	raise(SIGUSR1);
	loop_run(seen->loop);
	raise(SIGHUP);
	loop_run(seen->loop);
	assert_int_equal(hup, 2);
	assert_int_equal(usr1, 1);
}

static void
loop_free_gives_the_signals_back(void **state)
{
	struct seen *seen = *state;
	sigset_t before, during, after;
	sigemptyset(&before);
	sigaddset(&before, SIGUSR2);
	sigprocmask(SIG_BLOCK, &before, NULL);
	loop_signal(seen->loop, SIGUSR2, stop, seen->loop);
	loop_signal(seen->loop, SIGHUP, stop, seen->loop);
	sigprocmask(SIG_BLOCK, NULL, &during);
	assert_true(sigismember(&during, SIGHUP));
	loop_free(seen->loop);
	seen->loop = NULL;
	sigprocmask(SIG_BLOCK, NULL, &after);
	assert_false(sigismember(&after, SIGHUP));
	assert_true(sigismember(&after, SIGUSR2));
	sigprocmask(SIG_UNBLOCK, &before, NULL);
}

static void
loop_runs_nothing_after_loop_stop(void **state)
{
	struct seen *seen = *state;
	int called = 0;
	assert_int_equal(write(seen->pipe[1], "a", 1), 1);
	loop_signal(seen->loop, SIGTERM, stop, seen->loop);
	loop_add_fd(seen->loop, seen->pipe[0], count_call, &called);
	raise(SIGTERM);
	loop_run(seen->loop);
	assert_int_equal(called, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loop_calls_a_timer_at_its_interval),
		TEST(loop_makes_up_for_one_missed_call_only),
		TEST(loop_runs_timers_of_different_intervals),
		TEST(loop_calls_while_a_descriptor_can_be_read),
		TEST(loop_lets_a_callback_change_what_it_waits_for),
		TEST(loop_forgets_a_descriptor_that_was_removed),
		TEST(loop_does_not_call_what_was_removed_in_this_round),
		TEST(loop_leaves_a_descriptor_without_news_alone),
		TEST(loop_calls_at_the_end_of_a_pipe),
		TEST(loop_calls_for_each_signal_it_was_told_of),
		TEST(loop_free_gives_the_signals_back),
		TEST(loop_runs_nothing_after_loop_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
