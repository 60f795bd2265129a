/* SPDX-License-Identifier: ISC */
/* rules — see rules.h. */
#include "collector/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/dispatch.h"
#include "collector/rulefile.h"
#include "collector/rulelist.h"
#include "collector/shipped.h"
#include "lib/buf.h"
#include "lib/file.h"
#include "lib/mem.h"

enum { FILE_SIZE_MAX = 4 << 20 };

const char *const rules_status_names[RULES_STATUSES] = {
	[RULES_MATCHED] = "matched",
	[RULES_IGNORED] = "ignored",
	[RULES_UNMATCHED] = "unmatched",
	[RULES_FOREIGN] = "foreign",
	[RULES_MALFORMED] = "malformed",
};

struct rules {
	struct ruleset set;
	struct dispatch *dispatch;
	struct filters filters;
};

static int
load_own_file(struct rules *rules, struct catalogue *catalogue,
	const char *path, struct err *err)
{
	struct buf text = {0};
	if (file_read(path, FILE_SIZE_MAX, &text, err) != 0)
		return -1;
	struct slice slice = {text.data != NULL ? text.data : "", text.len};
	int result =
		rules != NULL
			? rulefile_parse(&rules->set, catalogue,
				  &(struct rulefile){path, slice, true}, err)
			: catalogue_add(catalogue,
				  &(struct catalogue_file){path, slice, true},
				  err);
	buf_free(&text);
	return result;
}

static int
is_rule_file(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return entry->d_name[0] != '.' && dot != NULL &&
	       strcmp(dot, ".rules") == 0;
}

static int
load_own_rules(struct rules *rules, struct catalogue *catalogue,
	const char *dir, struct err *err)
{
	struct dirent **entries;
	int count = scandir(dir, &entries, is_rule_file, alphasort);
	if (count < 0)
		return errno == ENOENT
			       ? 0
			       : err_set(err, "%s: %s", dir, strerror(errno));
	int result = 0;
	struct buf path = {0};
	for (int i = 0; i < count; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", dir, entries[i]->d_name);
		if (result == 0)
			result =
				load_own_file(rules, catalogue, path.data, err);
		free(entries[i]);
	}
	free(entries);
	buf_free(&path);
	return result;
}

static int
load_catalogue(
	struct catalogue *catalogue, const char *own_dir, struct err *err)
{
	const struct shipped_file *file = &shipped_files[0];
	struct slice text = {file->data, (size_t)(file->end - file->data)};
	if (catalogue_add(catalogue,
		    &(struct catalogue_file){file->name, text, false},
		    err) != 0)
		return -1;
	if (own_dir != NULL) {
		struct buf path = {0};
		buf_printf(&path, "%s/catalogue", own_dir);
		int result =
			access(path.data, F_OK) == 0
				? load_own_file(NULL, catalogue, path.data, err)
				: 0;
		buf_free(&path);
		if (result != 0)
			return -1;
	}
	catalogue_sort(catalogue);
	return 0;
}

static int
load_all(struct rules *rules, struct catalogue *catalogue, const char *own_dir,
	struct err *err)
{
	if (load_catalogue(catalogue, own_dir, err) != 0)
		return -1;
	if (own_dir != NULL &&
		load_own_rules(rules, catalogue, own_dir, err) != 0)
		return -1;
	for (const struct shipped_file *f = shipped_files + 1; f->name; f++) {
		struct slice text = {f->data, (size_t)(f->end - f->data)};
		if (rulefile_parse(&rules->set, catalogue,
			    &(struct rulefile){f->name, text, false}, err) != 0)
			return -1;
	}
	return 0;
}

struct rules *
rules_load(struct catalogue *catalogue, const char *own_dir, struct err *err)
{
	struct rules *rules = mem_zalloc(1, sizeof(*rules));
	if (load_all(rules, catalogue, own_dir, err) != 0) {
		rules_free(rules);
		return NULL;
	}
	rules->dispatch = dispatch_new(&rules->set);
	return rules;
}

void
rules_free(struct rules *rules)
{
	if (rules == NULL)
		return;
	dispatch_free(rules->dispatch);
	ruleset_free(&rules->set);
	free(rules);
}

int
rules_compile(struct rules *rules, struct err *err)
{
	struct err why;
	if (ruleset_compile(&rules->set, 0, &why) == 0)
		return 0;
	return err_set(err, "shipped rules: %s", why.text);
}

void
rules_set_filters(struct rules *rules, struct filters filters)
{
	rules->filters = filters;
}

size_t
rules_source_count(const struct rules *rules)
{
	return rules->set.source_count;
}

const char *
rules_source_name(const struct rules *rules, size_t source)
{
	return rules->set.sources[source];
}

size_t
rules_need_count(const struct rules *rules)
{
	return rules->set.need_count;
}

const struct rule_need *
rules_need(const struct rules *rules, size_t index)
{
	return &rules->set.needs[index];
}

