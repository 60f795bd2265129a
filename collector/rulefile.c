/* SPDX-License-Identifier: ISC */
/* rulefile — see rulefile.h. */
#include "collector/rulefile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/mem.h"

enum { WITHIN_MAX = 8, PATTERN_MAX = 8192 };

struct define {
	char *name, *text;
};

/* Where the parser stands. */
struct parser {
	struct ruleset *set;
	const struct catalogue *catalogue;
	const char *file;
	unsigned line;
	size_t first_table; /* tables of this file begin here */
	bool has_source, in_section, in_table, after_program;
	size_t source;
	struct match_groups groups; /* of the open `within`s, outermost first */
	size_t group_marks[WITHIN_MAX];
	unsigned within_lines[WITHIN_MAX];
	size_t depth;
	struct define *defines;
	size_t define_count, define_capacity;
	struct buf pattern;
};

static struct rule_section *
section_of(struct parser *p)
{
	return &p->set->sections[p->set->section_count - 1];
}

static void
skip_blanks(struct slice *text)
{
	while (text->len > 0 && (*text->data == ' ' || *text->data == '\t')) {
		text->data++;
		text->len--;
	}
}

static struct slice
next_word(struct slice *text)
{
	skip_blanks(text);
	struct slice word = {text->data, 0};
	while (word.len < text->len &&
		!isblank((unsigned char)text->data[word.len]))
		word.len++;
	text->data += word.len;
	text->len -= word.len;
	return word;
}

static const struct define *
find_define(const struct parser *p, struct slice name)
{
	for (size_t i = 0; i < p->define_count; i++)
		if (slice_is(name, p->defines[i].name))
			return &p->defines[i];
	return NULL;
}

/* Appends text to out with %{NAME} replaced. */
static int
expand(const struct parser *p, struct slice text, struct buf *out,
	struct err *why)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] != '%' || i + 1 >= text.len ||
			text.data[i + 1] != '{') {
			buf_addc(out, text.data[i]);
			continue;
		}
		const char *from = text.data + i + 2;
		const char *brace = memchr(from, '}', text.len - i - 2);
		if (brace == NULL)
			return err_set(why, "'%%{' without '}'");
		struct slice name = {from, (size_t)(brace - from)};
		const struct define *define = find_define(p, name);
		if (define == NULL)
			return err_set(why, "no define '%.*s'", (int)name.len,
				name.data);
		buf_printf(out, "(?:%s)", define->text);
		i += name.len + 2;
	}
	if (out->len > PATTERN_MAX)
		return err_set(
			why, "pattern longer than %d bytes", PATTERN_MAX);
	return 0;
}

/* Cuts /pattern/flags off *text and leaves its full text in p->pattern. */
static int
take_pattern(struct parser *p, struct slice *text, struct err *why)
{
	skip_blanks(text);
	if (text->len == 0 || strchr("/!~%", *text->data) == NULL)
		return err_set(why, "a pattern between two '/' is missing");
	char delimiter = *text->data;
	size_t end = 1;
	while (end < text->len && text->data[end] != delimiter)
		end += text->data[end] == '\\' ? 2 : 1;
	if (end >= text->len)
		return err_set(
			why, "the pattern has no closing '%c'", delimiter);
	struct slice body = {text->data + 1, end - 1};
	*text = (struct slice){text->data + end + 1, text->len - end - 1};
	struct slice flags = {text->data, 0};
	if (text->len > 0 && !isblank((unsigned char)*text->data))
		flags = next_word(text);
	bool ignores_case = slice_is(flags, "i");
	if (flags.len > 0 && !ignores_case)
		return err_set(
			why, "unknown flag '%.*s'", (int)flags.len, flags.data);
	if (body.len == 0)
		return err_set(why, "the pattern is empty");
	if (p->depth > 0 && *body.data == '^')
		return err_set(why, "'^' behind a within can never match");
	buf_clear(&p->pattern);
	buf_adds(&p->pattern, ignores_case ? "(?i:" : "");
	if (expand(p, body, &p->pattern, why) != 0)
		return -1;
	buf_adds(&p->pattern, ignores_case ? ")" : "");
	return 0;
}

static int
find_group(const struct match_groups *groups, struct slice name)
{
	for (size_t i = groups->count; i-- > 0;)
		if (slice_is(name, groups->items[i].name))
			return groups->items[i].number;
	return 0;
}

