/* SPDX-License-Identifier: ISC */
/*
 * areas — all that MAILTALLY-MIB has below mtObjects, as one tree.
 */
#ifndef AGENT_AREAS_H
#define AGENT_AREAS_H

#include "agent/tree.h"

extern const struct tree areas_tree;

#endif
