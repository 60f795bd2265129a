/* SPDX-License-Identifier: ISC */
/* Feeds through a real rrdcached of its own, over a unix socket and TCP. */
#include "rrd/cached.c"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/history.h"

struct daemon {
	struct history *history;
	char address[128], base[80], journal[80];
	pid_t pid;
};

static void
start_daemon(struct daemon *d)
{
	d->pid = fork();
	assert_true(d->pid >= 0);
	if (d->pid == 0) {
		char pid_file[96];
		snprintf(pid_file, sizeof(pid_file), "%s/pid", d->journal);
		unlink(pid_file);
		int null = open("/dev/null", O_WRONLY);
		dup2(null, 2);
		execlp("rrdcached", "rrdcached", "-g", "-R", "-l", d->address,
			"-b", d->base, "-j", d->journal, "-p", pid_file, "-w",
			"3600", "-m", "600", (char *)NULL);
		_exit(127);
	}
	struct cached *probe = cached_open(d->address);
	for (int ms = 0; cached_connect(probe, NULL) < 0; ms++) {
		int status;
		if (waitpid(d->pid, &status, WNOHANG) == d->pid)
			fail_msg("rrdcached ended: %d", status);
		if (ms > 10000)
			fail_msg("rrdcached does not answer");
		usleep(1000);
	}
	cached_close(probe);
}

static void
kill_daemon(struct daemon *d)
{
	if (d->pid > 0) {
		kill(d->pid, SIGKILL);
		waitpid(d->pid, NULL, 0);
	}
	d->pid = 0;
}

static int
setup_daemon(void **state)
{
	struct daemon *d = mem_zalloc(1, sizeof(*d));
	void *history;
	setup(&history);
	d->history = history;
	snprintf(d->base, sizeof(d->base), "%s/base", d->history->dir);
	snprintf(d->journal, sizeof(d->journal), "%s/journal", d->history->dir);
	mkdir(d->base, 0700);
	mkdir(d->journal, 0700);
	snprintf(d->address, sizeof(d->address), "unix:%s/sock",
		d->history->dir);
	*state = d;
	if (system("command -v rrdcached >/dev/null") != 0)
		return 0;
	start_daemon(d);
	d->history->cached = d->address;
	open_store(d->history);
	return 0;
}

static int
teardown_daemon(void **state)
{
	struct daemon *d = *state;
	void *history = d->history;
	kill_daemon(d);
	free(d);
	return teardown(&history);
}

static struct history *
history_of(void **state)
{
	struct daemon *d = *state;
	if (d->pid == 0)
		skip();
	return d->history;
}

static void
steps_go_through_the_daemon_into_the_file(void **state)
{
	struct history *h = history_of(state);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(feed(h, i, i + 1), 0);
	assert_counted(h, 0, 200);
}

static void
more_steps_than_one_command_holds_are_split(void **state)
{
	struct history *h = history_of(state);
	assert_int_equal(feed(h, 0, 1), 0);
	assert_int_equal(feed(h, 1, DAY), 0);
	assert_counted(h, 0, DAY);
}

static void
feeding_again_doubles_nothing(void **state)
{
	struct history *h = history_of(state);
	assert_int_equal(feed(h, 0, 10), 0);
	for (size_t i = 10; i < 40; i++) {
		if (i % 3 == 0)
			open_store(h);
		assert_int_equal(feed(h, i / 2, i + 1), 0);
	}
	assert_counted(h, 0, 40);
}

static void
a_daemon_that_is_killed_loses_and_doubles_nothing(void **state)
{
	struct history *h = history_of(state);
	struct daemon *d = *state;
	for (size_t i = 0; i < 100; i++) {
		if (i % 20 == 19) {
			kill_daemon(d);
			assert_int_equal(feed(h, i - 3, i + 1), -1);
			assert_non_null(strstr(h->err.text, "rrdcached"));
			start_daemon(d);
		}
		assert_int_equal(feed(h, i > 3 ? i - 3 : 0, i + 1), 0);
	}
	assert_counted(h, 0, 100);
}

