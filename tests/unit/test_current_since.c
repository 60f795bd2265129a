/* SPDX-License-Identifier: ISC */
/* test_current_since — since when was counted, in sysUpTime. */
#include "agent/current.c"

#include "tests/unit/folder.h"

static int64_t now_ms = 50000;

/* When it looks next. */
static void
look(struct current *current)
{
	now_ms += CURRENT_REST_MS;
	assert_true(current_look(current, now_ms));
}

/* A snapshot of a collector that has been counting for so long. */
static void
put_counting_for(int64_t seconds)
{
	struct buf text = {0};
	buf_printf(&text,
		"mailtally-snapshot 1\nstarted %jd\nwritten 2000\n"
		"boot b-1\nend 3\n",
		(intmax_t)(clock_wall_us() / 1000000 - seconds));
	folder_put("new", text.data);
	assert_int_equal(rename("new", "snapshot"), 0);
	buf_free(&text);
}

static uint32_t
since(struct current *current, uint32_t uptime)
{
	struct moment moment;
	current_moment(current, now_ms, uptime, &moment);
	assert_int_equal(moment.uptime, uptime);
	return moment.counting_since;
}

/* now, seconds being cut off. */
static bool
is_about(uint32_t ticks, uint32_t expected)
{
	return ticks <= expected && ticks + 300 >= expected;
}

static void
counting_since_is_in_the_time_of_snmpd_and_0_before_it_began(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	assert_int_equal(since(current, 90000), 0);
	put_counting_for(60);
	look(current);
	assert_true(is_about(since(current, 100000), 94000));
	assert_true(is_about(since(current, 200000), 194000));
	/* snmpd began anew: after counting did. */
	assert_int_equal(since(current, 3000), 0);
	assert_int_equal(since(current, 0), 0);
	/* And did so soon after it had begun before. */
	put_counting_for(2);
	look(current);
	assert_true(is_about(since(current, 600), 400));
	now_ms += 3000;
	assert_int_equal(since(current, 200), 0);
	put_counting_for(60);
	look(current);
	/* sysUpTime is at its end, and behind it (RFC 2579, TimeStamp). */
	assert_true(is_about(since(current, UINT32_MAX), UINT32_MAX - 6000));
	assert_int_equal(since(current, 5), 0);
	/* Longer than sysUpTime can say, and longer than this machine runs. */
	put_counting_for(1000000000);
	look(current);
	assert_int_equal(since(current, UINT32_MAX), 0);
	current_free(current);
}

static void
counting_since_stays_as_time_goes_by(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put_counting_for(60);
	look(current);
	uint32_t first = since(current, 100000);
	for (uint32_t i = 1; i < 50; i++) {
		now_ms += 1005;
		/* What snmpd says of its time comes a little late, or not. */
		uint32_t uptime = 100000 + i * 100 + i / 2 + i % 5;
		assert_int_equal(since(current, uptime), first);
	}
	current_free(current);
}

static void
a_collector_that_counts_anew_moves_it(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put_counting_for(60);
	look(current);
	uint32_t first = since(current, 100000);
	put_counting_for(58);
	look(current);
	uint32_t second = since(current, 100020);
	assert_true(second > first);
	assert_true(is_about(second, 94220));
	/* The same one again: nothing moves. */
	put_counting_for(58);
	look(current);
	assert_int_equal(since(current, 100040), second);
	current_free(current);
}

static void
a_collector_from_the_future_has_counted_since_now(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put_counting_for(-3600);
	look(current);
	assert_int_equal(since(current, 100000), 100000);
	current_free(current);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(
			counting_since_is_in_the_time_of_snmpd_and_0_before_it_began),
		FOLDER_TEST(counting_since_stays_as_time_goes_by),
		FOLDER_TEST(a_collector_that_counts_anew_moves_it),
		FOLDER_TEST(a_collector_from_the_future_has_counted_since_now),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
