/* SPDX-License-Identifier: ISC */
/* wake — see wake.h. */
#include "agent/wake.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A signal handler has no argument of its own. */
static volatile sig_atomic_t has_stop, has_reload;
static int wake_fd = -1;

static const int held[] = {SIGHUP, SIGTERM, SIGINT};

static void
on_signal(int signo)
{
	int error = errno;
	if (signo == SIGHUP) {
		has_reload = 1;
	} else if (!has_stop) {
		has_stop = 1;
		alarm(WAKE_END_S);
	}
	const uint64_t one = 1;
	ssize_t ignored = write(wake_fd, &one, sizeof(one));
	(void)ignored;
	errno = error;
}

/* We were asked to end, and whoever we talk to hangs: nothing is lost. */
static void
on_alarm(int signo)
{
	(void)signo;
	_exit(EXIT_SUCCESS);
}

static void
set_held(int how)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&set, held[i]);
	sigprocmask(how, &set, NULL);
}

int
wake_open(struct err *err)
{
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return err_set(
			err, "no descriptor for signals: %s", strerror(errno));
	struct sigaction action = {.sa_handler = on_alarm};
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	action.sa_handler = on_signal;
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaction(held[i], &action, NULL);
	set_held(SIG_UNBLOCK);
	return wake_fd;
}

void
wake_drain(void)
{
	uint64_t count;
	ssize_t ignored = read(wake_fd, &count, sizeof(count));
	(void)ignored;
}

bool
wake_has_stop(void)
{
	return has_stop != 0;
}

bool
wake_take_reload(void)
{
	bool result = has_reload != 0;
	has_reload = 0;
	return result;
}

void
wake_hold(void)
{
	set_held(SIG_BLOCK);
}
