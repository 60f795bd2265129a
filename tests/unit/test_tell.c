/* SPDX-License-Identifier: ISC */
/* test_tell — when notifications go, and when they count as told. */
#include "agent/tell.c"

#include "tests/unit/changesbox.h"
#include "tests/unit/stderrbox.h"

/* snmpd, as far as it is asked for: these stand in for agentx.c and
 * notification.c. */
struct agentx {
	unsigned long connects;
	bool is_connected;
	size_t unread;
};

unsigned long
agentx_connects(const struct agentx *agentx)
{
	return agentx->connects;
}

bool
agentx_is_connected(const struct agentx *agentx)
{
	return agentx->is_connected;
}

size_t
agentx_unread(const struct agentx *agentx)
{
	return agentx->unread;
}

static const struct tree_name root = {.arcs = {1, 3, 6}, .len = 3};
static struct buf sent; /* numbers */

void
notification_send(const struct tree_name *at, const struct change_told *told)
{
	assert_ptr_equal(at, &root);
	buf_printf(&sent, "%" PRIu32 " ", told->number);
}

static void
expect_sent(const char *expected)
{
	assert_string_equal(sent.data != NULL ? sent.data : "", expected);
	buf_free(&sent);
}

/* Changes 1 to 25, of which the first was told before. */
static struct view *
view_of_changes(void)
{
	struct buf lines = {0};
	for (int i = 1; i <= 25; i++)
		buf_printf(&lines, "change %d %d a k%d raised 5 1\n", i,
			1000 + i, i);
	struct view *view = areabox_view(lines.data);
	buf_free(&lines);
	return view;
}

static const struct agentx *
agentx_there(struct agentx *agentx)
{
	*agentx = (struct agentx){.connects = 1, .is_connected = true};
	return agentx;
}

static struct tell *
begin(const struct agentx *agentx)
{
	folder_put("told", "mailtally-told 1 1 1001\n");
	return tell_new("told", agentx, &root);
}

#define FILE_OF(number, time) "mailtally-told 1 " number " " time "\n"

static void
a_batch_is_ten_and_the_next_waits_until_it_was_read(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct view *view = view_of_changes();
	assert_false(tell_is_waiting(tell));
	/* Its answers will wake us. */
	assert_false(tell_turn(tell, view));
	expect_sent("2 3 4 5 6 7 8 9 10 11 ");
	assert_true(tell_is_waiting(tell));
	for (agentx.unread = 3; agentx.unread > 0; agentx.unread--)
		assert_false(tell_turn(tell, view));
	expect_sent("");
	tell_turn(tell, view);
	expect_sent("12 13 14 15 16 17 18 19 20 21 ");
	tell_turn(tell, view);
	expect_sent("22 23 24 25 ");
	assert_true(tell_is_waiting(tell));
	tell_turn(tell, view);
	expect_sent("");
	assert_false(tell_is_waiting(tell));
	tell_free(tell);
	view_free(view);
}

static void
what_was_read_is_confirmed_and_saved_and_nothing_else(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct view *view = view_of_changes();
	tell_turn(tell, view);
	agentx.unread = 1;
	tell_turn(tell, view);
	changesbox_expect_file(FILE_OF("1", "1001"));
	agentx.unread = 0;
	tell_turn(tell, view);
	changesbox_expect_file(FILE_OF("11", "1011"));
	tell_turn(tell, view);
	tell_turn(tell, view);
	changesbox_expect_file(FILE_OF("25", "1025"));
	buf_free(&sent);
	tell_free(tell);
	view_free(view);
}

static void
nothing_goes_while_snmpd_is_not_there(void **state)
{
	(void)state;
	struct agentx agentx = {0};
	struct tell *tell = begin(&agentx);
	struct view *view = view_of_changes();
	assert_false(tell_turn(tell, view));
	expect_sent("");
	agentx_there(&agentx);
	tell_turn(tell, view);
	expect_sent("2 3 4 5 6 7 8 9 10 11 ");
	tell_free(tell);
	view_free(view);
}

static void
a_new_session_is_told_again_what_the_old_one_had_not_read(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct view *view = view_of_changes();
	tell_turn(tell, view);
	tell_turn(tell, view);
	expect_sent("2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 ");
	agentx.is_connected = false;
	tell_turn(tell, view);
	tell_turn(tell, view);
	changesbox_expect_file(FILE_OF("11", "1011"));
	agentx.is_connected = true;
	agentx.connects++;
	tell_turn(tell, view);
	expect_sent("12 13 14 15 16 17 18 19 20 21 ");
	changesbox_expect_file(FILE_OF("11", "1011"));
	tell_turn(tell, view);
	expect_sent("22 23 24 25 ");
	changesbox_expect_file(FILE_OF("21", "1021"));
	tell_free(tell);
	view_free(view);
}

static void
a_session_lost_and_found_between_two_turns_is_a_new_one(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct view *view = view_of_changes();
	tell_turn(tell, view);
	agentx.connects++;
	tell_turn(tell, view);
	expect_sent("2 3 4 5 6 7 8 9 10 11 2 3 4 5 6 7 8 9 10 11 ");
	changesbox_expect_file(FILE_OF("1", "1001"));
	tell_free(tell);
	view_free(view);
}

