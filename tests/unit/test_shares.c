/* SPDX-License-Identifier: ISC */
/* test_shares — how much of the mail fails. */
#include "collector/shares.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { NOON = 1000000020, FIVE = 300, SIXTY = 3600 }; /* NOON: a minute's end */
enum { DKIM, SPF, DMARC, UNSIGNED };

struct sharebox {
	struct catalogue catalogue;
	struct shares *shares;
};

static int
setup(void **state)
{
	static const char text[] = "1 dkim.signed message signer m\n"
				   "4 dkim.unsigned message mailfrom m\n"
				   "5 dkim.unsigned_local message mailfrom m\n"
				   "10 dkim.pass message signer m\n"
				   "11 dkim.fail message signer m\n"
				   "12 dkim.none message signer m\n"
				   "15 dkim.temperror message signer m\n"
				   "16 dkim.permerror message signer m\n"
				   "20 spf.pass message mailfrom m\n"
				   "21 spf.fail message mailfrom m\n"
				   "22 spf.softfail message mailfrom m\n"
				   "26 spf.permerror message mailfrom m\n"
				   "30 dmarc.pass message from m\n"
				   "31 dmarc.fail message from m\n"
				   "32 dmarc.none message from m\n";
	struct sharebox *box = calloc(1, sizeof(*box));
	*state = box;
	int result = catalogue_add(&box->catalogue,
		&(struct catalogue_file){"catalogue", slice_of(text), false},
		NULL);
	catalogue_sort(&box->catalogue);
	box->shares = shares_new(&box->catalogue);
	return result;
}

static int
teardown(void **state)
{
	struct sharebox *box = *state;
	shares_free(box->shares);
	shares_free(NULL);
	catalogue_free(&box->catalogue);
	free(box);
	return 0;
}

static void
put(struct sharebox *box, const char *name, uint64_t amount, int64_t end)
{
	int c = catalogue_find(&box->catalogue, slice_of(name));
	assert_true(c >= 0);
	shares_add(box->shares, c, amount, end);
}

static void
assert_share(const struct sharebox *box, int share, int64_t window,
	int64_t until, double expected)
{
	double value = shares_value(box->shares, share, window, until);
	if (value < expected - 1e-9 || value > expected + 1e-9)
		fail_msg("%s is %f, not %f", shares_names[share], value,
			expected);
}

#define NONE (-1.0)

static void
each_share_has_its_formula(void **state)
{
	struct sharebox *box = *state;
	static const char *const beside[] = {"dkim.none", "dkim.temperror",
		"dkim.unsigned_local", "spf.softfail", "spf.permerror",
		"dmarc.none"};
	for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++)
		put(box, beside[i], 1000, NOON);
	for (int s = 0; s < SHARES; s++)
		assert_share(box, s, FIVE, NOON, NONE);
	put(box, "dkim.pass", 70, NOON);
	put(box, "dkim.fail", 20, NOON);
	put(box, "dkim.permerror", 10, NOON);
	put(box, "spf.pass", 60, NOON);
	put(box, "spf.fail", 20, NOON);
	put(box, "dmarc.pass", 9, NOON);
	put(box, "dmarc.fail", 11, NOON);
	put(box, "dkim.signed", 39, NOON);
	put(box, "dkim.unsigned", 1, NOON);
	assert_share(box, DKIM, FIVE, NOON, 0.3);
	assert_share(box, SPF, FIVE, NOON, 0.25);
	assert_share(box, DMARC, FIVE, NOON, 0.55);
	assert_share(box, UNSIGNED, FIVE, NOON, 0.025);
}

static void
window_takes_the_minutes_that_end_in_it(void **state)
{
	struct sharebox *box = *state;
	for (int m = 0; m < 60; m++) {
		put(box, "spf.pass", 10, NOON - 60 * m);
		put(box, "spf.fail",
			m == 4   ? 50
			: m == 5 ? 1000
				 : 0,
			NOON - 60 * m);
	}
	assert_share(box, SPF, FIVE, NOON, 0.5);
	assert_share(box, SPF, SIXTY, NOON, 1050.0 / 1650.0);
	/* looked at a minute later, and before the youngest minute ended */
	assert_share(box, SPF, FIVE, NOON + 60, 0.0);
	assert_share(box, SPF, FIVE, NOON - 60, 1050.0 / 1100.0);
}

