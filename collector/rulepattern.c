/* SPDX-License-Identifier: ISC */
/* rulepattern — see rulepattern.h. */
#include "collector/rulepattern.h"

#include <ctype.h>
#include <stdlib.h>

#include "lib/mem.h"

enum { PATTERN_MAX = 8192 };

static const char delimiters[] = "/!~%";

void
rulepattern_free(struct rulepattern *patterns)
{
	for (size_t i = 0; i < patterns->count; i++) {
		free(patterns->defines[i].name);
		free(patterns->defines[i].text);
	}
	free(patterns->defines);
	buf_free(&patterns->text);
	*patterns = (struct rulepattern){0};
}

bool
rulepattern_starts(struct slice text)
{
	return text.len > 0 && *text.data != '\0' &&
	       strchr(delimiters, *text.data) != NULL;
}

static const struct rulepattern_define *
find_define(const struct rulepattern *patterns, struct slice name)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (slice_is(name, patterns->defines[i].name))
			return &patterns->defines[i];
	return NULL;
}

/* Appends text to out with %{NAME} replaced. */
static int
expand(const struct rulepattern *patterns, struct slice text, struct buf *out,
	struct err *why)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] != '%' || i + 1 >= text.len ||
			text.data[i + 1] != '{') {
			buf_addc(out, text.data[i]);
			continue;
		}
		const char *from = text.data + i + 2;
		const char *brace = memchr(from, '}', text.len - i - 2);
		if (brace == NULL)
			return err_set(why, "'%%{' without '}'");
		struct slice name = {from, (size_t)(brace - from)};
		const struct rulepattern_define *define =
			find_define(patterns, name);
		if (define == NULL)
			return err_set(why, "no define '%.*s'", (int)name.len,
				name.data);
		buf_printf(out, "(?:%s)", define->text);
		i += name.len + 2;
		if (out->len > PATTERN_MAX)
			break;
	}
	if (out->len > PATTERN_MAX)
		return err_set(
			why, "a pattern of more than %d bytes", PATTERN_MAX);
	return 0;
}

int
rulepattern_define(struct rulepattern *patterns, struct slice name,
	struct slice text, struct err *why)
{
	if (find_define(patterns, name) != NULL)
		return err_set(why, "'%.*s' is defined twice", (int)name.len,
			name.data);
	struct buf expanded = {0};
	if (expand(patterns, text, &expanded, why) != 0) {
		buf_free(&expanded);
		return -1;
	}
	patterns->defines = mem_grow(patterns->defines, patterns->count,
		&patterns->capacity, sizeof(*patterns->defines));
	patterns->defines[patterns->count++] = (struct rulepattern_define){
		mem_strndup(name.data, name.len), expanded.data};
	return 0;
}

int
rulepattern_take(
	struct rulepattern *patterns, struct slice *text, struct err *why)
{
	slice_skip_blanks(text);
	if (!rulepattern_starts(*text))
		return err_set(why, "a pattern between two '/' is missing");
	char delimiter = *text->data;
	size_t end = 1;
	while (end < text->len && text->data[end] != delimiter)
		end += text->data[end] == '\\' ? 2 : 1;
	if (end >= text->len)
		return err_set(
			why, "the pattern has no closing '%c'", delimiter);
	struct slice body = {text->data + 1, end - 1};
	*text = slice_from(*text, text->data + end + 1);
	struct slice flags = {text->data, 0};
	if (text->len > 0 && !isblank((unsigned char)*text->data))
		flags = slice_take_word(text);
	bool ignores_case = slice_is(flags, "i");
	if (flags.len > 0 && !ignores_case)
		return err_set(
			why, "unknown flag '%.*s'", (int)flags.len, flags.data);
	if (body.len == 0)
		return err_set(why, "the pattern is empty");
	buf_clear(&patterns->text);
	buf_adds(&patterns->text, ignores_case ? "(?i:" : "");
	if (expand(patterns, body, &patterns->text, why) != 0)
		return -1;
	buf_adds(&patterns->text, ignores_case ? ")" : "");
	return 0;
}
