/* SPDX-License-Identifier: ISC */
/* count — see count.h. */
#include "collector/count.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/domains.h"
#include "collector/messages.h"
#include "collector/tail.h"
#include "lib/mem.h"

enum { HOSTS_KNOWN = 16 };

/* A host's name as logged, and its row. */
struct known_host {
	struct row *row;
	struct flight_place place;
	size_t len;
	char name[LINE_HOST_MAX];
};

/* Of whom a counter speaks, where that is looked up in the ledger. */
enum role { ROLE_NONE, ROLE_VERDICT, ROLE_SIGNATURE, ROLE_SENDER };

/* What a line asks about a counter; the catalogue's entry is much larger. */
struct kind {
	uint8_t role, domain; /* enum role, enum catalogue_domain */
	int8_t method;
	bool is_signing;
};

struct count {
	struct count_parts parts;
	struct rows *rows;
	struct messages *messages;
	bool is_muted;
	struct step *step;  /* the present line's */
	struct kind *kinds; /* by counter */
	int is_signed, dmarc_fail;
	struct row **sources;                 /* by source number */
	struct known_host hosts[HOSTS_KNOWN]; /* by last byte of the name */
	struct flight_place nowhere;          /* of lines without a host */
	int lines, bytes, repeated, limited, cut, status[RULES_STATUSES];
	struct domains domains;
	struct rules_outcome outcome;
};

static int
index_of(const struct count *count, const char *name)
{
	return catalogue_find(count->rows->catalogue, slice_of(name));
}

static enum role
role_of(const struct catalogue_counter *counter)
{
	if (counter->method >= 0)
		return ROLE_VERDICT;
	if (strcmp(counter->name, "dkim.signatures") == 0)
		return ROLE_SIGNATURE;
	return strcmp(counter->group, "smtp") == 0 &&
			       counter->domain == CATALOGUE_MAILFROM
		       ? ROLE_SENDER
		       : ROLE_NONE;
}

static struct kind
kind_of(const struct catalogue_counter *counter)
{
	return (struct kind){(uint8_t)role_of(counter),
		(uint8_t)counter->domain, (int8_t)counter->method,
		catalogue_is_signing(counter)};
}

static judge_add add_now;

struct count *
count_new(const struct count_parts *parts, struct err *err)
{
	struct count *count = mem_zalloc(1, sizeof(*count));
	const struct catalogue *catalogue = parts->rows->catalogue;
	count->parts = *parts;
	count->rows = parts->rows;
	count->sources = mem_zalloc(
		rules_source_count(parts->rules), sizeof(*count->sources));
	count->kinds = mem_zalloc(catalogue->count, sizeof(*count->kinds));
	for (size_t i = 0; i < catalogue->count; i++)
		count->kinds[i] = kind_of(&catalogue->counters[i]);
	domains_init(&count->domains, parts->rows);
	count->lines = index_of(count, "log.lines");
	count->bytes = index_of(count, "log.bytes");
	count->repeated = index_of(count, "log.repeated");
	count->limited = index_of(count, "log.limited");
	count->cut = index_of(count, "log.cut");
	count->is_signed = index_of(count, "dkim.signed");
	count->dmarc_fail = index_of(count, "dmarc.fail");
	for (int s = 0; s < RULES_STATUSES; s++) {
		char name[32] = "log.";
		strcat(name, rules_status_names[s]);
		count->status[s] = index_of(count, name);
	}
	count->messages =
		messages_new(&(struct messages_parts){.config = parts->config,
				     .rows = parts->rows,
				     .signs = parts->signs,
				     .add = add_now,
				     .arg = count},
			err);
	if (count->messages == NULL) {
		count_free(count);
		return NULL;
	}
	count->nowhere =
		messages_place(count->messages, (struct slice){"", 0}, NULL);
	return count;
}

void
count_free(struct count *count)
{
	if (count == NULL)
		return;
	messages_free(count->messages);
	free(count->sources);
	free(count->kinds);
	free(count);
}

void
count_expect_logs(struct count *count, size_t logs)
{
	messages_expect_logs(count->messages, logs);
}

void
count_resume(struct count *count, int64_t time)
{
	messages_resume(count->messages, time);
}

