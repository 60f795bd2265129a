/* SPDX-License-Identifier: ISC */
/*
 * needs — which settings of daemons seem to hide results: the `needs` of the
 * rules against what a log has, in all and on each host.
 */
#ifndef CLI_NEEDS_H
#define CLI_NEEDS_H

#include "cli/finding.h"
#include "cli/survey.h"

void needs_check(const struct survey *survey, struct findings *findings);

#endif
