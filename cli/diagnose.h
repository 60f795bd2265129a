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

#include "cli/survey.h"

enum finding_kind {
	FINDING_SETTING, /* results that a setting hides */
	FINDING_FILE,    /* lines that are in another file, or lost */
	FINDING_STAMP,   /* stamps that cannot be right */
	FINDING_DOUBLE,  /* two that judge the same mail */
	FINDING_KINDS
};
extern const char *const finding_kind_names[FINDING_KINDS];

struct finding {
	enum finding_kind kind;
	const char *source; /* borrowed from the tally; NULL for none */
	char *text;         /* sentences */
	char *advice;       /* what to do */
};

struct findings {
	struct finding *items;
	size_t count, capacity;
};

/* Appends what is found, in the order in which it matters. */
void diagnose(const struct survey *survey, struct findings *findings);
void diagnose_free(struct findings *findings);

/* Does the name look like that of a program that has to do with mail? */
bool diagnose_is_mail(const char *program);

#endif
