/* SPDX-License-Identifier: ISC */
/*
 * test_agentx — when snmpd is asked for, when the library may connect, and
 * what is said of it: the probe and the library's session are played.
 */
#include "agent/agentx.c"

#include "tests/unit/stderrbox.h"

static struct {
	enum probe_result result;
	const char *why;
	int fd; /* while it waits */
	int turns, cancels;
} played;

enum probe_result
probe_turn(struct probe *probe, struct err *err)
{
	(void)probe;
	played.turns++;
	played.fd = played.result == PROBE_WAITS ? 77 : -1;
	if (played.result == PROBE_FAILED)
		err_set(err, "%s", played.why);
	return played.result;
}

int
probe_fd(const struct probe *probe)
{
	(void)probe;
	return played.fd;
}

short
probe_events(const struct probe *probe)
{
	(void)probe;
	return POLLOUT;
}

void
probe_cancel(struct probe *probe)
{
	(void)probe;
	played.cancels++;
	played.fd = -1;
}

struct probe *
probe_new(const struct endpoint *endpoint)
{
	(void)endpoint;
	return NULL;
}

void
probe_free(struct probe *probe)
{
	(void)probe;
}

static bool has_refusal;

bool
snmp_take_refusal(struct snmp *snmp)
{
	(void)snmp;
	bool result = has_refusal;
	has_refusal = false;
	return result;
}

static struct agentx agentx;
static int ends[2], connects;
static bool gives_session, refuses;

/* The library's: connects if it may. */
void
run_alarms(void)
{
	const char *address = netsnmp_ds_get_string(
		NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET);
	if (agentx.fd >= 0)
		return;
	assert_string_equal(address, "unix:/master");
	connects++;
	if (gives_session)
		agentx.fd = ends[0];
	has_refusal = refuses;
}

static int
begin(void **state)
{
	played.result = PROBE_ANSWERED;
	played.why = "";
	played.turns = played.cancels = 0;
	played.fd = -1;
	has_refusal = refuses = false;
	gives_session = true;
	connects = 0;
	agentx = (struct agentx){.socket = "unix:/master", .fd = -1};
	buf_adds(&agentx.address, "unix:/master");
	forbid();
	return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) | folder_enter(state);
}

static int
end(void **state)
{
	buf_free(&agentx.address);
	close(ends[0]);
	close(ends[1]);
	return folder_leave(state);
}

#define AGENTX_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* What the library would connect to by itself. */
static void
expect_forbidden(void)
{
	assert_string_equal(netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID,
				    NETSNMP_DS_AGENT_X_SOCKET),
		NOWHERE);
}

static void
once_snmpd_has_answered_the_library_connects(void **state)
{
	(void)state;
	stderrbox_open();
	agentx_turn(&agentx, 1000);
	stderrbox_expect("connected to snmpd at unix:/master\n");
	assert_int_equal(connects, 1);
	assert_true(agentx_is_connected(&agentx));
	assert_int_equal(agentx_connects(&agentx), 1);
	expect_forbidden();
	stderrbox_open();
	agentx_turn(&agentx, 9000);
	stderrbox_expect("");
	assert_int_equal(connects, 1);
	assert_int_equal(agentx_connects(&agentx), 1);
}

static void
a_reason_is_told_once_and_asked_about_each_two_seconds(void **state)
{
	(void)state;
	played.result = PROBE_FAILED;
	played.why = "No such file or directory";
	stderrbox_open();
	for (int64_t now_ms = 0; now_ms < 10000; now_ms += 100)
		agentx_turn(&agentx, now_ms);
	assert_int_equal(played.turns, 5);
	assert_int_equal(connects, 0);
	played.why = "Permission denied";
	agentx_turn(&agentx, 10000);
	played.why = "it closed the connection";
	agentx_turn(&agentx, 12000);
	agentx_turn(&agentx, 14000);
	stderrbox_expect(
		"warning: cannot reach snmpd at unix:/master: No such file or "
		"directory (is snmpd running, and does snmpd.conf say `master "
		"agentx`?)\n"
		"warning: cannot reach snmpd at unix:/master: Permission "
		"denied (see agentXPerms in snmpd.conf(5))\n"
		"warning: cannot reach snmpd at unix:/master: it closed the "
		"connection\n");
	assert_false(agentx_is_connected(&agentx));
}

static void
a_reason_is_told_again_after_a_session(void **state)
{
	(void)state;
	stderrbox_open();
	played.result = PROBE_FAILED;
	played.why = "Connection refused";
	agentx_turn(&agentx, 0);
	played.result = PROBE_ANSWERED;
	agentx_turn(&agentx, 2000);
	agentx.fd = -1;
	played.result = PROBE_FAILED;
	agentx_turn(&agentx, 3000);
	/* It had its pause. */
	assert_int_equal(played.turns, 2);
	agentx_turn(&agentx, 5000);
	assert_int_equal(played.turns, 3);
	assert_false(agentx_is_connected(&agentx));
#define REFUSED                                                            \
	"warning: cannot reach snmpd at unix:/master: Connection refused " \
	"(is snmpd running, and does snmpd.conf say `master agentx`?)\n"
	stderrbox_expect(REFUSED
		"connected to snmpd at unix:/master\n"
		"warning: snmpd has gone; asking for it every 2 s\n" REFUSED);
	assert_int_equal(agentx_connects(&agentx), 1);
}

