/* SPDX-License-Identifier: ISC */
/* probe — see probe.h. */
#include "agent/probe.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/mem.h"

/* An agentx-Ping-PDU of no session: version 1, type 13, network byte order, no
 * payload.  A master answers with the error notOpen. */
static const unsigned char ping[20] = {1, 13, 0x10};

struct probe {
	struct endpoint endpoint;
	int fd;
	bool has_asked;
};

struct probe *
probe_new(const struct endpoint *endpoint)
{
	struct probe *probe = mem_zalloc(1, sizeof(*probe));
	probe->endpoint = *endpoint;
	probe->fd = -1;
	return probe;
}

void
probe_cancel(struct probe *probe)
{
	if (probe->fd >= 0)
		close(probe->fd);
	probe->fd = -1;
	probe->has_asked = false;
}

void
probe_free(struct probe *probe)
{
	if (probe == NULL)
		return;
	probe_cancel(probe);
	free(probe);
}

int
probe_fd(const struct probe *probe)
{
	return probe->fd;
}

short
probe_events(const struct probe *probe)
{
	return probe->has_asked ? POLLIN : POLLOUT;
}

static enum probe_result
fail(struct probe *probe, const char *why, struct err *err)
{
	err_set(err, "%s", why);
	probe_cancel(probe);
	return PROBE_FAILED;
}

/* Linux says so when the queue of a Unix socket is full. */
static const char *
reason(int error)
{
	return error == EAGAIN ? "it takes no more connections: it hangs"
			       : strerror(error);
}

static bool
would_wait(int error)
{
	return error == EAGAIN || error == EINTR || error == ENOTCONN ||
	       error == EINPROGRESS;
}

static enum probe_result
begin(struct probe *probe, struct err *err)
{
	const struct endpoint *endpoint = &probe->endpoint;
	probe->fd = socket(endpoint->address.ss_family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe->fd < 0)
		return fail(probe, strerror(errno), err);
	if (connect(probe->fd, (const void *)&endpoint->address,
		    endpoint->len) != 0 &&
		errno != EINPROGRESS)
		return fail(probe, reason(errno), err);
	return PROBE_WAITS;
}

static enum probe_result
ask(struct probe *probe, struct err *err)
{
	int error = 0;
	socklen_t len = sizeof(error);
	getsockopt(probe->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error != 0)
		return fail(probe, strerror(error), err);
	ssize_t sent = send(probe->fd, ping, sizeof(ping), MSG_NOSIGNAL);
	if (sent < 0 && !would_wait(errno))
		return fail(probe, strerror(errno), err);
	probe->has_asked = sent > 0;
	return PROBE_WAITS;
}

enum probe_result
probe_turn(struct probe *probe, struct err *err)
{
	enum probe_result result = PROBE_WAITS;
	if (probe->fd < 0)
		result = begin(probe, err);
	if (result == PROBE_WAITS && !probe->has_asked)
		result = ask(probe, err);
	if (result != PROBE_WAITS || !probe->has_asked)
		return result;
	char answer[sizeof(ping)];
	ssize_t got = recv(probe->fd, answer, sizeof(answer), 0);
	if (got < 0 && would_wait(errno))
		return PROBE_WAITS;
	if (got < 0)
		return fail(probe, strerror(errno), err);
	if (got == 0)
		return fail(probe, "it closed the connection", err);
	probe_cancel(probe);
	return PROBE_ANSWERED;
}
