/* SPDX-License-Identifier: ISC */
/*
 * history — mailtally history: counts per step, as a table, CSV or JSON.
 *
 * Names are printed as given; series.c has refused all that are no counters.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rrd/series.h"
#include "cli/rrd/where.h"
#include "rrd/range.h"

static const char HELP[] =
	"usage: mailtally history [OPTION…] COUNTER…\n"
	"Print what counters counted, step by step: dkim.pass spf.fail …\n"
	"A step is named by the time at which it begins; - is unknown.\n"
	"\n"
	"  --from TIME       default -1d; -6h, now, Unix or RFC 3339 time\n"
	"  --to TIME         default now\n"
	"  --step STEP       default 1h; 1min, 1d … or seconds\n"
	"  --scope KIND      total (default), source, host or domain\n"
	"  --key KEY         which one: opendkim, mx1, example.org …\n"
	"  --json | --csv    for programs; times are Unix seconds in JSON\n"
	"  --rrd DIR         the folder of RRD files, instead of the "
	"configuration's\n"
	"  -c FILE           the configuration "
	"(/etc/mailtally/mailtally.conf)\n";

struct options {
	struct where where;
	const char *from, *to, *step;
	bool json, csv;
};

static int
parse(int argc, char **argv, struct options *options)
{
	enum { SCOPE = 256, KEY, FROM, TO, STEP, RRD };
	static const struct option longs[] = {{"help", no_argument, NULL, 'h'},
		{"scope", required_argument, NULL, SCOPE},
		{"key", required_argument, NULL, KEY},
		{"from", required_argument, NULL, FROM},
		{"to", required_argument, NULL, TO},
		{"step", required_argument, NULL, STEP},
		{"rrd", required_argument, NULL, RRD},
		{"json", no_argument, NULL, 'j'},
		{"csv", no_argument, NULL, 'v'},
		{"config", required_argument, NULL, 'c'}, {0}};
	const char **const targets[] = {&options->where.kind,
		&options->where.key, &options->from, &options->to,
		&options->step, &options->where.rrd};
	for (int c; (c = getopt_long(argc, argv, "c:h", longs, NULL)) != -1;) {
		if (c >= SCOPE)
			*targets[c - SCOPE] = optarg;
		else if (c == 'c')
			options->where.config = optarg;
		else if (c == 'j')
			options->json = true;
		else if (c == 'v')
			options->csv = true;
		else
			return c;
	}
	return 0;
}

static int
fill(struct options *options, struct series_request *request, struct err *err)
{
	time_t now = time(NULL);
	char *end;
	if (request->count == 0)
		return err_set(err, "which counter? such as dkim.pass");
	if (options->json && options->csv)
		return err_set(err, "--json or --csv, not both");
	if (where_check(&options->where, err) < 0)
		return -1;
	if (where_time(options->from ? options->from : "-1d", now,
		    &request->from, err) < 0 ||
		where_time(options->to ? options->to : "now", now, &request->to,
			err) < 0)
		return -1;
	if (request->from >= request->to)
		return err_set(err, "--from must be before --to");
	const char *step = options->step ? options->step : "1h";
	request->step = strtol(step, &end, 10);
	if (end == step || *end)
		return range_parse(step, &request->step, err);
	if (request->step < 1)
		return err_set(err, "--step must be a second at least");
	return 0;
}

/* Whole where it is whole; otherwise one decimal. */
static const char *
number(double value, char *out, size_t size)
{
	double whole = round(value);
	if (isnan(value))
		snprintf(out, size, "-");
	else if (fabs(value - whole) < 1e-6 * fmax(1, fabs(whole)))
		snprintf(out, size, "%.0f", whole);
	else
		snprintf(out, size, "%.1f", value);
	return out;
}

static void
print_csv(const struct series *series, char **names)
{
	char text[64];
	printf("time");
	for (size_t c = 0; c < series->count; c++)
		printf(",%s", names[c]);
	printf("\n");
	for (size_t i = 0; i < series->row_count; i++) {
		time_t time = series->from + (time_t)i * series->step;
		struct tm tm;
		gmtime_r(&time, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		printf("%s", text);
		for (size_t c = 0; c < series->count; c++) {
			double value = series->values[i * series->count + c];
			printf(",%s", isnan(value) ? ""
						   : number(value, text,
							     sizeof(text)));
		}
		printf("\n");
	}
}

static void
print_json(const struct series *series, char **names)
{
	char text[64];
	printf("[");
	for (size_t i = 0; i < series->row_count; i++) {
		printf("%s\n{\"time\":%lld", i ? "," : "",
			(long long)series->from + (long long)i * series->step);
		for (size_t c = 0; c < series->count; c++) {
			double value = series->values[i * series->count + c];
			printf(",\"%s\":%s", names[c],
				isnan(value)
					? "null"
					: number(value, text, sizeof(text)));
		}
		printf("}");
	}
	printf("\n]\n");
}

static int
width_of(const char *name)
{
	int len = (int)strlen(name);
	return len < 10 ? 10 : len;
}

static void
print_table(const struct series *series, char **names)
{
	char text[64];
	printf("%-16s", "");
	for (size_t c = 0; c < series->count; c++)
		printf("  %*s", width_of(names[c]), names[c]);
	printf("\n");
	for (size_t i = 0; i < series->row_count; i++) {
		time_t time = series->from + (time_t)i * series->step;
		struct tm tm;
		localtime_r(&time, &tm);
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
		printf("%-16s", text);
		for (size_t c = 0; c < series->count; c++)
			printf("  %*s", width_of(names[c]),
				number(series->values[i * series->count + c],
					text, sizeof(text)));
		printf("\n");
	}
	printf("%-16s", "total");
	for (size_t c = 0; c < series->count; c++)
		printf("  %*s", width_of(names[c]),
			number(series_total(series, c), text, sizeof(text)));
	printf("\n");
}

static int
print(const struct series_request *request, const struct options *options,
	struct err *err)
{
	struct series series;
	if (series_read(request, &series, err) < 0)
		return -1;
	if (options->json)
		print_json(&series, request->counters);
	else if (options->csv)
		print_csv(&series, request->counters);
	else
		print_table(&series, request->counters);
	series_free(&series);
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_set(err, "cannot write the output");
	return 0;
}

int
command_history(int argc, char **argv)
{
	struct options options = {0};
	struct series_request request = {.where = &options.where};
	struct err err = {0};
	int c = parse(argc, argv, &options);
	if (c == 'h')
		fputs(HELP, stdout);
	if (c != 0)
		return c == 'h' ? 0 : 2;
	request.counters = argv + optind;
	request.count = (size_t)(argc - optind);
	if (fill(&options, &request, &err) < 0) {
		fprintf(stderr, "mailtally history: %s\n", err.text);
		return 2;
	}
	int rc = where_find(&options.where, &err);
	if (rc == 0)
		rc = print(&request, &options, &err);
	if (rc < 0)
		fprintf(stderr, "mailtally history: %s\n", err.text);
	where_free(&options.where);
	return rc < 0 ? 1 : 0;
}
