/* SPDX-License-Identifier: ISC */
/*
 * notes — sentences that wait for somebody to log them.
 */
#ifndef RRD_NOTES_H
#define RRD_NOTES_H

#include <stddef.h>

struct notes {
	char **items;
	size_t count, capacity, next;
};

void notes_add(struct notes *notes, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The oldest that was not taken yet, or NULL; borrowed until the next call. */
const char *notes_take(struct notes *notes);
void notes_free(struct notes *notes);

#endif
