/* SPDX-License-Identifier: ISC */
/*
 * mailtally explain — what each line was taken for, and by which rule.
 *
 * Shows what the line itself says (the counting of source rows), not what the
 * totals make of it.
 */
#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/merge.h"
#include "collector/tally.h"

#define USAGE                                                               \
	"mailtally explain [--json] [--unmatched] [--year YEAR] [--rules "  \
	"DIR] "                                                             \
	"FILE…\n"                                                         \
	"  --json        one JSON object per line of the log\n"             \
	"  --unmatched   only lines of known programs that no rule knows\n" \
	"  --year YEAR   year of the first line, where stamps have none\n"  \
	"  --rules DIR   own rules, tried before the shipped ones"

struct explain {
	struct tally *tally;
	bool as_json, only_unmatched;
};

/* "opendkim.rules:21", or an absent slice. */
static struct slice
rule_name(const struct rules_outcome *outcome, char *text, size_t size)
{
	if (outcome->file == NULL)
		return (struct slice){NULL, 0};
	int len = snprintf(text, size, "%s:%u", outcome->file, outcome->line);
	return (struct slice){
		text, (size_t)len < size ? (size_t)len : size - 1};
}

static struct slice
domain_of(const struct rules_outcome *outcome)
{
	for (int d = CATALOGUE_SIGNER; d < CATALOGUE_DOMAINS; d++) {
		struct slice domain = slice_domain(outcome->domains[d]);
		if (domain.len > 0)
			return domain;
	}
	return (struct slice){NULL, 0};
}

static const char *
source_of(const struct explain *explain, const struct rules_outcome *outcome)
{
	return outcome->source < 0 ? NULL
				   : rules_source_name(explain->tally->rules,
					     (size_t)outcome->source);
}

static void
print_json(const struct explain *explain, const struct merge_line *at,
	const struct rules_outcome *outcome)
{
	char rule[4200];
	struct json_t *object = json_new_object();
	json_set_text(object, "file", at->file);
	json_set_number(object, "line", at->number);
	json_set_text(object, "status", rules_status_names[outcome->status]);
	json_set_text(object, "source", source_of(explain, outcome));
	json_set_slice(object, "rule", rule_name(outcome, rule, sizeof(rule)));
	struct json_t *counters = json_new_array();
	for (size_t i = 0; i < outcome->count; i++)
		json_add_text(counters,
			explain->tally->catalogue
				.counters[outcome->additions[i].counter]
				.name);
	json_set(object, "counters", counters);
	json_set_slice(object, "queue_id", outcome->queue_id);
	json_set_slice(object, "domain", domain_of(outcome));
	json_print(object, stdout);
}

static void
print_text(const struct explain *explain, const struct merge_line *at,
	const struct rules_outcome *outcome)
{
	char rule[4200];
	const char *source = source_of(explain, outcome);
	struct slice name = rule_name(outcome, rule, sizeof(rule));
	printf("%s:%lu: %s", at->file, at->number,
		rules_status_names[outcome->status]);
	if (source != NULL)
		printf(" %s", source);
	for (size_t i = 0; i < outcome->count; i++) {
		const struct rules_addition *a = &outcome->additions[i];
		printf(" %s",
			explain->tally->catalogue.counters[a->counter].name);
		if (a->amount != 1)
			printf("+%ju", (uintmax_t)a->amount);
	}
	if (name.len > 0)
		printf(" (%.*s)", (int)name.len, name.data);
	fputs("\n  ", stdout);
	for (size_t i = 0; i < at->line.raw.len; i++) {
		unsigned char c = (unsigned char)at->line.raw.data[i];
		putchar(c < ' ' || c == 0x7f ? '?' : c);
	}
	putchar('\n');
}

static int
explain_lines(const struct explain *explain, struct merge *merge)
{
	int status = COMMAND_OK, result;
	const struct merge_line *at;
	struct err err;
	while ((result = merge_next(merge, &at, &err)) != 0) {
		if (result < 0) {
			fprintf(stderr, "mailtally: %s\n", err.text);
			status = COMMAND_FAILURE;
			continue;
		}
		struct rules_outcome outcome = {
			.status = RULES_MALFORMED, .source = -1};
		if (at->is_log)
			rules_apply(explain->tally->rules, &at->line, &outcome);
		if (explain->only_unmatched &&
			outcome.status != RULES_UNMATCHED)
			continue;
		if (explain->as_json)
			print_json(explain, at, &outcome);
		else
			print_text(explain, at, &outcome);
	}
	return status;
}

int
command_explain(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"unmatched", no_argument, NULL, 'u'},
		{"year", required_argument, NULL, 'y'},
		{"rules", required_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct explain explain = {0};
	const char *own_rules = NULL;
	int year = 0, option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'j':
			explain.as_json = true;
			break;
		case 'u':
			explain.only_unmatched = true;
			break;
		case 'y':
			year = atoi(optarg);
			break;
		case 'r':
			own_rules = optarg;
			break;
		case 'h':
			puts("usage: " USAGE);
			return COMMAND_OK;
		default:
			return command_usage(USAGE, "explain: see the usage");
		}
	if (optind == argc)
		return command_usage(USAGE, "explain: no file given");
	struct err err;
	struct config *config = config_default();
	explain.tally = tally_new(config, own_rules, &err);
	struct merge *merge =
		explain.tally == NULL
			? NULL
			: merge_open(argv + optind, (size_t)(argc - optind),
				  year, &err);
	int status = COMMAND_FAILURE;
	if (merge == NULL)
		fprintf(stderr, "mailtally: %s\n", err.text);
	else
		status = explain_lines(&explain, merge);
	merge_close(merge);
	tally_free(explain.tally);
	config_free(config);
	return status;
}
