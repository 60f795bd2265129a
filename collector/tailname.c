/* SPDX-License-Identifier: ISC */
#include "collector/tailname.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Three digits at most: four are a year. */
enum { TAILNAME_INDEX_DIGITS = 3 };

/* Digits with single separators between them; at least one digit. */
static bool
is_stamp(const char *text, size_t len)
{
	bool after_digit = false;

	for (size_t i = 0; i < len; i++) {
		bool digit = isdigit((unsigned char)text[i]);

		if (!digit && (!after_digit || !strchr("-_.:T", text[i])))
			return false;
		after_digit = digit;
	}
	return after_digit;
}

static bool
parse_stamp(const char *text, size_t len, struct tailname *out)
{
	bool is_old = len == 3 && memcmp(text, "old", 3) == 0;

	if (len >= sizeof out->stamp || (!is_old && !is_stamp(text, len)))
		return false;
	memcpy(out->stamp, is_old ? "1" : text, is_old ? 1 : len);
	out->stamp[is_old ? 1 : len] = '\0';
	out->is_index = strlen(out->stamp) <= TAILNAME_INDEX_DIGITS;
	return true;
}

struct part {
	const char *text;
	size_t len;
};

/* name is head, one of . _ -, a stamp. */
static bool
parse_behind(struct part name, struct part head, struct tailname *out)
{
	if (name.len < head.len + 2 ||
		memcmp(name.text, head.text, head.len) != 0 ||
		!memchr("._-", name.text[head.len], 3))
		return false;
	return parse_stamp(
		name.text + head.len + 1, name.len - head.len - 1, out);
}

/* base is stem.ext and name is stem-DATE.ext.  Not stem-2.ext, which would be
 * another log. */
static bool
parse_inside(struct part name, const char *base, struct tailname *out)
{
	const char *dot = strrchr(base, '.');
	size_t ext_len = dot ? strlen(dot) : 0;

	if (!dot || dot == base || name.len < ext_len ||
		memcmp(name.text + name.len - ext_len, dot, ext_len) != 0)
		return false;
	name.len -= ext_len;
	return parse_behind(
		       name, (struct part){base, (size_t)(dot - base)}, out) &&
	       !out->is_index;
}

bool
tailname_parse(const char *base, const char *name, struct tailname *out)
{
	struct part part = {name, strlen(name)};
	struct tailname found = {0};

	if (part.len > 3 && memcmp(name + part.len - 3, ".gz", 3) == 0) {
		found.is_gz = true;
		part.len -= 3;
	}
	if (!parse_behind(part, (struct part){base, strlen(base)}, &found) &&
		!parse_inside(part, base, &found))
		return false;
	*out = found;
	return true;
}

int
tailname_compare(const struct tailname *a, const struct tailname *b)
{
	size_t a_len = strlen(a->stamp), b_len = strlen(b->stamp);

	if (a->is_index != b->is_index)
		return a->is_index ? 1 : -1;
	if (!a->is_index)
		return strcmp(a->stamp, b->stamp);
	if (a_len != b_len)
		return a_len > b_len ? -1 : 1;
	return strcmp(b->stamp, a->stamp);
}
