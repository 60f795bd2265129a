/* SPDX-License-Identifier: ISC */
/* logs — see logs.h. */
#include "cli/logs.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

enum { YEAR_MIN = 1970, YEAR_MAX = 9999 };

/* What the options say. */
struct choice {
	const char *config, *own_rules, *year_text;
	int year; /* 0: to be inferred */
	bool wants_help;
};

static int
read_options(struct logs *logs, struct choice *choice, int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"json", no_argument, NULL, 'j'},
		{"unmatched", no_argument, NULL, 'u'},
		{"year", required_argument, NULL, 'y'},
		{"rules", required_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	for (int option;
		(option = getopt_long(argc, argv, "c:", options, NULL)) != -1;)
		switch (option) {
		case 'c':
			choice->config = optarg;
			break;
		case 'j':
			logs->as_json = true;
			break;
		case 'u':
			logs->only_unmatched = true;
			break;
		case 'y':
			choice->year_text = optarg;
			break;
		case 'r':
			choice->own_rules = optarg;
			break;
		case 'h':
			choice->wants_help = true;
			break;
		default:
			return COMMAND_USAGE;
		}
	return LOGS_OPEN;
}

static int
open_all(struct logs *logs, const struct choice *choice, char *const *files,
	struct err *err)
{
	if (choice->own_rules != NULL && access(choice->own_rules, R_OK) != 0)
		return err_set(
			err, "%s: %s", choice->own_rules, strerror(errno));
	size_t count = 0;
	while (files[count] != NULL)
		count++;
	const char *rules = choice->own_rules;
	logs->config = choice->config != NULL ? config_load(choice->config, err)
					      : config_default();
	if (logs->config == NULL)
		return -1;
	if (rules == NULL && choice->config != NULL)
		rules = logs->config->rules_dir;
	logs->tally = tally_new(logs->config, rules, err);
	if (logs->tally == NULL)
		return -1;
	count_expect_logs(logs->tally->count, count);
	logs->merge = merge_open(files, count, choice->year, err);
	return logs->merge != NULL ? 0 : -1;
}

/* false: there is one, and it is none. */
static bool
read_year(struct choice *choice)
{
	if (choice->year_text == NULL)
		return true;
	char *end;
	long year = strtol(choice->year_text, &end, 10);
	if (*end != '\0' || year < YEAR_MIN || year > YEAR_MAX)
		return false;
	choice->year = (int)year;
	return true;
}

int
logs_open(struct logs *logs, const char *usage, int argc, char **argv)
{
	*logs = (struct logs){0};
	struct choice choice = {0};
	if (read_options(logs, &choice, argc, argv) != LOGS_OPEN)
		return command_usage(usage, "%s: see the usage", argv[0]);
	if (choice.wants_help) {
		printf("usage: %s\n", usage);
		return COMMAND_OK;
	}
	if (!read_year(&choice))
		return command_usage(usage, "'%s' is no year from %d to %d",
			choice.year_text, YEAR_MIN, YEAR_MAX);
	if (optind == argc)
		return command_usage(usage, "%s: no file given", argv[0]);
	struct err err;
	if (open_all(logs, &choice, argv + optind, &err) == 0)
		return LOGS_OPEN;
	fprintf(stderr, "mailtally: %s\n", err.text);
	logs_close(logs);
	return COMMAND_FAILURE;
}

void
logs_close(struct logs *logs)
{
	merge_close(logs->merge);
	tally_free(logs->tally);
	config_free(logs->config);
}

const struct merge_line *
logs_next(struct logs *logs)
{
	const struct merge_line *line;
	struct err err;
	int result;
	while ((result = merge_next(logs->merge, &line, &err)) < 0) {
		fprintf(stderr, "mailtally: %s\n", err.text);
		logs->has_failed = true;
	}
	return result > 0 ? line : NULL;
}
