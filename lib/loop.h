/* SPDX-License-Identifier: ISC */
/*
 * loop — waits for descriptors, timers and signals, and calls back.
 *
 * One thread, one poll(2).  Callbacks run one after the other, never inside
 * each other; any of them may add, remove or stop.  Time is the monotonic
 * clock: setting the date changes nothing.
 */
#ifndef LIB_LOOP_H
#define LIB_LOOP_H

#include "lib/err.h"

struct loop;

typedef void loop_callback(void *arg);

/* NULL with a sentence when there is no descriptor left for signals. */
struct loop *loop_new(struct err *err);
/* Closes no descriptor of the caller.  Signals are handled as before. */
void loop_free(struct loop *loop);

/* Calls back when fd can be read, is at its end or is broken.  fd stays the
 * caller's, who removes it before closing it.  A descriptor that stays readable
 * calls back again and again. */
void loop_add_fd(struct loop *loop, int fd, loop_callback *callback, void *arg);
void loop_remove_fd(struct loop *loop, int fd);

/* Calls back every interval_ms (at least 1), first one interval from now.
 * Calls that were missed while the process stood still are not made up for,
 * except for one. */
void loop_add_timer(struct loop *loop, long interval_ms,
	loop_callback *callback, void *arg);

/* Calls back from loop_run() after the signal came; the signal is blocked from
 * now on, and loses its usual effect.  Several of one kind may come as one. */
void loop_signal(
	struct loop *loop, int signo, loop_callback *callback, void *arg);

/* Returns after loop_stop(). */
void loop_run(struct loop *loop);
/* The callback that is running is the last one. */
void loop_stop(struct loop *loop);

#endif
