/* SPDX-License-Identifier: ISC */
/*
 * scopes — the tables by source, host and domain: a row of named columns each.
 *
 * Cells that are 0 are shown, so that a graph of a row begins at once.
 */
#ifndef AGENT_SCOPES_H
#define AGENT_SCOPES_H

#include "agent/area.h"

extern const struct area scopes_source; /* mtSourceTable */
extern const struct area scopes_host;   /* mtHostTable */
extern const struct area scopes_domain; /* mtDomainTable */

#endif
