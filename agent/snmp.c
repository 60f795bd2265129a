/* SPDX-License-Identifier: ISC */
/* snmp — see snmp.h. */
#include "agent/snmp.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "agent/netsnmp.h"
#include "lib/clock.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/mem.h"

/* Kinds of lines of the library that are counted apart from each other. */
enum { REPEATS = 16 };

struct snmp {
	const char *type;
	netsnmp_large_fd_set set;
	struct pollfd *fds;
	size_t capacity;
	struct log_repeat repeats[REPEATS];
	bool has_refusal, is_watching, is_broken;
	struct err error;
};

/* How the library says, and in no other way, that a registration was refused,
 * and that it has locked itself out. */
#define REFUSED "registering pdu failed"
#define BROKEN "lock in _callback_lock"

static bool
begins_with(const char *line, const char *start)
{
	return strncmp(line, start, strlen(start)) == 0;
}

/* Lines that agentx.c has better words for. */
static bool
is_told(const char *line)
{
	static const char *const told[] = {
		REFUSED,
		"NET-SNMP version",
		"AgentX master disconnected us",
		"AgentX master agent failed to respond to ping",
	};
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (begins_with(line, told[i]))
			return true;
	return false;
}

/* Lines that differ only in their numbers are of one kind. */
static struct log_repeat *
repeat_of(struct snmp *snmp, const char *line)
{
	char kind[64];
	size_t len = 0;
	for (; *line != '\0' && len < sizeof(kind); line++)
		if (*line < '0' || *line > '9')
			kind[len++] = *line;
	return &snmp->repeats[hash_short(kind, len) % REPEATS];
}

static int
on_log(int major, int minor, void *server, void *client)
{
	const struct snmp_log_message *message = server;
	struct snmp *snmp = client;
	(void)major;
	(void)minor;
	if (message == NULL || message->msg == NULL || message->msg[0] == '\0')
		return 0;
	struct err line;
	err_set(&line, "net-snmp: %s", message->msg);
	line.text[strcspn(line.text, "\n")] = '\0';
	snmp->has_refusal |= begins_with(message->msg, REFUSED);
	snmp->is_broken |= begins_with(message->msg, BROKEN);
	if (snmp->is_watching && message->priority <= LOG_ERR &&
		snmp->error.text[0] == '\0')
		snmp->error = line;
	if (is_told(message->msg) || message->priority > LOG_NOTICE)
		log_debug("%s", line.text);
	else if (!snmp->is_watching)
		log_repeated(repeat_of(snmp, message->msg), clock_monotonic_s(),
			line.text);
	return 0;
}

struct snmp *
snmp_begin(const char *type)
{
	struct snmp *snmp = mem_zalloc(1, sizeof(*snmp));
	snmp->type = type;
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "/dev/null", 1);
	setenv("SNMPCONFPATH", "/dev/null", 1);
	unsetenv("SNMP_PERSISTENT_FILE");
	snmp_disable_log();
	snmp_enable_calllog();
	snmp_register_callback(
		SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, snmp);
	netsnmp_large_fd_set_init(&snmp->set, FD_SETSIZE);
	return snmp;
}

void
snmp_end(struct snmp *snmp)
{
	/* Or the library would free what its callbacks are given. */
	snmp_unregister_callback(
		SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, snmp, 1);
	snmp_shutdown(snmp->type);
	shutdown_agent();
	netsnmp_large_fd_set_cleanup(&snmp->set);
	free(snmp->fds);
	free(snmp);
}

static struct pollfd *
add_fd(struct snmp *snmp, size_t count)
{
	snmp->fds =
		mem_grow(snmp->fds, count, &snmp->capacity, sizeof(*snmp->fds));
	return &snmp->fds[count];
}

/* Puts the library's descriptors behind the others; returns how many there are
 * in all. */
static size_t
collect(struct snmp *snmp, const struct snmp_wait *wait, int *timeout_ms)
{
	size_t count = 0;
	for (; count < wait->count; count++)
		*add_fd(snmp, count) = wait->others[count];
	struct timeval timeout = {.tv_sec = wait->timeout_ms / 1000,
		.tv_usec = wait->timeout_ms % 1000 * 1000};
	int number = 0, block = 0;
	NETSNMP_LARGE_FD_ZERO(&snmp->set);
	snmp_select_info2(&number, &snmp->set, &timeout, &block);
	for (int fd = 0; fd < number; fd++)
		if (netsnmp_large_fd_is_set(fd, &snmp->set))
			*add_fd(snmp, count++) =
				(struct pollfd){.fd = fd, .events = POLLIN};
	if (wait->has_timers && !block &&
		timeout.tv_sec < *timeout_ms / 1000 + 1) {
		long ms =
			timeout.tv_sec * 1000 + (timeout.tv_usec + 999) / 1000;
		*timeout_ms = ms < *timeout_ms ? (int)ms : *timeout_ms;
	}
	return count;
}

void
snmp_wait(struct snmp *snmp, const struct snmp_wait *wait)
{
	int timeout_ms = wait->timeout_ms;
	size_t count = collect(snmp, wait, &timeout_ms);
	int ready = poll(snmp->fds, count, timeout_ms);
	for (size_t i = 0; i < count; i++) {
		short events = ready > 0 ? snmp->fds[i].revents : 0;
		if (i < wait->count)
			wait->others[i].revents = events;
		else if (events == 0)
			netsnmp_large_fd_clr(snmp->fds[i].fd, &snmp->set);
	}
}

void
snmp_drain(struct snmp *snmp)
{
	snmp_read2(&snmp->set);
	snmp_timeout();
}

uint32_t
snmp_uptime(void)
{
	return (uint32_t)netsnmp_get_agent_uptime();
}

bool
snmp_take_refusal(struct snmp *snmp)
{
	bool result = snmp->has_refusal;
	snmp->has_refusal = false;
	return result;
}

bool
snmp_is_broken(const struct snmp *snmp)
{
	return snmp->is_broken;
}

void
snmp_watch_errors(struct snmp *snmp)
{
	snmp->error.text[0] = '\0';
	snmp->is_watching = true;
}

int
snmp_take_error(struct snmp *snmp, struct err *err)
{
	snmp->is_watching = false;
	if (snmp->error.text[0] == '\0')
		return 0;
	*err = snmp->error;
	return -1;
}
