/* SPDX-License-Identifier: ISC */
/*
 * agentx — the role of a subagent of snmpd (RFC 2741).
 *
 * Connects, and connects again about two seconds after a loss.  The library may
 * connect only when a probe has just been answered, so that it never waits for
 * a master that hangs.  Troubles are logged once each.
 */
#ifndef AGENT_AGENTX_H
#define AGENT_AGENTX_H

#include <stdint.h>

#include "agent/answer.h"
#include "agent/snmp.h"

/* For snmp_begin(). */
#define AGENTX_TYPE "mailtally-agentx"

struct agentx;

/* socket is good for endpoint_parse_socket(); answer is registered.  Waits for
 * at most half a second if snmpd is slow; it need not be there. */
struct agentx *agentx_begin(struct snmp *snmp, const char *socket,
	struct answer *answer, struct err *err);
/* Before snmp_end(), which ends the session. */
void agentx_free(struct agentx *agentx);

/* Connects, pings, notices; once a turn of the loop, after snmp_drain(). */
void agentx_turn(struct agentx *agentx, int64_t now_ms);
/* What to wait for: the probe's descriptor (or -1), and for how long at most.
 */
void agentx_wait(const struct agentx *agentx, int64_t now_ms, struct pollfd *fd,
	int *timeout_ms);
/* snmpd is there, and took our tree. */
bool agentx_is_connected(const struct agentx *agentx);
/* Times that we were connected. */
unsigned long agentx_connects(const struct agentx *agentx);
/* Bytes that we have sent and snmpd has not read yet; over TCP, that its
 * machine has not taken yet. */
size_t agentx_unread(const struct agentx *agentx);

#endif