void
count_mute(struct count *count, bool is_muted)
{
	count->is_muted = is_muted;
}

int64_t
count_clock(const struct count *count)
{
	return messages_clock(count->messages);
}

static struct row *
source_row(struct count *count, int source)
{
	struct row **row = &count->sources[source];
	if (*row == NULL) {
		const char *name =
			rules_source_name(count->parts.rules, (size_t)source);
		*row = rows_get(count->rows, ROWS_SOURCE, slice_of(name));
	}
	return *row;
}

static size_t
to_lower(struct slice text, char *out, size_t max)
{
	size_t len = text.len < max ? text.len : max;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)tolower((unsigned char)text.data[i]);
	return len;
}

/* A log has few hosts: most names are found without a look-up.  NULL: none. */
static const struct known_host *
find_host(struct count *count, struct slice host)
{
	if (host.len == 0)
		return NULL;
	size_t place = (unsigned char)host.data[host.len - 1] % HOSTS_KNOWN;
	struct known_host *known = &count->hosts[place];
	if (known->len == host.len &&
		memcmp(host.data, known->name, host.len) == 0)
		return known;
	char key[LINE_HOST_MAX];
	size_t len = to_lower(host, key, sizeof(key));
	known->row = rows_get(count->rows, ROWS_HOST, (struct slice){key, len});
	known->place = messages_place(count->messages, host, known->row);
	known->len = len;
	memcpy(known->name, host.data, len);
	return known;
}

/* Where a line counts, besides its domains' rows: vectors of its step. */
struct place {
	const struct row *source, *host; /* host: NULL if the line has none */
	uint64_t *in_total, *in_source, *in_host;
	struct ledger_message *message; /* NULL: of none that is known */
	const struct row *sender;       /* domain of =active's; NULL: none */
	const struct line *line;
};

static inline void
count_log(const struct count *count, const struct line *line, uint64_t *vector)
{
	vector[count->lines]++;
	vector[count->bytes] += line->raw.len + 1;
	vector[count->status[count->outcome.status]]++;
	if (line->repeat > 1)
		vector[count->repeated]++;
	if (count->outcome.hit_limit)
		vector[count->limited]++;
	if (line->raw.len >= TAIL_LINE_MAX)
		vector[count->cut]++;
}

/* The domain row that the addition takes, or NULL. */
static const struct row *
domain_of(struct count *count, const struct place *place, struct kind kind)
{
	if (kind.domain == CATALOGUE_NONE)
		return NULL;
	if (kind.domain == CATALOGUE_MAILFROM && place->sender != NULL)
		return place->sender;
	struct slice text = rules_domain(&count->outcome, kind.domain);
	if (text.data == NULL && kind.domain == CATALOGUE_MAILFROM &&
		place->message != NULL)
		return messages_sender(count->messages, place->message);
	return domains_row(&count->domains, text, kind.is_signing);
}

/* Adds to total, host and domain. */
static void
add_now(void *arg, const struct judge_addition *addition)
{
	struct count *count = arg;
	const struct rows *rows = count->rows;
	const struct row *const places[] = {
		rows->total, addition->machine, addition->domain};
	shares_add(count->parts.shares, addition->counter, addition->amount,
		count->step->end);
	if (count->is_muted || addition->is_old)
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (places[i] != NULL)
			step_vector(count->step, rows,
				places[i])[addition->counter] +=
				addition->amount;
}

/* The total counts a message that was signed, whatever the signatures. */
static void
count_signature(struct count *count, const struct place *place,
	const struct row *domain)
{
	struct slice signer = rules_domain(&count->outcome, CATALOGUE_SIGNER);
	const struct row *machine = place->host;
	if (place->message != NULL && place->message->machine != LEDGER_NO_ROW)
		machine = count->rows->items[place->message->machine];
	if (machine != NULL)
		rows_sign(
			count->rows->items[machine->number], place->line->time);
	signs_learn(
		count->parts.signs, slice_domain(signer), place->line->time);
	messages_judge(count->messages, place->message, JUDGE_SIGNED,
		&(struct judge_addition){
			count->is_signed, 1, domain, machine, false});
}

