/* SPDX-License-Identifier: ISC */
/*
 * mailtally-rrd — the commands that read the history: graph and history.
 *
 * A program of its own, which `mailtally graph` and `mailtally history` run,
 * so that programs that only count do not load librrd and its cairo.
 */
#include <stdio.h>
#include <string.h>

#include "cli/rrd/where.h"

static const char USAGE[] =
	"usage: mailtally graph [--help] GRAPH …      draw a picture\n"
	"       mailtally history [--help] COUNTER …  print numbers\n";

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "graph") == 0)
		return command_graph(argc - 1, argv + 1);
	if (strcmp(name, "history") == 0)
		return command_history(argc - 1, argv + 1);
	if (strcmp(name, "--help") == 0) {
		fputs(USAGE, stdout);
		return 0;
	}
	fputs(USAGE, stderr);
	return 2;
}
