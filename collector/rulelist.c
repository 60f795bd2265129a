/* SPDX-License-Identifier: ISC */
/* rulelist — see rulelist.h. */
#include "collector/rulelist.h"

#include <ctype.h>
#include <string.h>

#include "collector/ruleresults.h"

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == ']';
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Behind "(score)" or what was left of it at the end, from its inside; NULL: it
 * is none. */
static const char *
skip_score(const char *p, const char *end)
{
	while (p < end && (isalnum((unsigned char)*p) || *p == '.' ||
				  *p == '-' || *p == '+'))
		p++;
	if (p == end)
		return end;
	return *p == ')' ? p + 1 : NULL;
}

/* Behind "[…]", from its inside; NULL: it is none, or other items stand in it,
 * which a stranger would have skipped. */
static const char *
skip_brackets(const char *p, const char *end)
{
	const char *close = memchr(p, ']', (size_t)(end - p));
	size_t len = (size_t)((close != NULL ? close : end) - p);
	if (memmem(p, len, "){", 2) != NULL || memmem(p, len, ";}", 2) != NULL)
		return NULL;
	return close != NULL ? close + 1 : end;
}

/* Options: each ends in ';', so that a real end is "{}" or ";}", and the item
 * ends there, too.  Any other '}' is a stranger's. */
static const char *
skip_options(const char *p, const char *end, size_t *options)
{
	const char *first = p, *option = p;
	for (; p < end; p++) {
		if (*p == ';') {
			struct slice text = {option, (size_t)(p - option)};
			*options += !slice_is(text, "...");
			option = p + 1;
		} else if (*p == '}' && (p == first || p[-1] == ';') &&
			   (p + 1 == end || is_separator(p[1]))) {
			return p + 1;
		}
	}
	return end;
}

/* What may follow a name; NULL: something else, so that this was no item. */
static const char *
skip_rest(const char *p, const char *end, size_t *options)
{
	while (p != NULL && p < end && !is_separator(*p)) {
		switch (*p++) {
		case '=':
			while (p < end && !is_separator(*p))
				p++;
			break;
		case '(':
			p = skip_score(p, end);
			break;
		case '[':
			p = skip_brackets(p, end);
			break;
		case '{':
			p = skip_options(p, end, options);
			break;
		default:
			return NULL;
		}
	}
	return p;
}

/* The end of what is no item: a separator, or the end of the text. */
static const char *
skip_junk(const char *p, const char *end)
{
	while (p < end && !is_separator(*p))
		p++;
	return p;
}

/* A '(' behind the name of the first item stands behind each: a name without
 * is a stranger's text, or its end was cut off. */
static bool
has_form(char *form, const char *p, const char *end)
{
	char sign = p < end && *p == '(' ? '(' : ',';
	if (*form == '\0')
		*form = sign;
	return *form == sign || *form == ',';
}

bool
rulelist_take_item(struct slice *text, char *form, struct rulelist_item *item)
{
	const char *p = text->data, *end = p + text->len;
	while (p < end) {
		const char *name = p;
		while (p < end && is_name(*p))
			p++;
		*item = (struct rulelist_item){{name, (size_t)(p - name)}, 0};
		const char *next = skip_rest(p, end, &item->options);
		bool is_item = item->name.len > 0 && next != NULL &&
			       has_form(form, p, end);
		p = next != NULL ? next : skip_junk(p, end);
		while (p < end && is_separator(*p))
			p++;
		if (!is_item)
			continue;
		*text = slice_from(*text, p);
		return true;
	}
	return false;
}

/* Where a list's words were found. */
struct search {
	const struct rule_table *list;
	struct rulelist_found *found;
};

static void
note_item(const struct search *search, const struct rulelist_item *item)
{
	const struct rule_word *word =
		ruleset_find_word(search->list, item->name);
	if (word == NULL || word->count == 0)
		return;
	struct rulelist_found *best = &search->found[word->group];
	if (best->word == NULL || word < best->word)
		*best = (struct rulelist_found){
			word, item->options > 0 ? item->options : 1};
}

static void
note_result(struct slice name, void *arg)
{
	note_item(arg, &(struct rulelist_item){name, 0});
}

void
rulelist_find(const struct rule_table *list, struct slice text,
	struct rulelist_found *found)
{
	for (size_t g = 0; g < list->group_count; g++)
		found[g] = (struct rulelist_found){NULL, 0};
	struct search search = {list, found};
	if (list->is_results) {
		ruleresults_each(text,
			&(struct ruleresults_taker){note_result, &search});
		return;
	}
	struct rulelist_item item;
	char form = '\0';
	while (text.len > 0 && rulelist_take_item(&text, &form, &item))
		note_item(&search, &item);
}

int
rulelist_add(struct rule_table *list, const struct catalogue *catalogue,
	struct err *why)
{
	struct rule_word *word = &list->words[list->count - 1];
	if (word->count == 0)
		return 0;
	const char *group = catalogue->counters[word->counters[0]].group;
	for (const struct rule_word *w = list->words; w < word; w++)
		if (w->count > 0 &&
			strcmp(catalogue->counters[w->counters[0]].group,
				group) == 0) {
			word->group = w->group;
			return 0;
		}
	if (list->group_count == RULE_LIST_GROUPS_MAX)
		return err_set(why, "a list for more than %d groups",
			RULE_LIST_GROUPS_MAX);
	word->group = list->group_count++;
	return 0;
}