static void
to_finish_waits_for_what_is_under_way_and_hands_over_no_more(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct view *view = view_of_changes();
	tell_turn(tell, view);
	agentx.unread = 1;
	tell_finish(tell);
	tell_turn(tell, view);
	assert_true(tell_is_waiting(tell));
	agentx.unread = 0;
	assert_false(tell_turn(tell, view));
	assert_false(tell_is_waiting(tell));
	expect_sent("2 3 4 5 6 7 8 9 10 11 ");
	changesbox_expect_file(FILE_OF("11", "1011"));
	tell_free(tell);
	view_free(view);
}

static void
to_finish_does_not_wait_for_an_snmpd_that_has_gone(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct view *view = view_of_changes();
	tell_turn(tell, view);
	agentx.is_connected = false;
	tell_finish(tell);
	tell_turn(tell, view);
	assert_false(tell_is_waiting(tell));
	changesbox_expect_file(FILE_OF("1", "1001"));
	buf_free(&sent);
	tell_free(tell);
	view_free(view);
}

static void
an_agent_of_its_own_tells_batch_by_batch_without_waiting(void **state)
{
	(void)state;
	struct tell *tell = begin(NULL);
	struct view *view = view_of_changes();
	assert_true(tell_turn(tell, view));
	expect_sent("2 3 4 5 6 7 8 9 10 11 ");
	changesbox_expect_file(FILE_OF("1", "1001"));
	assert_true(tell_turn(tell, view));
	changesbox_expect_file(FILE_OF("11", "1011"));
	assert_true(tell_turn(tell, view));
	assert_false(tell_turn(tell, view));
	changesbox_expect_file(FILE_OF("25", "1025"));
	assert_false(tell_is_waiting(tell));
	buf_free(&sent);
	tell_free(tell);
	view_free(view);
}

static void
health_has_what_was_sent_and_what_was_gone_before(void **state)
{
	(void)state;
	struct agentx agentx;
	struct tell *tell = begin(agentx_there(&agentx));
	struct health health = {.refused = 5};
	tell_health(tell, &health);
	assert_int_equal(health.sent, 0);
	assert_int_equal(health.dropped, 0);
	/* 2 to 7 are gone: the present state instead. */
	struct view *view = areabox_view("alert a k raised 2000 5 1 critical\n"
					 "change 8 2001 a k raised 5 1\n");
	tell_turn(tell, view);
	expect_sent("8 ");
	tell_health(tell, &health);
	assert_int_equal(health.refused, 5);
	assert_int_equal(health.sent, 1);
	assert_int_equal(health.dropped, 6);
	tell_free(tell);
	view_free(view);
}

static void
a_damaged_file_is_told_and_what_is_raised_now(void **state)
{
	(void)state;
	struct agentx agentx;
	struct view *view = areabox_view("alert a k raised 2000 5 1 critical\n"
					 "change 8 2001 a k raised 5 1\n");
	folder_put("told", "mailtally-told 1 many 1001\n");
	stderrbox_open();
	struct tell *tell = tell_new("told", agentx_there(&agentx), &root);
	tell_turn(tell, view);
	tell_turn(tell, view);
	stderrbox_expect("warning: told:1: number 'many' is not a number up to "
			 "18446744073709551615; telling what is raised now\n");
	expect_sent("8 ");
	changesbox_expect_file(FILE_OF("8", "2001"));
	tell_free(tell);
	view_free(view);
}

static void
a_file_that_cannot_be_written_is_told_once_a_minute(void **state)
{
	(void)state;
	struct agentx agentx;
	struct view *view = view_of_changes();
	stderrbox_open();
	struct tell *tell = tell_new("none/told", agentx_there(&agentx), &root);
	for (int i = 0; i < 5; i++)
		tell_turn(tell, view);
	struct buf text = {0};
	struct err err;
	assert_int_equal(file_read("stderr", 65536, &text, &err), 0);
	stderrbox_expect(text.data);
	assert_non_null(strstr(text.data, "none/told"));
	assert_ptr_equal(strchr(text.data, '\n'), text.data + text.len - 1);
	buf_free(&text);
	buf_free(&sent);
	tell_free(tell);
	view_free(view);
}

static void
without_a_view_there_is_nothing_to_tell(void **state)
{
	(void)state;
	struct tell *tell = begin(NULL);
	assert_false(tell_turn(tell, NULL));
	expect_sent("");
	tell_free(tell);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(
			a_batch_is_ten_and_the_next_waits_until_it_was_read),
		FOLDER_TEST(
			what_was_read_is_confirmed_and_saved_and_nothing_else),
		FOLDER_TEST(nothing_goes_while_snmpd_is_not_there),
		FOLDER_TEST(
			a_new_session_is_told_again_what_the_old_one_had_not_read),
		FOLDER_TEST(
			a_session_lost_and_found_between_two_turns_is_a_new_one),
		FOLDER_TEST(
			to_finish_waits_for_what_is_under_way_and_hands_over_no_more),
		FOLDER_TEST(to_finish_does_not_wait_for_an_snmpd_that_has_gone),
		FOLDER_TEST(
			an_agent_of_its_own_tells_batch_by_batch_without_waiting),
		FOLDER_TEST(health_has_what_was_sent_and_what_was_gone_before),
		FOLDER_TEST(a_damaged_file_is_told_and_what_is_raised_now),
		FOLDER_TEST(
			a_file_that_cannot_be_written_is_told_once_a_minute),
		FOLDER_TEST(without_a_view_there_is_nothing_to_tell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
