/* SPDX-License-Identifier: ISC */
/* test_buf — a string that grows. */
#include "lib/buf.c"

#include <setjmp.h>

#include <cmocka.h>

static void
buf_is_nothing_until_something_is_added(void **state)
{
	(void)state;
	struct buf buf = {0};
	buf_clear(&buf);
	assert_null(buf.data);
	buf_adds(&buf, "");
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
	assert_null(buf.data);
	buf_free(&buf);
}

static void
buf_grows_byte_by_byte_and_is_always_ended(void **state)
{
	(void)state;
	struct buf buf = {0};
	for (size_t i = 0; i < 5000; i++) {
		buf_addc(&buf, (char)('a' + i % 26));
		assert_int_equal(buf.len, i + 1);
		assert_int_equal(buf.data[i + 1], '\0');
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(buf.data[i], (char)('a' + i % 26));
	buf_free(&buf);
}

static void
buf_holds_any_bytes(void **state)
{
	(void)state;
	struct buf buf = {0};
	buf_add(&buf, "a\0\xff", 3);
	buf_add(&buf, NULL, 0);
	buf_add(&buf, "b", 1);
	assert_int_equal(buf.len, 4);
	assert_memory_equal(buf.data,
		"a\0\xff"
		"b",
		5);
	buf_free(&buf);
}

static void
buf_addu_writes_what_printf_writes(void **state)
{
	(void)state;
	struct buf buf = {0};
	for (uint64_t n = 1;; n *= 10) {
		for (uint64_t v = n - 1; v <= n + 1; v++) {
			char expected[32];
			snprintf(expected, sizeof(expected), "%ju",
				(uintmax_t)v);
			buf_clear(&buf);
			buf_addu(&buf, v);
			assert_string_equal(buf.data, expected);
		}
		if (n > UINT64_MAX / 10)
			break;
	}
	buf_clear(&buf);
	buf_addu(&buf, UINT64_MAX);
	assert_string_equal(buf.data, "18446744073709551615");
	buf_free(&buf);
}

static void
buf_printf_appends_a_text_of_any_length(void **state)
{
	(void)state;
	struct buf buf = {0};
	buf_adds(&buf, "head");
	buf_printf(&buf, "%*d|", 3000, 7);
	buf_printf(&buf, "%s", "");
	assert_int_equal(buf.len, 4 + 3000 + 1);
	assert_string_equal(buf.data + buf.len - 3, " 7|");
	buf_free(&buf);
}

static void
buf_clear_keeps_the_memory(void **state)
{
	(void)state;
	struct buf buf = {0};
	buf_printf(&buf, "%*d", 1000, 1);
	const char *data = buf.data;
	size_t capacity = buf.capacity;
	buf_clear(&buf);
	assert_string_equal(buf.data, "");
	buf_printf(&buf, "%*d", 1000, 2);
	assert_ptr_equal(buf.data, data);
	assert_int_equal(buf.capacity, capacity);
	buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_is_nothing_until_something_is_added),
		cmocka_unit_test(buf_grows_byte_by_byte_and_is_always_ended),
		cmocka_unit_test(buf_holds_any_bytes),
		cmocka_unit_test(buf_addu_writes_what_printf_writes),
		cmocka_unit_test(buf_printf_appends_a_text_of_any_length),
		cmocka_unit_test(buf_clear_keeps_the_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
