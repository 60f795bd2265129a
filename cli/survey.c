/* SPDX-License-Identifier: ISC */
/* survey — see survey.h. */
#include "cli/survey.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"

enum { CLOCK_SLACK_S = 3600 };

struct survey *
survey_new(const struct tally *tally, int64_t now)
{
	struct survey *s = mem_zalloc(1, sizeof(*s));
	s->tally = tally;
	s->now = now;
	s->source_count = rules_source_count(tally->rules);
	s->sources = mem_zalloc(s->source_count, sizeof(*s->sources));
	for (size_t i = 0; i < s->source_count; i++) {
		s->sources[i].name = rules_source_name(tally->rules, i);
		s->sources[i].counters =
			mem_zalloc(tally->catalogue.count, sizeof(uint64_t));
	}
	return s;
}

static void
free_program(struct survey_program *program)
{
	free(program->name);
	free(program->example);
	free(program->file);
}

static void
free_sources(struct survey_source *sources, size_t count)
{
	for (size_t i = 0; sources != NULL && i < count; i++)
		free(sources[i].counters);
	free(sources);
}

void
survey_free(struct survey *s)
{
	if (s == NULL)
		return;
	free_sources(s->sources, s->source_count);
	for (size_t h = 0; h < SURVEY_HOSTS_MAX + 2; h++)
		free_sources(s->parts[h], s->source_count);
	for (size_t i = 0; i < s->program_count; i++)
		free_program(&s->programs[i]);
	for (size_t i = 0; i < s->host_count; i++)
		free(s->hosts[i].name);
	free_program(&s->malformed);
	free(s);
}

/* Number of the host from 1 on, as authority has it; 0: the line has none. */
static unsigned
note_host(struct survey *s, struct slice host)
{
	size_t i = 0;
	if (host.len == 0)
		return 0;
	while (i < s->host_count && !(strlen(s->hosts[i].name) == host.len &&
					    strncasecmp(s->hosts[i].name,
						    host.data, host.len) == 0))
		i++;
	if (i > SURVEY_HOSTS_MAX)
		i = SURVEY_HOSTS_MAX;
	if (i == s->host_count)
		s->hosts[s->host_count++].name =
			i < SURVEY_HOSTS_MAX ? mem_strndup(host.data, host.len)
					     : mem_strdup("(other)");
	s->hosts[i].lines++;
	return (unsigned)i + 1;
}

static void
note_unknown(struct survey_program *program, const struct merge_line *at)
{
	size_t len = at->line.raw.len;
	program->lines++;
	if (program->example != NULL)
		return;
	program->example = mem_strndup(at->line.raw.data,
		len < SURVEY_EXAMPLE_MAX ? len : SURVEY_EXAMPLE_MAX);
	program->file = mem_strdup(at->file);
	program->number = at->number;
}

/* The one of this name and source; the last place is shared by those that find
 * no room. */
static struct survey_program *
program_of(struct survey *s, struct slice name, int source)
{
	size_t i = 0;
	while (i < s->program_count &&
		!(s->programs[i].source == source &&
			slice_is(name, s->programs[i].name)))
		i++;
	if (i > SURVEY_PROGRAMS_MAX)
		i = SURVEY_PROGRAMS_MAX;
	if (i == s->program_count) {
		bool has_room = i < SURVEY_PROGRAMS_MAX;
		s->programs[s->program_count++] = (struct survey_program){
			.name = has_room ? mem_strndup(name.data, name.len)
					 : mem_strdup("(other)"),
			.source = has_room ? source : -1,
		};
	}
	return &s->programs[i];
}

static bool
begins(struct slice text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && memcmp(text.data, with, len) == 0;
}

/* rsyslogd and journald tell when a program has logged too much. */
static bool
tells_of_loss(const struct line *line)
{
	if (begins(line->program, "systemd-journald"))
		return begins(line->message, "Suppressed ") ||
		       begins(line->message, "Missed ");
	return begins(line->program, "rsyslogd") &&
	       memmem(line->message.data, line->message.len, "rate-limiting",
		       strlen("rate-limiting")) != NULL;
}

static struct survey_source *
part_of(struct survey *s, unsigned host, int source)
{
	if (s->parts[host] == NULL)
		s->parts[host] =
			mem_zalloc(s->source_count, sizeof(*s->parts[host]));
	struct survey_source *part = &s->parts[host][source];
	if (part->counters == NULL)
		part->counters =
			mem_zalloc(s->tally->catalogue.count, sizeof(uint64_t));
	part->name = s->sources[source].name;
	return part;
}

static void
add_outcome(struct survey_source *source, const struct rules_outcome *outcome)
{
	source->lines++;
	source->matched += outcome->status == RULES_MATCHED;
	source->ignored += outcome->status == RULES_IGNORED;
	source->unmatched += outcome->status == RULES_UNMATCHED;
	for (size_t i = 0; i < outcome->count; i++)
		source->counters[outcome->additions[i].counter] +=
			outcome->additions[i].amount;
}

static void
note_source(struct survey *s, const struct line *line,
	const struct rules_outcome *outcome, unsigned host)
{
	add_outcome(&s->sources[outcome->source], outcome);
	add_outcome(part_of(s, host, outcome->source), outcome);
	for (size_t i = 0; i < outcome->count; i++) {
		int counter = outcome->additions[i].counter;
		int method = s->tally->catalogue.counters[counter].method;
		if (method >= 0)
			authority_speak(s->tally->authority,
				&(struct authority_spoke){host, method,
					s->sources[outcome->source].name,
					line->time});
	}
}

static void
note_time(struct survey *s, int64_t time)
{
	if (time == 0)
		return;
	if (s->first == 0 || time < s->first)
		s->first = time;
	if (time > s->last)
		s->last = time;
	s->future += time > s->now + CLOCK_SLACK_S;
}

void
survey_line(struct survey *s, const struct merge_line *at)
{
	const struct line *line = &at->line;
	s->lines++;
	if (!at->is_log) {
		note_unknown(&s->malformed, at);
		return;
	}
	note_time(s, line->time);
	unsigned host = note_host(s, line->host);
	struct rules_outcome outcome;
	rules_apply(s->tally->rules, line, &outcome);
	if (outcome.source >= 0)
		note_source(s, line, &outcome, host);
	if (outcome.status == RULES_UNMATCHED)
		note_unknown(program_of(s, line->program, outcome.source), at);
	if (outcome.status == RULES_FOREIGN) {
		note_unknown(program_of(s, line->program, -1), at);
		s->dropped += tells_of_loss(line);
	}
}

uint64_t
survey_value(const struct survey *s, const struct survey_source *source,
	const char *counter)
{
	int index = catalogue_find(&s->tally->catalogue, slice_of(counter));
	return index < 0 || source == NULL ? 0 : source->counters[index];
}

const struct survey_source *
survey_source(const struct survey *s, const char *name)
{
	for (size_t i = 0; i < s->source_count; i++)
		if (strcmp(s->sources[i].name, name) == 0)
			return s->sources[i].lines > 0 ? &s->sources[i] : NULL;
	return NULL;
}
