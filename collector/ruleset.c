/* SPDX-License-Identifier: ISC */
/* ruleset — see ruleset.h. */
#include "collector/ruleset.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include <strings.h>

const char *const rule_fact_names[RULE_FACTS] = {
	[RULE_NO_FACT] = "",
	[RULE_ARRIVED] = "arrived",
	[RULE_SUBMITTED] = "submitted",
	[RULE_CREATED] = "created",
	[RULE_ACTIVE] = "active",
	[RULE_DELIVERED] = "delivered",
	[RULE_FILTERED] = "filtered",
	[RULE_REQUEUED] = "requeued",
	[RULE_REMOVED] = "removed",
	[RULE_EXPIRED] = "expired",
	[RULE_PROBED] = "probed",
	[RULE_HELD] = "held",
};

const char *const rule_group_names[RULE_GROUPS] = {
	[RULE_CLIENT] = "client",
	[RULE_LOGIN] = "login",
	[RULE_ORIG] = "orig",
	[RULE_ORIGIN] = "origin",
	[RULE_RELAY] = "relay",
	[RULE_NEXT] = "next",
	[RULE_SIZE] = "size",
	[RULE_NRCPT] = "nrcpt",
};

static void
free_strings(char **strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(strings[i]);
	free(strings);
}

void
ruleset_add_need(struct ruleset *set, const struct rule_need *need)
{
	set->needs = mem_grow(set->needs, set->need_count, &set->need_capacity,
		sizeof(*set->needs));
	set->needs[set->need_count++] = *need;
}

void
ruleset_free(struct ruleset *set)
{
	for (size_t i = 0; i < set->section_count; i++) {
		struct rule_section *section = &set->sections[i];
		match_free(section->programs);
		free(section->rules);
		match_free(section->match);
	}
	match_room_free(set->room);
	for (size_t i = 0; i < set->table_count; i++) {
		struct rule_table *table = &set->tables[i];
		for (size_t w = 0; w < table->count; w++)
			free(table->words[w].word);
		free(table->words);
		free(table->name);
	}
	for (size_t i = 0; i < set->alias_count; i++) {
		free(set->aliases[i].name);
		free(set->aliases[i].program);
	}
	for (size_t i = 0; i < set->need_count; i++)
		free(set->needs[i].setting);
	free(set->needs);
	free(set->sections);
	free(set->tables);
	free(set->aliases);
	free_strings(set->files, set->file_count);
	free_strings(set->sources, set->source_count);
	*set = (struct ruleset){0};
}

int
ruleset_compile(struct ruleset *set, size_t first, struct err *err)
{
	int result = 0;
	for (size_t s = first; result == 0 && s < set->section_count; s++)
		result = match_compile(set->sections[s].programs, err) == 0
				 ? match_compile(set->sections[s].match, err)
				 : -1;
	return result;
}

const struct rule_word *
ruleset_find_word(const struct rule_table *table, struct slice text)
{
	for (size_t i = 0; text.len > 0 && i < table->count; i++) {
		const struct rule_word *word = &table->words[i];
		if (word->len == text.len &&
			(table->is_list ? strncmp(word->word, text.data,
						  text.len)
					: strncasecmp(word->word, text.data,
						  text.len)) == 0)
			return word;
	}
	return NULL;
}
