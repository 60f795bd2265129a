/* SPDX-License-Identifier: ISC */
/* ruleneed — see ruleneed.h. */
#include "collector/ruleneed.h"

#include "collector/ruleaction.h"
#include "lib/mem.h"

static int
add_counter(const struct catalogue *catalogue, struct slice name,
	struct rule_need *need, struct err *why)
{
	if (need->count == RULE_NEED_COUNTERS_MAX)
		return err_set(
			why, "more than %d counters", RULE_NEED_COUNTERS_MAX);
	int counter = ruleaction_counter(catalogue, name, why);
	if (counter < 0)
		return -1;
	for (size_t i = 0; i < need->count; i++)
		if (need->counters[i] == counter)
			return err_set(why, "'%.*s' is there twice",
				(int)name.len, name.data);
	need->counters[need->count++] = counter;
	return 0;
}

int
ruleneed_parse(const struct catalogue *catalogue, struct slice text,
	struct rule_need *need, struct err *why)
{
	struct rule_need read = *need;
	struct slice name = slice_take_word(&text);
	read.count = 0;
	for (; name.len > 0 && !slice_is(name, ":");
		name = slice_take_word(&text))
		if (add_counter(catalogue, name, &read, why) != 0)
			return -1;
	slice_skip_blanks(&text);
	if (read.count == 0 || name.len == 0 || text.len == 0)
		return err_set(
			why, "'needs' must be COUNTER… : SETTING in words");
	read.setting = mem_strndup(text.data, text.len);
	*need = read;
	return 0;
}
