/* SPDX-License-Identifier: ISC */
/*
 * clock — a wall clock that runs faster, for the daemon under test: minutes
 * close within a second.  Preloaded; MAILTALLY_CLOCK holds when it began, what
 * it showed then (both in nanoseconds) and how fast it is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t
now_ns(void)
{
	struct timespec now;
	long long began, shown;
	int speed;
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	int64_t real = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	const char *clock = getenv("MAILTALLY_CLOCK");
	if (clock == NULL ||
		sscanf(clock, "%lld %lld %d", &began, &shown, &speed) != 3)
		return real;
	return shown + (real - began) * speed;
}

int
clock_gettime(clockid_t id, struct timespec *out)
{
	if (id != CLOCK_REALTIME)
		return (int)syscall(SYS_clock_gettime, id, out);
	int64_t now = now_ns();
	*out = (struct timespec){now / 1000000000, now % 1000000000};
	return 0;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	(void)zone;
	int64_t now = now_ns();
	*out = (struct timeval){now / 1000000000, now % 1000000000 / 1000};
	return 0;
}

time_t
time(time_t *out)
{
	time_t now = (time_t)(now_ns() / 1000000000);
	if (out != NULL)
		*out = now;
	return now;
}
