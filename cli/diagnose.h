/* SPDX-License-Identifier: ISC */
/*
 * diagnose — from what a log has to what seems to be amiss with it, in words
 * for a postmaster.
 *
 * Says what settings hide results, which logs are missing, whose verdict counts
 * where two judge.  A log cannot prove that nothing happened: where nothing may
 * have happened, the words say so.
 */
#ifndef CLI_DIAGNOSE_H
#define CLI_DIAGNOSE_H

#include "cli/finding.h"
#include "cli/survey.h"

/* Appends what is found, in the order in which it matters. */
void diagnose(const struct survey *survey, struct findings *findings);

/* Does the name look like that of a program that has to do with mail? */
bool diagnose_is_mail(const char *program);

#endif
