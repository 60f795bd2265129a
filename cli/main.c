/* SPDX-License-Identifier: ISC */
/*
 * mailtally — one program for people: counts logs, explains lines, shows what
 * the collector knows.
 *
 * Commands that draw or read history live in mailtally-rrd, so that those that
 * only scan do not load librrd with cairo and pango.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

#define RRD_PROGRAM "mailtally-rrd"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* NULL: in mailtally-rrd */
	const char *summary;
} commands[] = {
	{"scan", command_scan, "count log files once"},
	{"explain", command_explain,
		"what each line was taken for, and by which rule"},
	{"doctor", command_doctor,
		"which settings hide results, and what is not understood"},
	{"status", command_status, "what the collector knows now"},
	{"graph", NULL, "draw the history of a group of counters"},
	{"history", NULL, "print the history of counters"},
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

int
command_usage(const char *usage, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fputs("mailtally: ", stderr);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\nusage: %s\n", usage);
	return COMMAND_USAGE;
}

static void
print_help(FILE *out)
{
	fputs("usage: mailtally COMMAND [OPTION…] [ARGUMENT…]\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s  %s\n", commands[i].name,
			commands[i].summary);
	fputs("\nmailtally COMMAND --help says more; the manual is "
	      "mailtally(1).\n",
		out);
}

/* The other program lies beside this one in a build, in libexec when both are
 * installed. */
static int
run_rrd(char **argv)
{
	static const char *const places[] = {
		"/" RRD_PROGRAM, "/../libexec/mailtally/" RRD_PROGRAM};
	char folder[PATH_MAX], path[PATH_MAX + 64];
	ssize_t len = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	folder[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s%s", folder, places[i]);
		execv(path, argv);
	}
	fprintf(stderr, "mailtally: %s: %s: %s\n", argv[1], path,
		strerror(errno));
	return COMMAND_FAILURE;
}

/* Output that could not be written is no success. */
static int
finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "mailtally: standard output: %s\n", strerror(errno));
	return COMMAND_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return COMMAND_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return COMMAND_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("mailtally " VERSION);
		return COMMAND_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		return commands[i].run != NULL
			       ? finish(commands[i].run(argc - 1, argv + 1))
			       : run_rrd(argv);
	}
	return command_usage("mailtally COMMAND …",
		"no command '%s' (mailtally --help lists them)", argv[1]);
}
