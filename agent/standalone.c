/* SPDX-License-Identifier: ISC */
/* standalone — see standalone.h. */
#include "agent/standalone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/netsnmp.h"

#define VIEW "mailtally"
#define SYSTEM "1.3.6.1.2.1.1"

static int
check_readers(const struct config *config, struct err *err)
{
	if (config->snmp_community == NULL && config->snmp_user == NULL)
		return err_set(err,
			"--standalone needs a community or a user in the "
			"configuration's snmp section: there is no default");
	if (config->snmp_sinks.count > 0 && config->snmp_community == NULL)
		return err_set(
			err, "snmp sinks: notifications need a community");
	return 0;
}

int
standalone_check(const struct standalone *standalone, struct err *err)
{
	struct endpoint endpoint;
	if (endpoint_parse(standalone->address, &endpoint, err) != 0)
		return -1;
	if (!endpoint_is_loopback(&endpoint) && !standalone->is_exposed)
		return err_set(err,
			"%s can be reached from other machines: if that is "
			"what you want, say --expose",
			standalone->address);
	const struct config_strings *sinks = &standalone->config->snmp_sinks;
	for (size_t i = 0; i < sinks->count; i++)
		if (endpoint_parse(sinks->items[i], &endpoint, err) != 0)
			return -1;
	return check_readers(standalone->config, err);
}

/* Why the library will not be able to listen: it does not say. */
static int
try_address(const struct standalone *standalone,
	const struct endpoint *endpoint, struct err *err)
{
	int fd = socket(
		endpoint->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = fd >= 0 ? bind(fd, (const void *)&endpoint->address,
				       endpoint->len)
			     : -1;
	if (result != 0)
		err_set(err, "cannot listen at %s: %s", standalone->address,
			strerror(errno));
	if (fd >= 0)
		close(fd);
	return result;
}

/* Before init_agent(). */
static void
set_defaults(const struct endpoint *endpoint, const char *folder)
{
	struct buf ports = {0};
	endpoint_format(endpoint, "udp", &ports);
	netsnmp_ds_set_string(
		NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_PORTS, ports.data);
	buf_free(&ports);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
		NETSNMP_DS_AGENT_DONT_LOG_TCPWRAPPERS_CONNECTS, 1);
	/* The library looks for its own file only where it looks for others. */
	setenv("SNMP_PERSISTENT_DIR", folder, 1);
	setenv("SNMPCONFPATH", folder, 1);
	/* Would listen on TCP port 199. */
	char smux[] = "-smux";
	add_to_init_list(smux);
}

static void
feed(struct buf *line)
{
	netsnmp_config(line->data);
	/* There is a password in it. */
	explicit_bzero(line->data, line->len);
	buf_clear(line);
}

static void
feed_sinks(const struct config *config, struct buf *line)
{
	for (size_t i = 0; i < config->snmp_sinks.count; i++) {
		struct endpoint endpoint;
		if (endpoint_parse(
			    config->snmp_sinks.items[i], &endpoint, NULL) != 0)
			continue;
		/* Without a source its socket is open to all addresses. */
		buf_adds(line, "trap2sink ");
		if (endpoint_is_loopback(&endpoint))
			buf_adds(line, endpoint.address.ss_family == AF_INET
					       ? "-s 127.0.0.1 "
					       : "-s [::1] ");
		endpoint_format(&endpoint, "udp", line);
		buf_printf(line, " %s", config->snmp_community);
		feed(line);
	}
}

static void
feed_community(const struct config *config, struct buf *line)
{
	static const char *const words[] = {"rocommunity", "rocommunity6"};
	for (size_t i = 0; i < 2; i++) {
		buf_printf(line, "%s %s default -V " VIEW, words[i],
			config->snmp_community);
		feed(line);
	}
}

static void
feed_user(const struct config *config, struct buf *line)
{
	buf_printf(line, "createUser %s %s \"%s\" %s \"%s\"", config->snmp_user,
		config->snmp_auth, config->snmp_auth_password,
		config->snmp_privacy, config->snmp_privacy_password);
	feed(line);
	buf_printf(line, "rouser %s priv -V " VIEW, config->snmp_user);
	feed(line);
}

/* Users of former configurations are in the library's file. */
static void
forget_users(void)
{
	struct usmUser *next;
	for (struct usmUser *user = usm_get_userList(); user != NULL;
		user = next) {
		next = user->next;
		usm_remove_user(user);
		usm_free_user(user);
	}
}

/* When the library has read its file, and before it looks at what it has. */
static int
on_read(int major, int minor, void *server, void *client)
{
	const struct standalone *standalone = client;
	const struct config *config = standalone->config;
	struct buf line = {0};
	(void)major;
	(void)minor;
	(void)server;
	forget_users();
	buf_printf(&line, "view " VIEW " included .%s", standalone->root);
	feed(&line);
	buf_adds(&line, "view " VIEW " included ." SYSTEM);
	feed(&line);
	if (config->snmp_community != NULL)
		feed_community(config, &line);
	if (config->snmp_user != NULL)
		feed_user(config, &line);
	feed_sinks(config, &line);
	buf_free(&line);
	return 0;
}

/* The library's own life, up to the point where it listens. */
static int
listen_now(const struct standalone *standalone, struct snmp *snmp,
	struct answer answers[2], struct err *err)
{
	snmp_watch_errors(snmp);
	init_agent(STANDALONE_TYPE);
	if (answer_register(&answers[0], "mailtally", err) != 0 ||
		answer_register(&answers[1], "system", err) != 0)
		return -1;
	netsnmp_register_callback(SNMP_CALLBACK_LIBRARY,
		SNMP_CALLBACK_POST_READ_CONFIG, on_read,
		/* It is given back as it came. */
		(void *)(uintptr_t)standalone,
		NETSNMP_CALLBACK_HIGHEST_PRIORITY);
	init_snmp(STANDALONE_TYPE);
	/* Or the library would free what its callback is given. */
	snmp_unregister_callback(SNMP_CALLBACK_LIBRARY,
		SNMP_CALLBACK_POST_READ_CONFIG, on_read,
		(void *)(uintptr_t)standalone, 1);
	/* Also after a kill the next start counts as another one. */
	snmp_store(STANDALONE_TYPE);
	int result = init_master_agent();
	if (snmp_take_error(snmp, err) != 0)
		return -1;
	return result == 0 ? 0
			   : err_set(err, "cannot listen at %s",
				     standalone->address);
}

int
standalone_begin(const struct standalone *standalone, struct snmp *snmp,
	struct answer answers[2], struct err *err)
{
	struct endpoint endpoint;
	if (endpoint_parse(standalone->address, &endpoint, err) != 0 ||
		try_address(standalone, &endpoint, err) != 0)
		return -1;
	set_defaults(&endpoint, standalone->folder);
	return listen_now(standalone, snmp, answers, err);
}

void
standalone_turn(void)
{
	run_alarms();
}
