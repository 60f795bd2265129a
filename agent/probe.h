/* SPDX-License-Identifier: ISC */
/*
 * probe — asks whether an AgentX master is there and answers, and never waits
 * for it.
 *
 * A master that hangs still has its connections accepted by the kernel until
 * its queue is full; from then on a connect(2) that may block does so for as
 * long as the master hangs.  So one is connected to only after it answered an
 * agentx-Ping-PDU (RFC 2741 section 6.2.12): here, without blocking.
 */
#ifndef AGENT_PROBE_H
#define AGENT_PROBE_H

#include "agent/endpoint.h"

enum probe_result {
	PROBE_WAITS,    /* call again when probe_fd() is ready, or later */
	PROBE_ANSWERED, /* the next call asks anew */
	PROBE_FAILED    /* the same; err says why */
};

struct probe;

struct probe *probe_new(const struct endpoint *endpoint);
void probe_free(struct probe *probe);

/* Asks, or looks for the answer to what was asked. */
enum probe_result probe_turn(struct probe *probe, struct err *err);
/* What poll(2) is to wait for; -1 when nothing was asked. */
int probe_fd(const struct probe *probe);
short probe_events(const struct probe *probe);
/* Gives up waiting; the next call of probe_turn() asks anew. */
void probe_cancel(struct probe *probe);

#endif
