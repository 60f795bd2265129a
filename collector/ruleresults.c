/* SPDX-License-Identifier: ISC */
/* ruleresults — see ruleresults.h. */
#include "collector/ruleresults.h"

#include <ctype.h>

enum { PIECES_MAX = 16, DEPTH_MAX = 16 };

/* A result and whom to tell. */
struct entry {
	const struct ruleresults_taker *taker;
	struct slice method, result;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* ── names ─────────────────────────────────────────────────────────────── */

/* The parts one behind the other, up to the first that has no text. */
static void
tell(const struct entry *entry, const struct slice parts[5])
{
	char name[RULERESULTS_NAME_MAX];
	size_t len = 0;
	struct slice first[] = {entry->method, {"=", 1}, entry->result};
	for (size_t i = 0; i < 3 + 5; i++) {
		struct slice part = i < 3 ? first[i] : parts[i - 3];
		if (part.data == NULL)
			break;
		if (part.len > sizeof(name) - len)
			return;
		memcpy(name + len, part.data, part.len);
		len += part.len;
	}
	entry->taker->take((struct slice){name, len}, entry->taker->arg);
}

static void
tell_result(const struct entry *entry)
{
	tell(entry, (struct slice[5]){{NULL, 0}});
}

static void
tell_property(const struct entry *entry, struct slice key, struct slice value)
{
	const struct slice slash = {"/", 1}, equals = {"=", 1};
	tell(entry, (struct slice[5]){slash, key});
	tell(entry, (struct slice[5]){slash, key, equals, value});
}

static void
tell_comment(const struct entry *entry, struct slice comment)
{
	for (int i = 0; i < PIECES_MAX && comment.len > 0; i++) {
		const char *comma = memchr(comment.data, ',', comment.len);
		const char *end = comment.data + comment.len;
		struct slice piece =
			slice_before(comment, comma != NULL ? comma : end);
		comment = slice_from(comment, comma != NULL ? comma + 1 : end);
		tell(entry, (struct slice[5]){{"/(", 2}, piece, {")", 1}});
	}
}

/* ── the header field ──────────────────────────────────────────────────── */

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

/* Where lines were folded, a syslog daemon writes #012 for the line feed. */
static const char *
skip_fold(const char *p, const char *end)
{
	for (;;) {
		p = skip_blanks(p, end);
		if (end - p < 4 || memcmp(p, "#01", 3) != 0 ||
			(p[3] != '2' && p[3] != '5'))
			return p;
		p += 4;
	}
}

/* Letters, digits, '_', '-' and those of more. */
static struct slice
take_word(const char **p, const char *end, const char *more)
{
	const char *begin = *p;
	while (*p < end && (is_word(**p) || (**p != '\0' && strchr(more, **p))))
		(*p)++;
	return (struct slice){begin, (size_t)(*p - begin)};
}

/* Behind the ')' that closes the '(' at p.  No backslash and no quote means
 * anything here: who writes this log does not escape, but counts brackets. */
static const char *
skip_comment(const char *p, const char *end)
{
	int depth = 0;
	for (; p < end; p++) {
		depth += (*p == '(') - (*p == ')');
		if (depth == 0)
			return p + 1;
	}
	return end;
}

/* "quoted", or up to a blank, ';' or '('. */
static struct slice
take_value(const char **p, const char *end)
{
	const char *begin = *p;
	if (begin < end && *begin == '"') {
		const char *close =
			memchr(begin + 1, '"', (size_t)(end - begin - 1));
		*p = close != NULL ? close + 1 : end;
		return (struct slice){begin + 1,
			(size_t)((close != NULL ? close : end) - begin - 1)};
	}
	while (*p < end && !is_blank(**p) && **p != ';' && **p != '(')
		(*p)++;
	return (struct slice){begin, (size_t)(*p - begin)};
}

/* Behind the rest of an entry, which ends before a ';'.  entry NULL: the text
 * is none, and nobody is told. */
static const char *
take_rest(const char *p, const char *end, const struct entry *entry)
{
	while ((p = skip_blanks(p, end)) < end && *p != ';') {
		const char *begin = p;
		if (*p == '(') {
			p = skip_comment(p, end);
			if (entry != NULL && p - begin >= 2 && p[-1] == ')')
				tell_comment(entry,
					(struct slice){begin + 1,
						(size_t)(p - begin - 2)});
			continue;
		}
		struct slice key = take_word(&p, end, ".");
		if (p < end && *p == '=' && key.len > 0) {
			p++;
			struct slice value = take_value(&p, end);
			if (entry != NULL)
				tell_property(entry, key, value);
			continue;
		}
		take_value(&p, end);
		p += p == begin; /* whatever it is */
	}
	return p;
}

/* method[/version]=result */
static const char *
take_method(const char *p, const char *end, struct entry *entry)
{
	const char *begin = p;
	entry->method = take_word(&p, end, "");
	if (p < end && *p == '/')
		for (p++; p < end && isdigit((unsigned char)*p);)
			p++;
	if (p == end || *p != '=' || entry->method.len == 0)
		return begin;
	p++;
	entry->result = take_word(&p, end, "");
	bool ends = p == end || is_blank(*p) || *p == ';' || *p == '(';
	return entry->result.len > 0 && ends ? p : begin;
}

static void
each_in_field(struct slice text, const struct ruleresults_taker *taker)
{
	const char *p = text.data, *end = p + text.len;
	while (p < end) {
		struct entry entry = {.taker = taker};
		const char *begin = skip_fold(p, end);
		p = take_method(begin, end, &entry);
		bool is_entry = p > begin;
		if (is_entry)
			tell_result(&entry);
		p = take_rest(p, end, is_entry ? &entry : NULL);
		p += p < end; /* the ';' */
	}
}

/* ── JSON ──────────────────────────────────────────────────────────────── */

/* An object that is not closed yet. */
struct object {
	const char *begin;
	struct slice type, key, value;
};

typedef void object_fn(
	const struct object *object, struct slice whole, const void *arg);

/* Behind the string that begins at p. */
static const char *
skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\' && p + 1 < end;
	return p < end ? p + 1 : end;
}

