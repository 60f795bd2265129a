/* SPDX-License-Identifier: ISC */
/* Kills a feeding process again and again; nothing may be lost or doubled. */
#include "rrd/undo.c"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/history.h"

enum { STEPS = 600 };

/* The child: everything from the start, as after each restart. */
static void
feed_all(struct history *h, size_t chunk)
{
	h->store = NULL;
	open_store(h);
	for (size_t i = 0; i < STEPS; i += chunk) {
		size_t end = i + chunk < STEPS ? i + chunk : STEPS;
		if (feed(h, i, end) < 0)
			_exit(1);
	}
	_exit(0);
}

/* Runs a child for so many microseconds; true when it came to its end. */
static bool
run_for(struct history *h, size_t chunk, long us)
{
	sigset_t child_only, old;
	sigemptyset(&child_only);
	sigaddset(&child_only, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_only, &old);
	pid_t pid = fork();
	if (pid == 0)
		feed_all(h, chunk);
	const struct timespec time = {.tv_nsec = us * 1000};
	sigtimedwait(&child_only, NULL, &time);
	kill(pid, SIGKILL);
	int status;
	waitpid(pid, &status, 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFEXITED(status);
}

static void
feed_and_kill(struct history *h, size_t chunk)
{
	long us = 300;
	while (!run_for(h, chunk, us + random() % us))
		us += us / 8;
	for (size_t i = 0; i < STEPS; i++)
		assert_counted(h, i, i + 1);
}

static void
a_kill_between_single_steps_loses_and_doubles_nothing(void **state)
{
	feed_and_kill(*state, 1);
}

static void
a_kill_in_a_long_update_loses_and_doubles_nothing(void **state)
{
	feed_and_kill(*state, 150);
}

static void
copy_head(const char *path, char *head, size_t size, bool is_write)
{
	int fd = open(path, O_RDWR);
	ssize_t n =
		is_write ? pwrite(fd, head, size, 0) : pread(fd, head, size, 0);
	assert_int_equal(n, (ssize_t)size);
	close(fd);
}

static void
an_update_that_was_cut_off_is_taken_back_at_the_start(void **state)
{
	struct history *h = *state;
	char before[512], after[512], junk[512];
	memset(junk, 'x', sizeof(junk));
	assert_int_equal(feed(h, 0, 10), 0);
	const char *path = path_of(h, &SERIES);
	copy_head(path, before, sizeof(before), false);
	char *restored;
	struct undo *undo = undo_open(h->dir, &restored);
	assert_null(restored);
	undo_begin(undo, path, sizeof(before));
	copy_head(path, junk, sizeof(junk), true);
	undo_close(undo);
	open_store(h);
	assert_non_null(strstr(store_note(h->store), "taken back"));
	copy_head(path, after, sizeof(after), false);
	assert_memory_equal(before, after, sizeof(before));
	open_store(h);
	assert_null(store_note(h->store));
}

static void
a_finished_update_is_not_taken_back(void **state)
{
	struct history *h = *state;
	char *restored;
	assert_int_equal(feed(h, 0, 10), 0);
	struct undo *undo = undo_open(h->dir, &restored);
	undo_begin(undo, path_of(h, &SERIES), 512);
	undo_commit(undo);
	undo_close(undo);
	undo_close(undo_open(h->dir, &restored));
	assert_null(restored);
}

static void
a_failed_update_is_taken_back_at_once(void **state)
{
	struct history *h = *state;
	char before[512], after[512], junk[512];
	memset(junk, 'x', sizeof(junk));
	char *restored;
	assert_int_equal(feed(h, 0, 10), 0);
	const char *path = path_of(h, &SERIES);
	copy_head(path, before, sizeof(before), false);
	struct undo *undo = undo_open(h->dir, &restored);
	undo_begin(undo, path, sizeof(before));
	copy_head(path, junk, sizeof(junk), true);
	undo_revert(undo);
	undo_close(undo);
	copy_head(path, after, sizeof(after), false);
	assert_memory_equal(before, after, sizeof(before));
}

static void
a_file_of_another_size_is_left_alone(void **state)
{
	struct history *h = *state;
	char *restored;
	assert_int_equal(feed(h, 0, 10), 0);
	const char *path = path_of(h, &SERIES);
	struct undo *undo = undo_open(h->dir, &restored);
	undo_begin(undo, path, 512);
	undo_close(undo);
	assert_int_equal(truncate(path, 1000), 0);
	undo_close(undo_open(h->dir, &restored));
	assert_null(restored);
}

static void
a_torn_undo_file_is_ignored(void **state)
{
	struct history *h = *state;
	char name[128], *restored;
	assert_int_equal(feed(h, 0, 10), 0);
	snprintf(name, sizeof(name), "%s/undo", h->dir);
	for (off_t size = 0; size < 560; size += 8) {
		struct undo *undo = undo_open(h->dir, &restored);
		undo_begin(undo, path_of(h, &SERIES), 512);
		undo_close(undo);
		assert_int_equal(truncate(name, size), 0);
		undo_close(undo_open(h->dir, &restored));
		assert_null(restored);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_kill_between_single_steps_loses_and_doubles_nothing),
		TEST(a_kill_in_a_long_update_loses_and_doubles_nothing),
		TEST(an_update_that_was_cut_off_is_taken_back_at_the_start),
		TEST(a_finished_update_is_not_taken_back),
		TEST(a_failed_update_is_taken_back_at_once),
		TEST(a_file_of_another_size_is_left_alone),
		TEST(a_torn_undo_file_is_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
