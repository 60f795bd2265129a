/* SPDX-License-Identifier: ISC */
/*
 * locked — what to do when another process has an RRD file locked.
 *
 * librrd asks for its lock once, and fails.  The lock is never held for long:
 * the collector's for an update, a reader's for a look.  So one tries again.
 */
#ifndef RRD_LOCKED_H
#define RRD_LOCKED_H

#include <stdbool.h>

/* How often to try, LOCKED_REST_MS apart: a reader may wait for two seconds,
 * the collector for a fifth of one. */
enum { LOCKED_REST_MS = 10, LOCKED_READER = 200, LOCKED_WRITER = 20 };

/* After a call of librrd that failed: true if it was for a lock and there is a
 * try left, after a rest.  librrd's error is cleared then. */
bool locked_again(int *tries);

#endif
