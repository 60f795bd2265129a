/* SPDX-License-Identifier: ISC */
/* test_probe — whether a master is there and answers: on sockets in a folder
 * of our own, and on the loopback device. */
#include <netinet/in.h>
#include <sys/socket.h>

/* root may open all: that a socket is forbidden is played. */
static int connect_to(int fd, const struct sockaddr *address, socklen_t len);
#define connect connect_to
#include "agent/probe.c"
#undef connect

#include "lib/clock.h"
#include "tests/unit/folder.h"

static int played_error;

static int
connect_to(int fd, const struct sockaddr *address, socklen_t len)
{
	if (played_error == 0)
		return connect(fd, address, len);
	errno = played_error;
	return -1;
}

static struct probe *
open_probe(const char *socket)
{
	struct endpoint endpoint;
	struct err err = {""};
	if (endpoint_parse_socket(socket, &endpoint, &err) != 0)
		fail_msg("%s", err.text);
	return probe_new(&endpoint);
}

/* A folder's name is short enough for a socket's. */
static struct probe *
open_unix(void **state)
{
	struct buf path = {0};
	buf_printf(&path, "unix:%s/master", (const char *)*state);
	struct probe *probe = open_probe(path.data);
	buf_free(&path);
	return probe;
}

static int
serve(const struct endpoint *endpoint, int backlog)
{
	int fd = socket(endpoint->address.ss_family, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		bind(fd, (const void *)&endpoint->address, endpoint->len), 0);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

/* Takes turns until something else comes than waiting. */
static enum probe_result
wait_for(struct probe *probe, struct err *err)
{
	int64_t end = clock_monotonic_ms() + 5000;
	enum probe_result result;
	while ((result = probe_turn(probe, err)) == PROBE_WAITS &&
		clock_monotonic_ms() < end) {
		struct pollfd fd = {probe_fd(probe), probe_events(probe), 0};
		poll(&fd, 1, 1000);
	}
	return result;
}

static void
expect_failure(struct probe *probe, const char *why)
{
	struct err err = {""};
	assert_int_equal(wait_for(probe, &err), PROBE_FAILED);
	assert_string_equal(err.text, why);
	assert_int_equal(probe_fd(probe), -1);
}

/* Reads the ping, as a master does; and answers as one that knows no session.
 */
static void
answer(int fd, const void *with, size_t len)
{
	/* RFC 2741 section 6.1: version, type, flags, and all else 0. */
	static const char asked[20] = {1, 13, 0x10};
	char got[sizeof(asked) + 1];
	assert_int_equal(recv(fd, got, sizeof(got), 0), sizeof(asked));
	assert_memory_equal(got, asked, sizeof(asked));
	if (len > 0)
		assert_int_equal(send(fd, with, len, 0), len);
}

static void
a_missing_socket_is_missing(void **state)
{
	struct probe *probe = open_unix(state);
	expect_failure(probe, "No such file or directory");
	probe_free(probe);
}

static void
a_socket_that_nobody_listens_at_refuses(void **state)
{
	struct probe *probe = open_unix(state);
	close(serve(&probe->endpoint, 1));
	expect_failure(probe, "Connection refused");
	expect_failure(probe, "Connection refused");
	probe_free(probe);
}

static void
a_port_that_nobody_listens_at_refuses(void **state)
{
	(void)state;
	struct probe *probe = open_probe("tcp:127.0.0.1:1");
	expect_failure(probe, "Connection refused");
	probe_free(probe);
}

static void
a_socket_that_we_may_not_open_is_forbidden(void **state)
{
	struct probe *probe = open_unix(state);
	played_error = EACCES;
	expect_failure(probe, "Permission denied");
	played_error = 0;
	probe_free(probe);
}

static void
a_full_queue_is_a_master_that_hangs(void **state)
{
	struct probe *probe = open_unix(state);
	struct probe *others[10];
	int master = serve(&probe->endpoint, 1);
	struct err err = {""};
	size_t count = 0;
	/* It has them accepted by the kernel until the queue is full. */
	for (; count < 10; count++) {
		others[count] = probe_new(&probe->endpoint);
		if (probe_turn(others[count], &err) != PROBE_WAITS)
			break;
	}
	assert_in_range(count, 1, 9);
	expect_failure(probe, "it takes no more connections: it hangs");
	for (size_t i = 0; i <= count; i++)
		probe_free(others[i]);
	probe_free(probe);
	close(master);
}

static void
one_that_says_nothing_is_waited_for_without_blocking(void **state)
{
	struct probe *probe = open_unix(state);
	struct err err = {"untouched"};
	int master = serve(&probe->endpoint, 5);
	assert_int_equal(probe_fd(probe), -1);
	for (int i = 0; i < 5; i++)
		assert_int_equal(probe_turn(probe, &err), PROBE_WAITS);
	assert_string_equal(err.text, "untouched");
	assert_int_equal(probe_events(probe), POLLIN);
	assert_true(fcntl(probe_fd(probe), F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(probe_fd(probe), F_GETFL) & O_NONBLOCK);
	/* It was asked once. */
	int fd = accept(master, NULL, NULL);
	answer(fd, "", 0);
	probe_cancel(probe);
	assert_int_equal(probe_fd(probe), -1);
	assert_int_equal(recv(fd, &err, 1, 0), 0);
	close(fd);
	close(master);
	probe_free(probe);
}

static void
one_that_answers_is_there_and_is_asked_anew_the_next_time(void **state)
{
	struct probe *probe = open_unix(state);
	struct err err = {"untouched"};
	int master = serve(&probe->endpoint, 5);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(probe_turn(probe, &err), PROBE_WAITS);
		int fd = accept(master, NULL, NULL);
		answer(fd, "an answer, whatever it is, of more than 20 bytes",
			i == 0 ? 1 : 40);
		assert_int_equal(wait_for(probe, &err), PROBE_ANSWERED);
		assert_int_equal(probe_fd(probe), -1);
		close(fd);
	}
	assert_string_equal(err.text, "untouched");
	close(master);
	probe_free(probe);
}

static void
one_that_closes_has_not_answered(void **state)
{
	struct probe *probe = open_unix(state);
	struct err err;
	int master = serve(&probe->endpoint, 5);
	assert_int_equal(probe_turn(probe, &err), PROBE_WAITS);
	int fd = accept(master, NULL, NULL);
	answer(fd, "", 0);
	close(fd);
	expect_failure(probe, "it closed the connection");
	/* And with what we sent unread. */
	assert_int_equal(probe_turn(probe, &err), PROBE_WAITS);
	close(accept(master, NULL, NULL));
	expect_failure(probe, "Connection reset by peer");
	close(master);
	probe_free(probe);
}

/* Listens at a free port; a probe for it. */
static struct probe *
open_tcp(const char *address, int *master)
{
	struct probe *probe = open_probe(address);
	struct sockaddr_in *v4 = (void *)&probe->endpoint.address;
	v4->sin_port = 0;
	*master = serve(&probe->endpoint, 5);
	/* Where IPv6 has its port, too. */
	assert_int_equal(getsockname(*master, (void *)&probe->endpoint.address,
				 &probe->endpoint.len),
		0);
	return probe;
}

static void
a_master_behind_a_port_answers_too(void **state)
{
	(void)state;
	struct err err;
	int master;
	struct probe *probe = open_tcp("tcp:127.0.0.1:1", &master);
	enum probe_result result = probe_turn(probe, &err);
	while (result == PROBE_WAITS && probe_events(probe) == POLLOUT)
		result = probe_turn(probe, &err);
	assert_int_equal(result, PROBE_WAITS);
	int fd = accept(master, NULL, NULL);
	answer(fd, "x", 1);
	assert_int_equal(wait_for(probe, &err), PROBE_ANSWERED);
	close(fd);
	close(master);
	expect_failure(probe, "Connection refused");
	probe_free(probe);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(a_missing_socket_is_missing),
		FOLDER_TEST(a_socket_that_nobody_listens_at_refuses),
		FOLDER_TEST(a_port_that_nobody_listens_at_refuses),
		FOLDER_TEST(a_socket_that_we_may_not_open_is_forbidden),
		FOLDER_TEST(a_full_queue_is_a_master_that_hangs),
		FOLDER_TEST(
			one_that_says_nothing_is_waited_for_without_blocking),
		FOLDER_TEST(
			one_that_answers_is_there_and_is_asked_anew_the_next_time),
		FOLDER_TEST(one_that_closes_has_not_answered),
		FOLDER_TEST(a_master_behind_a_port_answers_too),
	};
	alarm(60); /* a master that gets no ping would wait for ever */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
