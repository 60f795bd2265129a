/* SPDX-License-Identifier: ISC */
/* serve — see serve.h. */
#include "agent/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agentx.h"
#include "agent/areas.h"
#include "agent/current.h"
#include "agent/endpoint.h"
#include "agent/root.h"
#include "agent/standalone.h"
#include "agent/system.h"
#include "agent/tell.h"
#include "agent/wake.h"
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/log.h"

enum { TURN_MS = 1000, LAST_WORDS_MS = 500, ANEW_MS = 2000 };

struct server {
	const struct serve *serve;
	const struct config *config;
	struct snmp *snmp;
	struct agentx *agentx; /* NULL: standalone */
	struct standalone standalone;
	struct current *current;
	struct moment moment;
	struct answer answers[2];
	char *folder;      /* what we keep: STATE_DIR/agent */
	struct tell *tell; /* NULL: nobody to be told */
	bool has_more;     /* to tell, at once */
	int wake_fd;
	int64_t anew_ms; /* when to start anew by ourselves; 0: no need */
};

static const char *
root_of(const struct serve *serve, const struct config *config)
{
	return serve->root != NULL ? serve->root : config->snmp_root;
}

int
serve_check(
	const struct serve *serve, const struct config *config, struct err *err)
{
	struct tree_name root;
	struct endpoint endpoint;
	if (root_parse(root_of(serve, config), &root, err) != 0)
		return -1;
	if (serve->address == NULL)
		return endpoint_parse_socket(
			config->snmp_socket, &endpoint, err);
	const struct standalone standalone = {
		.config = config,
		.address = serve->address,
		.is_exposed = serve->is_exposed,
	};
	return standalone_check(&standalone, err);
}

static int
make_folder(const char *path, struct err *err)
{
	struct stat status;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_set(
			err, "cannot make %s: %s", path, strerror(errno));
	if (lstat(path, &status) != 0 || !S_ISDIR(status.st_mode) ||
		access(path, R_OK | W_OK | X_OK) != 0)
		return err_set(
			err, "%s is no folder that we may write to", path);
	return 0;
}

static char *
path_in(const char *folder, const char *name)
{
	struct buf path = {0};
	buf_printf(&path, "%s/%s", folder, name);
	return path.data;
}

/* The root is good. */
static void
prepare(struct server *server)
{
	struct answer *mib = &server->answers[0];
	char *path = path_in(server->config->run_dir, "snapshot");
	server->current = current_new(path);
	free(path);
	server->folder = path_in(server->config->state_dir, "agent");
	root_parse(root_of(server->serve, server->config), &mib->root, NULL);
	mib->tree = &areas_tree;
	mib->moment = &server->moment;
	server->answers[1] = (struct answer){
		.tree = &system_tree,
		.moment = &server->moment,
		.root = system_root,
	};
	server->standalone = (struct standalone){
		.config = server->config,
		.address = server->serve->address,
		.is_exposed = server->serve->is_exposed,
		.root = root_of(server->serve, server->config),
		.folder = server->folder,
	};
}

/* From now on answers are of this moment. */
static void
refresh(struct server *server, int64_t now_ms)
{
	current_look(server->current, now_ms);
	current_moment(server->current, now_ms, snmp_uptime(), &server->moment);
	if (server->tell != NULL)
		tell_health(server->tell, &server->moment.health);
}

/* An agent of our own without sinks has nobody to tell.  One beside snmpd's has
 * told others: each role has a file. */
static void
begin_telling(struct server *server)
{
	if (server->agentx == NULL && server->config->snmp_sinks.count == 0)
		return;
	char *path = path_in(server->folder,
		server->agentx != NULL ? "told" : "told.standalone");
	server->tell = tell_new(path, server->agentx, &server->answers[0].root);
	free(path);
}

static int
start_role(struct server *server, struct err *err)
{
	if (server->serve->address != NULL) {
		if (make_folder(server->folder, err) != 0)
			return -1;
		server->snmp = snmp_begin(STANDALONE_TYPE);
		return standalone_begin(&server->standalone, server->snmp,
			server->answers, err);
	}
	if (make_folder(server->folder, err) != 0)
		log_warning("%s: after a restart notifications will be "
			    "repeated",
			err->text);
	server->snmp = snmp_begin(AGENTX_TYPE);
	server->agentx = agentx_begin(server->snmp, server->config->snmp_socket,
		&server->answers[0], err);
	return server->agentx != NULL ? 0 : -1;
}

