/* SPDX-License-Identifier: ISC */
/* ruleaction — see ruleaction.h. */
#include "collector/ruleaction.h"

uint16_t
ruleaction_group(const struct match_groups *groups, struct slice name)
{
	for (size_t i = groups->count; i-- > 0;)
		if (slice_is(name, groups->items[i].name))
			return (uint16_t)groups->items[i].number;
	return 0;
}

int
ruleaction_counter(
	const struct catalogue *catalogue, struct slice name, struct err *why)
{
	int counter = catalogue_find(catalogue, name);
	if (counter < 0)
		return err_set(why, "unknown counter '%.*s'", (int)name.len,
			name.data);
	return counter;
}

static int
need_group(const struct ruleaction_names *names, struct slice name,
	struct err *why)
{
	int group = ruleaction_group(names->groups, name);
	if (group == 0)
		return err_set(why, "the pattern has no group '%.*s'",
			(int)name.len, name.data);
	return group;
}

/* @group */
static int
parse_look_up(const struct ruleaction_names *names, struct slice word,
	struct rule_action *action, struct err *why)
{
	struct slice name = slice_from(word, word.data + 1);
	action->verb = RULE_LOOK_UP;
	action->group = need_group(names, name, why);
	if (action->group < 0)
		return -1;
	for (size_t t = names->first_table; t < names->table_count; t++)
		if (slice_is(name, names->tables[t].name)) {
			action->table = (unsigned)t;
			return 0;
		}
	return err_set(
		why, "no table or list '%.*s'", (int)name.len, name.data);
}

static int
parse_action(const struct ruleaction_names *names, struct slice word,
	struct rule_action *action, struct err *why)
{
	*action = (struct rule_action){.verb = RULE_ADD};
	if (*word.data == '@')
		return parse_look_up(names, word, action, why);
	struct slice counter = word;
	const char *plus = memmem(word.data, word.len, "+=", 2);
	const char *question = memchr(word.data, '?', word.len);
	if (plus != NULL) {
		struct slice group = slice_from(word, plus + 2);
		action->verb = RULE_ADD_NUMBER;
		if (group.len > 0 && *group.data == '#') {
			action->verb = RULE_ADD_ITEMS;
			group = slice_from(group, group.data + 1);
		}
		action->group = need_group(names, group, why);
		counter = slice_before(word, plus);
	} else if (question != NULL) {
		struct slice choice = slice_from(word, question + 1);
		const char *colon = memchr(choice.data, ':', choice.len);
		if (colon == NULL)
			return err_set(why, "'%.*s' is not group?counter:other",
				(int)word.len, word.data);
		action->verb = RULE_CHOOSE;
		action->group =
			need_group(names, slice_before(word, question), why);
		if (action->group < 0)
			return -1;
		action->other = ruleaction_counter(
			names->catalogue, slice_from(choice, colon + 1), why);
		counter = slice_before(choice, colon);
	}
	if (action->group < 0 || action->other < 0)
		return -1;
	action->counter = ruleaction_counter(names->catalogue, counter, why);
	return action->counter < 0 ? -1 : 0;
}

/* =fact */
static int
parse_fact(struct slice word, struct rule *rule, struct err *why)
{
	struct slice name = slice_from(word, word.data + 1);
	if (rule->fact != RULE_NO_FACT)
		return err_set(why, "more than one fact");
	for (int f = RULE_NO_FACT + 1; f < RULE_FACTS; f++)
		if (slice_is(name, rule_fact_names[f])) {
			rule->fact = (enum rule_fact)f;
			return 0;
		}
	return err_set(why, "unknown fact '%.*s'", (int)word.len, word.data);
}

/* How many additions the action makes at most. */
static size_t
most_additions(
	const struct ruleaction_names *names, const struct rule_action *action)
{
	if (action->verb != RULE_LOOK_UP)
		return 1;
	const struct rule_table *table = &names->tables[action->table];
	size_t most[RULE_LIST_GROUPS_MAX] = {0}, sum = 0;
	for (size_t i = 0; i < table->count; i++) {
		const struct rule_word *word = &table->words[i];
		if (word->count > most[word->group])
			most[word->group] = word->count;
	}
	for (size_t g = 0; g < RULE_LIST_GROUPS_MAX; g++)
		sum += most[g];
	return sum;
}

int
ruleaction_parse(const struct ruleaction_names *names, struct slice words,
	struct rule *rule, struct err *why)
{
	struct slice word = slice_take_word(&words);
	if (word.len == 0)
		return err_set(why, "the rule does nothing (write 'ignore')");
	bool ignores = slice_is(word, "ignore");
	size_t additions = 0;
	for (; word.len > 0; word = slice_take_word(&words)) {
		if (slice_is(word, "ignore") != ignores)
			return err_set(why, "'ignore' stands alone");
		if (ignores)
			continue;
		if (*word.data == '=') {
			if (parse_fact(word, rule, why) != 0)
				return -1;
			continue;
		}
		if (rule->action_count == RULE_COUNTERS_MAX)
			return err_set(
				why, "more than %d actions", RULE_COUNTERS_MAX);
		struct rule_action *action =
			&rule->actions[rule->action_count++];
		if (parse_action(names, word, action, why) != 0)
			return -1;
		additions += most_additions(names, action);
	}
	if (additions > RULE_ADDITIONS_MAX)
		return err_set(why, "up to %zu additions, more than %d",
			additions, RULE_ADDITIONS_MAX);
	return 0;
}