static int
need_counter(const struct parser *p, struct slice name, struct err *why)
{
	int counter = catalogue_find(p->catalogue, name);
	if (counter < 0)
		return err_set(why, "unknown counter '%.*s'", (int)name.len,
			name.data);
	return counter;
}

static int
need_group(
	const struct match_groups *groups, struct slice name, struct err *why)
{
	int group = find_group(groups, name);
	if (group == 0)
		return err_set(why, "the pattern has no group '%.*s'",
			(int)name.len, name.data);
	return group;
}

static struct slice
before(struct slice text, const char *at)
{
	return (struct slice){text.data, (size_t)(at - text.data)};
}

static struct slice
behind(struct slice text, const char *at)
{
	return (struct slice){at, (size_t)(text.data + text.len - at)};
}

/* @group */
static int
parse_look_up(struct parser *p, struct slice word, struct rule_action *action,
	struct err *why)
{
	struct slice name = behind(word, word.data + 1);
	action->verb = RULE_LOOK_UP;
	action->group = need_group(&p->groups, name, why);
	if (action->group < 0)
		return -1;
	for (size_t t = p->first_table; t < p->set->table_count; t++)
		if (slice_is(name, p->set->tables[t].name)) {
			action->table = t;
			return 0;
		}
	return err_set(why, "no table '%.*s'", (int)name.len, name.data);
}

/* counter, counter+=group, @group, group?counter:other */
static int
parse_action(struct parser *p, struct slice word, struct rule_action *action,
	struct err *why)
{
	*action = (struct rule_action){.verb = RULE_ADD};
	if (*word.data == '@')
		return parse_look_up(p, word, action, why);
	struct slice counter = word;
	const char *plus = memmem(word.data, word.len, "+=", 2);
	const char *question = memchr(word.data, '?', word.len);
	if (plus != NULL) {
		action->verb = RULE_ADD_NUMBER;
		action->group =
			need_group(&p->groups, behind(word, plus + 2), why);
		counter = before(word, plus);
	} else if (question != NULL) {
		const char *colon = memchr(question, ':',
			word.len - (size_t)(question - word.data));
		if (colon == NULL)
			return err_set(why, "'%.*s' is not group?counter:other",
				(int)word.len, word.data);
		action->verb = RULE_CHOOSE;
		action->group =
			need_group(&p->groups, before(word, question), why);
		action->other = need_counter(p, behind(word, colon + 1), why);
		counter = before(behind(word, question + 1), colon);
	}
	if (action->group < 0 || action->other < 0)
		return -1;
	action->counter = need_counter(p, counter, why);
	return action->counter < 0 ? -1 : 0;
}

static int
parse_actions(
	struct parser *p, struct slice rest, struct rule *rule, struct err *why)
{
	struct slice word = next_word(&rest);
	if (word.len == 0)
		return err_set(why, "the rule does nothing (write 'ignore')");
	bool ignores = slice_is(word, "ignore");
	for (; word.len > 0; word = next_word(&rest)) {
		if (slice_is(word, "ignore") != ignores)
			return err_set(why, "'ignore' stands alone");
		if (ignores)
			continue;
		if (rule->action_count == RULE_COUNTERS_MAX)
			return err_set(
				why, "more than %d actions", RULE_COUNTERS_MAX);
		if (parse_action(p, word, &rule->actions[rule->action_count++],
			    why) != 0)
			return -1;
	}
	return 0;
}

static void
drop_groups(struct match_groups *groups, size_t count)
{
	while (groups->count > count)
		free(groups->items[--groups->count].name);
}

static int
parse_rule(struct parser *p, struct slice rest, struct err *why)
{
	if (!p->in_section)
		return err_set(why, "a rule before the first 'program'");
	if (take_pattern(p, &rest, why) != 0)
		return -1;
	struct rule_section *section = section_of(p);
	size_t mark = p->groups.count;
	struct rule rule = {.file = p->file, .line = p->line};
	if (match_add(section->match, p->pattern.data, &p->groups, why) != 0 ||
		parse_actions(p, rest, &rule, why) != 0)
		return -1;
	rule.queue_id = find_group(&p->groups, (struct slice){"qid", 3});
	for (int d = CATALOGUE_SIGNER; d < CATALOGUE_DOMAINS; d++) {
		const char *name = catalogue_domain_names[d];
		rule.domains[d] = find_group(
			&p->groups, (struct slice){name, strlen(name)});
	}
	drop_groups(&p->groups, mark);
	section->rules = mem_grow(section->rules, section->rule_count,
		&section->rule_capacity, sizeof(*section->rules));
	section->rules[section->rule_count++] = rule;
	return 0;
}

