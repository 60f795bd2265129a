/* SPDX-License-Identifier: ISC */
/*
 * finding — something that seems to be amiss with a log, in words.
 */
#ifndef CLI_FINDING_H
#define CLI_FINDING_H

#include <stddef.h>

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

/* Appends one with its sentences; the caller puts source and advice in.  Valid
 * until the next one is added. */
struct finding *finding_add(struct findings *findings, enum finding_kind kind,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void finding_free_all(struct findings *findings);

/* A group or method as people write it: "DKIM".  To be freed. */
char *finding_title(const char *group);

#endif
