/* SPDX-License-Identifier: ISC */
/* fields — see fields.h. */
#include "lib/fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define TIME_MAX INT64_C(253402300799) /* the year 9999 ends */

int
fields_fail(struct fields *fields, const char *fmt, ...)
{
	char why[256];
	va_list args;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	return err_set(
		fields->err, "%s:%zu: %s", fields->name, fields->line, why);
}

bool
fields_digits(const char **at, uint64_t max, uint64_t *number)
{
	const char *c = *at;
	uint64_t sum = 0;
	for (; *c >= '0' && *c <= '9'; c++) {
		uint64_t digit = (uint64_t)(*c - '0');
		if (digit > max || sum > (max - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (c == *at)
		return false;
	*at = c;
	*number = sum;
	return true;
}

int
fields_word(struct fields *fields, const char *what, const char **word)
{
	*word = strsep(&fields->rest, " ");
	if (*word != NULL && **word != '\0')
		return 0;
	fields_fail(fields, "%s is missing", what);
	return -1;
}

int
fields_number(
	struct fields *fields, const char *what, uint64_t max, uint64_t *number)
{
	const char *word;
	if (fields_word(fields, what, &word) != 0)
		return -1;
	const char *at = word;
	if (!fields_digits(&at, max, number) || *at != '\0')
		return fields_fail(fields,
			"%s '%.40s' is not a number up to %" PRIu64, what, word,
			max);
	return 0;
}

int
fields_u32(struct fields *fields, const char *what, uint32_t *number)
{
	uint64_t wide;
	if (fields_number(fields, what, UINT32_MAX, &wide) != 0)
		return -1;
	*number = (uint32_t)wide;
	return 0;
}

int
fields_time(struct fields *fields, time_t *time)
{
	uint64_t wide;
	if (fields_number(fields, "time", TIME_MAX, &wide) != 0)
		return -1;
	*time = (time_t)wide;
	return 0;
}

static int
hex_digit(char c)
{
	const char digits[] = "0123456789ABCDEF";
	const char *found = c != '\0' ? strchr(digits, c) : NULL;
	return found != NULL ? (int)(found - digits) : -1;
}

int
fields_text(struct fields *fields, const char *what, const char **text)
{
	char *to = fields->rest;
	if (fields_word(fields, what, text) != 0)
		return -1;
	if (strcmp(*text, "-") == 0) {
		*text = "";
		return 0;
	}
	for (const char *from = *text; *from != '\0'; from++, to++) {
		*to = *from;
		if ((unsigned char)*from <= ' ' || *from == 0x7f)
			return fields_fail(fields,
				"%s holds a control byte that is not escaped",
				what);
		if (*from != '%')
			continue;
		int high = hex_digit(from[1]);
		int low = high >= 0 ? hex_digit(from[2]) : -1;
		if (low < 0 || high + low == 0)
			return fields_fail(fields, "%s has a bad escape '%.3s'",
				what, from);
		*to = (char)(high * 16 + low);
		from += 2;
	}
	*to = '\0';
	return 0;
}

int
fields_end(struct fields *fields)
{
	if (fields->rest != NULL)
		return fields_fail(
			fields, "'%.40s' behind the last field", fields->rest);
	return 0;
}

int
fields_time_us(struct fields *fields, int64_t *time_us)
{
	const char *word;
	if (fields_word(fields, "time", &word) != 0)
		return -1;
	const char *at = word;
	uint64_t seconds, micros = 0;
	bool is_good = fields_digits(&at, TIME_MAX, &seconds);
	if (is_good && *at == '.') {
		const char *fraction = ++at;
		is_good = fields_digits(&at, 999999, &micros);
		for (ptrdiff_t n = at - fraction; n < 6; n++)
			micros *= 10;
		is_good = is_good && at - fraction <= 6;
	}
	if (!is_good || *at != '\0')
		return fields_fail(
			fields, "time '%.40s' is not SECONDS[.MICROS]", word);
	*time_us = (int64_t)(seconds * 1000000 + micros);
	return 0;
}
