/* SPDX-License-Identifier: ISC */
/*
 * netsnmp — the SNMP library's headers, for the modules that know it.
 *
 * The library has a `struct tree` of its own (the MIB modules it has loaded),
 * which none of its functions that we call know: it gives way to ours.
 */
#ifndef AGENT_NETSNMP_H
#define AGENT_NETSNMP_H

#define tree netsnmp_tree
/* clang-format off: each needs the one before it. */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/agent/agent_callbacks.h>
#include <net-snmp/library/large_fd_set.h>
/* clang-format on */
#undef tree

#endif
