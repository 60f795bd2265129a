/* SPDX-License-Identifier: ISC */
/*
 * areabox — what an area shows of a snapshot, as text: one line per cell,
 * "COLUMN.INDEX TYPE VALUE", in the order of a walk.
 */
#ifndef TESTS_UNIT_AREABOX_H
#define TESTS_UNIT_AREABOX_H

#include <inttypes.h>

#include "agent/tree.h"
#include "lib/buf.h"
#include "tests/unit/snapshotbox.h"

/* A whole snapshot around the lines, written 2000.5, with the catalogue. */
static inline struct view *
areabox_view(const char *lines)
{
	struct buf text = {0};
	buf_adds(&text,
		SNAPSHOTBOX_HEAD "counter 110 dkim.pass message Verified\n"
				 "counter 111 dkim.fail message\n"
				 "counter 400 spf.pass message\n"
				 "counter 1602 queue.active file\n"
				 "counter 1603 queue.deferred file\n"
				 "counter 100000 own.things thing\n");
	buf_adds(&text, lines);
	size_t count = 0;
	for (const char *c = text.data; *c != '\0'; c++)
		count += *c == '\n';
	buf_printf(&text, "end %zu\n", count - 1);
	struct view *view = view_new(snapshotbox_read(text.data));
	buf_free(&text);
	return view;
}

static inline void
areabox_show(const struct value *value, struct buf *text)
{
	static const char *const types[] = {
		[VALUE_INTEGER] = "integer",
		[VALUE_GAUGE] = "gauge",
		[VALUE_COUNTER32] = "counter32",
		[VALUE_COUNTER64] = "counter64",
		[VALUE_TIMETICKS] = "ticks",
		[VALUE_STRING] = "string",
	};
	buf_printf(text, " %s ", types[value->type]);
	if (value->type != VALUE_STRING)
		buf_printf(text, "%" PRIu64, value->number);
	for (size_t i = 0; value->type == VALUE_STRING && i < value->len; i++)
		buf_printf(text,
			value->text[i] >= ' ' && value->text[i] <= '~'
				? "%c"
				: "<%02x>",
			(unsigned char)value->text[i]);
	buf_addc(text, '\n');
}

static inline void
areabox_walk(
	const struct area *area, const struct moment *moment, struct buf *text)
{
	const struct tree tree = {.areas = &area, .count = 1};
	struct tree_name name = {.len = 0};
	struct value value;
	while (tree_next(&tree, moment, &name, &value)) {
		for (size_t i = area->prefix_len; i < name.len; i++)
			buf_printf(text, "%s%" PRIu32,
				i > area->prefix_len ? "." : "", name.arcs[i]);
		areabox_show(&value, text);
	}
}

/* The area's cells at that moment are these. */
static inline void
areabox_check(const struct area *area, const struct moment *moment,
	const char *expected)
{
	struct buf text = {0};
	buf_adds(&text, "");
	areabox_walk(area, moment, &text);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static inline void
areabox_check_lines(
	const struct area *area, const char *lines, const char *expected)
{
	struct view *view = areabox_view(lines);
	const struct moment moment = {
		.view = view, .now_us = 2004 * INT64_C(1000000)};
	areabox_check(area, &moment, expected);
	view_free(view);
}

#endif