static struct slice *
member_of(struct object *object, struct slice name)
{
	return slice_is(name, "type")    ? &object->type
	       : slice_is(name, "key")   ? &object->key
	       : slice_is(name, "value") ? &object->value
					 : NULL;
}

/* A string: the value of the member *name, or the name of one. */
static const char *
take_string(const char *p, const char *end, struct object *object,
	struct slice *name)
{
	const char *next = skip_string(p, end);
	struct slice text = {p + 1, (size_t)(next - p - 1)};
	text.len -= text.len > 0 && next[-1] == '"';
	if (next < end && *next == ':') {
		*name = text;
		return next + 1;
	}
	struct slice *member = object != NULL ? member_of(object, *name) : NULL;
	if (member != NULL)
		*member = text;
	*name = (struct slice){NULL, 0};
	return next;
}

/* Calls for each object that is closed, the inner ones first. */
static void
each_object(struct slice text, object_fn *call, const void *arg)
{
	struct object open[DEPTH_MAX];
	size_t depth = 0;
	struct slice name = {NULL, 0};
	const char *p = text.data, *end = p + text.len;
	while (p < end) {
		if (*p == '"') {
			p = take_string(p, end,
				depth > 0 ? &open[depth - 1] : NULL, &name);
			continue;
		}
		if (*p == '{') {
			if (depth == DEPTH_MAX)
				return;
			open[depth++] = (struct object){.begin = p};
		} else if (*p == '}' && depth > 0) {
			depth--;
			call(&open[depth],
				(struct slice){open[depth].begin,
					(size_t)(p + 1 - open[depth].begin)},
				arg);
		}
		if (!is_blank(*p))
			name = (struct slice){NULL, 0};
		p++;
	}
}

static void
tell_child(const struct object *object, struct slice whole, const void *arg)
{
	(void)whole;
	const struct entry *entry = arg;
	if (slice_is(object->type, "subentry") && object->key.data != NULL &&
		object->value.data != NULL)
		tell_property(entry, object->key, object->value);
	else if (slice_is(object->type, "comment"))
		tell_comment(entry, object->value);
}

static void
tell_entry(const struct object *object, struct slice whole, const void *arg)
{
	struct entry entry = {arg, object->key, object->value};
	if (!slice_is(object->type, "entry") || entry.method.data == NULL ||
		entry.result.data == NULL)
		return;
	tell_result(&entry);
	each_object(whole, tell_child, &entry);
}

void
ruleresults_each(struct slice text, const struct ruleresults_taker *taker)
{
	if (text.len > 0 && *text.data == '{')
		each_object(text, tell_entry, taker);
	else
		each_in_field(text, taker);
}
