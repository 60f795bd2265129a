/* SPDX-License-Identifier: ISC */
/*
 * health — mtHealth: whether the numbers can be trusted, and how old they are.
 */
#ifndef AGENT_HEALTH_H
#define AGENT_HEALTH_H

#include "agent/area.h"

/* The collector writes each second; one that has not for longer than this
 * does not run (mailtally-snapshot(5)). */
enum { HEALTH_STALE_S = 10 };

extern const struct area health_area;

#endif
