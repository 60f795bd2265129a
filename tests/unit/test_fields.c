/* SPDX-License-Identifier: ISC */
/* test_fields — what test_snapshot does not reach: borders and leftovers. */
#include "lib/fields.c"

#include <setjmp.h>

#include <cmocka.h>

static void
fields_digits_knows_its_borders(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t max, number;
		size_t taken; /* 0: refused */
	} cases[] = {
		{"0", 0, 0, 1},
		{"1", 0, 0, 0},
		{"9", 9, 9, 1},
		{"10", 9, 0, 0},
		{"5", 4, 0, 0},
		{"007x", 10, 7, 3},
		{"18446744073709551615", UINT64_MAX, UINT64_MAX, 20},
		{"18446744073709551616", UINT64_MAX, 0, 0},
		{"99999999999999999999", UINT64_MAX, 0, 0},
		{"", 9, 0, 0},
		{" 1", 9, 0, 0},
		{"-1", 9, 0, 0},
		{"+1", 9, 0, 0},
		{"x", 9, 0, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = cases[i].text;
		uint64_t number = 0;
		bool is_good = fields_digits(&at, cases[i].max, &number);
		assert_int_equal(is_good, cases[i].taken > 0);
		assert_true(number == cases[i].number);
		assert_ptr_equal(at, cases[i].text + cases[i].taken);
	}
}

static void
fields_are_taken_from_left_to_right(void **state)
{
	(void)state;
	char line[] = "word 7 a%20b 1.25";
	struct err err = {""};
	struct fields fields = {"file", 3, line, &err};
	const char *word, *text;
	uint32_t number;
	int64_t time_us;
	assert_int_equal(fields_word(&fields, "word", &word), 0);
	assert_int_equal(fields_u32(&fields, "number", &number), 0);
	assert_int_equal(fields_end(&fields), -1);
	assert_string_equal(
		err.text, "file:3: 'a%20b 1.25' behind the last field");
	assert_int_equal(fields_text(&fields, "text", &text), 0);
	assert_int_equal(fields_time_us(&fields, &time_us), 0);
	assert_int_equal(fields_end(&fields), 0);
	assert_string_equal(word, "word");
	assert_int_equal(number, 7);
	assert_string_equal(text, "a b");
	assert_int_equal(time_us, 1250000);
	assert_int_equal(fields_word(&fields, "more", &word), -1);
	assert_string_equal(err.text, "file:3: more is missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_digits_knows_its_borders),
		cmocka_unit_test(fields_are_taken_from_left_to_right),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
