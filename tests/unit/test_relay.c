/* SPDX-License-Identifier: ISC */
/* test_relay — who took the message. */
#include "collector/relay.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
assert_text(struct slice found, const char *expected)
{
	if (!slice_is(found, expected))
		fail_msg("'%.*s', not '%s'", (int)found.len, found.data,
			expected);
}

static void
address_of_a_relay_stands_in_brackets(void **state)
{
	(void)state;
	assert_text(relay_address(slice_of("mx.example[192.0.2.7]:25")),
		"192.0.2.7");
	assert_text(
		relay_address(slice_of("mx[2001:db8::1]:25")), "2001:db8::1");
	assert_null(relay_address(slice_of("none")).data);
	assert_null(relay_address(slice_of("mx[192.0.2.7")).data);
	assert_null(relay_address((struct slice){"", 0}).data);
}

static void
queue_id_is_the_last_thing_of_a_reply(void **state)
{
	(void)state;
	assert_text(relay_queued_as(slice_of(
			    "4F1: to=<a@b.example>, status=sent (250 2.0.0 "
			    "from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: "
			    "queued as 4F2B)")),
		"4F2B");
	assert_null(relay_queued_as(slice_of("x Ok: queued as 4F2B")).data);
	assert_null(relay_queued_as(slice_of("x Ok: queued as 4F2B, y)")).data);
	assert_null(relay_queued_as(slice_of("discarded, 4F2B)")).data);
	assert_text(relay_queued_as(slice_of("250 2.0.0 Ok: queued as 4F2B, "
					     "but 1 BOUNCE)")),
		"4F2B");
}

static void
filter_that_discards_or_bounces_gives_nothing_back(void **state)
{
	(void)state;
	assert_true(relay_kept(
		slice_of(" (250 2.7.0 Ok, discarded, id=4242-01 - spam)")));
	assert_true(
		relay_kept(slice_of(" (250 2.5.0 Ok, id=4242-01, BOUNCE)")));
	assert_false(relay_kept(
		slice_of(" (250 2.6.0 Ok, id=4242-01, from MTA(smtp:"
			 "[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4F2B)")));
	assert_false(relay_kept(slice_of(" (250 2.0.0 Ok)")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_of_a_relay_stands_in_brackets),
		cmocka_unit_test(queue_id_is_the_last_thing_of_a_reply),
		cmocka_unit_test(
			filter_that_discards_or_bounces_gives_nothing_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