static void
count_verdict(struct count *count, const struct place *place,
	const struct judge_addition *addition)
{
	int method = count->kinds[addition->counter].method;
	const struct authority_spoke spoke = {
		place->host != NULL ? place->host->index : 0, method,
		place->source->key, place->line->time};
	if (place->message != NULL && addition->counter == count->dmarc_fail &&
		strcmp(place->source->key, "opendmarc") == 0)
		messages_dmarc_failed(
			count->messages, place->message, addition->domain);
	if (count->is_muted ? authority_counts(count->parts.authority, &spoke)
			    : authority_speak(count->parts.authority, &spoke))
		messages_judge(count->messages, place->message,
			(unsigned)method, addition);
}

static void
count_addition(struct count *count, const struct place *place,
	const struct rules_addition *addition)
{
	int index = addition->counter;
	const struct kind kind = count->kinds[index];
	const struct judge_addition full = {.counter = index,
		.amount = addition->amount,
		.domain = domain_of(count, place, kind),
		.machine = place->host};
	if (!count->is_muted)
		place->in_source[index] += addition->amount;
	if (kind.role == ROLE_VERDICT) {
		count_verdict(count, place, &full);
		return;
	}
	if (kind.role == ROLE_SIGNATURE)
		count_signature(count, place, full.domain);
	if (count->is_muted)
		return;
	place->in_total[index] += addition->amount;
	if (place->host != NULL)
		place->in_host[index] += addition->amount;
	if (full.domain != NULL)
		step_vector(count->step, count->rows, full.domain)[index] +=
			addition->amount;
}

/* Finds the message that the line speaks of, if that is of any use. */
static void
find_message(
	struct count *count, struct place *place, const struct known_host *host)
{
	const struct rules_outcome *outcome = &count->outcome;
	if (outcome->rule == NULL)
		return;
	bool is_needed = outcome->rule->fact != RULE_NO_FACT;
	for (size_t i = 0; i < outcome->count; i++)
		is_needed |= count->kinds[outcome->additions[i].counter].role !=
			     ROLE_NONE;
	if (!is_needed)
		return;
	if (outcome->rule->fact == RULE_ACTIVE)
		place->sender = domains_row(&count->domains,
			rules_domain(outcome, CATALOGUE_MAILFROM), false);
	place->message = messages_note(count->messages,
		&(struct messages_line){
			.outcome = outcome,
			.message = place->line->message,
			.sender = place->sender,
			.time = place->line->time,
			.place = host != NULL ? host->place : count->nowhere,
		});
}

void
count_advance(struct count *count, int64_t time, struct step *step)
{
	count->step = step;
	messages_advance(count->messages, time);
}

const struct rules_outcome *
count_line(struct count *count, const struct line *line, bool is_log,
	struct step *step)
{
	struct rules_outcome *outcome = &count->outcome;
	if (is_log)
		rules_apply(count->parts.rules, line, outcome);
	else
		*outcome = (struct rules_outcome){
			.status = RULES_MALFORMED, .source = -1};
	const struct rows *rows = count->rows;
	const struct known_host *host = find_host(count, line->host);
	struct place place = {
		.host = host != NULL ? host->row : NULL, .line = line};
	count->step = step;
	if (!count->is_muted) {
		place.in_total = step_vector(step, rows, rows->total);
		count_log(count, line, place.in_total);
		if (place.host != NULL) {
			place.in_host = step_vector(step, rows, place.host);
			count_log(count, line, place.in_host);
		}
	}
	if (outcome->source < 0)
		return outcome;
	place.source = source_row(count, outcome->source);
	if (!count->is_muted) {
		place.in_source = step_vector(step, rows, place.source);
		count_log(count, line, place.in_source);
	}
	find_message(count, &place, host);
	for (size_t i = 0; i < outcome->count; i++)
		count_addition(count, &place, &outcome->additions[i]);
	return outcome;
}

void
count_event(struct count *count, const char *name, uint64_t amount,
	struct step *step)
{
	if (amount == 0)
		return;
	int counter = index_of(count, name);
	if (counter >= 0)
		step_vector(step, count->rows, count->rows->total)[counter] +=
			amount;
}
