/* SPDX-License-Identifier: ISC */
/* snapshot_facts — see snapshot_facts.h. */
#include "lib/snapshot_facts.h"

#include <inttypes.h>
#include <string.h>

int
snapshot_parse_spoke(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_spoke *spoke = &all->spokes[all->spoke_count++];
	if (fields_text(fields, "host", &spoke->host) != 0 ||
		fields_word(fields, "method", &spoke->method) != 0 ||
		fields_word(fields, "source", &spoke->source) != 0)
		return -1;
	return fields_time(fields, &spoke->time);
}

int
snapshot_parse_ledger(struct snapshot_parser *parser)
{
	return fields_time(&parser->fields, &parser->whole->snapshot.ledger);
}

int
snapshot_parse_success(struct snapshot_parser *parser)
{
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_success *success =
		&all->successes[all->success_count++];
	if (fields_word(&parser->fields, "method", &success->method) != 0)
		return -1;
	return fields_time(&parser->fields, &success->time);
}

int
snapshot_parse_signs(struct snapshot_parser *parser)
{
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_signs *signs = &all->signs[all->signs_count++];
	if (fields_text(&parser->fields, "domain", &signs->domain) != 0)
		return -1;
	return fields_time(&parser->fields, &signs->time);
}

int
snapshot_parse_signing(struct snapshot_parser *parser)
{
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_signing *signing = &all->signing[all->signing_count++];
	if (fields_text(&parser->fields, "host", &signing->host) != 0)
		return -1;
	return fields_time(&parser->fields, &signing->time);
}

/* VALUE is 0 to 1 with four decimals. */
int
snapshot_parse_share(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_share *share = &all->shares[all->share_count++];
	const char *word, *at;
	uint64_t whole, parts;
	if (fields_word(fields, "name", &share->name) != 0 ||
		fields_word(fields, "scope", &share->scope) != 0 ||
		fields_u32(fields, "window", &share->window) != 0 ||
		fields_word(fields, "value", &word) != 0)
		return -1;
	at = word;
	if (!fields_digits(&at, 1, &whole) || *at++ != '.' || strlen(at) != 4 ||
		!fields_digits(&at, 9999, &parts) || *at != '\0' ||
		(whole == 1 && parts > 0))
		return fields_fail(fields, "value '%.40s' is no share", word);
	share->value = (double)whole + (double)parts / 10000;
	return 0;
}

/* What is left of the line; it may be nothing. */
static const char *
take_rest(struct fields *fields)
{
	const char *rest = fields->rest != NULL ? fields->rest : "";
	fields->rest = NULL;
	return rest;
}

int
snapshot_parse_alert(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_alert *alert = &all->alerts[all->alert_count++];
	if (fields_word(fields, "name", &alert->name) != 0 ||
		fields_text(fields, "key", &alert->key) != 0 ||
		fields_word(fields, "state", &alert->state) != 0 ||
		fields_time(fields, &alert->since) != 0 ||
		fields_word(fields, "value", &alert->value) != 0 ||
		fields_word(fields, "threshold", &alert->threshold) != 0 ||
		fields_word(fields, "severity", &alert->severity) != 0)
		return -1;
	alert->text = take_rest(fields);
	return 0;
}

static int
take_direction(struct fields *fields, bool *is_raised)
{
	const char *word;
	if (fields_word(fields, "direction", &word) != 0)
		return -1;
	*is_raised = strcmp(word, "raised") == 0;
	if (!*is_raised && strcmp(word, "cleared") != 0)
		return fields_fail(
			fields, "'%.40s' is neither raised nor cleared", word);
	return 0;
}

/* A field that may be missing at the line's end. */
static int
take_optional(struct fields *fields, const char *what, const char **word)
{
	*word = "";
	return fields->rest != NULL ? fields_word(fields, what, word) : 0;
}

int
snapshot_parse_change(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_change *change = &all->changes[all->change_count];
	uint64_t before = all->change_count > 0 ? change[-1].seq : 0;
	all->change_count++;
	if (fields_number(fields, "number", UINT64_MAX, &change->seq) != 0)
		return -1;
	if (change->seq <= before)
		return fields_fail(fields,
			"change %" PRIu64 " stands behind change %" PRIu64,
			change->seq, before);
	if (fields_time(fields, &change->time) != 0 ||
		fields_word(fields, "name", &change->name) != 0 ||
		fields_text(fields, "key", &change->key) != 0 ||
		take_direction(fields, &change->is_raised) != 0 ||
		take_optional(fields, "value", &change->value) != 0 ||
		take_optional(fields, "threshold", &change->threshold) != 0 ||
		take_optional(fields, "severity", &change->severity) != 0)
		return -1;
	change->text = take_rest(fields);
	return 0;
}
