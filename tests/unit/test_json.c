/* SPDX-License-Identifier: ISC */
/* test_json — what is printed is JSON, whatever the log held. */
#include "cli/json.c"
#include "cli/plain.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Prints and frees the value. */
static char *
print(struct json_t *root)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	json_print(root, out);
	assert_int_equal(fclose(out), 0);
	assert_ptr_equal(strchr(text, '\n'), text + size - 1);
	return text;
}

static void
assert_prints(struct json_t *root, const char *expected)
{
	char *text = print(root);
	assert_string_equal(text, expected);
	free(text);
}

/* What a reader of the printed object finds under "x". */
static void
assert_reads(struct slice given, const char *expected, size_t len)
{
	struct json_t *object = json_new_object();
	json_set_slice(object, "x", given);
	char *text = print(object);
	json_error_t error;
	json_t *read = json_loads(text, JSON_ALLOW_NUL, &error);
	if (read == NULL)
		fail_msg("%s: %s", text, error.text);
	const json_t *value = json_object_get(read, "x");
	assert_int_equal(json_string_length(value), len);
	assert_memory_equal(json_string_value(value), expected, len);
	json_decref(read);
	free(text);
}

static void
values_are_printed_in_order_on_one_line(void **state)
{
	(void)state;
	struct json_t *root = json_new_object(), *array = json_new_array();
	json_set_number(root, "z", 1);
	json_add_text(array, "one");
	json_add(array, json_new_object());
	json_set(root, "a", array);
	json_set_text(root, "none", NULL);
	json_set_text(root, "empty", "");
	assert_prints(root,
		"{\"z\":1,\"a\":[\"one\",{}],\"none\":null,\"empty\":\"\"}\n");
	assert_prints(json_new_object(), "{}\n");
}

static void
numbers_are_exact_up_to_two_to_the_63(void **state)
{
	(void)state;
	static const struct {
		uint64_t number;
		const char *text;
	} cases[] = {
		{0, "{\"n\":0}\n"},
		{(1ULL << 53) + 1, "{\"n\":9007199254740993}\n"},
		{INT64_MAX - 1, "{\"n\":9223372036854775806}\n"},
		{INT64_MAX, "{\"n\":9223372036854775807}\n"},
		{UINT64_MAX, "{\"n\":9223372036854775807}\n"}, /* the most */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json_t *root = json_new_object();
		json_set_number(root, "n", cases[i].number);
		assert_prints(root, cases[i].text);
	}
}

static void
quotes_and_controls_are_escaped(void **state)
{
	(void)state;
	struct json_t *root = json_new_object();
	json_set_text(root, "\"k\n", "a\"b\\c\n\t\033[0m\x01");
	assert_prints(root,
		"{\"\\\"k\\n\":\"a\\\"b\\\\c\\n\\t\\u001B[0m\\u0001\"}\n");
	char all[128];
	for (int i = 0; i < 128; i++)
		all[i] = (char)i;
	assert_reads((struct slice){all, 128}, all, 128);
}

static void
bytes_that_are_not_utf8_become_the_replacement_character(void **state)
{
	(void)state;
#define MARK "\xef\xbf\xbd"
	static const struct {
		const char *given, *expected;
	} cases[] = {
		{"m\xc3\xbcller \xf0\x9f\x98\x80",
			"m\xc3\xbcller \xf0\x9f\x98\x80"},
		{"a\xff"
		 "b",
			"a" MARK "b"},
		{"\xc3", MARK},
		{"\xe2\x82", MARK MARK},
		{"\xc0\xaf", MARK MARK},
		{"\xed\xa0\x80", MARK MARK MARK},
		{"\xf5\x80\x80\x80", MARK MARK MARK MARK},
		{MARK, MARK},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_reads(slice_of(cases[i].given), cases[i].expected,
			strlen(cases[i].expected));
	assert_reads((struct slice){"a\0b", 3}, "a\0b", 3);
	struct json_t *root = json_new_array();
	json_add_text(root, "\xfe");
	assert_prints(root, "[\"" MARK "\"]\n");
}

static void
keys_that_differ_stay_different(void **state)
{
	(void)state;
	struct json_t *root = json_new_object();
	json_set(root, "mx\xff", json_new_array());
	json_set(root, "mx\xfe", json_new_array());
	json_set(root, "m\xc3\xbc", json_new_array());
	json_set(root, "", json_new_array());
	assert_prints(
		root, "{\"mx%FF\":[],\"mx%FE\":[],\"m\xc3\xbc\":[],\"\":[]}\n");
}

static void
random_bytes_are_always_json(void **state)
{
	(void)state;
	srandom(5);
	for (int round = 0; round < 5000; round++) {
		char bytes[25] = "";
		for (size_t i = 0; i < sizeof(bytes) - 1; i++)
			bytes[i] = (char)(1 + random() % 255);
		struct json_t *root = json_new_object();
		struct slice slice = {bytes, sizeof(bytes) - 1};
		json_set_slice(root, "value", slice);
		json_set(root, bytes, json_new_array());
		char *text = print(root);
		json_error_t error;
		json_t *read = json_loads(text, 0, &error);
		if (read == NULL)
			fail_msg("%s: %s", text, error.text);
		assert_int_equal(json_object_size(read), 2);
		json_decref(read);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_printed_in_order_on_one_line),
		cmocka_unit_test(numbers_are_exact_up_to_two_to_the_63),
		cmocka_unit_test(quotes_and_controls_are_escaped),
		cmocka_unit_test(
			bytes_that_are_not_utf8_become_the_replacement_character),
		cmocka_unit_test(keys_that_differ_stay_different),
		cmocka_unit_test(random_bytes_are_always_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
