/* SPDX-License-Identifier: ISC */
/*
 * notification — one change of an alert as an SNMPv2 notification.
 *
 * mtAlertRaised or mtAlertCleared with all objects of mtChange.  The library
 * sends it to snmpd, or to the sinks of a standalone agent, and says nothing of
 * what becomes of it.
 */
#ifndef AGENT_NOTIFICATION_H
#define AGENT_NOTIFICATION_H

#include "agent/changes.h"
#include "agent/tree.h"

void notification_send(
	const struct tree_name *root, const struct change_told *told);

#endif
