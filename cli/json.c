/* SPDX-License-Identifier: ISC */
/* json — see json.h. */
#include "cli/json.h"

#include <jansson.h>
#include <string.h>

#include "cli/plain.h"
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
	struct buf clean = {0};
	for (size_t left = strlen(key); left > 0;) {
		size_t n = plain_length(key, left);
		if (n > 0)
			buf_add(&clean, key, n);
		else
			buf_printf(&clean, "%%%02X", (unsigned char)*key);
		key += n > 0 ? n : 1;
		left -= n > 0 ? n : 1;
	}
	json_object_set_new(object, clean.len > 0 ? clean.data : "", value);
	buf_free(&clean);
}

void
json_set_number(struct json_t *object, const char *key, uint64_t number)
{
	json_object_set_new(object, key,
		json_integer(
			number > INT64_MAX ? INT64_MAX : (json_int_t)number));
}

void
json_set_real(struct json_t *object, const char *key, double number)
{
	json_object_set_new(object, key, json_real(number));
}

static struct json_t *
string_of(struct slice text)
{
	struct buf clean = {0};
	for (size_t i = 0; i < text.len;) {
		size_t n = plain_length(text.data + i, text.len - i);
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
	json_dumpf(root, out,
		JSON_COMPACT | JSON_REAL_PRECISION(6) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(root);
}
