/* SPDX-License-Identifier: ISC */
/*
 * mailtallyd — follows mail logs, counts, publishes, keeps history.
 *
 * Options and wiring; the work is daemon.c's.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/check.h"
#include "collector/daemon.h"
#include "lib/log.h"

#define USAGE                                                               \
	"usage: mailtallyd [-c FILE] [-n] [-s]\n"                           \
	"  -c FILE  configuration (" CONFIG_PATH ")\n"                      \
	"  -n       check configuration and rules, and say what is wrong\n" \
	"  -s       log to syslog (facility daemon) instead of standard error"

enum { EXIT_USAGE = 2 };

static int
check(const char *config_path)
{
	struct err err;
	struct buf summary = {0};
	if (check_configuration(config_path, &summary, &err) != 0) {
		fprintf(stderr, "mailtallyd: %s\n", err.text);
		return EXIT_FAILURE;
	}
	printf("%s is good:\n%s", config_path, summary.data);
	buf_free(&summary);
	return EXIT_SUCCESS;
}

/* What comes before the loop waits for it, also over execv(): a SIGHUP too
 * many must not end us. */
static void
hold_signals(void)
{
	static const int held[] = {SIGHUP, SIGUSR1, SIGTERM, SIGINT};
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int
run(const char *config_path, char **argv)
{
	struct err err;
	hold_signals();
	struct config *config = config_load(config_path, &err);
	if (config == NULL) {
		log_error("%s", err.text);
		return EXIT_FAILURE;
	}
	enum daemon_end end = daemon_run(config, config_path);
	config_free(config);
	if (end == DAEMON_RELOAD) {
		/* The snapshot holds everything: starting anew is a reload. */
		execv("/proc/self/exe", argv);
		log_error("cannot start anew: %s", strerror(errno));
	}
	return end == DAEMON_STOPPED ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{0},
	};
	const char *config_path = CONFIG_PATH;
	bool only_checks = false, to_syslog = false;
	int option;
	while ((option = getopt_long(argc, argv, "c:ns", options, NULL)) != -1)
		switch (option) {
		case 'c':
			config_path = optarg;
			break;
		case 'n':
			only_checks = true;
			break;
		case 's':
			to_syslog = true;
			break;
		case 'h':
			puts(USAGE);
			return EXIT_SUCCESS;
		case 'v':
			puts("mailtallyd " VERSION);
			return EXIT_SUCCESS;
		default:
			fprintf(stderr, "%s\n", USAGE);
			return EXIT_USAGE;
		}
	if (optind != argc) {
		fprintf(stderr, "mailtallyd: unexpected argument '%s'\n%s\n",
			argv[optind], USAGE);
		return EXIT_USAGE;
	}
	if (only_checks)
		return check(config_path);
	log_open("mailtallyd", to_syslog);
	return run(config_path, argv);
}