static void
minute_is_forgotten_after_an_hour(void **state)
{
	struct sharebox *box = *state;
	put(box, "spf.pass", 100, NOON);
	put(box, "spf.fail", 100, NOON);
	assert_share(box, SPF, SIXTY, NOON + SIXTY - 60, 0.5);
	assert_share(box, SPF, SIXTY, NOON + SIXTY, NONE);
	/* its place is taken: what was there is not added to */
	put(box, "spf.pass", 30, NOON + SIXTY);
	assert_share(box, SPF, SIXTY, NOON + SIXTY, 0.0);
	/* a line that is over an hour late takes nobody's place */
	put(box, "spf.fail", 500, NOON);
	put(box, "spf.fail", 500, NOON - SIXTY);
	assert_share(box, SPF, SIXTY, NOON + SIXTY, 0.0);
	/* one that is less late counts in its minute */
	put(box, "spf.fail", 10, NOON + 60);
	assert_share(box, SPF, SIXTY, NOON + SIXTY, 0.25);
	assert_share(box, SPF, FIVE, NOON + SIXTY, 0.0);
}

static void
share_of_less_than_twenty_messages_is_none(void **state)
{
	struct sharebox *box = *state;
	put(box, "dkim.pass", 10, NOON);
	put(box, "dkim.fail", 9, NOON);
	assert_share(box, DKIM, FIVE, NOON, NONE);
	put(box, "dkim.permerror", 1, NOON);
	assert_share(box, DKIM, FIVE, NOON, 0.5);
	/* the longer window may have enough where the shorter has not */
	put(box, "dkim.pass", 1, NOON + 600);
	assert_share(box, DKIM, FIVE, NOON + 600, NONE);
	assert_share(box, DKIM, SIXTY, NOON + 600, 10.0 / 21.0);
}

static void
without_a_success_in_a_day_there_is_no_share(void **state)
{
	struct sharebox *box = *state;
	put(box, "dkim.fail", 100, NOON);
	assert_share(box, DKIM, FIVE, NOON, NONE);
	put(box, "dkim.pass", 1, NOON);
	assert_int_equal(shares_success(box->shares, DKIM), NOON);
	assert_share(box, DKIM, FIVE, NOON, 100.0 / 101.0);
	put(box, "dkim.fail", 50, NOON + SHARES_SUCCESS_S);
	assert_share(box, DKIM, FIVE, NOON + SHARES_SUCCESS_S, 1.0);
	put(box, "dkim.fail", 50, NOON + SHARES_SUCCESS_S + 60);
	assert_share(box, DKIM, FIVE, NOON + SHARES_SUCCESS_S + 60, NONE);
	/* another method's success is none of this one */
	put(box, "spf.pass", 50, NOON + SHARES_SUCCESS_S + 60);
	put(box, "dkim.signed", 50, NOON + SHARES_SUCCESS_S + 60);
	assert_share(box, DKIM, FIVE, NOON + SHARES_SUCCESS_S + 60, NONE);
	assert_int_equal(shares_success(box->shares, DMARC), 0);
}

static void
restored_success_counts_like_one_that_was_seen(void **state)
{
	struct sharebox *box = *state;
	put(box, "dkim.fail", 40, NOON);
	put(box, "dkim.unsigned", 40, NOON);
	shares_restore(box->shares, "dkim", NOON - 7200);
	assert_share(box, DKIM, FIVE, NOON, 1.0);
	assert_share(box, UNSIGNED, FIVE, NOON, NONE);
	shares_restore(box->shares, "signed", NOON - 60);
	assert_share(box, UNSIGNED, FIVE, NOON, 1.0);
	/* never back, and of no method that is not known */
	shares_restore(box->shares, "signed", NOON - 600);
	shares_restore(box->shares, "arc", NOON);
	assert_int_equal(shares_success(box->shares, UNSIGNED), NOON - 60);
	assert_int_equal(shares_success(box->shares, SPF), 0);
}

static void
catalogue_without_the_counters_gives_no_share(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	assert_int_equal(
		catalogue_add(&catalogue,
			&(struct catalogue_file){"catalogue",
				slice_of("100 smtp.sent message none m\n"),
				false},
			NULL),
		0);
	catalogue_sort(&catalogue);
	struct shares *shares = shares_new(&catalogue);
	shares_add(shares, 0, 100, NOON);
	for (int s = 0; s < SHARES; s++)
		assert_true(shares_value(shares, s, FIVE, NOON) < 0);
	shares_free(shares);
	catalogue_free(&catalogue);
}

#define SHARE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SHARE_TEST(each_share_has_its_formula),
		SHARE_TEST(window_takes_the_minutes_that_end_in_it),
		SHARE_TEST(minute_is_forgotten_after_an_hour),
		SHARE_TEST(share_of_less_than_twenty_messages_is_none),
		SHARE_TEST(without_a_success_in_a_day_there_is_no_share),
		SHARE_TEST(restored_success_counts_like_one_that_was_seen),
		cmocka_unit_test(catalogue_without_the_counters_gives_no_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
