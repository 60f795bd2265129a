/* SPDX-License-Identifier: ISC */
/* test_err — one sentence, cut where it has to be. */
#include "lib/err.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
err_set_writes_the_sentence_and_returns_minus_one(void **state)
{
	(void)state;
	struct err err;
	assert_int_equal(err_set(&err, "%s:%d: bad", "a.rules", 7), -1);
	assert_string_equal(err.text, "a.rules:7: bad");
}

static void
err_set_replaces_what_stood_there(void **state)
{
	(void)state;
	struct err err;
	err_set(&err, "a long sentence");
	err_set(&err, "short");
	assert_string_equal(err.text, "short");
}

static void
err_set_cuts_a_sentence_that_is_too_long(void **state)
{
	(void)state;
	struct err err;
	char text[2 * sizeof(err.text)];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(err_set(&err, "%s", text), -1);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void
err_set_may_quote_the_sentence_it_replaces_through_a_copy(void **state)
{
	(void)state;
	struct err why = {"no such counter"}, err;
	err_set(&err, "%s:%u: %s", "f", 3u, why.text);
	assert_string_equal(err.text, "f:3: no such counter");
}

static void
err_set_without_an_err_still_fails(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, "nobody reads %s", "this"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			err_set_writes_the_sentence_and_returns_minus_one),
		cmocka_unit_test(err_set_replaces_what_stood_there),
		cmocka_unit_test(err_set_cuts_a_sentence_that_is_too_long),
		cmocka_unit_test(
			err_set_may_quote_the_sentence_it_replaces_through_a_copy),
		cmocka_unit_test(err_set_without_an_err_still_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
