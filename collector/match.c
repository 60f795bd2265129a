/* SPDX-License-Identifier: ISC */
/* match — see match.h. */
#include "collector/match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/buf.h"
#include "lib/mem.h"

enum {
	MATCH_LIMIT_CALLS = 200000,
	JIT_AFTER = 64, /* runs; before, machine code does not pay */
	JIT_STACK_START = 32 << 10,
	JIT_STACK_MAX = 512 << 10
};

static const uint32_t options =
	PCRE2_ANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF;

struct match_room {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

struct match_set {
	struct match_room *room;
	bool is_checked;
	struct buf text;
	bool needs_bar; /* a rule or prefix was closed just before */
	int rules;
	int groups; /* captured by the open prefixes */
	int prefix_groups[MATCH_DEPTH_MAX];
	size_t depth;
	pcre2_code *code;
	bool has_jit;
	int runs; /* up to JIT_AFTER */
};

struct match_room *
match_room_new(void)
{
	return mem_zalloc(1, sizeof(struct match_room));
}

void
match_room_free(struct match_room *room)
{
	if (room == NULL)
		return;
	pcre2_jit_stack_free(room->stack);
	pcre2_match_context_free(room->context);
	pcre2_match_data_free(room->data);
	free(room);
}

/* For one more pattern, of so many groups. */
static int
prepare(struct match_room *room, uint32_t groups, struct err *err)
{
	if (room->stack == NULL)
		room->stack = pcre2_jit_stack_create(
			JIT_STACK_START, JIT_STACK_MAX, NULL);
	if (room->context == NULL) {
		room->context = pcre2_match_context_create(NULL);
		if (room->context == NULL)
			return err_set(err, "out of memory for matching");
		pcre2_set_match_limit(room->context, MATCH_LIMIT_CALLS);
		pcre2_jit_stack_assign(room->context, NULL, room->stack);
	}
	if (room->data != NULL && pcre2_get_ovector_count(room->data) > groups)
		return 0;
	pcre2_match_data_free(room->data);
	room->data = pcre2_match_data_create(groups + 1, NULL);
	return room->data != NULL ? 0
				  : err_set(err, "out of memory for matching");
}

struct match_set *
match_new(struct match_room *room, bool is_checked)
{
	struct match_set *set = mem_zalloc(1, sizeof(*set));
	set->room = room;
	set->is_checked = is_checked;
	return set;
}

void
match_free(struct match_set *set)
{
	if (set == NULL)
		return;
	pcre2_code_free(set->code);
	buf_free(&set->text);
	free(set);
}

static pcre2_code *
compile(const char *pattern, uint32_t more, struct err *err)
{
	int code;
	PCRE2_SIZE offset;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern,
		PCRE2_ZERO_TERMINATED, options | more, &code, &offset, NULL);
	if (re == NULL) {
		PCRE2_UCHAR text[128];
		pcre2_get_error_message(code, text, sizeof(text));
		err_set(err, "bad pattern: %s at character %zu", (char *)text,
			(size_t)offset);
	}
	return re;
}

static void
add_group(struct match_groups *groups, struct slice name, int number)
{
	groups->items = mem_grow(groups->items, groups->count,
		&groups->capacity, sizeof(*groups->items));
	groups->items[groups->count++] =
		(struct match_group){mem_strndup(name.data, name.len), number};
}

/* Length of what stands at p, is no plain or named group's parenthesis and
 * holds none: plain text, an escape, a quotation, a class, a comment. */
static size_t
opaque_length(const char *p)
{
	if (p[0] == '\\' && p[1] == 'Q') {
		const char *end = strstr(p, "\\E");
		return end != NULL ? (size_t)(end + 2 - p) : strlen(p);
	}
	if (p[0] == '\\')
		return p[1] != '\0' ? 2 : 1;
	if (p[0] == '(')
		return strcspn(p, ")");
	if (p[0] != '[')
		return strcspn(p, "\\([");
	size_t i = 1 + (p[1] == '^');
	for (i += p[i] == ']'; p[i] != '\0' && p[i] != ']'; i++) {
		if (p[i] == '\\' && p[i + 1] != '\0')
			i++;
		else if (p[i] == '[' && p[i + 1] == ':')
			i += strcspn(p + i, "]");
		if (p[i] == '\0')
			break;
	}
	return p[i] == ']' ? i + 1 : i;
}

/* Recursion, conditions and verbs would reach beyond their rule. */
static bool
reaches_out(const char *p)
{
	if (p[0] == '\\')
		return p[1] == 'g';
	if (p[0] != '(' || p[1] == '*')
		return p[0] == '(' &&
		       (p[2] == ':' || isupper((unsigned char)p[2]));
	if (p[1] != '?')
		return false;
	const char *letters = p + 2;
	if (letters[strspn(letters, "imsx^-")] == 'J')
		return true; /* two groups of one name */
	const char *digit = p + 2 + (p[2] == '-');
	return isdigit((unsigned char)*digit) || strchr("(&R+|", p[2]) ||
	       (p[2] == 'P' && p[3] != '<');
}

/* Appends the pattern with plain groups as (?:…) and named ones as (…): within
 * (?|…) all rules then share few numbers, and each line pays for few.  Returns
 * how many are named, or -1. */
