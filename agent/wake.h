/* SPDX-License-Identifier: ISC */
/*
 * wake — signals, as a descriptor that poll(2) can wait for.
 *
 * Not signalfd(2): the SNMP library may hang in a system call that only a
 * signal handler gets us out of.  When WAKE_END_S seconds after SIGTERM or
 * SIGINT the program still runs, it is ended.  One per process.
 */
#ifndef AGENT_WAKE_H
#define AGENT_WAKE_H

#include <stdbool.h>

#include "lib/err.h"

enum { WAKE_END_S = 2 };

/* Takes SIGTERM, SIGINT and SIGHUP.  Returns the descriptor, or -1. */
int wake_open(struct err *err);
/* Empties the descriptor. */
void wake_drain(void);
bool wake_has_stop(void);
/* True once for SIGHUPs that came since it was asked. */
bool wake_take_reload(void);
/* Before execv(): signals wait until the new program opens. */
void wake_hold(void);

#endif