static int
parse_within(struct parser *p, struct slice rest, struct err *why)
{
	if (!p->in_section)
		return err_set(why, "'within' before the first 'program'");
	if (p->depth == WITHIN_MAX)
		return err_set(why, "more than %d nested withins", WITHIN_MAX);
	size_t mark = p->groups.count;
	if (take_pattern(p, &rest, why) != 0 ||
		match_open(section_of(p)->match, p->pattern.data, &p->groups,
			why) != 0)
		return -1;
	p->group_marks[p->depth] = mark;
	p->within_lines[p->depth++] = p->line;
	return 0;
}

static int
parse_end(struct parser *p, struct slice rest, struct err *why)
{
	(void)rest;
	if (p->in_table) {
		p->in_table = false;
		return 0;
	}
	if (p->depth == 0)
		return err_set(why, "'end' without 'within' or 'table'");
	match_close(section_of(p)->match);
	drop_groups(&p->groups, p->group_marks[--p->depth]);
	return 0;
}

static int
parse_source(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = next_word(&rest);
	if (name.len == 0 || name.len > 32)
		return err_set(why, "'source' needs a name of 1 to 32 bytes");
	struct ruleset *set = p->set;
	p->has_source = true;
	p->in_section = false;
	for (p->source = 0; p->source < set->source_count; p->source++)
		if (slice_is(name, set->sources[p->source]))
			return 0;
	set->sources = mem_grow(set->sources, set->source_count,
		&set->source_capacity, sizeof(*set->sources));
	set->sources[set->source_count++] = mem_strndup(name.data, name.len);
	return 0;
}

static void
begin_section(struct parser *p)
{
	struct ruleset *set = p->set;
	set->sections = mem_grow(set->sections, set->section_count,
		&set->section_capacity, sizeof(*set->sections));
	set->sections[set->section_count++] = (struct rule_section){
		.source = p->source, .match = match_new()};
	p->in_section = true;
}

static int
parse_program(struct parser *p, struct slice rest, struct err *why)
{
	if (!p->has_source)
		return err_set(why, "'program' before 'source'");
	if (!p->after_program)
		begin_section(p);
	if (take_pattern(p, &rest, why) != 0)
		return -1;
	struct err bad = {""};
	match_once(p->pattern.data, (struct slice){"", 0}, &bad);
	if (bad.text[0] != '\0')
		return err_set(why, "%s", bad.text);
	struct rule_section *section = section_of(p);
	section->programs = mem_grow(section->programs, section->program_count,
		&section->program_capacity, sizeof(*section->programs));
	section->programs[section->program_count++] =
		mem_strdup(p->pattern.data);
	return 0;
}

static int
parse_define(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = next_word(&rest);
	skip_blanks(&rest);
	if (name.len == 0 || rest.len == 0)
		return err_set(why, "'define' needs a name and a text");
	if (find_define(p, name) != NULL)
		return err_set(why, "'%.*s' is defined twice", (int)name.len,
			name.data);
	struct buf text = {0};
	if (expand(p, rest, &text, why) != 0) {
		buf_free(&text);
		return -1;
	}
	p->defines = mem_grow(p->defines, p->define_count, &p->define_capacity,
		sizeof(*p->defines));
	p->defines[p->define_count++] =
		(struct define){mem_strndup(name.data, name.len), text.data};
	return 0;
}

static int
parse_alias(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = next_word(&rest), program = next_word(&rest);
	if (program.len == 0)
		return err_set(why, "'alias' needs a name and a program");
	struct ruleset *set = p->set;
	set->aliases = mem_grow(set->aliases, set->alias_count,
		&set->alias_capacity, sizeof(*set->aliases));
	set->aliases[set->alias_count++] =
		(struct rule_alias){mem_strndup(name.data, name.len),
			mem_strndup(program.data, program.len)};
	return 0;
}

static int
parse_table(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = next_word(&rest);
	if (name.len == 0)
		return err_set(why, "'table' needs a name");
	struct ruleset *set = p->set;
	set->tables = mem_grow(set->tables, set->table_count,
		&set->table_capacity, sizeof(*set->tables));
	set->tables[set->table_count++] =
		(struct rule_table){.name = mem_strndup(name.data, name.len)};
	p->in_table = true;
	return 0;
}

