/* SPDX-License-Identifier: ISC */
/*
 * alerts — mtAlertTable: what is raised and what is well.
 */
#ifndef AGENT_ALERTS_H
#define AGENT_ALERTS_H

#include "agent/area.h"

extern const struct area alerts_area;

/* The MIB's number of a severity's word. */
int alerts_severity(const char *word);

#endif
