/* SPDX-License-Identifier: ISC */
/*
 * daemon — the collector at work: reads, publishes, records, in one loop.
 *
 *   when an input changed, then not for 200 ms; each second anyway: publish
 *   when a minute is over: close its step, publish with fsync, record, confirm
 *
 * The order publish, then record, makes kill -9 harmless: what history has is
 * always in a snapshot too.
 */
#ifndef COLLECTOR_DAEMON_H
#define COLLECTOR_DAEMON_H

#include "collector/tally.h"

/* Why daemon_run() came back. */
enum daemon_end {
	DAEMON_STOPPED, /* SIGTERM, SIGINT: all is published */
	DAEMON_RELOAD,  /* SIGHUP, and the new configuration is good: start anew
			 */
	DAEMON_FAILED   /* could not start; said in the log */
};

/* config_path is read again at SIGHUP, to check it. */
enum daemon_end daemon_run(
	const struct config *config, const char *config_path);

#endif
