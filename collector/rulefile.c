/* SPDX-License-Identifier: ISC */
/* rulefile — see rulefile.h. */
#include "collector/rulefile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ruleaction.h"
#include "collector/rulelist.h"
#include "collector/rulepattern.h"
#include "lib/mem.h"

/* Where the parser stands. */
struct parser {
	struct ruleset *set;
	const struct catalogue *catalogue;
	const char *file;
	bool is_own;
	unsigned line;
	size_t first_table; /* tables of this file begin here */
	bool has_source, in_section, in_table, after_program;
	size_t source;
	struct match_groups groups; /* of the open `within`s, outermost first */
	size_t group_marks[MATCH_DEPTH_MAX];
	unsigned within_lines[MATCH_DEPTH_MAX];
	size_t depth;
	struct rulepattern patterns;
};

static struct rule_section *
section_of(struct parser *p)
{
	return &p->set->sections[p->set->section_count - 1];
}

static int
take_pattern(struct parser *p, struct slice *text, struct err *why)
{
	if (rulepattern_take(&p->patterns, text, why) != 0)
		return -1;
	const char *pattern = p->patterns.text.data;
	pattern += strncmp(pattern, "(?i:", 4) == 0 ? 4 : 0;
	if (p->depth > 0 && *pattern == '^')
		return err_set(why, "'^' behind a within can never match");
	return 0;
}

static int
expect_end(struct slice rest, struct err *why)
{
	struct slice word = slice_take_word(&rest);
	return word.len == 0 ? 0
			     : err_set(why, "'%.*s' is one word too many",
				       (int)word.len, word.data);
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
	const struct ruleaction_names names = {
		.catalogue = p->catalogue,
		.groups = &p->groups,
		.tables = p->set->tables,
		.first_table = p->first_table,
		.table_count = p->set->table_count,
	};
	if (match_add(section->match, p->patterns.text.data, &p->groups, why) !=
			0 ||
		ruleaction_parse(&names, rest, &rule, why) != 0)
		return -1;
	rule.queue_id = ruleaction_group(&p->groups, slice_of("qid"));
	for (int d = CATALOGUE_SIGNER; d < CATALOGUE_DOMAINS; d++)
		rule.domains[d] = ruleaction_group(
			&p->groups, slice_of(catalogue_domain_names[d]));
	for (int g = 0; g < RULE_GROUPS; g++)
		rule.groups[g] = ruleaction_group(
			&p->groups, slice_of(rule_group_names[g]));
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
	size_t mark = p->groups.count;
	if (take_pattern(p, &rest, why) != 0 || expect_end(rest, why) != 0 ||
		match_open(section_of(p)->match, p->patterns.text.data,
			&p->groups, why) != 0)
		return -1;
	p->group_marks[p->depth] = mark;
	p->within_lines[p->depth++] = p->line;
	return 0;
}

static int
parse_end(struct parser *p, struct slice rest, struct err *why)
{
	if (p->in_table) {
		p->in_table = false;
		return expect_end(rest, why);
	}
	if (p->depth == 0)
		return err_set(
			why, "'end' without 'within', 'table' or 'list'");
	match_close(section_of(p)->match);
	drop_groups(&p->groups, p->group_marks[--p->depth]);
	return expect_end(rest, why);
}

static int
parse_source(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = slice_take_word(&rest);
	if (name.len == 0 || name.len > 32)
		return err_set(why, "'source' needs a name of 1 to 32 bytes");
	if (expect_end(rest, why) != 0)
		return -1;
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
	if (set->room == NULL)
		set->room = match_room_new();
	set->sections = mem_grow(set->sections, set->section_count,
		&set->section_capacity, sizeof(*set->sections));
	set->sections[set->section_count++] =
		(struct rule_section){.source = p->source,
			.programs = match_new(set->room, p->is_own),
			.match = match_new(set->room, p->is_own)};
	p->in_section = true;
}

static int
parse_program(struct parser *p, struct slice rest, struct err *why)
{
	if (!p->has_source)
		return err_set(why, "'program' before 'source'");
	if (!p->after_program)
		begin_section(p);
	if (take_pattern(p, &rest, why) != 0 || expect_end(rest, why) != 0)
		return -1;
	struct match_groups none = {0};
	int result = match_add(
		section_of(p)->programs, p->patterns.text.data, &none, why);
	match_groups_free(&none);
	return result;
}

static int
parse_define(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = slice_take_word(&rest);
	slice_skip_blanks(&rest);
	if (name.len == 0 || rest.len == 0)
		return err_set(why, "'define' needs a name and a text");
	return rulepattern_define(&p->patterns, name, rest, why);
}

static int
parse_alias(struct parser *p, struct slice rest, struct err *why)
{
	struct slice name = slice_take_word(&rest),
		     program = slice_take_word(&rest);
	if (program.len == 0)
		return err_set(why, "'alias' needs a name and a program");
	if (expect_end(rest, why) != 0)
		return -1;
	struct ruleset *set = p->set;
	set->aliases = mem_grow(set->aliases, set->alias_count,
		&set->alias_capacity, sizeof(*set->aliases));
	set->aliases[set->alias_count++] =
		(struct rule_alias){mem_strndup(name.data, name.len),
			mem_strndup(program.data, program.len)};
	return 0;
}

