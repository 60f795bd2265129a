/* SPDX-License-Identifier: ISC */
/*
 * snmp — the life of the SNMP library, whatever our role.
 *
 * There is one of it in a process: the library keeps its state in globals.  It
 * reads no file (but what standalone.h says), loads no MIB and writes its own
 * log lines into ours.  Waiting is one poll(2) over descriptors that are asked
 * for anew each time: how many files are open does not matter.
 */
#ifndef AGENT_SNMP_H
#define AGENT_SNMP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

struct snmp;

/* Before anything else of the library.  type is what its own file and its
 * configuration tokens are called; borrowed. */
struct snmp *snmp_begin(const char *type);
/* Says goodbye to whoever we are connected to, and frees all. */
void snmp_end(struct snmp *snmp);

struct snmp_wait {
	struct pollfd *others; /* to wait for, too; fd may be -1 */
	size_t count;
	int timeout_ms;
	bool has_timers; /* wake up for the library's own timers, too */
};
/* Until something can be read, a signal comes or the time is over. */
void snmp_wait(struct snmp *snmp, const struct snmp_wait *wait);
/* Reads what came and answers it. */
void snmp_drain(struct snmp *snmp);

/* sysUpTime as managers see it, in hundredths of a second: of snmpd if it is
 * there. */
uint32_t snmp_uptime(void);

/* Whether a line of the library said that a registration was refused (it tells
 * in no other way); forgets it. */
bool snmp_take_refusal(struct snmp *snmp);
/* Whether the library has locked itself out: a session was lost just while its
 * tree was registered.  It may never register anything again: only a new
 * process helps. */
bool snmp_is_broken(const struct snmp *snmp);
/* From now on the first error that the library logs is kept.  -1 with it in err
 * when there was one. */
void snmp_watch_errors(struct snmp *snmp);
int snmp_take_error(struct snmp *snmp, struct err *err);

#endif
