/* SPDX-License-Identifier: ISC */
/*
 * tailmarks — where in a followed file the lines of a time begin.
 *
 * Keeps a mark about each minute of log time.  Times may go back: a mark says
 * that no line before it is younger.  Memory is bounded; what is forgotten
 * makes the answer earlier, never later.
 */
#ifndef COLLECTOR_TAILMARKS_H
#define COLLECTOR_TAILMARKS_H

#include <stddef.h>
#include <stdint.h>

enum { TAILMARKS_MAX = 96, TAILMARKS_STEP_S = 60 };

struct tailmark {
	uint64_t offset; /* behind a line */
	int64_t time;    /* no line before it is of a later time */
};

struct tailmarks {
	uint64_t start; /* where the reading began */
	struct tailmark last;
	struct tailmark marks[TAILMARKS_MAX]; /* ascending */
	size_t count;                         /* 0: last is none either */
	/* For tailresume: 1 + the index of the saved position that they go on
	 * from; 0 is none. */
	size_t saved;
};

/* Forgets all: the reading begins at start. */
void tailmarks_begin(struct tailmarks *marks, uint64_t start);
/* The line that ends at offset is of that time. */
void tailmarks_note(struct tailmarks *marks, uint64_t offset, int64_t time);
/* An offset with every line of time >= since behind it; the start if no better
 * one is known. */
uint64_t tailmarks_replay(const struct tailmarks *marks, int64_t since);

#endif
