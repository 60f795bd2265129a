/* SPDX-License-Identifier: ISC */
/*
 * fuzz_view — any bytes as a snapshot inside the agent: refused, or a walk of
 * all objects is ascending, ends, leaves none out and finds what a look-up by
 * name finds.
 *
 * What stands behind the first zero byte (all, when there is none) is also
 * read as names that a manager asks for: the object behind each must be the
 * one that a linear search over the walk finds.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "agent/areas.h"
#include "agent/tree.h"
#include "agent/view.h"
#include "lib/mem.h"
#include "lib/snapshot.h"

enum { NAMES_MAX = 64, NEW_ARCS_MAX = 8, TEXT_MAX = 255 };

/* The names of all objects, in order. */
struct walk {
	struct tree_name *names;
	size_t count, capacity;
};

/* Bytes to be read; zeros behind the end. */
struct bytes {
	const uint8_t *at, *end;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
order_of(const struct tree_name *a, const struct tree_name *b)
{
	for (size_t i = 0; i < a->len && i < b->len; i++)
		if (a->arcs[i] != b->arcs[i])
			return a->arcs[i] < b->arcs[i] ? -1 : 1;
	return (a->len > b->len) - (a->len < b->len);
}

static uint32_t
take_bytes(struct bytes *bytes, int count)
{
	uint32_t taken = 0;
	while (count-- > 0)
		taken = taken << 8 |
			(bytes->at < bytes->end ? *bytes->at++ : 0);
	return taken;
}

static uint32_t
take_arc(struct bytes *bytes)
{
	static const uint32_t odd[] = {UINT32_MAX, UINT32_MAX - 1, 1u << 31,
		127, 128, 9999, 8072, 255};
	uint32_t byte = take_bytes(bytes, 1);
	if (byte >= 0xf8)
		return take_bytes(bytes, 4);
	return byte >= 0xf0 ? odd[byte - 0xf0] : byte;
}

/* Some arcs of an object of the walk, and some of their own. */
static struct tree_name
take_name(struct bytes *bytes, const struct walk *walk)
{
	struct tree_name name = {.len = 0};
	uint32_t number = take_bytes(bytes, 2), kept = take_bytes(bytes, 1);
	if (walk->count > 0) {
		name = walk->names[number % walk->count];
		name.len = kept % (name.len + 1);
	}
	for (uint32_t more = take_bytes(bytes, 1) % (NEW_ARCS_MAX + 1);
		more > 0; more--)
		name.arcs[name.len++] = take_arc(bytes);
	if (kept >= 0xf8) /* the longest there are */
		while (name.len < TREE_NAME_MAX)
			name.arcs[name.len++] = kept;
	return name;
}

static void
assert_same(const struct value *a, const struct value *b)
{
	assert(a->type == b->type);
	if (a->type == VALUE_STRING)
		assert(a->len == b->len &&
			memcmp(a->text, b->text, a->len) == 0);
	else
		assert(a->number == b->number);
}

/* Texts are harmless; times stand in the value's own room. */
static void
check_value(const struct value *value)
{
	assert(value->type <= VALUE_STRING);
	if (value->type == VALUE_INTEGER)
		assert(value->number <= INT32_MAX);
	if (value->type != VALUE_STRING)
		return;
	assert(value->len <= TEXT_MAX);
	if (value->text == value->room) {
		assert(value->len <= sizeof(value->room));
		return;
	}
	for (size_t i = 0; i < value->len; i++)
		assert(value->text[i] >= ' ' && value->text[i] <= '~');
}

static struct walk
walk_all(const struct moment *moment)
{
	struct walk walk = {.count = 0};
	struct tree_name name = {.len = 0};
	struct value value, again;
	while (tree_next(&areas_tree, moment, &name, &value)) {
		if (walk.count > 0)
			assert(order_of(&walk.names[walk.count - 1], &name) <
				0);
		check_value(&value);
		assert(tree_get(&areas_tree, moment, &name, &again) ==
			TREE_FOUND);
		assert_same(&value, &again);
		walk.names = mem_grow(walk.names, walk.count, &walk.capacity,
			sizeof(*walk.names));
		walk.names[walk.count++] = name;
	}
	return walk;
}

/* The number of cells that the areas show. */
static size_t
count_cells(const struct moment *moment)
{
	size_t count = 0;
	for (size_t i = 0; i < areas_tree.count; i++) {
		const struct area *area = areas_tree.areas[i];
		const uint32_t *columns;
		size_t column_count = area_columns(area, moment, &columns);
		for (size_t c = 0; c < column_count; c++)
			for (size_t r = area->rows(moment); r-- > 0;) {
				struct value value;
				count += area->cell(
					moment, columns[c], r, &value);
			}
	}
	return count;
}

static void
check_name(const struct moment *moment, const struct walk *walk,
	const struct tree_name *asked)
{
	struct tree_name name = *asked;
	struct value value = {.len = 0};
	size_t n = 0;
	while (n < walk->count && order_of(&walk->names[n], asked) < 0)
		n++;
	bool is_there =
		n < walk->count && order_of(&walk->names[n], asked) == 0;
	assert((tree_get(&areas_tree, moment, asked, &value) == TREE_FOUND) ==
		is_there);
	n += is_there;
	bool found = tree_next(&areas_tree, moment, &name, &value);
	assert(found == (n < walk->count));
	assert(order_of(&name, found ? &walk->names[n] : asked) == 0);
}

static void
check_view(const struct view *view, struct bytes names)
{
	struct moment moment = {.view = view,
		.now_us = 1800000000000000,
		.uptime = 12345,
		.counting_since = 45,
		.health = {.refused = 1, .sent = 2, .dropped = 3}};
	struct walk walk = walk_all(&moment);
	assert(walk.count == count_cells(&moment));
	for (int i = 0; i < NAMES_MAX && names.at < names.end; i++) {
		struct tree_name name = take_name(&names, &walk);
		check_name(&moment, &walk, &name);
	}
	free(walk.names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {""};
	const uint8_t *zero = size > 0 ? memchr(data, 0, size) : NULL;
	struct bytes names = {zero != NULL ? zero + 1 : data, data + size};
	struct snapshot *snapshot = snapshot_parse((const char *)data,
		zero != NULL ? (size_t)(zero - data) : size, "fuzz", &err);
	struct view *view = snapshot != NULL ? view_new(snapshot) : NULL;
	check_view(view, names);
	view_free(view);
	return 0;
}
