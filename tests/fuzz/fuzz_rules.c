/* SPDX-License-Identifier: ISC */
/* fuzz_rules — any bytes as a rule file: refused with its line, or it runs, on
 * its own lines as messages. */
#include <assert.h>

#include "collector/rulefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
run(const struct rule_section *section, struct slice text)
{
	struct slice line;
	for (int i = 0; i < 50 && slice_take_line(&text, &line); i++) {
		struct match match;
		if (match_run(section->match, line, &match) != MATCH_RULE)
			continue;
		assert((size_t)match.rule < section->rule_count);
		const struct rule *rule = &section->rules[match.rule];
		assert(match_text(&match, rule->queue_id).len <= line.len);
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
		run(&set.sections[s], text);
	ruleset_free(&set);
	return 0;
}
