/* SPDX-License-Identifier: ISC */
/*
 * standalone — the role of an SNMP agent of our own, for machines without
 * snmpd.
 *
 * Read only, and only our MIB and the system group.  Who may read: the
 * community (SNMPv1, v2c) and the user (SNMPv3 with authentication and privacy)
 * of the configuration; there is no default for either.  Reads no file
 * of the library's but the one that SNMPv3 needs over a restart.
 */
#ifndef AGENT_STANDALONE_H
#define AGENT_STANDALONE_H

#include "agent/answer.h"
#include "agent/endpoint.h"
#include "agent/snmp.h"
#include "lib/config.h"

/* For snmp_begin(): names the file in STATE_DIR/agent, too. */
#define STANDALONE_TYPE "mailtally-agent"

struct standalone {
	const struct config *config;
	const char *address; /* ADDRESS:PORT */
	bool is_exposed;     /* beyond loopback, by explicit choice */
	const char *root;    /* the MIB's, dotted */
	const char *folder;  /* for what SNMPv3 needs over a restart */
};

/* What is wrong with the settings, in one sentence; 0: nothing.  Touches
 * nothing. */
int standalone_check(const struct standalone *standalone, struct err *err);

/* Listens; answers are those for the MIB and for the system group. */
int standalone_begin(const struct standalone *standalone, struct snmp *snmp,
	struct answer answers[2], struct err *err);
/* The library's timers; once a turn of the loop, after snmp_drain(). */
void standalone_turn(void);

#endif
