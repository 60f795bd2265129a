/* SPDX-License-Identifier: ISC */
#include "rrd/range.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY };

static const struct {
	const char *word;
	long seconds;
} UNITS[] = {
	{"min", MINUTE},
	{"h", HOUR},
	{"hour", HOUR},
	{"d", DAY},
	{"day", DAY},
	{"w", 7 * DAY},
	{"week", 7 * DAY},
	{"month", 30 * DAY},
	{"y", YEAR},
	{"year", YEAR},
};

static long
unit_seconds(const char *word)
{
	for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		size_t len = strlen(UNITS[i].word);
		if (strncmp(word, UNITS[i].word, len) == 0 &&
			(!word[len] || (len > 2 && !strcmp(word + len, "s"))))
			return UNITS[i].seconds;
	}
	return 0;
}

int
range_parse(const char *text, long *out, struct err *err)
{
	long number = 1;
	char *unit;
	if (isdigit((unsigned char)*text))
		number = strtol(text, &unit, 10);
	else
		unit = NULL;
	long seconds = unit_seconds(unit ? unit : text);
	if (seconds == 0 || number < 1 || number > 20L * YEAR / seconds)
		return err_set(err,
			"range '%s' is none: say 6h, 1d, 1w, 1month or 1y",
			text);
	*out = number * seconds;
	return 0;
}