static void
one_that_hangs_is_told_after_a_second_and_asked_anew_after_thirty(void **state)
{
	(void)state;
	played.result = PROBE_WAITS;
	stderrbox_open();
	agentx_turn(&agentx, 0);
	agentx_turn(&agentx, 1000);
	stderrbox_expect("");
	stderrbox_open();
	agentx_turn(&agentx, 1001);
	agentx_turn(&agentx, 30000);
	assert_int_equal(played.cancels, 0);
	agentx_turn(&agentx, 30001);
	assert_int_equal(played.cancels, 1);
	agentx_turn(&agentx, 30100);
	agentx_turn(&agentx, 60100);
	assert_int_equal(played.cancels, 1);
	stderrbox_expect("warning: cannot reach snmpd at unix:/master: it does "
			 "not answer\n");
	assert_int_equal(connects, 0);
}

static void
an_answer_without_a_session_is_told(void **state)
{
	(void)state;
	gives_session = false;
	stderrbox_open();
	agentx_turn(&agentx, 0);
	agentx_turn(&agentx, 100);
	agentx_turn(&agentx, 2000);
	stderrbox_expect("warning: cannot reach snmpd at unix:/master: it "
			 "answers, but gives us no session\n");
	assert_int_equal(connects, 2);
	expect_forbidden();
}

static void
a_session_that_does_not_take_our_tree_is_ended_and_tried_again(void **state)
{
	(void)state;
	char byte;
	refuses = true;
	stderrbox_open();
	agentx_turn(&agentx, 0);
	assert_false(agentx_is_connected(&agentx));
	assert_int_equal(agentx_connects(&agentx), 0);
	/* The session is shut down: the library will notice. */
	assert_int_equal(recv(ends[1], &byte, 1, MSG_DONTWAIT), 0);
	agentx_turn(&agentx, 500);
	assert_false(agentx_is_connected(&agentx));
	agentx.fd = -1;
	agentx_turn(&agentx, 1999);
	assert_int_equal(connects, 1);
	agentx_turn(&agentx, 2000);
	assert_int_equal(connects, 2);
	stderrbox_expect(
		"warning: cannot reach snmpd at unix:/master: another agent "
		"serves the same root there already; does a second "
		"mailtally-agent run?\n");
}

static void
a_refusal_of_a_session_that_is_gone_means_nothing(void **state)
{
	(void)state;
	has_refusal = true;
	stderrbox_open();
	agentx_turn(&agentx, 0);
	stderrbox_expect("connected to snmpd at unix:/master\n");
	assert_true(agentx_is_connected(&agentx));
}

static void
the_loop_waits_for_the_probe_or_until_the_next_one(void **state)
{
	(void)state;
	struct pollfd fd = {.fd = 5};
	int timeout_ms = 1000;
	agentx.next_ms = 5400;
	agentx_wait(&agentx, 5000, &fd, &timeout_ms);
	assert_int_equal(fd.fd, -1);
	assert_int_equal(timeout_ms, 400);
	agentx_wait(&agentx, 6000, &fd, &timeout_ms);
	assert_int_equal(timeout_ms, 0);
	timeout_ms = 1000;
	played.fd = 77;
	agentx_wait(&agentx, 6000, &fd, &timeout_ms);
	assert_int_equal(fd.fd, 77);
	assert_int_equal(fd.events, POLLOUT);
	assert_int_equal(timeout_ms, 1000);
	/* Connected: there is nothing to ask. */
	played.fd = -1;
	agentx.fd = ends[0];
	agentx_wait(&agentx, 6000, &fd, &timeout_ms);
	assert_int_equal(fd.fd, -1);
	assert_int_equal(timeout_ms, 1000);
}

static void
what_snmpd_has_not_read_is_counted(void **state)
{
	(void)state;
	char bytes[100] = {0};
	assert_int_equal(agentx_unread(&agentx), 0);
	agentx.fd = ends[0];
	assert_int_equal(agentx_unread(&agentx), 0);
	assert_int_equal(send(ends[0], bytes, 100, 0), 100);
	assert_true(agentx_unread(&agentx) >= 100);
	assert_int_equal(recv(ends[1], bytes, 100, 0), 100);
	assert_int_equal(agentx_unread(&agentx), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AGENTX_TEST(once_snmpd_has_answered_the_library_connects),
		AGENTX_TEST(
			a_reason_is_told_once_and_asked_about_each_two_seconds),
		AGENTX_TEST(a_reason_is_told_again_after_a_session),
		AGENTX_TEST(
			one_that_hangs_is_told_after_a_second_and_asked_anew_after_thirty),
		AGENTX_TEST(an_answer_without_a_session_is_told),
		AGENTX_TEST(
			a_session_that_does_not_take_our_tree_is_ended_and_tried_again),
		AGENTX_TEST(a_refusal_of_a_session_that_is_gone_means_nothing),
		AGENTX_TEST(the_loop_waits_for_the_probe_or_until_the_next_one),
		AGENTX_TEST(what_snmpd_has_not_read_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
