/* SPDX-License-Identifier: ISC */
/*
 * test_tree_random — in random trees, each look-up is what a linear search
 * over all objects says.
 */
#include "agent/tree.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORLDS = 40, NAMES = 250, AREAS = 5, COLUMNS = 6, ROWS = 9 };

/* What the areas show; made anew for each world. */
static struct made {
	uint32_t columns[COLUMNS], rows[ROWS][AREA_INDEX_MAX];
	size_t column_count, row_count;
	bool is_there[COLUMNS][ROWS];
} world[AREAS];

/* A value that tells its cell. */
static uint64_t
value_of(size_t area, size_t column, size_t row)
{
	return (area * COLUMNS + column) * ROWS + row;
}

static bool
show_cell(size_t area, uint32_t arc, size_t row, struct value *value)
{
	size_t column = 0;
	while (world[area].columns[column] != arc)
		assert_true(++column < world[area].column_count);
	assert_true(row < world[area].row_count);
	if (!world[area].is_there[column][row])
		return false;
	value->type = VALUE_COUNTER64;
	value->number = value_of(area, column, row);
	return true;
}

/* Area n of the world, at prefix 1.PREFIX. */
#define AREA(n, prefix_arc, arcs)                                           \
	static size_t columns_##n(                                          \
		const struct moment *moment, const uint32_t **columns)      \
	{                                                                   \
		(void)moment;                                               \
		*columns = world[n].columns;                                \
		return world[n].column_count;                               \
	}                                                                   \
	static size_t rows_##n(const struct moment *moment)                 \
	{                                                                   \
		(void)moment;                                               \
		return world[n].row_count;                                  \
	}                                                                   \
	static void index_##n(const struct moment *moment, size_t row,      \
		uint32_t index[AREA_INDEX_MAX])                             \
	{                                                                   \
		(void)moment;                                               \
		assert_true(row < world[n].row_count);                      \
		memcpy(index, world[n].rows[row], (arcs) * sizeof(*index)); \
	}                                                                   \
	static bool cell_##n(const struct moment *moment, uint32_t column,  \
		size_t row, struct value *value)                            \
	{                                                                   \
		(void)moment;                                               \
		return show_cell(n, column, row, value);                    \
	}                                                                   \
	static const struct area area_##n = {                               \
		.prefix = {1, prefix_arc, 1},                               \
		.prefix_len = (n) % 2 == 0 ? 2 : 3,                         \
		.index_len = arcs,                                          \
		.columns = columns_##n,                                     \
		.rows = rows_##n,                                           \
		.index = index_##n,                                         \
		.cell = cell_##n,                                           \
	};

AREA(0, 0, 1)
AREA(1, 4, 1)
AREA(2, 5, 2)
AREA(3, 8, 3)
AREA(4, UINT32_MAX, 1)

static const struct area *const areas[AREAS] = {
	&area_0, &area_1, &area_2, &area_3, &area_4};
static const struct tree tree = {areas, AREAS};
static const struct moment moment;

/* All objects of the world, ascending. */
static struct object {
	struct tree_name name;
	uint64_t number;
} objects[AREAS * COLUMNS * ROWS];
static size_t object_count;

static size_t
random_up_to(size_t max)
{
	return (size_t)random() % (max + 1);
}

/* The ends of the range, small ones, neighbours, any. */
static uint32_t
random_arc(void)
{
	static const uint32_t odd[] = {
		0, 1, 127, 128, UINT32_MAX - 1, UINT32_MAX, 1u << 31};
	switch (random() % 4) {
	case 0:
		return odd[random_up_to(sizeof(odd) / sizeof(*odd) - 1)];
	case 1:
		return (uint32_t)random() * 2 + (uint32_t)(random() & 1);
	default:
		return (uint32_t)random_up_to(9);
	}
}

