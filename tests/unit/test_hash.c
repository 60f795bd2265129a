/* SPDX-License-Identifier: ISC */
#include "lib/hash.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* The first is XXH3's published number for no bytes and no seed. */
static void
hash_is_xxh3(void **state)
{
	(void)state;
	assert_int_equal(hash64("", 0), 0x2d06800538d394c2);
}

static void
hash_depends_on_each_byte_and_on_nothing_else(void **state)
{
	char one[300], two[301];

	(void)state;
	memset(one, 'a', sizeof one);
	memset(two, 'a', sizeof two);
	assert_int_equal(hash64(one, 300), hash64(two + 1, 300));
	for (size_t i = 0; i < sizeof one; i++) {
		one[i] = 'b';
		assert_int_not_equal(hash64(one, 300), hash64(two, 300));
		one[i] = 'a';
	}
	assert_int_not_equal(hash64(one, 299), hash64(one, 300));
}

static void
short_hash_tells_short_texts_apart_wherever_they_differ(void **state)
{
	(void)state;
	char one[24] = "";
	for (size_t size = 1; size <= 16; size++)
		for (size_t i = 0; i < size; i++) {
			char two[24] = "";
			two[i] = 'b';
			assert_int_not_equal(
				hash_short(one, size), hash_short(two, size));
		}
	for (size_t size = 1; size < sizeof(one); size++)
		assert_int_not_equal(
			hash_short(one, size - 1), hash_short(one, size));
}

/* Tables take its low bits; texts differ at their ends. */
static void
short_hash_spreads_numbered_texts_over_a_table(void **state)
{
	(void)state;
	enum { TEXTS = 4096 };
	static unsigned char used[TEXTS];
	size_t places = 0;
	for (int i = 0; i < TEXTS; i++) {
		char text[16];
		snprintf(text, sizeof(text), "4jHLhJ3Vk%04XzY", i);
		places += used[hash_short(text, 15) % TEXTS]++ == 0;
	}
	/* By chance it would be 63 %. */
	assert_true(places > TEXTS * 55 / 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_is_xxh3),
		cmocka_unit_test(hash_depends_on_each_byte_and_on_nothing_else),
		cmocka_unit_test(
			short_hash_tells_short_texts_apart_wherever_they_differ),
		cmocka_unit_test(
			short_hash_spreads_numbered_texts_over_a_table),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