static void
a_new_counter_is_added_while_the_daemon_holds_steps(void **state)
{
	struct history *h = history_of(state);
	struct store_series narrow = SERIES;
	uint64_t values[50];
	for (size_t i = 0; i < 50; i++)
		values[i] = h->values[i][0];
	narrow.source_count = 1;
	struct store_steps steps = {h->times, 10, values, h->before};
	assert_int_equal(store_feed(h->store, &narrow, &steps, &h->err), 0);
	steps = (struct store_steps){
		h->times + 10, 40, values + 10, values + 9};
	assert_int_equal(store_feed(h->store, &narrow, &steps, &h->err), 0);
	assert_int_equal(feed(h, 50, 60), 0);
	assert_int_equal(feed(h, 60, 70), 0);
	assert_counted(h, 50, 70);
	assert_true(
		fabs(fetched(h, "pass", 0, 70) - truth(h, 0, 0, 70)) < 1e-6);
}

static void
a_damaged_file_is_set_aside_under_the_daemon_too(void **state)
{
	struct history *h = history_of(state);
	assert_int_equal(feed(h, 0, 10), 0);
	assert_int_equal(truncate(path_of(h, &SERIES), 300), 0);
	open_store(h);
	assert_int_equal(feed(h, 10, 20), 0);
	assert_non_null(strstr(store_note(h->store), "damaged"));
	assert_int_equal(feed(h, 20, 30), 0);
	assert_counted(h, 10, 30);
}

static void
many_hosts_can_share_one_daemon_over_tcp(void **state)
{
	struct history *h = history_of(state);
	struct daemon *d = *state;
	struct sockaddr_in sa = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
	close(fd);
	kill_daemon(d);
	snprintf(d->address, sizeof(d->address), "127.0.0.1:%d",
		ntohs(sa.sin_port));
	start_daemon(d);
	char dir[64], file[256];
	strcpy(dir, h->dir);
	strcpy(h->dir, "/mx1");
	open_store(h);
	for (size_t i = 0; i < 50; i += 5) {
		if (i == 25) {
			kill_daemon(d);
			assert_int_equal(feed(h, i, i + 5), -1);
			start_daemon(d);
		}
		assert_int_equal(feed(h, i, i + 5), 0);
	}
	struct err err;
	struct cached *cached = cached_open(d->address);
	assert_int_equal(cached_connect(cached, &err), 0);
	snprintf(file, sizeof(file), "%s/mx1/total/total/dkim.rrd", d->base);
	assert_int_equal(
		cached_flush(cached, "/mx1/total/total/dkim.rrd", &err), 0);
	cached_close(cached);
	assert_int_equal(access(file, F_OK), 0);
	assert_int_equal(access("/mx1", F_OK), -1);
	strcpy(h->dir, d->base);
	strcat(h->dir, "/mx1");
	h->cached = NULL;
	open_store(h);
	assert_counted(h, 0, 50);
	strcpy(h->dir, dir);
}

static void
an_absent_daemon_is_an_error_and_no_signal(void **state)
{
	struct history *h = history_of(state);
	assert_int_equal(feed(h, 0, 10), 0);
	kill_daemon(*state);
	for (int i = 0; i < 3; i++)
		assert_int_equal(feed(h, 10, 20), -1);
	start_daemon(*state);
	assert_int_equal(feed(h, 10, 20), 0);
	assert_counted(h, 0, 20);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup_daemon, teardown_daemon)
	const struct CMUnitTest tests[] = {
		TEST(steps_go_through_the_daemon_into_the_file),
		TEST(more_steps_than_one_command_holds_are_split),
		TEST(feeding_again_doubles_nothing),
		TEST(a_daemon_that_is_killed_loses_and_doubles_nothing),
		TEST(a_new_counter_is_added_while_the_daemon_holds_steps),
		TEST(a_damaged_file_is_set_aside_under_the_daemon_too),
		TEST(many_hosts_can_share_one_daemon_over_tcp),
		TEST(an_absent_daemon_is_an_error_and_no_signal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