static int
parse_needs(struct parser *p, struct slice rest, struct err *why)
{
	struct rule_need need = {
		.source = p->source, .file = p->file, .line = p->line};
	if (!p->has_source)
		return err_set(why, "'needs' before 'source'");
	if (ruleneed_parse(p->catalogue, rest, &need, why) != 0)
		return -1;
	ruleset_add_need(p->set, &need);
	return 0;
}

static int
begin_table(struct parser *p, struct slice rest, bool is_list, struct err *why)
{
	struct slice name = slice_take_word(&rest);
	if (name.len == 0)
		return err_set(
			why, "'%s' needs a name", is_list ? "list" : "table");
	struct slice after = rest, kind = slice_take_word(&after);
	bool is_results = is_list && slice_is(kind, "results");
	if (expect_end(is_results ? after : rest, why) != 0)
		return -1;
	struct ruleset *set = p->set;
	for (size_t t = p->first_table; t < set->table_count; t++)
		if (slice_is(name, set->tables[t].name))
			return err_set(why, "table '%s' is there twice",
				set->tables[t].name);
	set->tables = mem_grow(set->tables, set->table_count,
		&set->table_capacity, sizeof(*set->tables));
	set->tables[set->table_count++] =
		(struct rule_table){.name = mem_strndup(name.data, name.len),
			.is_list = is_list,
			.is_results = is_results};
	p->in_table = true;
	return 0;
}

static int
parse_table(struct parser *p, struct slice rest, struct err *why)
{
	return begin_table(p, rest, false, why);
}

static int
parse_list(struct parser *p, struct slice rest, struct err *why)
{
	return begin_table(p, rest, true, why);
}

/* counter, or counter+=options in a list */
static int
parse_word_counter(struct parser *p, struct rule_word *entry, struct slice name,
	struct err *why)
{
	static const char per_option[] = "+=options";
	size_t len = sizeof(per_option) - 1;
	const char *plus = name.data + name.len - len;
	bool is_per_option = p->set->tables[p->set->table_count - 1].is_list &&
			     name.len > len &&
			     memcmp(plus, per_option, len) == 0;
	if (is_per_option)
		name = slice_before(name, plus);
	if (entry->count == RULE_COUNTERS_MAX)
		return err_set(why, "more than %d counters", RULE_COUNTERS_MAX);
	int counter = ruleaction_counter(p->catalogue, name, why);
	if (counter < 0)
		return -1;
	entry->is_per_option[entry->count] = is_per_option;
	entry->counters[entry->count++] = counter;
	return 0;
}

static int
parse_table_word(struct parser *p, struct slice rest, struct err *why)
{
	struct rule_table *table = &p->set->tables[p->set->table_count - 1];
	struct slice word = slice_take_word(&rest);
	table->words = mem_grow(table->words, table->count, &table->capacity,
		sizeof(*table->words));
	struct rule_word *entry = &table->words[table->count++];
	*entry = (struct rule_word){
		.word = mem_strndup(word.data, word.len), .len = word.len};
	for (char *c = entry->word; !table->is_list && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	for (size_t w = 0; w + 1 < table->count; w++)
		if (strcmp(table->words[w].word, entry->word) == 0)
			return err_set(why, "'%s' is there twice", entry->word);
	struct slice name = slice_take_word(&rest);
	if (name.len == 0)
		return err_set(
			why, "'%s' does nothing (write 'ignore')", entry->word);
	for (; name.len > 0; name = slice_take_word(&rest)) {
		if (slice_is(name, "ignore"))
			continue;
		if (parse_word_counter(p, entry, name, why) != 0)
			return -1;
	}
	return table->is_list ? rulelist_add(table, p->catalogue, why) : 0;
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
	{"needs", parse_needs, false},
	{"table", parse_table, false},
	{"list", parse_list, false},
	{"within", parse_within, true},
	{"end", parse_end, true},
};

static int
parse_line(struct parser *p, struct slice line, struct err *why)
{
	slice_skip_blanks(&line);
	while (line.len > 0 && strchr(" \t\r", line.data[line.len - 1]) != NULL)
		line.len--;
	if (line.len == 0 || *line.data == '#')
		return 0;
	bool after_program = p->after_program;
	p->after_program = false;
	if (!p->in_table && rulepattern_starts(line))
		return parse_rule(p, line, why);
	struct slice rest = line;
	struct slice word = slice_take_word(&rest);
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
	struct slice line;
	while (slice_take_line(&text, &line)) {
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
		.is_own = file->is_own,
		.first_table = set->table_count,
	};
	size_t first_section = set->section_count;
	struct err why;
	int result = parse_text(&p, file->text, &why);
	if (result == 0 && file->is_own)
		result = ruleset_compile(set, first_section, &why);
	if (result != 0)
		err_set(err, "%s:%u: %s", file->name, p.line, why.text);
	match_groups_free(&p.groups);
	rulepattern_free(&p.patterns);
	return result;
}
