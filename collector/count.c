/* SPDX-License-Identifier: ISC */
/* count — see count.h. */
#include "collector/count.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { DOMAIN_MAX = 253 };

struct count {
	struct rules *rules;
	struct rows *rows;
	struct authority *authority;
	struct row **sources; /* by source number */
	struct row *host;     /* the last line's, with its name as logged */
	char host_name[LINE_HOST_MAX + 1];
	size_t host_len;
	int lines, bytes, repeated, limited, status[RULES_STATUSES];
	struct rules_outcome outcome;
};

static int
index_of(const struct count *count, const char *name)
{
	return catalogue_find(
		count->rows->catalogue, (struct slice){name, strlen(name)});
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
	count->lines = index_of(count, "log.lines");
	count->bytes = index_of(count, "log.bytes");
	count->repeated = index_of(count, "log.repeated");
	count->limited = index_of(count, "log.limited");
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
		*row = rows_get(count->rows, ROWS_SOURCE,
			(struct slice){name, strlen(name)});
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

/* Logs seldom change their host from one line to the next. */
static struct row *
host_row(struct count *count, struct slice host)
{
	if (host.len == 0)
		return NULL;
	if (count->host != NULL && host.len == count->host_len &&
		memcmp(host.data, count->host_name, host.len) == 0)
		return count->host;
	char key[LINE_HOST_MAX];
	size_t len = to_lower(host, key, sizeof(key));
	count->host =
		rows_get(count->rows, ROWS_HOST, (struct slice){key, len});
	count->host_len = len;
	memcpy(count->host_name, host.data, len);
	return count->host;
}

/* The domain of a domain or an address as the log has it; NULL if it is none:
 * what attackers can write must not become a row. */
static struct row *
domain_row(struct count *count, struct slice text)
{
	const char *at =
		text.len > 0 ? memrchr(text.data, '@', text.len) : NULL;
	if (at != NULL)
		text = (struct slice){
			at + 1, (size_t)(text.data + text.len - at - 1)};
	char key[DOMAIN_MAX];
	if (text.len == 0 || text.len > sizeof(key))
		return NULL;
	size_t len = to_lower(text, key, sizeof(key));
	len -= key[len - 1] == '.';
	bool has_dot = false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)key[i];
		has_dot |= c == '.';
		if (!isalnum(c) && c != '.' && c != '-' && c != '_' && c < 0x80)
			return NULL;
	}
	if (!has_dot || key[0] == '.')
		return NULL;
	return rows_get(count->rows, ROWS_DOMAIN, (struct slice){key, len});
}

static void
count_log(const struct count *count, const struct line *line, uint64_t *vector)
{
	if (vector == NULL)
		return;
	vector[count->lines]++;
	vector[count->bytes] += line->raw.len + 1;
	vector[count->status[count->outcome.status]]++;
	vector[count->repeated] += line->repeat > 1;
	vector[count->limited] += count->outcome.hit_limit;
}

static void
count_addition(struct count *count, const struct rules_addition *addition,
	const struct line *line, struct step *step)
{
	const struct rules_outcome *outcome = &count->outcome;
	const struct catalogue_counter *counter =
		&count->rows->catalogue->counters[addition->counter];
	struct row *source = source_row(count, outcome->source);
	struct row *host = host_row(count, line->host);
	step_vector(step, count->rows, source)[addition->counter] +=
		addition->amount;
	if (counter->method >= 0 &&
		!authority_speak(count->authority, counter->method,
			host != NULL ? host->index : 0, source->key,
			line->time))
		return;
	step_vector(step, count->rows, count->rows->total)[addition->counter] +=
		addition->amount;
	if (host != NULL)
		step_vector(step, count->rows, host)[addition->counter] +=
			addition->amount;
	if (counter->domain == CATALOGUE_NONE)
		return;
	struct row *domain =
		domain_row(count, outcome->domains[counter->domain]);
	if (domain != NULL)
		step_vector(step, count->rows, domain)[addition->counter] +=
			addition->amount;
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
	struct row *host = host_row(count, line->host);
	count_log(count, line,
		step_vector(step, count->rows, count->rows->total));
	if (host != NULL)
		count_log(count, line, step_vector(step, count->rows, host));
	if (outcome->source >= 0)
		count_log(count, line,
			step_vector(step, count->rows,
				source_row(count, outcome->source)));
	for (size_t i = 0; i < outcome->count; i++)
		count_addition(count, &outcome->additions[i], line, step);
	return outcome;
}

void
count_event(struct count *count, const char *name, uint64_t amount,
	struct step *step)
{
	int counter = index_of(count, name);
	if (counter >= 0 && amount > 0)
		step_vector(step, count->rows, count->rows->total)[counter] +=
			amount;
}
