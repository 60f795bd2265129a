/* SPDX-License-Identifier: ISC */
/* test_cell — values in the way of their SMI types. */
#include "agent/cell.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
numbers_keep_to_their_types(void **state)
{
	(void)state;
	struct value value;
	assert_true(cell_gauge(&value, UINT64_C(1) << 40));
	assert_int_equal(value.number, UINT32_MAX);
	assert_true(cell_gauge(&value, 77));
	assert_int_equal(value.number, 77);
	assert_true(cell_counter32(&value, (UINT64_C(1) << 32) + 5));
	assert_int_equal(value.number, 5);
	assert_true(cell_counter64(&value, UINT64_MAX));
	assert_true(value.number == UINT64_MAX);
}

static void
a_date_is_eleven_octets_of_utc(void **state)
{
	(void)state;
	static const unsigned char expected[] = {
		0x07, 0xea, 11, 22, 4, 18, 59, 0, '+', 0, 0};
	struct value value;
	assert_true(cell_date(&value, 1795321139));
	assert_int_equal(value.len, sizeof(expected));
	assert_memory_equal(value.text, expected, sizeof(expected));
}

static void
words_have_numbers_from_1_on(void **state)
{
	(void)state;
	static const char *const words[] = {"other", "clear", "raised", NULL};
	assert_int_equal(cell_word(words, "other", 1), 1);
	assert_int_equal(cell_word(words, "raised", 1), 3);
	assert_int_equal(cell_word(words, "raise", 1), 1);
	assert_int_equal(cell_word(words, "", 1), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_keep_to_their_types),
		cmocka_unit_test(a_date_is_eleven_octets_of_utc),
		cmocka_unit_test(words_have_numbers_from_1_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
