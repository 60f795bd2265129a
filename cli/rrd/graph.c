/* SPDX-License-Identifier: ISC */
/*
 * graph — mailtally graph: one picture of one group's history.
 */
#include "rrd/graph.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rrd/where.h"
#include "rrd/range.h"

static const char HELP[] =
	"usage: mailtally graph [OPTION…] GRAPH\n"
	"Draw the history of a group of counters.  Without GRAPH: list what "
	"there "
	"is.\n"
	"\n"
	"  --scope KIND      total (default), source, host or domain\n"
	"  --key KEY         which one: opendkim, mx1, example.org …\n"
	"  --range RANGE     6h, 1d (default), 1w, 1month, 1y …\n"
	"  --end TIME        its end: now (default), -1d, Unix or RFC 3339 "
	"time\n"
	"  -o FILE           FILE.png or FILE.svg (default GRAPH.png), - for "
	"stdout\n"
	"  --width N --height N   of the canvas in pixels (700, 220)\n"
	"  --rrd DIR         the folder of RRD files, instead of the "
	"configuration's\n"
	"  -c FILE           the configuration "
	"(/etc/mailtally/mailtally.conf)\n";

struct options {
	struct where where;
	const char *range, *end, *output, *width, *height;
};

static int
parse(int argc, char **argv, struct options *options)
{
	enum { SCOPE = 256, KEY, RANGE, END, RRD, WIDTH, HEIGHT };
	static const struct option longs[] = {{"help", no_argument, NULL, 'h'},
		{"scope", required_argument, NULL, SCOPE},
		{"key", required_argument, NULL, KEY},
		{"range", required_argument, NULL, RANGE},
		{"end", required_argument, NULL, END},
		{"rrd", required_argument, NULL, RRD},
		{"width", required_argument, NULL, WIDTH},
		{"height", required_argument, NULL, HEIGHT},
		{"output", required_argument, NULL, 'o'},
		{"config", required_argument, NULL, 'c'}, {0}};
	const char **const targets[] = {&options->where.kind,
		&options->where.key, &options->range, &options->end,
		&options->where.rrd, &options->width, &options->height};
	for (int c;
		(c = getopt_long(argc, argv, "c:o:h", longs, NULL)) != -1;) {
		if (c >= SCOPE)
			*targets[c - SCOPE] = optarg;
		else if (c == 'c')
			options->where.config = optarg;
		else if (c == 'o')
			options->output = optarg;
		else
			return c;
	}
	return 0;
}

static int
fill(struct options *options, struct sheet_request *request, struct err *err)
{
	time_t now = time(NULL);
	request->end = now;
	if (where_check(&options->where, err) < 0)
		return -1;
	if (range_parse(options->range ? options->range : "1d",
		    &request->range_s, err) < 0)
		return -1;
	if (options->end &&
		where_time(options->end, now, &request->end, err) < 0)
		return -1;
	const char *const sizes[] = {options->width, options->height};
	unsigned *const targets[] = {&request->width, &request->height};
	for (size_t i = 0; i < 2; i++) {
		long n = sizes[i] ? strtol(sizes[i], NULL, 10) : 0;
		if (sizes[i] && (n < 50 || n > 10000))
			return err_set(err, "a size is from 50 to 10000");
		*targets[i] = (unsigned)n;
	}
	return 0;
}

static int
list(const struct sheet_request *request)
{
	struct buf names = {0};
	sheet_list(request, &names);
	if (names.len > 0)
		fputs(names.data, stdout);
	else
		fprintf(stderr, "mailtally graph: no history in %s\n",
			request->dir);
	int status = names.len > 0 ? 0 : 1;
	buf_free(&names);
	return status;
}

static int
draw(const char *name, const struct options *options,
	const struct sheet_request *request, struct err *err)
{
	char path[128];
	if (strchr(name, '/'))
		return err_set(err, "'%s' is no graph", name);
	snprintf(path, sizeof(path), "%s.png", name);
	struct sheet_request whole = *request;
	whole.name = name;
	whole.output = options->output ? options->output : path;
	return graph_draw(&whole, err);
}

int
command_graph(int argc, char **argv)
{
	struct options options = {0};
	struct sheet_request request = {0};
	struct err err = {0};
	int c = parse(argc, argv, &options);
	if (c == 'h')
		fputs(HELP, stdout);
	if (c != 0)
		return c == 'h' ? 0 : 2;
	if (argc - optind > 1 || fill(&options, &request, &err) < 0) {
		fprintf(stderr, "mailtally graph: %s\n",
			*err.text ? err.text : "one graph at a time");
		return 2;
	}
	int status = 1;
	if (where_find(&options.where, &err) == 0) {
		request.dir = options.where.dir;
		request.cached = options.where.cached;
		request.kind = options.where.kind;
		request.key = options.where.key;
		if (optind == argc)
			status = list(&request);
		else if (draw(argv[optind], &options, &request, &err) == 0)
			status = 0;
	}
	if (*err.text)
		fprintf(stderr, "mailtally graph: %s\n", err.text);
	where_free(&options.where);
	return status;
}