static void
add(struct rules_outcome *outcome, int counter, uint64_t amount)
{
	if (outcome->count < RULE_ADDITIONS_MAX && amount > 0)
		outcome->additions[outcome->count++] =
			(struct rules_addition){counter, amount};
}

uint64_t
rules_to_number(struct slice text)
{
	uint64_t n = 0;
	for (size_t i = 0; i < text.len && i < 18; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return n;
		n = n * 10 + (uint64_t)(text.data[i] - '0');
	}
	return n;
}

static uint64_t
count_items(struct slice text)
{
	uint64_t items = text.len > 0;
	for (size_t i = 0; i < text.len; i++)
		items += text.data[i] == ',';
	return items;
}

static void
add_list(const struct rule_table *list, struct slice text,
	struct rules_outcome *outcome)
{
	struct rulelist_found found[RULE_LIST_GROUPS_MAX];
	rulelist_find(list, text, found);
	for (size_t g = 0; g < list->group_count; g++) {
		const struct rule_word *word = found[g].word;
		for (size_t i = 0; word != NULL && i < word->count; i++)
			add(outcome, word->counters[i],
				word->is_per_option[i] ? found[g].options : 1);
	}
}

/* false: a word that the table does not have. */
static bool
look_up(const struct rule_table *table, struct slice text,
	struct rules_outcome *outcome)
{
	if (table->is_list) {
		add_list(table, text, outcome);
		return true;
	}
	const struct rule_word *word = ruleset_find_word(table, text);
	if (word == NULL)
		return false;
	for (size_t i = 0; i < word->count; i++)
		add(outcome, word->counters[i], 1);
	return true;
}

/* false: a word that its table does not have. */
static bool
run_action(const struct rules *rules, const struct rule_action *action,
	struct rules_outcome *outcome)
{
	struct slice text = match_text(&outcome->match, action->group);
	switch (action->verb) {
	case RULE_ADD:
		break;
	case RULE_ADD_NUMBER:
		add(outcome, action->counter, rules_to_number(text));
		break;
	case RULE_ADD_ITEMS:
		add(outcome, action->counter, count_items(text));
		break;
	case RULE_CHOOSE:
		add(outcome,
			filters_match(&rules->filters, text) ? action->counter
							     : action->other,
			1);
		break;
	case RULE_LOOK_UP:
		return look_up(
			&rules->set.tables[action->table], text, outcome);
	}
	return true;
}

static bool
run_rule(const struct rules *rules, const struct rule *rule,
	struct rules_outcome *outcome)
{
	for (size_t i = 0; i < rule->action_count; i++) {
		const struct rule_action *action = &rule->actions[i];
		if (action->verb == RULE_ADD)
			add(outcome, action->counter, 1);
		else if (!run_action(rules, action, outcome)) {
			outcome->count = 0;
			return false;
		}
	}
	outcome->rule = rule;
	outcome->status = outcome->count > 0 ? RULES_MATCHED : RULES_IGNORED;
	return true;
}

struct slice
rules_queue_id(const struct rules_outcome *outcome)
{
	return outcome->rule != NULL
		       ? match_text(&outcome->match, outcome->rule->queue_id)
		       : (struct slice){NULL, 0};
}

struct slice
rules_domain(const struct rules_outcome *outcome, enum catalogue_domain domain)
{
	return outcome->rule != NULL ? match_text(&outcome->match,
					       outcome->rule->domains[domain])
				     : (struct slice){NULL, 0};
}

struct slice
rules_group(const struct rules_outcome *outcome, enum rule_group group)
{
	return outcome->rule != NULL ? match_text(&outcome->match,
					       outcome->rule->groups[group])
				     : (struct slice){NULL, 0};
}

struct slice
rules_rest(const struct rules_outcome *outcome, struct slice message)
{
	return outcome->rule != NULL
		       ? slice_from(message,
				 message.data + outcome->match.offsets[1])
		       : (struct slice){NULL, 0};
}

void
rules_apply(struct rules *rules, const struct line *line,
	struct rules_outcome *outcome)
{
	const struct dispatch_entry *entry =
		dispatch_find(rules->dispatch, line->program);
	outcome->count = 0;
	outcome->hit_limit = false;
	outcome->rule = NULL;
	outcome->source = entry->source;
	outcome->status = entry->count > 0 ? RULES_UNMATCHED : RULES_FOREIGN;
	if (line->is_bare)
		outcome->status = RULES_IGNORED;
	for (size_t i = 0; i < entry->count && !line->is_bare; i++) {
		struct rule_section *section = entry->sections[i];
		enum match_result result = match_run(
			section->match, line->message, &outcome->match);
		outcome->hit_limit |= result == MATCH_LIMIT;
		if (result != MATCH_RULE)
			continue;
		outcome->source = (int)section->source;
		if (run_rule(rules, &section->rules[outcome->match.rule],
			    outcome))
			break;
	}
	for (size_t i = 0; line->repeat > 1 && i < outcome->count; i++)
		outcome->additions[i].amount *= line->repeat;
}
