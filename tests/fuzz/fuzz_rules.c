/* SPDX-License-Identifier: ISC */
/* fuzz_rules — any bytes as a rule file: refused with its line, or it runs, on
 * its own lines as messages. */
#include <assert.h>

#include "collector/rulefile.h"
#include "collector/rulelist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
find(const struct rule_table *table, struct slice text)
{
	struct rulelist_found found[RULE_LIST_GROUPS_MAX];
	rulelist_find(table, text, found);
	for (size_t g = 0; g < table->group_count; g++)
		assert(found[g].word == NULL ||
			(found[g].word->group == g && found[g].options > 0 &&
				found[g].options <= text.len + 1));
}

static void
run(const struct ruleset *set, const struct rule_section *section,
	struct slice text)
{
	struct slice line;
	for (int i = 0; i < 50 && slice_take_line(&text, &line); i++) {
		struct match match;
		if (match_run(section->match, line, &match) != MATCH_RULE)
			continue;
		assert((size_t)match.rule < section->rule_count);
		const struct rule *rule = &section->rules[match.rule];
		assert(match_text(&match, rule->queue_id).len <= line.len);
		for (size_t t = 0; t < set->table_count; t++)
			find(&set->tables[t], line);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue catalogue;
	if (catalogue.count == 0)
		catalogue_add(&catalogue,
			&(struct catalogue_file){"c",
				slice_of("1 a.a line none m\n2 b.b line none "
					 "m\n"),
				false},
			NULL);
	struct ruleset set = {0};
	struct err err = {""};
	struct slice text = {(const char *)data, size};
	int result = rulefile_parse(
		&set, &catalogue, &(struct rulefile){"f", text}, &err);
	assert((result == 0) == (err.text[0] == '\0'));
	for (size_t s = 0; result == 0 && s < set.section_count; s++)
		run(&set, &set.sections[s], text);
	ruleset_free(&set);
	return 0;
}
