/* SPDX-License-Identifier: ISC */
/*
 * tell — notifications of alerts' changes, without ever waiting for snmpd.
 *
 * snmpd answers each notification on the same socket; some hundreds of them
 * that neither side reads block both for ever.  So at most TELL_BATCH are under
 * way: the next ones go when snmpd has read all of these, which is also when
 * they count as told.
 */
#ifndef AGENT_TELL_H
#define AGENT_TELL_H

#include "agent/agentx.h"
#include "agent/changes.h"

enum { TELL_BATCH = 10 };

struct tell;

/* path is of the file with the last number told; agentx is NULL where the
 * library sends to sinks by itself.  All are borrowed. */
struct tell *tell_new(const char *path, const struct agentx *agentx,
	const struct tree_name *root);
void tell_free(struct tell *tell);

/* Once a turn of the loop.  True: there may be more right now, though nothing
 * will wake us. */
bool tell_turn(struct tell *tell, const struct view *view);
/* No more are handed over: what is under way is all that is waited for. */
void tell_finish(struct tell *tell);
/* Whether some are under way that snmpd has not read. */
bool tell_is_waiting(const struct tell *tell);

/* The agent's own numbers of notifications. */
void tell_health(const struct tell *tell, struct health *health);

#endif
