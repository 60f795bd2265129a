/* SPDX-License-Identifier: ISC */
/*
 * mailtally doctor — reads logs and says in words what they have, which
 * settings seem to hide results, and what was not understood.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/diagnose.h"
#include "cli/json.h"
#include "cli/logs.h"
#include "cli/plain.h"
#include "cli/report.h"
#include "cli/wrap.h"

#define USAGE                                                                \
	"mailtally doctor [-c CONFIG] [--json] [--year YEAR] [--rules DIR] " \
	"FILE…\n"                                                          \
	"  FILE          a log, plain or .gz; - for standard input\n"        \
	"  -c CONFIG     orders of authority, filters, rules as there\n"     \
	"  --json        one JSON object instead of sentences\n"             \
	"  --year YEAR   year of the first line, where stamps have none\n"   \
	"  --rules DIR   own rules, tried before the shipped ones"

enum { FOREIGN_SHOWN = 12, UNMATCHED_SHOWN = 12, NUMBER_SIZE = 32 };

/* Groups whose counters are told one by one; others only by name. */
static const char *const told_groups[] = {"dkim", "domainkeys", "adsp", "spf",
	"dmarc", "arc", "content", "policy", "milter"};

struct doctor {
	const struct survey *survey;
	const struct findings *findings;
	bool has_colours;
};

static bool
is_told(const char *group)
{
	for (size_t i = 0; i < sizeof(told_groups) / sizeof(*told_groups); i++)
		if (strcmp(told_groups[i], group) == 0)
			return true;
	return false;
}

static void
print_title(const struct doctor *doctor, const char *title)
{
	printf("%s%s%s\n", doctor->has_colours ? "\033[1m" : "", title,
		doctor->has_colours ? "\033[0m" : "");
}

static void
add_number(struct buf *text, uint64_t number)
{
	char digits[NUMBER_SIZE];
	buf_adds(text, report_number(number, digits, sizeof(digits)));
}

static void
add_lines(struct buf *text, uint64_t lines)
{
	add_number(text, lines);
	buf_adds(text, lines == 1 ? " line" : " lines");
}

static void
print_span(const struct doctor *doctor, struct buf *text)
{
	const struct survey *survey = doctor->survey;
	buf_clear(text);
	add_lines(text, survey->lines);
	if (survey->first != 0) {
		buf_adds(text, " from ");
		report_add_time(text, survey->first);
		buf_adds(text, " to ");
		report_add_time(text, survey->last);
	}
	for (size_t i = 0; i < survey->host_count; i++) {
		buf_adds(text, i == 0 ? ", of host " : ", ");
		plain_add(text, slice_of(survey->hosts[i].name));
	}
	wrap_print(text->data, 2, stdout);
}

/* "DKIM pass 3, fail 1; smtpd, qmgr". */
static void
add_told(struct buf *text, const struct doctor *doctor,
	const struct survey_source *source)
{
	const struct catalogue *catalogue = &doctor->survey->tally->catalogue;
	const char *group = "";
	for (size_t c = 0; c < catalogue->count; c++) {
		const struct catalogue_counter *counter =
			&catalogue->counters[c];
		if (source->counters[c] == 0)
			continue;
		bool is_new = strcmp(group, counter->group) != 0;
		if (is_new)
			buf_printf(text, "%s%s", *group != '\0' ? "; " : "",
				counter->group);
		group = counter->group;
		if (!is_told(group))
			continue;
		buf_printf(text, "%s%s ", is_new ? ": " : ", ", counter->word);
		add_number(text, source->counters[c]);
	}
	if (*group == '\0')
		buf_adds(text, "nothing that counts");
}

static void
print_seen(const struct doctor *doctor, struct buf *text)
{
	print_title(doctor, "What was seen");
	print_span(doctor, text);
	for (size_t i = 0; i < doctor->survey->source_count; i++) {
		const struct survey_source *source =
			&doctor->survey->sources[i];
		if (source->lines == 0)
			continue;
		buf_clear(text);
		plain_add(text, slice_of(source->name));
		buf_adds(text, ", ");
		add_lines(text, source->lines);
		buf_adds(text, ": ");
		add_told(text, doctor, source);
		wrap_print(text->data, 2, stdout);
	}
}

