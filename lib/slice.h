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

static inline struct slice
slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static inline bool
slice_equals(struct slice a, struct slice b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
slice_is(struct slice a, const char *text)
{
	return slice_equals(a, slice_of(text));
}

/* What stands before, or from, a place within the slice. */
static inline struct slice
slice_before(struct slice text, const char *at)
{
	return (struct slice){text.data, (size_t)(at - text.data)};
}

static inline struct slice
slice_from(struct slice text, const char *at)
{
	return (struct slice){at, (size_t)(text.data + text.len - at)};
}

/* Drops leading blanks and tabs. */
void slice_skip_blanks(struct slice *text);
/* Cuts the next word off: what stands up to a blank or tab; empty at the end.
 */
struct slice slice_take_word(struct slice *text);
/* Cuts the next line off, without its '\n'; false when nothing is left. */
bool slice_take_line(struct slice *text, struct slice *line);
/* The domain of an address, or all of what has no '@'. */
struct slice slice_domain(struct slice address);

#endif
