/* SPDX-License-Identifier: ISC */
/* match — see match.h. */
#include "collector/match.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/buf.h"
#include "lib/mem.h"

enum {
	MATCH_LIMIT_CALLS = 200000,
	JIT_STACK_START = 32 << 10,
	JIT_STACK_MAX = 512 << 10,
	OPTIONS = PCRE2_ANCHORED | PCRE2_NO_AUTO_CAPTURE | PCRE2_DUPNAMES |
		  PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF
};

struct match_set {
	struct buf text;
	bool needs_bar; /* a rule or prefix was closed just before */
	int rules, groups;
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	bool has_jit;
};

struct match_set *
match_new(void)
{
	return mem_zalloc(1, sizeof(struct match_set));
}

void
match_free(struct match_set *set)
{
	if (set == NULL)
		return;
	pcre2_jit_stack_free(set->stack);
	pcre2_match_context_free(set->context);
	pcre2_match_data_free(set->data);
	pcre2_code_free(set->code);
	buf_free(&set->text);
	free(set);
}

static pcre2_code *
compile(const char *pattern, struct err *err)
{
	int code;
	PCRE2_SIZE offset;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern,
		PCRE2_ZERO_TERMINATED, OPTIONS, &code, &offset, NULL);
	if (re == NULL) {
		PCRE2_UCHAR text[128];
		pcre2_get_error_message(code, text, sizeof(text));
		err_set(err, "bad pattern: %s at character %zu", (char *)text,
			(size_t)offset);
	}
	return re;
}

static void
collect_groups(const pcre2_code *re, int base, struct match_groups *groups)
{
	uint32_t names, size;
	PCRE2_SPTR table;
	pcre2_pattern_info(re, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(re, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(re, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < names; i++, table += size) {
		groups->items = mem_grow(groups->items, groups->count,
			&groups->capacity, sizeof(*groups->items));
		groups->items[groups->count++] = (struct match_group){
			.name = mem_strdup((const char *)table + 2),
			.number = base + (table[0] << 8 | table[1]),
		};
	}
}

/* Checks a piece by itself and takes its groups. */
static int
take_piece(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	pcre2_code *re = compile(pattern, err);
	if (re == NULL)
		return -1;
	uint32_t backref, captures;
	pcre2_pattern_info(re, PCRE2_INFO_BACKREFMAX, &backref);
	pcre2_pattern_info(re, PCRE2_INFO_CAPTURECOUNT, &captures);
	if (backref > 0) {
		pcre2_code_free(re);
		return err_set(err, "back references are not supported");
	}
	collect_groups(re, set->groups, groups);
	set->groups += (int)captures;
	pcre2_code_free(re);
	return 0;
}

int
match_open(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	if (take_piece(set, pattern, groups, err) != 0)
		return -1;
	buf_printf(
		&set->text, "%s(?>%s)(?:", set->needs_bar ? "|" : "", pattern);
	set->needs_bar = false;
	return 0;
}

void
match_close(struct match_set *set)
{
	buf_adds(&set->text, set->needs_bar ? ")" : "(*FAIL))");
	set->needs_bar = true;
}

int
match_add(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	if (take_piece(set, pattern, groups, err) != 0)
		return -1;
	buf_printf(&set->text, "%s(?:%s)(*MARK:%d)", set->needs_bar ? "|" : "",
		pattern, set->rules++);
	set->needs_bar = true;
	return 0;
}

int
match_compile(struct match_set *set, struct err *err)
{
	if (set->rules == 0)
		buf_adds(&set->text, "(*FAIL)");
	set->code = compile(set->text.data, err);
	if (set->code == NULL)
		return -1;
	buf_free(&set->text);
	set->has_jit = pcre2_jit_compile(set->code, PCRE2_JIT_COMPLETE) == 0;
	set->data = pcre2_match_data_create_from_pattern(set->code, NULL);
	set->context = pcre2_match_context_create(NULL);
	set->stack =
		pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
	if (set->data == NULL || set->context == NULL)
		return err_set(err, "out of memory for a rule set");
	pcre2_set_match_limit(set->context, MATCH_LIMIT_CALLS);
	pcre2_jit_stack_assign(set->context, NULL, set->stack);
	return 0;
}

enum match_result
match_run(struct match_set *set, struct slice subject, struct match *match)
{
	PCRE2_SPTR text = (PCRE2_SPTR)subject.data;
	int rc = set->has_jit ? pcre2_jit_match(set->code, text, subject.len, 0,
					0, set->data, set->context)
			      : pcre2_match(set->code, text, subject.len, 0, 0,
					set->data, set->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return MATCH_NONE;
	if (rc < 0)
		return MATCH_LIMIT;
	*match = (struct match){
		.subject = subject.data,
		.offsets = pcre2_get_ovector_pointer(set->data),
		.groups = rc,
	};
	for (PCRE2_SPTR mark = pcre2_get_mark(set->data);
		mark != NULL && *mark != '\0'; mark++)
		match->rule = match->rule * 10 + (*mark - '0');
	return MATCH_RULE;
}

bool
match_once(const char *pattern, struct slice subject, struct err *err)
{
	pcre2_code *re = compile(pattern, err);
	if (re == NULL)
		return false;
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(re, NULL);
	bool matches =
		data != NULL && pcre2_match(re, (PCRE2_SPTR)subject.data,
					subject.len, 0, 0, data, NULL) >= 0;
	pcre2_match_data_free(data);
	pcre2_code_free(re);
	return matches;
}

void
match_groups_free(struct match_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		free(groups->items[i].name);
	free(groups->items);
	*groups = (struct match_groups){0};
}