static int
order_of(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len)
{
	for (size_t i = 0; i < a_len && i < b_len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (a_len > b_len) - (a_len < b_len);
}

static int
by_name(const void *a, const void *b)
{
	const struct tree_name *one = &((const struct object *)a)->name;
	const struct tree_name *two = &((const struct object *)b)->name;
	return order_of(one->arcs, one->len, two->arcs, two->len);
}

static int
by_arcs(const void *a, const void *b)
{
	return order_of(a, AREA_INDEX_MAX, b, AREA_INDEX_MAX);
}

static int
by_arc(const void *a, const void *b)
{
	return order_of(a, 1, b, 1);
}

/* Ascending, each once; what is behind an index's length is 0. */
static void
make_area(struct made *made, size_t index_len)
{
	memset(made, 0, sizeof(*made));
	size_t columns = random_up_to(COLUMNS), rows = random_up_to(ROWS);
	for (size_t i = 0; i < columns; i++)
		made->columns[i] = random_arc();
	qsort(made->columns, columns, sizeof(*made->columns), by_arc);
	for (size_t i = 0; i < rows; i++)
		for (size_t n = 0; n < index_len; n++)
			made->rows[i][n] = random_arc();
	qsort(made->rows, rows, sizeof(*made->rows), by_arcs);
	for (size_t i = 0; i < columns; i++)
		if (i == 0 || made->columns[i] != made->columns[i - 1])
			made->columns[made->column_count++] = made->columns[i];
	for (size_t i = 0; i < rows; i++)
		if (i == 0 || by_arcs(made->rows[i], made->rows[i - 1]) != 0)
			memmove(made->rows[made->row_count++], made->rows[i],
				sizeof(made->rows[i]));
	int of_ten = (int)random_up_to(10);
	for (size_t i = 0; i < COLUMNS; i++)
		for (size_t n = 0; n < ROWS; n++)
			made->is_there[i][n] = random() % 10 < of_ten;
}

static void
list_area(size_t n)
{
	const struct area *area = areas[n];
	for (size_t c = 0; c < world[n].column_count; c++)
		for (size_t r = 0; r < world[n].row_count; r++) {
			struct object *object = &objects[object_count];
			uint32_t *arcs = object->name.arcs;
			size_t len = area->prefix_len;
			if (!world[n].is_there[c][r])
				continue;
			memcpy(arcs, area->prefix, sizeof(area->prefix));
			arcs[len++] = world[n].columns[c];
			for (size_t i = 0; i < area->index_len; i++)
				arcs[len++] = world[n].rows[r][i];
			object->name.len = len;
			object->number = value_of(n, c, r);
			object_count++;
		}
}

static void
make_world(void)
{
	object_count = 0;
	for (size_t n = 0; n < AREAS; n++) {
		make_area(&world[n], areas[n]->index_len);
		list_area(n);
	}
	qsort(objects, object_count, sizeof(*objects), by_name);
}

/* An object's name or an area's, a little changed. */
static void
random_name(struct tree_name *name)
{
	const struct area *area = areas[random_up_to(AREAS - 1)];
	memset(name, 0, sizeof(*name));
	if (object_count > 0 && random() % 4 > 0)
		*name = objects[random_up_to(object_count - 1)].name;
	else {
		name->len = area->prefix_len;
		memcpy(name->arcs, area->prefix, sizeof(area->prefix));
	}
	for (long changes = random() % 3; changes > 0; changes--) {
		size_t at = random_up_to(name->len);
		if (at == name->len)
			name->len++;
		else if (random() % 3 == 0)
			name->len = at + 1;
		name->arcs[at] = random() % 2 == 0
					 ? random_arc()
					 : name->arcs[at] +
						   (uint32_t)random_up_to(2) -
						   1;
	}
	if (random() % 8 == 0)
		name->len = random_up_to(name->len);
	else if (random() % 8 == 0)
		for (size_t to = random() % 4 ? 12 : TREE_NAME_MAX;
			name->len < to; name->len++)
			name->arcs[name->len] = random_arc();
}

static void
assert_object(const struct object *object, const struct tree_name *name,
	const struct value *value)
{
	assert_int_equal(name->len, object->name.len);
	assert_memory_equal(
		name->arcs, object->name.arcs, name->len * sizeof(*name->arcs));
	assert_int_equal(value->type, VALUE_COUNTER64);
	assert_int_equal(value->number, object->number);
}

/* Whether an area has the column that the name is in. */
static bool
is_in_column(const struct tree_name *name)
{
	for (size_t n = 0; n < AREAS; n++) {
		size_t len = areas[n]->prefix_len;
		if (name->len <= len ||
			order_of(name->arcs, len, areas[n]->prefix, len))
			continue;
		for (size_t i = 0; i < world[n].column_count; i++)
			if (world[n].columns[i] == name->arcs[len])
				return true;
	}
	return false;
}

static void
the_next_object_is_the_first_behind_the_name(void **state)
{
	(void)state;
	srandom(25);
	for (int w = 0; w < WORLDS; w++) {
		make_world();
		for (int i = 0; i < NAMES; i++) {
			struct object asked = {.number = 0};
			struct value value = {.number = UINT64_MAX};
			random_name(&asked.name);
			struct tree_name name = asked.name;
			size_t n = 0;
			while (n < object_count &&
				by_name(&objects[n], &asked) <= 0)
				n++;
			assert_int_equal(
				tree_next(&tree, &moment, &name, &value),
				n < object_count);
			if (n < object_count)
				assert_object(&objects[n], &name, &value);
			else
				assert_memory_equal(
					&name, &asked.name, sizeof(name));
		}
	}
}

static void
only_objects_are_found(void **state)
{
	(void)state;
	srandom(26);
	for (int w = 0; w < WORLDS; w++) {
		make_world();
		for (int i = 0; i < NAMES; i++) {
			struct object asked = {.number = 0};
			struct value value = {.number = UINT64_MAX};
			random_name(&asked.name);
			size_t n = 0;
			while (n < object_count &&
				by_name(&objects[n], &asked) != 0)
				n++;
			enum tree_answer answer =
				tree_get(&tree, &moment, &asked.name, &value);
			if (n < object_count) {
				assert_int_equal(answer, TREE_FOUND);
				assert_object(&objects[n], &asked.name, &value);
			} else
				assert_int_equal(
					answer, is_in_column(&asked.name)
							? TREE_NO_INSTANCE
							: TREE_NO_OBJECT);
		}
	}
}

static void
a_walk_passes_every_object_once(void **state)
{
	(void)state;
	srandom(27);
	size_t passed = 0;
	for (int w = 0; w < WORLDS; w++) {
		make_world();
		struct tree_name name = {.len = 0};
		struct value value = {.number = UINT64_MAX};
		for (size_t n = 0; n < object_count; n++) {
			assert_true(tree_next(&tree, &moment, &name, &value));
			assert_object(&objects[n], &name, &value);
		}
		assert_false(tree_next(&tree, &moment, &name, &value));
		passed += object_count;
	}
	assert_true(passed > WORLDS * 10); /* the worlds are not empty */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_object_is_the_first_behind_the_name),
		cmocka_unit_test(only_objects_are_found),
		cmocka_unit_test(a_walk_passes_every_object_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
