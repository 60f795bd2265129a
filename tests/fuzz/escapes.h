/* SPDX-License-Identifier: ISC */
/*
 * escapes — how daemons write what strangers say; for one fuzz target.
 *
 * The same as in tests/golden/planted.py, where it is told which daemon does
 * so.
 */
#ifndef TESTS_FUZZ_ESCAPES_H
#define TESTS_FUZZ_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/slice.h"

typedef void escape(struct buf *out, struct slice text);

static bool
is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

static void
add_text(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		buf_addc(out, is_printable(text.data[i]) ? text.data[i] : '?');
}

/* Characters of `these` become `as`. */
static void
add_without(struct buf *out, struct slice text, const char *these, char as)
{
	size_t start = out->len;
	add_text(out, text);
	for (size_t i = start; i < out->len; i++)
		if (strchr(these, out->data[i]) != NULL)
			out->data[i] = as;
}

static void
add_word(struct buf *out, struct slice text)
{
	add_without(out, text, " ", '?');
}

static void
add_login(struct buf *out, struct slice text)
{
	add_without(out, text, ",", '?');
}

static void
add_value(struct buf *out, struct slice text)
{
	buf_adds(out, "\"x ");
	add_without(out, text, "()\\\";", ' ');
	buf_addc(out, '"');
}

static void
add_internal(struct buf *out, struct slice text)
{
	add_text(out, text);
	buf_adds(out, "@evil.example");
}

static void
add_quoted(struct buf *out, struct slice text)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			buf_addc(out, '\\');
		add_text(out, (struct slice){text.data + i, 1});
	}
	buf_adds(out, "\"@evil.example");
}

static void
add_name(struct buf *out, struct slice text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-0123456789"
				      "abcdefghijklmnopqrstuvwxyz";
	buf_addc(out, 'x');
	for (size_t i = 0; i < text.len && i < 200; i++)
		if (is_printable(text.data[i]) &&
			strchr(allowed, text.data[i]) != NULL)
			buf_addc(out, text.data[i]);
	buf_adds(out, ".evil.example");
}

static void
add_raw(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c < ' ' || c == 0x7f)
			buf_printf(out, "#%03o", c);
		else
			buf_addc(out, text.data[i]);
	}
}

static void
add_amavis(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\\')
			buf_adds(out, "\\\\");
		else if (is_printable(text.data[i]))
			buf_addc(out, text.data[i]);
		else
			buf_printf(out, "\\x%02X", (unsigned char)text.data[i]);
	}
}

static void
add_amavis_quoted(struct buf *out, struct slice text)
{
	struct buf quoted = {0};
	add_quoted(&quoted, text);
	add_amavis(out, (struct slice){quoted.data, quoted.len});
	buf_free(&quoted);
}

static void
add_json(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c == '"' || c == '\\')
			buf_addc(out, '\\');
		if (is_printable(text.data[i]))
			buf_addc(out, text.data[i]);
		else
			buf_printf(out, "\\u%04x", c);
	}
}

/* Parentheses stay if they are balanced. */
static void
add_comment(struct buf *out, struct slice text)
{
	long depth = 0;
	for (size_t i = 0; i < text.len && depth >= 0; i++)
		depth += (text.data[i] == '(') - (text.data[i] == ')');
	add_without(out, text, depth == 0 ? ";\\" : ";\\()", ' ');
}

static const struct {
	const char *how;
	escape *add;
} escapes[] = {
	{"text", add_text},
	{"word", add_word},
	{"login", add_login},
	{"value", add_value},
	{"internal", add_internal},
	{"quoted", add_quoted},
	{"name", add_name},
	{"raw", add_raw},
	{"amavis", add_amavis},
	{"amavis_quoted", add_amavis_quoted},
	{"json", add_json},
	{"comment", add_comment},
};

#endif