/* Those whose kind is, or is not, a mere note. */
static void
print_findings(const struct doctor *doctor, bool are_notes, const char *title)
{
	bool has_title = false;
	struct buf text = {0};
	for (size_t i = 0; i < doctor->findings->count; i++) {
		const struct finding *f = &doctor->findings->items[i];
		if ((f->kind == FINDING_DOUBLE) != are_notes)
			continue;
		putchar('\n');
		if (!has_title)
			print_title(doctor, title);
		has_title = true;
		buf_clear(&text);
		plain_add(&text, slice_of(f->text));
		wrap_print(text.data, 2, stdout);
		buf_clear(&text);
		buf_adds(&text, "→ ");
		plain_add(&text, slice_of(f->advice));
		wrap_print(text.data, 4, stdout);
	}
	if (!has_title && !are_notes) {
		putchar('\n');
		print_title(doctor, "Nothing seems to be amiss");
	}
	buf_free(&text);
}

static void
print_example(const struct survey_program *program, struct buf *text)
{
	buf_clear(text);
	plain_add(text, slice_of(program->file));
	buf_printf(text, ":%lu: ", program->number);
	plain_add(text, slice_of(program->example));
	wrap_print(text->data, 4, stdout);
}

static int
compare_lines(const void *a, const void *b)
{
	const struct survey_program *x = *(struct survey_program *const *)a;
	const struct survey_program *y = *(struct survey_program *const *)b;
	if (x->source < 0 && y->source < 0) {
		bool x_mail = diagnose_is_mail(x->name);
		bool y_mail = diagnose_is_mail(y->name);
		if (x_mail != y_mail)
			return x_mail ? -1 : 1;
	}
	return x->lines != y->lines ? (x->lines > y->lines ? -1 : 1)
				    : strcmp(x->name, y->name);
}

/* Foreign programs, or those of sources: most lines first, of foreign ones
 * those first that sound like mail. */
static size_t
sorted(const struct survey *survey, bool are_foreign,
	const struct survey_program *items[SURVEY_PROGRAMS_MAX + 1])
{
	size_t count = 0;
	for (size_t i = 0; i < survey->program_count; i++)
		if ((survey->programs[i].source < 0) == are_foreign)
			items[count++] = &survey->programs[i];
	qsort(items, count, sizeof(*items), compare_lines);
	return count;
}

static void
print_unmatched(const struct doctor *doctor, struct buf *text)
{
	const struct survey_program *items[SURVEY_PROGRAMS_MAX + 1];
	const struct survey *survey = doctor->survey;
	size_t count = sorted(survey, false, items);
	if (count == 0 && survey->malformed.lines == 0)
		return;
	putchar('\n');
	print_title(doctor, "What was not understood");
	for (size_t i = 0; i < count && i < UNMATCHED_SHOWN; i++) {
		buf_clear(text);
		plain_add(text, slice_of(items[i]->name));
		buf_adds(text, " (");
		plain_add(
			text, slice_of(survey->sources[items[i]->source].name));
		buf_adds(text, "), ");
		add_lines(text, items[i]->lines);
		buf_adds(text, ", such as");
		wrap_print(text->data, 2, stdout);
		print_example(items[i], text);
	}
	if (count > UNMATCHED_SHOWN)
		printf("  and %zu more programs\n", count - UNMATCHED_SHOWN);
	if (survey->malformed.lines > 0) {
		wrap_print("No log line, or one without a program:", 2, stdout);
		print_example(&survey->malformed, text);
	}
	if (count > 0)
		wrap_print("mailtally explain --unmatched FILE shows all "
			   "lines of known programs.",
			2, stdout);
}

static void
print_foreign(const struct doctor *doctor, struct buf *text)
{
	const struct survey_program *items[SURVEY_PROGRAMS_MAX + 1];
	size_t count = sorted(doctor->survey, true, items);
	if (count == 0)
		return;
	putchar('\n');
	print_title(doctor, "Programs that are not followed");
	buf_clear(text);
	for (size_t i = 0; i < count && i < FOREIGN_SHOWN; i++) {
		buf_adds(text, i == 0 ? "" : ", ");
		plain_add(text, slice_of(items[i]->name));
		buf_adds(text, " ");
		add_number(text, items[i]->lines);
	}
	if (count > FOREIGN_SHOWN)
		buf_printf(text, " and %zu more", count - FOREIGN_SHOWN);
	wrap_print(text->data, 2, stdout);
	if (diagnose_is_mail(items[0]->name))
		wrap_print("If one of them is a daemon that mailtally knows "
			   "under another name: alias NAME PROGRAM, see "
			   "mailtally-rules(5).",
			2, stdout);
}

