/* SPDX-License-Identifier: ISC */
/* agentx — see agentx.h. */
#include "agent/agentx.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "agent/netsnmp.h"
#include "agent/probe.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

enum {
	RETRY_MS = 2000,
	PATIENCE_MS = 30000, /* with an answer to one probe */
	SLOW_MS = 1000,      /* before we say that there is none */
	FIRST_MS = 500,
	SEND_MS = 500,
	ANSWER_US = 1000000,
	PING_S = 15,
	/* The library tries again this long after a loss: before RETRY_MS, so
	 * that it is ready when we let it. */
	REOPEN_S = 1
};

/* What the library is told while it may not connect: fails at once. */
#define NOWHERE "unix:/dev/null/none"

struct agentx {
	struct snmp *snmp;
	struct probe *probe;
	const char *socket;
	struct buf address; /* the same in the library's words */
	int fd;             /* of the session; -1: none */
	bool is_announced;  /* as connected */
	bool is_refused;    /* our tree, by this session */
	unsigned long connects;
	int64_t next_ms;  /* when to ask again */
	int64_t asked_ms; /* since when we wait for an answer */
	struct err trouble;
};

static void
set_address(const char *address)
{
	netsnmp_ds_set_string(
		NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, address);
}

/* The library takes the interval of its pings, and the time after which it
 * connects again, from the same place. */
static void
set_interval(int seconds)
{
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID,
		NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL, seconds);
}

/* To connect: also when the library itself sees that snmpd has gone. */
static void
forbid(void)
{
	set_address(NOWHERE);
	set_interval(REOPEN_S);
}

static int
on_session(int major, int minor, void *server, void *client)
{
	netsnmp_session *session = server;
	(void)major;
	(void)minor;
	(void)client;
	session->timeout = ANSWER_US;
	session->retries = 0;
	return 0;
}

static int
on_start(int major, int minor, void *server, void *client)
{
	struct agentx *agentx = client;
	const struct timeval limit = {.tv_usec = SEND_MS * 1000};
	netsnmp_transport *transport =
		snmp_sess_transport(snmp_sess_pointer(server));
	(void)major;
	(void)minor;
	if (transport == NULL)
		return 0;
	agentx->fd = transport->sock;
	agentx->is_refused = false;
	setsockopt(agentx->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	fcntl(agentx->fd, F_SETFD, FD_CLOEXEC);
	set_interval(PING_S); /* which begin next; until forbid() */
	return 0;
}

static int
on_stop(int major, int minor, void *server, void *client)
{
	struct agentx *agentx = client;
	(void)major;
	(void)minor;
	(void)server;
	agentx->fd = -1;
	return 0;
}

static void
register_callbacks(struct agentx *agentx)
{
	snmp_register_callback(SNMP_CALLBACK_LIBRARY,
		SNMP_CALLBACK_SESSION_INIT, on_session, NULL);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION,
		SNMPD_CALLBACK_INDEX_START, on_start, agentx);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION,
		SNMPD_CALLBACK_INDEX_STOP, on_stop, agentx);
}

/* What a person can do about it. */
static const char *
hint(const char *why)
{
	if (strcmp(why, strerror(ENOENT)) == 0 ||
		strcmp(why, strerror(ECONNREFUSED)) == 0)
		return " (is snmpd running, and does snmpd.conf say `master "
		       "agentx`?)";
	if (strcmp(why, strerror(EACCES)) == 0)
		return " (see agentXPerms in snmpd.conf(5))";
	return "";
}

static void
tell(struct agentx *agentx, const char *why)
{
	if (strcmp(agentx->trouble.text, why) == 0)
		return;
	err_set(&agentx->trouble, "%s", why);
	log_warning("cannot reach snmpd at %s: %s%s", agentx->socket, why,
		hint(why));
}

/* The library connects now: snmpd has just answered. */
static void
connect_now(struct agentx *agentx)
{
	set_address(agentx->address.data);
	run_alarms();
	forbid();
	if (agentx->fd < 0)
		tell(agentx, "it answers, but gives us no session");
}

/* Asks whether snmpd is there, or whether it answers what was asked. */
static bool
ask(struct agentx *agentx, int64_t now_ms)
{
	struct err why;
	bool is_new = probe_fd(agentx->probe) < 0;
	if (is_new && now_ms < agentx->next_ms)
		return false;
	if (is_new)
		agentx->asked_ms = now_ms;
	switch (probe_turn(agentx->probe, &why)) {
	case PROBE_WAITS:
		if (now_ms - agentx->asked_ms > SLOW_MS)
			tell(agentx, "it does not answer");
		if (now_ms - agentx->asked_ms > PATIENCE_MS)
			probe_cancel(agentx->probe);
		return false;
	case PROBE_FAILED:
		agentx->next_ms = now_ms + RETRY_MS;
		tell(agentx, why.text);
		return false;
	default:
		agentx->next_ms = now_ms + RETRY_MS;
		return true;
	}
}

