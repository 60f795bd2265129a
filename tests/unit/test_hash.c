/* SPDX-License-Identifier: ISC */
#include "lib/hash.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_is_xxh3),
		cmocka_unit_test(hash_depends_on_each_byte_and_on_nothing_else),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