static struct json_t *
program_json(const struct survey *survey, const struct survey_program *program)
{
	struct json_t *object = json_new_object();
	if (program->source >= 0)
		json_set_text(object, "source",
			survey->sources[program->source].name);
	json_set_text(object, "program", program->name);
	json_set_number(object, "lines", program->lines);
	json_set_text(object, "file", program->file);
	json_set_number(object, "line", program->number);
	json_set_text(object, "example", program->example);
	return object;
}

static struct json_t *
sources_json(const struct survey *survey)
{
	const struct catalogue *catalogue = &survey->tally->catalogue;
	struct json_t *sources = json_new_object();
	for (size_t i = 0; i < survey->source_count; i++) {
		const struct survey_source *source = &survey->sources[i];
		if (source->lines == 0)
			continue;
		struct json_t *object = json_new_object();
		struct json_t *counters = json_new_object();
		json_set_number(object, "lines", source->lines);
		json_set_number(object, "matched", source->matched);
		json_set_number(object, "ignored", source->ignored);
		json_set_number(object, "unmatched", source->unmatched);
		for (size_t c = 0; c < catalogue->count; c++)
			if (source->counters[c] > 0)
				json_set_number(counters,
					catalogue->counters[c].name,
					source->counters[c]);
		json_set(object, "counters", counters);
		json_set(sources, source->name, object);
	}
	return sources;
}

static struct json_t *
programs_json(const struct survey *survey, bool are_foreign)
{
	const struct survey_program *items[SURVEY_PROGRAMS_MAX + 1];
	size_t count = sorted(survey, are_foreign, items);
	struct json_t *array = json_new_array();
	for (size_t i = 0; i < count; i++)
		json_add(array, program_json(survey, items[i]));
	return array;
}

static void
print_json(const struct doctor *doctor)
{
	const struct survey *survey = doctor->survey;
	struct json_t *object = json_new_object();
	struct json_t *hosts = json_new_object();
	struct json_t *findings = json_new_array();
	json_set_number(object, "lines", survey->lines);
	json_set_number(object, "malformed", survey->malformed.lines);
	json_set_number(object, "first", (uint64_t)survey->first);
	json_set_number(object, "last", (uint64_t)survey->last);
	for (size_t i = 0; i < survey->host_count; i++)
		json_set_number(
			hosts, survey->hosts[i].name, survey->hosts[i].lines);
	for (size_t i = 0; i < doctor->findings->count; i++) {
		const struct finding *f = &doctor->findings->items[i];
		struct json_t *item = json_new_object();
		json_set_text(item, "kind", finding_kind_names[f->kind]);
		json_set_text(item, "source", f->source);
		json_set_text(item, "text", f->text);
		json_set_text(item, "advice", f->advice);
		json_add(findings, item);
	}
	json_set(object, "host", hosts);
	json_set(object, "source", sources_json(survey));
	json_set(object, "findings", findings);
	json_set(object, "unmatched", programs_json(survey, false));
	json_set(object, "foreign", programs_json(survey, true));
	json_print(object, stdout);
}

static void
print_text(const struct doctor *doctor)
{
	struct buf text = {0};
	print_seen(doctor, &text);
	print_findings(doctor, false, "What seems to be amiss");
	print_findings(doctor, true, "Good to know");
	print_unmatched(doctor, &text);
	print_foreign(doctor, &text);
	buf_free(&text);
}

int
command_doctor(int argc, char **argv)
{
	struct logs logs;
	int status = logs_open(&logs, USAGE, argc, argv);
	if (status != LOGS_OPEN)
		return status;
	if (logs.only_unmatched) {
		logs_close(&logs);
		return command_usage(USAGE, "doctor has no --unmatched");
	}
	struct survey *survey = survey_new(logs.tally, (int64_t)time(NULL));
	for (const struct merge_line *at; (at = logs_next(&logs)) != NULL;)
		survey_line(survey, at);
	struct findings findings = {0};
	diagnose(survey, &findings);
	struct doctor doctor = {.survey = survey,
		.findings = &findings,
		.has_colours = isatty(STDOUT_FILENO) == 1};
	if (logs.as_json)
		print_json(&doctor);
	else
		print_text(&doctor);
	finding_free_all(&findings);
	survey_free(survey);
	status = logs.has_failed ? COMMAND_FAILURE : COMMAND_OK;
	logs_close(&logs);
	return status;
}
