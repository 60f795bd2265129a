/* SPDX-License-Identifier: ISC */
/* ruleset — see ruleset.h. */
#include "collector/ruleset.h"

#include <stdlib.h>

static void
free_strings(char **strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(strings[i]);
	free(strings);
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
