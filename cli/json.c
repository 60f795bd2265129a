/* SPDX-License-Identifier: ISC */
/* json — see json.h. */
#include "cli/json.h"

#include <jansson.h>
#include <string.h>

#include "lib/buf.h"

struct json_t *
json_new_object(void)
{
	return json_object();
}

struct json_t *
json_new_array(void)
{
	return json_array();
}

void
json_set(struct json_t *object, const char *key, struct json_t *value)
{
	json_object_set_new(object, key, value);
}

void
json_set_number(struct json_t *object, const char *key, uint64_t number)
{
	json_object_set_new(object, key,
		json_integer(
			number > INT64_MAX ? INT64_MAX : (json_int_t)number));
}

/* Length of the UTF-8 sequence at p, 0 if there is none (RFC 3629). */
static size_t
utf8_length(const unsigned char *p, size_t room)
{
	static const struct {
		unsigned char first, last, low, high; /* of the second byte */
		size_t length;
	} forms[] = {
		{0x00, 0x7f, 0, 0, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	for (size_t f = 0; f < sizeof(forms) / sizeof(*forms); f++) {
		if (*p < forms[f].first || *p > forms[f].last)
			continue;
		size_t n = forms[f].length;
		if (n > room)
			return 0;
		for (size_t i = 1; i < n; i++) {
			unsigned char low = i == 1 ? forms[f].low : 0x80;
			unsigned char high = i == 1 ? forms[f].high : 0xbf;
			if (p[i] < low || p[i] > high)
				return 0;
		}
		return n;
	}
	return 0;
}

static struct json_t *
string_of(struct slice text)
{
	struct buf clean = {0};
	for (size_t i = 0; i < text.len;) {
		size_t n = utf8_length(
			(const unsigned char *)text.data + i, text.len - i);
		if (n > 0)
			buf_add(&clean, text.data + i, n);
		else
			buf_adds(&clean, "\xef\xbf\xbd");
		i += n > 0 ? n : 1;
	}
	struct json_t *value =
		json_stringn(clean.len > 0 ? clean.data : "", clean.len);
	buf_free(&clean);
	return value;
}

void
json_set_slice(struct json_t *object, const char *key, struct slice text)
{
	json_object_set_new(
		object, key, text.data != NULL ? string_of(text) : json_null());
}

void
json_set_text(struct json_t *object, const char *key, const char *text)
{
	json_set_slice(object, key,
		(struct slice){text, text != NULL ? strlen(text) : 0});
}

void
json_add(struct json_t *array, struct json_t *value)
{
	json_array_append_new(array, value);
}

void
json_add_text(struct json_t *array, const char *text)
{
	json_array_append_new(
		array, string_of((struct slice){text, strlen(text)}));
}

void
json_print(struct json_t *root, FILE *out)
{
	json_dumpf(root, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(root);
}
