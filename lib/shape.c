/* SPDX-License-Identifier: ISC */
/* shape — see shape.h. */
#include "lib/shape.h"

#include <stdlib.h>
#include <string.h>

enum { DOMAIN_LEN_MAX = 253, SOURCE_LEN_MAX = 32, PROGRAM_LEN_MAX = 128 };

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool
shape_is_path(const char *text)
{
	return text[0] == '/';
}

static bool
is_domain(const char *text, size_t len)
{
	if (len == 0 || len > DOMAIN_LEN_MAX ||
		strspn(text, LETTERS CAPITALS DIGITS "-_.") < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '.' &&
			(i == 0 || i + 1 == len || text[i - 1] == '.'))
			return false;
	return true;
}

bool
shape_is_domain(const char *text)
{
	return is_domain(text, strlen(text));
}

bool
shape_is_label(const char *text)
{
	return shape_is_domain(text) && strchr(text, '.') == NULL;
}

static bool
is_port(const char *text)
{
	size_t len = strlen(text);
	if (len == 0 || len > 5 || strspn(text, DIGITS) < len)
		return false;
	long port = strtol(text, NULL, 10);
	return port >= 1 && port <= 65535;
}

bool
shape_is_endpoint(const char *text)
{
	const char *colon = strrchr(text, ':');
	if (colon == NULL || !is_port(colon + 1))
		return false;
	size_t len = (size_t)(colon - text);
	if (is_domain(text, len))
		return true;
	return len > 2 && text[0] == '[' && colon[-1] == ']' &&
	       strspn(text + 1, DIGITS "abcdefABCDEF:.") == len - 2;
}

bool
shape_is_source(const char *text)
{
	size_t len = strlen(text);
	return len > 0 && len <= SOURCE_LEN_MAX &&
	       strspn(text, LETTERS DIGITS "-_") == len;
}

bool
shape_is_program(const char *text)
{
	size_t len = 0;
	while (text[len] > ' ' && text[len] < 0x7f &&
		strchr(":[]", text[len]) == NULL)
		len++;
	return text[len] == '\0' && len > 0 && len <= PROGRAM_LEN_MAX;
}

bool
shape_is_filled(const char *text)
{
	return text[0] != '\0';
}
