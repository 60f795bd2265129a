/* SPDX-License-Identifier: ISC */
/*
 * inputs — mtInputTable: how far each log is read.
 */
#ifndef AGENT_INPUTS_H
#define AGENT_INPUTS_H

#include "agent/area.h"

extern const struct area inputs_area;

#endif
