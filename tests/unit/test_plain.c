/* SPDX-License-Identifier: ISC */
/* test_plain — nothing that a terminal obeys gets through. */
#include "cli/plain.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
assert_plain(const char *text, const char *expected)
{
	struct buf buf = {0};
	plain_add(&buf, slice_of(text));
	assert_string_equal(buf.len > 0 ? buf.data : "", expected);
	buf_free(&buf);
}

static void
characters_pass_and_controls_do_not(void **state)
{
	(void)state;
	assert_plain("", "");
	assert_plain("müller€😀\xc2\xa0~", "müller€😀\xc2\xa0~");
	assert_plain("\033[31m\a\b\t\r\n\x7f", "?[31m??????");
	assert_plain("\xc2\x9b[31m\xc2\x80\xc2\x9f", "?[31m??");
}

static void
bytes_that_are_no_characters_do_not_pass(void **state)
{
	(void)state;
	assert_plain("a\x9b\xff\xc3", "a???");
	assert_plain("\xc0\xaf", "??");                  /* overlong */
	assert_plain("\xe0\x9f\xbf", "???");             /* overlong */
	assert_plain("\xed\xa0\x80", "???");             /* surrogate */
	assert_plain("\xf4\x90\x80\x80", "????");        /* too large */
	assert_plain("\xe2\x82 \xf0\x9f\x98", "?? ???"); /* cut */
}

/* Every character, and nothing but characters, by an encoder of the book. */
static size_t
encode(uint32_t c, char *out)
{
	static const uint32_t limits[] = {0x80, 0x800, 0x10000, 0x110000};
	static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
	size_t more = 0;
	while (c >= limits[more])
		more++;
	for (size_t i = more; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(leads[more] | c);
	return more + 1;
}

static void
length_is_known_of_every_character(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110000; c++) {
		char text[4];
		size_t n = encode(c, text);
		bool is_surrogate = c >= 0xd800 && c < 0xe000;
		assert_int_equal(plain_length(text, n), is_surrogate ? 0 : n);
		assert_int_equal(plain_length(text, n - 1), 0);
	}
}

static void
random_bytes_are_never_obeyed(void **state)
{
	(void)state;
	srandom(3);
	for (int round = 0; round < 20000; round++) {
		char bytes[16];
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (char)(random() % (round % 2 ? 256 : 64) +
					  (round % 2 ? 0 : 0x80));
		struct buf buf = {0};
		plain_add(&buf, (struct slice){bytes, sizeof(bytes)});
		for (size_t i = 0, n; i < buf.len; i += n) {
			const unsigned char *p =
				(const unsigned char *)buf.data + i;
			n = plain_length(buf.data + i, buf.len - i);
			assert_true(n > 0);
			assert_false(*p < ' ' || *p == 0x7f);
			assert_false(*p == 0xc2 && p[1] < 0xa0);
		}
		buf_free(&buf);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_pass_and_controls_do_not),
		cmocka_unit_test(bytes_that_are_no_characters_do_not_pass),
		cmocka_unit_test(length_is_known_of_every_character),
		cmocka_unit_test(random_bytes_are_never_obeyed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
