/* SPDX-License-Identifier: ISC */
/*
 * mailtally-agent — shows the snapshot to SNMP managers.
 *
 * Options and wiring; the work is serve.c's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/module.h"
#include "agent/serve.h"
#include "lib/log.h"

#define USAGE                                                                \
	"usage: mailtally-agent [-c FILE] [-s] [--root OID]\n"               \
	"                       [--standalone ADDRESS:PORT [--expose]]\n"    \
	"       mailtally-agent --print-mib [-c FILE | --root OID]\n"        \
	"  -c FILE             configuration (" CONFIG_PATH ")\n"            \
	"  -s                  log to syslog (facility daemon) instead of\n" \
	"                      standard error\n"                             \
	"  --root OID          the MIB's root, instead of the "              \
	"configuration's\n"                                                  \
	"  --standalone ADDRESS:PORT   be an SNMP agent there, without "     \
	"snmpd\n"                                                            \
	"  --expose            even if other machines can reach it\n"        \
	"  --print-mib         write MAILTALLY-MIB with that root, and exit"

enum { EXIT_USAGE = 2 };

#define NOW_RUNNING "/proc/self/exe"

struct options {
	struct serve serve;
	bool to_syslog, prints_mib, has_config;
};

/* path is of the program, as it was at the start: there may be a newer one by
 * now. */
static int
run(const struct serve *serve, const char *path, char **argv)
{
	struct err err;
	struct config *config = config_load(serve->config_path, &err);
	if (config == NULL) {
		log_error("%s", err.text);
		return EXIT_FAILURE;
	}
	enum serve_end end = serve_run(serve, config);
	config_free(config);
	if (end == SERVE_RELOAD) {
		if (path != NULL)
			execv(path, argv);
		execv(NOW_RUNNING, argv); /* it is gone, or no program */
		log_error("cannot start anew: %s", strerror(errno));
	}
	return end == SERVE_STOPPED ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Without -c the configuration need not be there. */
static int
print_mib(const struct options *options)
{
	struct err err;
	struct config *config =
		options->has_config && options->serve.root == NULL
			? config_load(options->serve.config_path, &err)
			: config_default();
	const char *root = options->serve.root;
	if (root == NULL && config != NULL)
		root = config->snmp_root;
	int result = config != NULL ? module_print(stdout, root, &err) : -1;
	config_free(config);
	if (result != 0)
		fprintf(stderr, "mailtally-agent: %s\n", err.text);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* -1: go on; otherwise the exit status. */
static int
take(int option, struct options *options)
{
	switch (option) {
	case 'c':
		options->serve.config_path = optarg;
		options->has_config = true;
		return -1;
	case 's':
		options->to_syslog = true;
		return -1;
	case 'r':
		options->serve.root = optarg;
		return -1;
	case 'a':
		options->serve.address = optarg;
		return -1;
	case 'e':
		options->serve.is_exposed = true;
		return -1;
	case 'm':
		options->prints_mib = true;
		return -1;
	case 'h':
		puts(USAGE);
		return EXIT_SUCCESS;
	case 'v':
		puts("mailtally-agent " VERSION);
		return EXIT_SUCCESS;
	default:
		fprintf(stderr, "%s\n", USAGE);
		return EXIT_USAGE;
	}
}

static int
parse(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{"root", required_argument, NULL, 'r'},
		{"standalone", required_argument, NULL, 'a'},
		{"expose", no_argument, NULL, 'e'},
		{"print-mib", no_argument, NULL, 'm'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{0},
	};
	int option;
	while ((option = getopt_long(argc, argv, "c:sh", names, NULL)) != -1) {
		int status = take(option, options);
		if (status >= 0)
			return status;
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "mailtally-agent: unexpected argument '%s'\n%s\n",
		argv[optind], USAGE);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct options options = {.serve = {.config_path = CONFIG_PATH}};
	int status = parse(argc, argv, &options);
	if (status >= 0)
		return status;
	if (options.prints_mib)
		return print_mib(&options);
	log_open("mailtally-agent", options.to_syslog);
	char *path = realpath(NOW_RUNNING, NULL);
	status = run(&options.serve, path, argv);
	free(path);
	return status;
}
