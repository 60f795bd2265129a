/* SPDX-License-Identifier: ISC */
/* needs — see needs.h. */
#include "cli/needs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/mem.h"

enum { ENOUGH_LINES = 20 };

/* What a source says of a need, and of the group of its first counter. */
struct told {
	bool has_needed;    /* one of the counters themselves */
	bool needs_success; /* one of them is a pass */
	uint64_t all;       /* verdicts of the group, or all of it */
	uint64_t failures;
};

static bool
is_needed(const struct rule_need *need, int counter)
{
	for (size_t i = 0; i < need->count; i++)
		if (need->counters[i] == counter)
			return true;
	return false;
}

/* Not to see one of these is good news. */
static bool
is_trouble(const struct catalogue_counter *counter)
{
	static const char *const words[] = {"fail", "permerror", "temperror",
		"sign_error", "seal_error", "infected"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], counter->word) == 0)
			return true;
	return false;
}

static bool
needs_only_trouble(
	const struct catalogue *catalogue, const struct rule_need *need)
{
	for (size_t i = 0; i < need->count; i++)
		if (!is_trouble(&catalogue->counters[need->counters[i]]))
			return false;
	return true;
}

/* Where a verdict is needed, other verdicts of its group tell that there were
 * checks: a signature added tells nothing about them. */
static struct told
told_of(const struct survey *survey, const struct survey_source *source,
	const struct rule_need *need)
{
	const struct catalogue *catalogue = &survey->tally->catalogue;
	const struct catalogue_counter *first =
		&catalogue->counters[need->counters[0]];
	struct told told = {0};
	for (size_t c = 0; c < catalogue->count; c++) {
		const struct catalogue_counter *counter =
			&catalogue->counters[c];
		uint64_t value = source->counters[c];
		bool needed = is_needed(need, (int)c);
		told.has_needed |= needed && value > 0;
		if (strcmp(counter->group, first->group) != 0 ||
			(first->method >= 0 && counter->method < 0))
			continue;
		told.needs_success |=
			needed && strcmp(counter->word, "pass") == 0;
		told.all += value;
		told.failures +=
			counter->method >= 0 && is_trouble(counter) ? value : 0;
	}
	return told;
}

static size_t
common_length(const char *a, const char *b)
{
	size_t n = 0;
	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

/* "dkim.pass or dkim.none", "smtp.tls_*", "dkim.fail or spf.*". */
static char *
joined(const struct survey *survey, const struct rule_need *need)
{
	struct buf text = {0};
	const struct catalogue_counter *counters =
		survey->tally->catalogue.counters;
	for (size_t i = 0, next; i < need->count; i = next) {
		const struct catalogue_counter *first =
			&counters[need->counters[i]];
		size_t shared = strlen(first->name);
		for (next = i + 1; need->count > 2 && next < need->count;
			next++) {
			const struct catalogue_counter *other =
				&counters[need->counters[next]];
			if (strcmp(first->group, other->group) != 0)
				break;
			size_t n = common_length(first->name, other->name);
			shared = n < shared ? n : shared;
		}
		buf_printf(&text, "%s%.*s%s",
			i == 0                ? ""
			: next == need->count ? " or "
					      : ", ",
			(int)shared, first->name, next > i + 1 ? "*" : "");
	}
	return text.data;
}

/* A source, in all or on one host. */
struct view {
	const struct survey *survey;
	const struct survey_source *source;
	const char *host; /* NULL: all */
};

/* What a need of it hides: a sentence, NULL if it hides nothing. */
static char *
sentence_of(const struct view *view, const struct rule_need *need)
{
	const struct survey_source *source = view->source;
	struct told told = told_of(view->survey, source, need);
	bool is_plain = told.needs_success && told.failures > 0;
	if (needs_only_trouble(&view->survey->tally->catalogue, need))
		return NULL;
	if (told.has_needed || (!is_plain && source->lines < ENOUGH_LINES))
		return NULL;
	const char *on = view->host != NULL ? " on " : "";
	const char *host = view->host != NULL ? view->host : "";
	char *group = finding_title(
		view->survey->tally->catalogue.counters[need->counters[0]]
			.group);
	char *names = joined(view->survey, need);
	struct buf text = {0};
	if (is_plain)
		buf_printf(&text,
			"%s%s%s logs %s failures (%" PRIu64
			") but never a success: what passes is not logged, so "
			"pass rates would be wrong.",
			source->name, on, host, group, told.failures);
	else if (source->matched == 0)
		buf_printf(&text,
			"%s%s%s wrote %" PRIu64
			" lines, but none that says what it decided (%s).",
			source->name, on, host, source->lines, names);
	else if (told.all > 0 && view->host == NULL)
		buf_printf(&text,
			"%s never logged %s. Perhaps there was none; perhaps "
			"it is not logged.",
			source->name, names);
	free(group);
	free(names);
	return text.data;
}

static bool
check_view(const struct view *view, const struct rule_need *need,
	struct findings *findings)
{
	char *text = sentence_of(view, need);
	if (text == NULL)
		return false;
	struct finding *finding =
		finding_add(findings, FINDING_SETTING, "%s", text);
	finding->source = view->source->name;
	finding->advice = mem_strdup(need->setting);
	free(text);
	return true;
}

/* What all hosts together have need not be so on each. */
static void
check_need(const struct survey *survey, const struct rule_need *need,
	struct findings *findings)
{
	struct view view = {survey, &survey->sources[need->source], NULL};
	if (check_view(&view, need, findings) || survey->host_count < 2)
		return;
	for (size_t h = 0; h < survey->host_count; h++) {
		if (survey->parts[h + 1] == NULL ||
			survey->parts[h + 1][need->source].lines == 0)
			continue;
		view.source = &survey->parts[h + 1][need->source];
		view.host = survey->hosts[h].name;
		check_view(&view, need, findings);
	}
}

void
needs_check(const struct survey *survey, struct findings *findings)
{
	for (size_t i = 0; i < rules_need_count(survey->tally->rules); i++)
		check_need(
			survey, rules_need(survey->tally->rules, i), findings);
}
