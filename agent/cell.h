/* SPDX-License-Identifier: ISC */
/*
 * cell — fills in values, each in the way of its SMI type.
 *
 * All return true, so that an area can return what they return.
 */
#ifndef AGENT_CELL_H
#define AGENT_CELL_H

#include <time.h>

#include "agent/area.h"

bool cell_integer(struct value *value, int number);
bool cell_counter64(struct value *value, uint64_t number);
/* Counter32, which wraps. */
bool cell_counter32(struct value *value, uint64_t number);
/* Gauge32, which stops at its end (RFC 2578 section 7.1.7). */
bool cell_gauge(struct value *value, uint64_t number);
bool cell_ticks(struct value *value, uint32_t hundredths);
/* text is borrowed. */
bool cell_text(struct value *value, const char *text);
/* DateAndTime in UTC, 11 octets (RFC 2579). */
bool cell_date(struct value *value, time_t time);

/* The number of word among words, which begin with 1 and end with NULL; other
 * where it is not there. */
int cell_word(const char *const *words, const char *word, int other);

/* For areas with the one row 0. */
size_t cell_one_row(const struct moment *moment);
void cell_row_zero(const struct moment *moment, size_t row,
	uint32_t index[AREA_INDEX_MAX]);

#endif
