/* SPDX-License-Identifier: ISC */
/*
 * system — the system group of SNMPv2-MIB (RFC 3418), for an agent of our own.
 *
 * Managers look here first: what this is, and for how long it has been running.
 * No contact, no location: they are nobody's to set here.
 */
#ifndef AGENT_SYSTEM_H
#define AGENT_SYSTEM_H

#include "agent/tree.h"

/* mib-2, as far as we have it. */
extern const struct tree system_tree;
extern const struct tree_name system_root;

#endif
