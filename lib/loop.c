/* SPDX-License-Identifier: ISC */
/* loop — see loop.h. */
#include "lib/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/mem.h"

enum { SIGNALS = 65 };

struct call {
	loop_callback *callback;
	void *arg;
};

struct timer {
	int64_t interval_ms, due_ms;
	struct call call;
};

struct loop {
	bool is_stopped;
	/* What poll() is given and whom to call; fd -1: removed. */
	struct pollfd *fds;
	struct call *fd_calls;
	size_t fd_count, fd_capacity, call_capacity;
	struct timer *timers;
	size_t timer_count, timer_capacity;
	int signal_fd;
	sigset_t signals; /* that we wait for */
	sigset_t blocked; /* by us, so that we unblock them in the end */
	struct call signal_calls[SIGNALS];
};

static int64_t
now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
read_signals(void *arg)
{
	struct loop *loop = arg;
	struct signalfd_siginfo info;
	while (!loop->is_stopped &&
		read(loop->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		struct call *call = &loop->signal_calls[info.ssi_signo];
		call->callback(call->arg);
	}
}

struct loop *
loop_new(struct err *err)
{
	sigset_t none;
	sigemptyset(&none);
	int fd = signalfd(-1, &none, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0) {
		err_set(err, "cannot wait for signals: %s", strerror(errno));
		return NULL;
	}
	struct loop *loop = mem_zalloc(1, sizeof(*loop));
	loop->signal_fd = fd;
	sigemptyset(&loop->signals);
	sigemptyset(&loop->blocked);
	loop_add_fd(loop, fd, read_signals, loop);
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	close(loop->signal_fd);
	sigprocmask(SIG_UNBLOCK, &loop->blocked, NULL);
	free(loop->fds);
	free(loop->fd_calls);
	free(loop->timers);
	free(loop);
}

void
loop_add_fd(struct loop *loop, int fd, loop_callback *callback, void *arg)
{
	assert(fd >= 0);
	size_t at = loop->fd_count;
	loop->fds =
		mem_grow(loop->fds, at, &loop->fd_capacity, sizeof(*loop->fds));
	loop->fd_calls = mem_grow(loop->fd_calls, at, &loop->call_capacity,
		sizeof(*loop->fd_calls));
	loop->fds[at] = (struct pollfd){.fd = fd, .events = POLLIN};
	loop->fd_calls[at] = (struct call){callback, arg};
	loop->fd_count++;
}

void
loop_remove_fd(struct loop *loop, int fd)
{
	for (size_t i = 0; i < loop->fd_count; i++)
		if (loop->fds[i].fd == fd)
			loop->fds[i].fd = -1;
}

void
loop_add_timer(
	struct loop *loop, long interval_ms, loop_callback *callback, void *arg)
{
	assert(interval_ms >= 1);
	loop->timers = mem_grow(loop->timers, loop->timer_count,
		&loop->timer_capacity, sizeof(*loop->timers));
	loop->timers[loop->timer_count++] = (struct timer){
		.interval_ms = interval_ms,
		.due_ms = now_ms() + interval_ms,
		.call = {callback, arg},
	};
}

void
loop_signal(struct loop *loop, int signo, loop_callback *callback, void *arg)
{
	assert(signo > 0 && signo < SIGNALS);
	sigset_t one, before;
	sigemptyset(&one);
	sigaddset(&one, signo);
	sigprocmask(SIG_BLOCK, &one, &before);
	if (!sigismember(&before, signo))
		sigaddset(&loop->blocked, signo);
	sigaddset(&loop->signals, signo);
	loop->signal_calls[signo] = (struct call){callback, arg};
	signalfd(loop->signal_fd, &loop->signals, 0);
}

/* Milliseconds until the next timer is due, for poll(2). */
static int
time_to_wait(const struct loop *loop)
{
	int64_t wait = -1, now = now_ms();
	for (size_t i = 0; i < loop->timer_count; i++) {
		int64_t left = loop->timers[i].due_ms - now;
		if (left < 0)
			left = 0;
		if (wait < 0 || left < wait)
			wait = left;
	}
	return wait > INT_MAX ? INT_MAX : (int)wait;
}

/* What callbacks add waits for the next round. */
static void
run_timers(struct loop *loop)
{
	int64_t now = now_ms();
	size_t count = loop->timer_count;
	for (size_t i = 0; i < count && !loop->is_stopped; i++) {
		struct timer *timer = &loop->timers[i];
		if (timer->due_ms > now)
			continue;
		/* keeps its phase, however many intervals were missed */
		int64_t late = (now - timer->due_ms) % timer->interval_ms;
		timer->due_ms = now - late + timer->interval_ms;
		struct call call = timer->call;
		call.callback(call.arg);
	}
}

static void
run_fds(struct loop *loop)
{
	size_t count = loop->fd_count;
	for (size_t i = 0; i < count && !loop->is_stopped; i++) {
		if (loop->fds[i].fd < 0 || loop->fds[i].revents == 0)
			continue;
		/* closed without loop_remove_fd() */
		assert((loop->fds[i].revents & POLLNVAL) == 0);
		struct call call = loop->fd_calls[i];
		call.callback(call.arg);
	}
}

static void
drop_removed(struct loop *loop)
{
	size_t kept = 0;
	for (size_t i = 0; i < loop->fd_count; i++) {
		if (loop->fds[i].fd < 0)
			continue;
		loop->fds[kept] = loop->fds[i];
		loop->fd_calls[kept++] = loop->fd_calls[i];
	}
	loop->fd_count = kept;
}

void
loop_run(struct loop *loop)
{
	loop->is_stopped = false;
	while (!loop->is_stopped) {
		drop_removed(loop);
		int ready = poll(loop->fds, loop->fd_count, time_to_wait(loop));
		assert(ready >= 0 || errno == EINTR);
		run_timers(loop);
		if (ready > 0)
			run_fds(loop);
	}
}

void
loop_stop(struct loop *loop)
{
	loop->is_stopped = true;
}