static void
announce(struct agentx *agentx)
{
	log_info("connected to snmpd at %s", agentx->socket);
	agentx->is_announced = true;
	agentx->connects++;
	agentx->trouble.text[0] = '\0';
}

/* Looks at what has become of the session. */
static void
notice(struct agentx *agentx, int64_t now_ms)
{
	if (snmp_take_refusal(agentx->snmp) && agentx->fd >= 0) {
		/* The library would stay, and serve nothing for ever. */
		tell(agentx, "another agent serves the same root there already;"
			     " does a second mailtally-agent run?");
		agentx->is_refused = true;
		agentx->next_ms = now_ms + RETRY_MS;
		shutdown(agentx->fd, SHUT_RDWR);
	}
	if (agentx->fd >= 0 && !agentx->is_refused && !agentx->is_announced)
		announce(agentx);
	if (agentx->fd < 0 && agentx->is_announced) {
		log_warning("snmpd has gone; asking for it every %d s",
			RETRY_MS / 1000);
		agentx->is_announced = false;
		agentx->next_ms = now_ms + RETRY_MS;
	}
}

void
agentx_turn(struct agentx *agentx, int64_t now_ms)
{
	if (agentx->fd >= 0)
		run_alarms();
	notice(agentx, now_ms);
	if (agentx->fd >= 0 || !ask(agentx, now_ms))
		return;
	connect_now(agentx);
	notice(agentx, now_ms);
}

void
agentx_wait(const struct agentx *agentx, int64_t now_ms, struct pollfd *fd,
	int *timeout_ms)
{
	fd->fd = probe_fd(agentx->probe);
	fd->events = fd->fd >= 0 ? probe_events(agentx->probe) : 0;
	int64_t left = agentx->next_ms - now_ms;
	if (agentx->fd < 0 && fd->fd < 0 && left < *timeout_ms)
		*timeout_ms = left > 0 ? (int)left : 0;
}

bool
agentx_is_connected(const struct agentx *agentx)
{
	return agentx->fd >= 0 && agentx->is_announced;
}

unsigned long
agentx_connects(const struct agentx *agentx)
{
	return agentx->connects;
}

size_t
agentx_unread(const struct agentx *agentx)
{
	int unread = 0;
	if (agentx->fd < 0 || ioctl(agentx->fd, SIOCOUTQ, &unread) != 0)
		return 0;
	return (size_t)unread;
}

/* Waits a little for an snmpd that is there, so that the first session comes
 * at once. */
static bool
ask_first(struct agentx *agentx, int64_t now_ms)
{
	int64_t end_ms = now_ms + FIRST_MS;
	for (int64_t at_ms = now_ms; at_ms < end_ms;
		at_ms = clock_monotonic_ms()) {
		if (ask(agentx, at_ms))
			return true;
		struct pollfd fd = {.fd = probe_fd(agentx->probe)};
		if (fd.fd < 0)
			return false;
		fd.events = probe_events(agentx->probe);
		poll(&fd, 1, (int)(end_ms - at_ms));
	}
	return false;
}

struct agentx *
agentx_begin(struct snmp *snmp, const char *socket, struct answer *answer,
	struct err *err)
{
	struct endpoint endpoint;
	if (endpoint_parse_socket(socket, &endpoint, err) != 0)
		return NULL;
	struct agentx *agentx = mem_zalloc(1, sizeof(*agentx));
	*agentx = (struct agentx){.snmp = snmp, .socket = socket, .fd = -1};
	endpoint_format(&endpoint, "tcp", &agentx->address);
	agentx->probe = probe_new(&endpoint);
	netsnmp_enable_subagent();
	netsnmp_ds_set_boolean(
		NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
		NETSNMP_DS_AGENT_NO_CONNECTION_WARNINGS, 1);
	register_callbacks(agentx);
	init_agent(AGENTX_TYPE);
	forbid();
	if (answer_register(answer, "mailtally", err) != 0) {
		agentx_free(agentx);
		return NULL;
	}
	bool is_there = ask_first(agentx, clock_monotonic_ms());
	set_address(is_there ? agentx->address.data : NOWHERE);
	init_snmp(AGENTX_TYPE);
	forbid();
	notice(agentx, clock_monotonic_ms());
	return agentx;
}

void
agentx_free(struct agentx *agentx)
{
	if (agentx == NULL)
		return;
	/* Or the library would free what its callbacks are given. */
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION,
		SNMPD_CALLBACK_INDEX_START, on_start, agentx, 1);
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION,
		SNMPD_CALLBACK_INDEX_STOP, on_stop, agentx, 1);
	probe_free(agentx->probe);
	buf_free(&agentx->address);
	free(agentx);
}
