/* SPDX-License-Identifier: ISC */
/*
 * fields — cuts one line of a text format into its fields.
 *
 * Fields are separated by one blank.  Strict: what is not exactly as it should
 * be is an error "NAME:LINE: what and why", never a guess.  Works in place, and
 * the strings it gives point into the line.
 * Does not know any format.
 */
#ifndef LIB_FIELDS_H
#define LIB_FIELDS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "lib/err.h"

struct fields {
	const char *name; /* of the file, for errors */
	size_t line;      /* its number, for errors */
	char *rest;       /* what is not yet taken; NULL at the line's end */
	struct err *err;
};

/* Writes "NAME:LINE: " and the sentence; returns -1. */
int fields_fail(struct fields *fields, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Each takes the next field; what names it in errors.  0, or -1 with err set:
 * missing, empty, or not of the asked form. */
int fields_word(struct fields *fields, const char *what, const char **word);
int fields_number(struct fields *fields, const char *what, uint64_t max,
	uint64_t *number);
int fields_u32(struct fields *fields, const char *what, uint32_t *number);
/* Unix time in seconds, up to the year 9999. */
int fields_time(struct fields *fields, time_t *time);
/* The same with up to six decimals, in microseconds. */
int fields_time_us(struct fields *fields, int64_t *time_us);
/* A word in which %XX stands for a byte, and "-" for no byte at all. */
int fields_text(struct fields *fields, const char *what, const char **text);

/* -1 when something is left. */
int fields_end(struct fields *fields);

/* Decimal digits at *at, no sign, blank or prefix, up to max.  Moves *at behind
 * them; false when there is no such number. */
bool fields_digits(const char **at, uint64_t max, uint64_t *number);

#endif