static int
parse_table_word(struct parser *p, struct slice rest, struct err *why)
{
	struct rule_table *table = &p->set->tables[p->set->table_count - 1];
	struct slice word = next_word(&rest);
	table->words = mem_grow(table->words, table->count, &table->capacity,
		sizeof(*table->words));
	struct rule_word *entry = &table->words[table->count++];
	*entry = (struct rule_word){.word = mem_strndup(word.data, word.len)};
	for (char *c = entry->word; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	struct slice name = next_word(&rest);
	if (name.len == 0)
		return err_set(
			why, "'%s' does nothing (write 'ignore')", entry->word);
	for (; name.len > 0; name = next_word(&rest)) {
		if (slice_is(name, "ignore"))
			continue;
		if (entry->count == RULE_COUNTERS_MAX)
			return err_set(why, "more than %d counters",
				RULE_COUNTERS_MAX);
		int counter = need_counter(p, name, why);
		if (counter < 0)
			return -1;
		entry->counters[entry->count++] = counter;
	}
	return 0;
}

static const struct statement {
	const char *word;
	int (*parse)(struct parser *p, struct slice rest, struct err *why);
	bool keeps_within; /* may stand inside a within */
} statements[] = {
	{"source", parse_source, false},
	{"program", parse_program, false},
	{"define", parse_define, true},
	{"alias", parse_alias, false},
	{"table", parse_table, false},
	{"within", parse_within, true},
	{"end", parse_end, true},
};

static int
parse_line(struct parser *p, struct slice line, struct err *why)
{
	skip_blanks(&line);
	while (line.len > 0 && strchr(" \t\r", line.data[line.len - 1]) != NULL)
		line.len--;
	if (line.len == 0 || *line.data == '#')
		return 0;
	bool after_program = p->after_program;
	p->after_program = false;
	if (!p->in_table && strchr("/!~%", *line.data) != NULL)
		return parse_rule(p, line, why);
	struct slice rest = line;
	struct slice word = next_word(&rest);
	if (p->in_table && !slice_is(word, "end"))
		return parse_table_word(p, line, why);
	size_t count = sizeof(statements) / sizeof(*statements);
	for (size_t i = 0; i < count; i++) {
		if (!slice_is(word, statements[i].word))
			continue;
		if (p->depth > 0 && !statements[i].keeps_within)
			return err_set(why,
				"the within of line %u is not ended",
				p->within_lines[p->depth - 1]);
		p->after_program = after_program;
		int result = statements[i].parse(p, rest, why);
		p->after_program = statements[i].parse == parse_program;
		return result;
	}
	return err_set(why, "'%.*s' is no statement of a rule file",
		(int)word.len, word.data);
}

static int
parse_text(struct parser *p, struct slice text, struct err *why)
{
	while (text.len > 0) {
		const char *nl = memchr(text.data, '\n', text.len);
		struct slice line = nl != NULL ? before(text, nl) : text;
		text = nl != NULL ? behind(text, nl + 1)
				  : (struct slice){NULL, 0};
		p->line++;
		if (memchr(line.data, '\0', line.len) != NULL)
			return err_set(why, "a NUL byte");
		if (parse_line(p, line, why) != 0)
			return -1;
	}
	if (p->in_table || p->depth > 0)
		return err_set(why, "the file ends before 'end'");
	return 0;
}

int
rulefile_parse(struct ruleset *set, const struct catalogue *catalogue,
	const struct rulefile *file, struct err *err)
{
	set->files = mem_grow(set->files, set->file_count, &set->file_capacity,
		sizeof(*set->files));
	set->files[set->file_count++] = mem_strdup(file->name);
	struct parser p = {
		.set = set,
		.catalogue = catalogue,
		.file = set->files[set->file_count - 1],
		.first_table = set->table_count,
	};
	size_t first_section = set->section_count;
	struct err why;
	int result = parse_text(&p, file->text, &why);
	for (size_t s = first_section; result == 0 && s < set->section_count;
		s++)
		result = match_compile(set->sections[s].match, &why);
	if (result != 0)
		err_set(err, "%s:%u: %s", file->name, p.line, why.text);
	for (size_t i = 0; i < p.define_count; i++) {
		free(p.defines[i].name);
		free(p.defines[i].text);
	}
	free(p.defines);
	match_groups_free(&p.groups);
	buf_free(&p.pattern);
	return result;
}