static int
add_unnamed(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	struct buf *out = &set->text;
	int named = 0;
	for (const char *p = pattern; *p != '\0';) {
		if (reaches_out(p))
			return err_set(err, "'%.3s' is not supported", p);
		if (*p != '(' || (p[1] == '?' && p[2] == '#')) {
			size_t len = opaque_length(p);
			buf_add(out, p, len);
			p += len;
		} else if (p[1] != '?' && p[1] != '*') {
			buf_adds(out, "(?:");
			p++;
		} else if (p[1] == '?' &&
			   ((p[2] == '<' && !strchr("=!*", p[3])) ||
				   p[2] == 'P' || p[2] == '\'')) {
			buf_addc(out, '(');
			p += 3 + (p[2] == 'P');
			struct slice name = {p, strcspn(p, ">'")};
			add_group(groups, name, set->groups + ++named);
			p += name.len;
			p += *p != '\0'; /* it was no group, but in a remark */
		} else {
			buf_addc(out, *p++);
		}
	}
	return named;
}

/* Is it a pattern, and one that does not look at what others matched? */
static int
check_alone(const char *pattern, struct err *err)
{
	pcre2_code *re = compile(pattern, PCRE2_NO_AUTO_CAPTURE, err);
	if (re == NULL)
		return -1;
	uint32_t backref;
	pcre2_pattern_info(re, PCRE2_INFO_BACKREFMAX, &backref);
	pcre2_code_free(re);
	return backref == 0 ? 0
			    : err_set(err, "back references are not supported");
}

/* Does the rewritten pattern stand within parentheses, with as many groups?
 * A comment or a quotation that is not ended would swallow what follows. */
static bool
is_closed(const char *rewritten, int captures)
{
	struct buf piece = {0};
	buf_printf(&piece, "(?:%s)", rewritten);
	pcre2_code *re = compile(piece.data, 0, NULL);
	buf_free(&piece);
	uint32_t count = UINT32_MAX;
	if (re != NULL)
		pcre2_pattern_info(re, PCRE2_INFO_CAPTURECOUNT, &count);
	pcre2_code_free(re);
	return count == (uint32_t)captures;
}

/* Appends a piece and takes its groups.  Returns how many it captures, or -1.
 */
static int
take_piece(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	if (set->is_checked && check_alone(pattern, err) != 0)
		return -1;
	size_t start = set->text.len;
	int captures = add_unnamed(set, pattern, groups, err);
	if (captures >= 0 && set->is_checked &&
		!is_closed(set->text.data + start, captures))
		return err_set(err, "the pattern cannot stand among others");
	return captures;
}

int
match_open(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	if (set->depth == MATCH_DEPTH_MAX)
		return err_set(
			err, "more than %d nested prefixes", MATCH_DEPTH_MAX);
	buf_adds(&set->text, set->needs_bar ? "|(?>" : "(?>");
	int captures = take_piece(set, pattern, groups, err);
	if (captures < 0)
		return -1;
	buf_adds(&set->text, ")(?|");
	set->needs_bar = false;
	set->prefix_groups[set->depth++] = captures;
	set->groups += captures;
	return 0;
}

void
match_close(struct match_set *set)
{
	buf_adds(&set->text, set->needs_bar ? ")" : "(*FAIL))");
	set->needs_bar = true;
	set->groups -= set->prefix_groups[--set->depth];
}

int
match_add(struct match_set *set, const char *pattern,
	struct match_groups *groups, struct err *err)
{
	buf_adds(&set->text, set->needs_bar ? "|(?:" : "(?:");
	if (take_piece(set, pattern, groups, err) < 0)
		return -1;
	buf_printf(&set->text, ")(*MARK:%d)", set->rules++);
	set->needs_bar = true;
	return 0;
}

int
match_compile(struct match_set *set, struct err *err)
{
	if (set->code != NULL)
		return 0;
	struct buf whole = {0};
	buf_printf(
		&whole, "(?|%s)", set->rules > 0 ? set->text.data : "(*FAIL)");
	set->code = compile(whole.data, 0, err);
	buf_free(&whole);
	if (set->code == NULL)
		return -1;
	uint32_t groups;
	pcre2_pattern_info(set->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (prepare(set->room, groups, err) != 0) {
		pcre2_code_free(set->code);
		set->code = NULL;
		return -1;
	}
	buf_free(&set->text);
	return 0;
}

static bool
get_ready(struct match_set *set)
{
	if (match_compile(set, NULL) != 0)
		return false;
	if (++set->runs == JIT_AFTER)
		set->has_jit =
			pcre2_jit_compile(set->code, PCRE2_JIT_COMPLETE) == 0;
	return true;
}

enum match_result
match_run(struct match_set *set, struct slice subject, struct match *match)
{
	PCRE2_SPTR text = (PCRE2_SPTR)subject.data;
	if (set->runs < JIT_AFTER && !get_ready(set))
		return MATCH_LIMIT;
	const struct match_room *room = set->room;
	int rc = set->has_jit ? pcre2_jit_match(set->code, text, subject.len, 0,
					0, room->data, room->context)
			      : pcre2_match(set->code, text, subject.len, 0, 0,
					room->data, room->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return MATCH_NONE;
	if (rc < 0)
		return MATCH_LIMIT;
	*match = (struct match){
		.subject = subject.data,
		.offsets = pcre2_get_ovector_pointer(room->data),
		.groups = rc,
	};
	for (PCRE2_SPTR mark = pcre2_get_mark(room->data);
		mark != NULL && *mark != '\0'; mark++)
		match->rule = match->rule * 10 + (*mark - '0');
	return MATCH_RULE;
}

void
match_groups_free(struct match_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		free(groups->items[i].name);
	free(groups->items);
	*groups = (struct match_groups){0};
}
