/* SPDX-License-Identifier: ISC */
/*
 * serve — the loop of mailtally-agent, in either role.
 *
 * Each turn: wait, look at the snapshot, answer, let the role do its work. What
 * is answered within a turn is of one moment.
 */
#ifndef AGENT_SERVE_H
#define AGENT_SERVE_H

#include <stdbool.h>

#include "lib/config.h"

struct serve {
	const char *config_path;
	const char *root;    /* NULL: the configuration's */
	const char *address; /* of the standalone agent; NULL: AgentX */
	bool is_exposed;
};

enum serve_end { SERVE_STOPPED, SERVE_RELOAD, SERVE_FAILED };

/* Would a start with this go well?  Looks at settings only. */
int serve_check(const struct serve *serve, const struct config *config,
	struct err *err);

/* Until SIGTERM or SIGINT; or until SIGHUP, if the new configuration is good:
 * then the signals wait, and the program is to be started anew. */
enum serve_end serve_run(
	const struct serve *serve, const struct config *config);

#endif
