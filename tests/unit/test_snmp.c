/* SPDX-License-Identifier: ISC */
/* test_snmp — what becomes of the library's log lines. */
#include "agent/snmp.c"

#include "tests/unit/stderrbox.h"

static void
say(struct snmp *snmp, int priority, const char *text)
{
	struct snmp_log_message message = {.priority = priority, .msg = text};
	assert_int_equal(on_log(0, 0, &message, snmp), 0);
}

static void
a_line_of_the_library_is_one_of_ours(void **state)
{
	(void)state;
	struct snmp snmp = {0};
	stderrbox_open();
	say(&snmp, LOG_ERR, "cannot do it\n");
	say(&snmp, LOG_NOTICE, "a \x1b line\nand another\n");
	stderrbox_expect("warning: net-snmp: cannot do it\n"
			 "warning: net-snmp: a ? line\n");
}

static void
nothing_said_is_nothing_logged(void **state)
{
	(void)state;
	struct snmp snmp = {0};
	stderrbox_open();
	on_log(0, 0, NULL, &snmp);
	say(&snmp, LOG_ERR, NULL);
	say(&snmp, LOG_ERR, "");
	say(&snmp, LOG_INFO, "no more than information");
	stderrbox_expect("");
}

static void
lines_that_differ_in_numbers_are_held_back_together(void **state)
{
	(void)state;
	struct snmp snmp = {0};
	stderrbox_open();
	for (int i = 0; i < 1000; i++) {
		struct err line;
		err_set(&line, "packet %d of %d was broken", i, i * i);
		say(&snmp, LOG_ERR, line.text);
	}
	stderrbox_expect("warning: net-snmp: packet 0 of 0 was broken\n");
	assert_ptr_equal(repeat_of(&snmp, "a1b"), repeat_of(&snmp, "a99b"));
	assert_int_equal(
		repeat_of(&snmp, "packet  of  was broken")->held_back, 999);
}

static void
a_long_line_is_cut(void **state)
{
	(void)state;
	struct snmp snmp = {0};
	struct buf text = {0};
	while (text.len < 100000)
		buf_adds(&text, "0123456789 long ");
	stderrbox_open();
	say(&snmp, LOG_ERR, text.data);
	buf_clear(&text);
	struct err err;
	assert_int_equal(file_read("stderr", 65536, &text, &err), 0);
	stderrbox_expect(text.data);
	assert_in_range(text.len, 400, 600);
	buf_free(&text);
}

static void
a_refusal_is_kept_until_it_is_taken_and_not_said_twice(void **state)
{
	(void)state;
	struct snmp snmp = {0};
	stderrbox_open();
	assert_false(snmp_take_refusal(&snmp));
	say(&snmp, LOG_ERR, "registering pdu failed: 263!\n");
	say(&snmp, LOG_INFO, "NET-SNMP version 5.9\n");
	say(&snmp, LOG_WARNING, "AgentX master disconnected us, reconnecting");
	stderrbox_expect("");
	assert_true(snmp_take_refusal(&snmp));
	assert_false(snmp_take_refusal(&snmp));
}

static void
the_first_error_is_kept_while_they_are_watched(void **state)
{
	(void)state;
	struct snmp snmp = {0};
	struct err err = {"untouched"};
	stderrbox_open();
	snmp_watch_errors(&snmp);
	say(&snmp, LOG_WARNING, "only a warning");
	say(&snmp, LOG_ERR, "Error opening endpoint\n");
	say(&snmp, LOG_ERR, "and what follows\n");
	stderrbox_expect("");
	assert_int_equal(snmp_take_error(&snmp, &err), -1);
	assert_string_equal(err.text, "net-snmp: Error opening endpoint");
	/* It is over: lines are logged again, and a new watch begins anew. */
	stderrbox_open();
	say(&snmp, LOG_ERR, "later");
	stderrbox_expect("warning: net-snmp: later\n");
	snmp_watch_errors(&snmp);
	assert_int_equal(snmp_take_error(&snmp, &err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(a_line_of_the_library_is_one_of_ours),
		FOLDER_TEST(nothing_said_is_nothing_logged),
		FOLDER_TEST(
			lines_that_differ_in_numbers_are_held_back_together),
		FOLDER_TEST(a_long_line_is_cut),
		FOLDER_TEST(
			a_refusal_is_kept_until_it_is_taken_and_not_said_twice),
		FOLDER_TEST(the_first_error_is_kept_while_they_are_watched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
