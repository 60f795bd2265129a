/* SPDX-License-Identifier: ISC */
/* cell — see cell.h. */
#include "agent/cell.h"

#include <string.h>

bool
cell_integer(struct value *value, int number)
{
	value->type = VALUE_INTEGER;
	value->number = (uint64_t)number;
	return true;
}

bool
cell_counter64(struct value *value, uint64_t number)
{
	value->type = VALUE_COUNTER64;
	value->number = number;
	return true;
}

bool
cell_counter32(struct value *value, uint64_t number)
{
	value->type = VALUE_COUNTER32;
	value->number = number & UINT32_MAX;
	return true;
}

bool
cell_gauge(struct value *value, uint64_t number)
{
	value->type = VALUE_GAUGE;
	value->number = number < UINT32_MAX ? number : UINT32_MAX;
	return true;
}

bool
cell_ticks(struct value *value, uint32_t hundredths)
{
	value->type = VALUE_TIMETICKS;
	value->number = hundredths;
	return true;
}

bool
cell_text(struct value *value, const char *text)
{
	value->type = VALUE_STRING;
	value->text = text;
	value->len = strlen(text);
	return true;
}

bool
cell_date(struct value *value, time_t time)
{
	struct tm tm = {0};
	gmtime_r(&time, &tm);
	int year = tm.tm_year + 1900;
	const int octets[VALUE_ROOM] = {year >> 8, year & 0xff, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, 0, '+', 0, 0};
	for (size_t i = 0; i < VALUE_ROOM; i++)
		value->room[i] = (char)octets[i];
	value->type = VALUE_STRING;
	value->text = value->room;
	value->len = VALUE_ROOM;
	return true;
}

int
cell_word(const char *const *words, const char *word, int other)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i + 1;
	return other;
}

size_t
cell_one_row(const struct moment *moment)
{
	(void)moment;
	return 1;
}

void
cell_row_zero(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	(void)moment;
	(void)row;
	index[0] = 0;
}