static int
start(struct server *server, struct err *err)
{
	server->wake_fd = wake_open(err);
	if (server->wake_fd < 0 ||
		serve_check(server->serve, server->config, err) != 0)
		return -1;
	prepare(server);
	refresh(server, clock_monotonic_ms());
	if (start_role(server, err) != 0)
		return -1;
	begin_telling(server);
	return 0;
}

static void
stop(struct server *server)
{
	tell_free(server->tell);
	agentx_free(server->agentx);
	if (server->snmp != NULL)
		snmp_end(server->snmp);
	current_free(server->current);
	free(server->folder);
}

static void
turn(struct server *server, int timeout_ms)
{
	struct pollfd fds[] = {
		{.fd = server->wake_fd, .events = POLLIN}, {.fd = -1}};
	struct snmp_wait wait = {
		.others = fds, .count = 2, .timeout_ms = timeout_ms};
	int64_t now_ms = clock_monotonic_ms();
	wait.has_timers =
		server->agentx == NULL || agentx_is_connected(server->agentx);
	if (server->agentx != NULL)
		agentx_wait(server->agentx, now_ms, &fds[1], &wait.timeout_ms);
	snmp_wait(server->snmp, &wait);
	if (fds[0].revents != 0)
		wake_drain();
	now_ms = clock_monotonic_ms();
	refresh(server, now_ms);
	snmp_drain(server->snmp);
	if (server->agentx != NULL)
		agentx_turn(server->agentx, now_ms);
	else
		standalone_turn();
	server->has_more = server->tell != NULL &&
			   tell_turn(server->tell, server->moment.view);
}

/* What is under way is told, if snmpd reads it soon: so that a stop repeats
 * nothing. */
static void
finish(struct server *server)
{
	if (server->tell == NULL)
		return;
	tell_finish(server->tell);
	int64_t end_ms = clock_monotonic_ms() + LAST_WORDS_MS;
	while (tell_is_waiting(server->tell)) {
		int64_t left_ms = end_ms - clock_monotonic_ms();
		if (left_ms <= 0)
			return;
		turn(server, server->has_more ? 0 : (int)left_ms);
	}
}

/* Is the configuration that is there now good to start with? */
static bool
can_reload(const struct server *server)
{
	struct err err;
	struct config *config = config_load(server->serve->config_path, &err);
	bool is_good =
		config != NULL && serve_check(server->serve, config, &err) == 0;
	config_free(config);
	if (!is_good)
		log_error("reload refused, the old configuration stands: %s",
			err.text);
	return is_good;
}

/* A library that is of no use any more: not at once, snmpd may go on losing us
 * in the same way. */
static bool
must_reload(struct server *server)
{
	int64_t now_ms = clock_monotonic_ms();
	if (!snmp_is_broken(server->snmp) || now_ms < server->anew_ms)
		return false;
	bool is_over = server->anew_ms != 0;
	server->anew_ms = now_ms + ANEW_MS;
	if (is_over)
		log_warning("snmpd went while our tree was registered: "
			    "starting anew");
	return is_over;
}

static enum serve_end
loop(struct server *server)
{
	for (;;) {
		if (wake_has_stop())
			return SERVE_STOPPED;
		if ((wake_take_reload() || must_reload(server)) &&
			can_reload(server)) {
			wake_hold();
			return SERVE_RELOAD;
		}
		turn(server, server->has_more ? 0 : TURN_MS);
	}
}

enum serve_end
serve_run(const struct serve *serve, const struct config *config)
{
	struct server server = {.serve = serve, .config = config};
	struct err err;
	enum serve_end end = SERVE_FAILED;
	if (start(&server, &err) != 0) {
		log_error("%s", err.text);
	} else {
		if (serve->address != NULL)
			log_info("listening at %s", serve->address);
		end = loop(&server);
		finish(&server);
		if (end == SERVE_STOPPED)
			log_info("stopped");
	}
	stop(&server);
	return end;
}
