/* SPDX-License-Identifier: ISC */
/* Keys come from strangers. */
#include "rrd/path.c"

#include "tests/unit/history.h"

static void
a_stranger_s_key_stays_below_the_folder(void **state)
{
	struct history *h = *state;
	static const char *const keys[][2] = {
		{"../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"},
		{"..", "%2E."},
		{".", "%2E"},
		{"", "%"},
		{"%", "%25"},
		{"Example.ORG", "%45xample.%4F%52%47"},
		{"m\xc3\xbc.example", "m%C3%BC.example"},
		{"(other)", "%28other%29"},
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct store_series series = SERIES;
		char want[256];
		series.kind = "domain";
		series.key = keys[i][0];
		snprintf(want, sizeof(want), "%s/domain/%s/dkim.rrd", h->dir,
			keys[i][1]);
		assert_string_equal(path_of(h, &series), want);
		assert_int_equal(feed_series(h, &series, 0, 2), 0);
		assert_int_equal(access(want, F_OK), 0);
	}
}

static void
two_long_keys_do_not_share_a_file(void **state)
{
	struct history *h = *state;
	char key[2][600], first[PATH_SIZE];
	for (size_t i = 0; i < 2; i++) {
		memset(key[i], 0xff, sizeof(key[i]) - 1);
		key[i][598] = (char)('a' + i);
		key[i][599] = '\0';
	}
	struct store_series series = SERIES;
	series.kind = "host";
	series.key = key[0];
	assert_int_equal(feed_series(h, &series, 0, 2), 0);
	strcpy(first, path_of(h, &series));
	series.key = key[1];
	assert_int_equal(feed_series(h, &series, 0, 2), 0);
	assert_string_not_equal(first, path_of(h, &series));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_stranger_s_key_stays_below_the_folder),
		TEST(two_long_keys_do_not_share_a_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
