/* SPDX-License-Identifier: ISC */
/*
 * slice — a piece of somebody else's bytes: pointer and length, no '\0'.
 *
 * Owns nothing; valid as long as the bytes are.  {NULL, 0} is "absent".
 */
#ifndef LIB_SLICE_H
#define LIB_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *data;
	size_t len;
};

static inline bool
slice_equals(struct slice a, struct slice b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static inline bool
slice_is(struct slice a, const char *text)
{
	return a.len == strlen(text) && memcmp(a.data, text, a.len) == 0;
}

#endif
