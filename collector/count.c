/* SPDX-License-Identifier: ISC */
/* count — see count.h. */
#include "collector/count.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/tail.h"
#include "lib/mem.h"

enum { DOMAIN_MAX = 253, HOSTS_KNOWN = 16 };

/* A host's name as logged, and its row. */
struct known_host {
	struct row *row;
	size_t len;
	char name[LINE_HOST_MAX];
};

struct count {
	struct rules *rules;
	struct rows *rows;
	struct authority *authority;
	struct row **sources;                 /* by source number */
	struct known_host hosts[HOSTS_KNOWN]; /* by last byte of the name */
	int lines, bytes, repeated, limited, cut, status[RULES_STATUSES];
	char domain_bytes[256]; /* lower case; '\0': not in a domain */
	struct rules_outcome outcome;
};

static int
index_of(const struct count *count, const char *name)
{
	return catalogue_find(count->rows->catalogue, slice_of(name));
}

/* Letters, digits, '-', '_', '.', and what UTF-8 consists of. */
static void
fill_domain_bytes(char *bytes)
{
	for (int c = 0; c < 256; c++)
		if (isalnum(c) || c == '.' || c == '-' || c == '_' || c >= 0x80)
			bytes[c] = (char)(c < 0x80 ? tolower(c) : c);
}

struct count *
count_new(struct rules *rules, struct rows *rows, struct authority *authority)
{
	struct count *count = mem_zalloc(1, sizeof(*count));
	count->rules = rules;
	count->rows = rows;
	count->authority = authority;
	count->sources =
		mem_zalloc(rules_source_count(rules), sizeof(*count->sources));
	fill_domain_bytes(count->domain_bytes);
	count->lines = index_of(count, "log.lines");
	count->bytes = index_of(count, "log.bytes");
	count->repeated = index_of(count, "log.repeated");
	count->limited = index_of(count, "log.limited");
	count->cut = index_of(count, "log.cut");
	for (int s = 0; s < RULES_STATUSES; s++) {
		char name[32] = "log.";
		strcat(name, rules_status_names[s]);
		count->status[s] = index_of(count, name);
	}
	return count;
}

void
count_free(struct count *count)
{
	if (count == NULL)
		return;
	free(count->sources);
	free(count);
}

static struct row *
source_row(struct count *count, int source)
{
	struct row **row = &count->sources[source];
	if (*row == NULL) {
		const char *name =
			rules_source_name(count->rules, (size_t)source);
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

/* A log has few hosts: most names are found without a look-up. */
static struct row *
host_row(struct count *count, struct slice host)
{
	if (host.len == 0)
		return NULL;
	size_t place = (unsigned char)host.data[host.len - 1] % HOSTS_KNOWN;
	struct known_host *known = &count->hosts[place];
	if (known->len == host.len &&
		memcmp(host.data, known->name, host.len) == 0)
		return known->row;
	char key[LINE_HOST_MAX];
	size_t len = to_lower(host, key, sizeof(key));
	known->row = rows_get(count->rows, ROWS_HOST, (struct slice){key, len});
	known->len = len;
	memcpy(known->name, host.data, len);
	return known->row;
}

/* The domain of a domain or an address as the log has it; NULL if it is none:
 * what attackers can write must not become a row.  A domain that we sign for
 * is ours and always has one. */
static struct row *
domain_row(struct count *count, struct slice text, bool is_own)
{
	text = slice_domain(text);
	char key[DOMAIN_MAX];
	size_t len = text.len;
	if (len > 0 && text.data[len - 1] == '.')
		len--;
	if (len == 0 || len > sizeof(key) || *text.data == '.' ||
		memchr(text.data, '.', len) == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		key[i] = count->domain_bytes[(unsigned char)text.data[i]];
		if (key[i] == '\0')
			return NULL;
	}
	struct slice domain = {key, len};
	return is_own ? rows_get_own(count->rows, ROWS_DOMAIN, domain)
		      : rows_get(count->rows, ROWS_DOMAIN, domain);
}

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

/* Where a line counts, besides its domains' rows: vectors of its step. */
struct place {
	struct step *step;
	const struct row *source, *host; /* host: NULL if the line has none */
	uint64_t *in_total, *in_source, *in_host;
	int64_t time;
};

static void
count_domain(struct count *count, const struct place *place,
	const struct rules_addition *addition)
{
	const struct catalogue_counter *counter =
		&count->rows->catalogue->counters[addition->counter];
	const struct row *domain = domain_row(count,
		rules_domain(&count->outcome, counter->domain),
		catalogue_is_signing(counter));
	if (domain != NULL)
		step_vector(place->step, count->rows,
			domain)[addition->counter] += addition->amount;
}

static void
count_addition(struct count *count, const struct place *place,
	const struct rules_addition *addition)
{
	int index = addition->counter;
	const struct catalogue_counter *counter =
		&count->rows->catalogue->counters[index];
	place->in_source[index] += addition->amount;
	if (counter->method >= 0 &&
		!authority_speak(count->authority,
			&(struct authority_spoke){
				place->host != NULL ? place->host->index : 0,
				counter->method, place->source->key,
				place->time}))
		return;
	place->in_total[index] += addition->amount;
	if (place->host != NULL)
		place->in_host[index] += addition->amount;
	if (counter->domain != CATALOGUE_NONE)
		count_domain(count, place, addition);
}

const struct rules_outcome *
count_line(struct count *count, const struct line *line, bool is_log,
	struct step *step)
{
	struct rules_outcome *outcome = &count->outcome;
	if (is_log)
		rules_apply(count->rules, line, outcome);
	else
		*outcome = (struct rules_outcome){
			.status = RULES_MALFORMED, .source = -1};
	const struct rows *rows = count->rows;
	struct place place = {.step = step,
		.host = host_row(count, line->host),
		.in_total = step_vector(step, rows, rows->total),
		.time = line->time};
	count_log(count, line, place.in_total);
	if (place.host != NULL) {
		place.in_host = step_vector(step, rows, place.host);
		count_log(count, line, place.in_host);
	}
	if (outcome->source < 0)
		return outcome;
	place.source = source_row(count, outcome->source);
	place.in_source = step_vector(step, rows, place.source);
	count_log(count, line, place.in_source);
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
