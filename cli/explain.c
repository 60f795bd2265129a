/* SPDX-License-Identifier: ISC */
/*
 * mailtally explain — what each line was taken for, and by which rule.
 *
 * Shows what the line itself says (the counting of source rows), not what the
 * totals make of it.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/logs.h"
#include "cli/plain.h"

#define USAGE                                                                 \
	"mailtally explain [-c CONFIG] [--json] [--unmatched] [--year YEAR] " \
	"[--rules DIR] "                                                      \
	"FILE…\n"                                                           \
	"  -c CONFIG     filters and own rules as there\n"                    \
	"  --json        one JSON object per line of the log\n"               \
	"  --unmatched   only lines of known programs that no rule knows\n"   \
	"  --year YEAR   year of the first line, where stamps have none\n"    \
	"  --rules DIR   own rules, tried before the shipped ones"

/* "opendkim.rules:21", or an absent slice. */
static struct slice
rule_name(const struct rules_outcome *outcome, char *text, size_t size)
{
	if (outcome->rule == NULL)
		return (struct slice){NULL, 0};
	int len = snprintf(
		text, size, "%s:%u", outcome->rule->file, outcome->rule->line);
	return (struct slice){
		text, (size_t)len < size ? (size_t)len : size - 1};
}

static struct slice
domain_of(const struct rules_outcome *outcome)
{
	for (int d = CATALOGUE_SIGNER; d < CATALOGUE_DOMAINS; d++) {
		struct slice domain = slice_domain(
			rules_domain(outcome, (enum catalogue_domain)d));
		if (domain.len > 0)
			return domain;
	}
	return (struct slice){NULL, 0};
}

static const char *
source_of(const struct logs *logs, const struct rules_outcome *outcome)
{
	return outcome->source < 0 ? NULL
				   : rules_source_name(logs->tally->rules,
					     (size_t)outcome->source);
}

static void
print_json(const struct logs *logs, const struct merge_line *at,
	const struct rules_outcome *outcome)
{
	char rule[4200];
	struct json_t *object = json_new_object();
	json_set_text(object, "file", at->file);
	json_set_number(object, "line", at->number);
	json_set_text(object, "status", rules_status_names[outcome->status]);
	json_set_text(object, "source", source_of(logs, outcome));
	json_set_slice(object, "rule", rule_name(outcome, rule, sizeof(rule)));
	struct json_t *counters = json_new_array();
	for (size_t i = 0; i < outcome->count; i++)
		json_add_text(counters,
			logs->tally->catalogue
				.counters[outcome->additions[i].counter]
				.name);
	json_set(object, "counters", counters);
	json_set_slice(object, "queue_id", rules_queue_id(outcome));
	json_set_slice(object, "domain", domain_of(outcome));
	json_print(object, stdout);
}

static void
print_text(const struct logs *logs, const struct merge_line *at,
	const struct rules_outcome *outcome, struct buf *text)
{
	char rule[4200];
	const char *source = source_of(logs, outcome);
	struct slice name = rule_name(outcome, rule, sizeof(rule));
	printf("%s:%lu: %s", at->file, at->number,
		rules_status_names[outcome->status]);
	if (source != NULL)
		printf(" %s", source);
	for (size_t i = 0; i < outcome->count; i++) {
		const struct rules_addition *a = &outcome->additions[i];
		printf(" %s", logs->tally->catalogue.counters[a->counter].name);
		if (a->amount != 1)
			printf("+%ju", (uintmax_t)a->amount);
	}
	if (name.len > 0)
		printf(" (%.*s)", (int)name.len, name.data);
	buf_clear(text);
	buf_adds(text, "\n  ");
	plain_add(text, at->line.raw);
	buf_addc(text, '\n');
	fwrite(text->data, 1, text->len, stdout);
}

int
command_explain(int argc, char **argv)
{
	struct logs logs;
	int status = logs_open(&logs, USAGE, argc, argv);
	if (status != LOGS_OPEN)
		return status;
	struct buf text = {0};
	for (const struct merge_line *at; (at = logs_next(&logs)) != NULL;) {
		struct rules_outcome outcome = {
			.status = RULES_MALFORMED, .source = -1};
		if (at->is_log)
			rules_apply(logs.tally->rules, &at->line, &outcome);
		if (logs.only_unmatched && outcome.status != RULES_UNMATCHED)
			continue;
		if (logs.as_json)
			print_json(&logs, at, &outcome);
		else
			print_text(&logs, at, &outcome, &text);
	}
	buf_free(&text);
	status = logs.has_failed ? COMMAND_FAILURE : COMMAND_OK;
	logs_close(&logs);
	return status;
}
