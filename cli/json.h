/* SPDX-License-Identifier: ISC */
/*
 * json — builds and prints JSON values.  The only module that includes
 * jansson.h.
 *
 * A value that is set or appended belongs to its parent; the root is freed by
 * json_print().
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdint.h>
#include <stdio.h>

#include "lib/slice.h"

struct json_t;

struct json_t *json_new_object(void);
struct json_t *json_new_array(void);
/* Bytes of the key that are not UTF-8 become %XX, as in the snapshot, so that
 * keys that differ still do. */
void json_set(struct json_t *object, const char *key, struct json_t *value);
void json_set_number(struct json_t *object, const char *key, uint64_t number);
/* Six digits of it. */
void json_set_real(struct json_t *object, const char *key, double number);
/* Bytes that are not UTF-8 become U+FFFD; an absent slice becomes null. */
void json_set_slice(struct json_t *object, const char *key, struct slice text);
void json_set_text(struct json_t *object, const char *key, const char *text);
void json_add(struct json_t *array, struct json_t *value);
void json_add_text(struct json_t *array, const char *text);
/* One value on one line. */
void json_print(struct json_t *root, FILE *out);

#endif
