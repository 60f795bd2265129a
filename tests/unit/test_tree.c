/* SPDX-License-Identifier: ISC */
/* test_tree — the object of a name, and the one behind it. */
#include "agent/tree.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * A made-up MIB: 1.1 is a table of two columns (3 and 5), rows with the indices
 * 0.7, 2.0 and 2.9, where cell 3.2.0 is not there; 1.3 is a scalar 1; 1.4 is
 * empty; 2 is a scalar 4294967295.
 */
static const uint32_t table_columns[] = {3, 5}, low_column[] = {1},
		      high_column[] = {UINT32_MAX};
static const uint32_t table_rows[][2] = {{0, 7}, {2, 0}, {2, 9}};

static size_t
columns_of_table(const struct moment *moment, const uint32_t **arcs)
{
	(void)moment;
	*arcs = table_columns;
	return 2;
}

static size_t
three_rows(const struct moment *moment)
{
	(void)moment;
	return 3;
}

static size_t
one_row(const struct moment *moment)
{
	(void)moment;
	return 1;
}

static size_t
no_row(const struct moment *moment)
{
	(void)moment;
	return 0;
}

static void
table_index(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	(void)moment;
	assert_true(row < 3);
	index[0] = table_rows[row][0];
	index[1] = table_rows[row][1];
}

static void
zero_index(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	(void)moment;
	assert_int_equal(row, 0);
	index[0] = 0;
}

static bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)moment;
	value->type = VALUE_INTEGER;
	value->number = (uint64_t)column * 10 + row;
	return column != 3 || row != 1;
}

static const struct area table = {
	.prefix = {1, 1},
	.prefix_len = 2,
	.index_len = 2,
	.columns = columns_of_table,
	.rows = three_rows,
	.index = table_index,
	.cell = cell,
};
static const struct area scalar = {
	.prefix = {1, 3},
	.prefix_len = 2,
	.index_len = 1,
	.arcs = low_column,
	.arc_count = 1,
	.rows = one_row,
	.index = zero_index,
	.cell = cell,
};
static const struct area empty = {
	.prefix = {1, 4},
	.prefix_len = 2,
	.index_len = 1,
	.arcs = low_column,
	.arc_count = 1,
	.rows = no_row,
	.index = zero_index,
	.cell = cell,
};
static const struct area last = {
	.prefix = {2},
	.prefix_len = 1,
	.index_len = 1,
	.arcs = high_column,
	.arc_count = 1,
	.rows = one_row,
	.index = zero_index,
	.cell = cell,
};
static const struct area *const areas[] = {&table, &scalar, &empty, &last};
static const struct tree tree = {areas, 4};
static const struct moment moment;

static struct tree_name
name_of(const char *text)
{
	struct tree_name name = {.len = 0};
	while (*text != '\0') {
		char *end;
		name.arcs[name.len++] = (uint32_t)strtoul(text, &end, 10);
		text = *end == '.' ? end + 1 : end;
	}
	return name;
}

static void
check_next(const char *from, const char *expected)
{
	struct tree_name name = name_of(from), want = name_of(expected);
	struct value value;
	bool is_there = tree_next(&tree, &moment, &name, &value);
	if (!is_there)
		name.len = 0;
	if (name.len != want.len || memcmp(name.arcs, want.arcs,
					    want.len * sizeof(*want.arcs)) != 0)
		fail_msg("behind '%s' is not '%s'", from, expected);
}

static void
each_name_leads_to_the_next(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"", "1.1.3.0.7"},
		{"0", "1.1.3.0.7"},
		{"0.99.1", "1.1.3.0.7"},
		{"1", "1.1.3.0.7"},
		{"1.0.5", "1.1.3.0.7"},
		{"1.1", "1.1.3.0.7"},
		{"1.1.2.9", "1.1.3.0.7"},
		{"1.1.3", "1.1.3.0.7"},
		{"1.1.3.0", "1.1.3.0.7"},
		{"1.1.3.0.6.99", "1.1.3.0.7"},
		{"1.1.3.0.7", "1.1.3.2.9"}, /* 2.0 has no cell */
		{"1.1.3.0.7.0", "1.1.3.2.9"},
		{"1.1.3.1", "1.1.3.2.9"},
		{"1.1.3.2.9", "1.1.5.0.7"},
		{"1.1.3.4294967295", "1.1.5.0.7"},
		{"1.1.4", "1.1.5.0.7"},
		{"1.1.5.0.7", "1.1.5.2.0"},
		{"1.1.5.2", "1.1.5.2.0"},
		{"1.1.5.2.0", "1.1.5.2.9"},
		{"1.1.5.2.0.1", "1.1.5.2.9"},
		{"1.1.5.2.9", "1.3.1.0"},
		{"1.1.6", "1.3.1.0"},
		{"1.2.77", "1.3.1.0"},
		{"1.3", "1.3.1.0"},
		{"1.3.1", "1.3.1.0"},
		{"1.3.1.0", "2.4294967295.0"},
		{"1.3.1.0.0", "2.4294967295.0"},
		{"1.4.1", "2.4294967295.0"},
		{"2.4294967294", "2.4294967295.0"},
		{"2.4294967295", "2.4294967295.0"},
		{"2.4294967295.0", ""},
		{"2.4294967295.0.1", ""},
		{"3", ""},
		{"4294967295", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_next(cases[i].from, cases[i].to);
}

static void
a_get_finds_the_object_or_says_what_is_missing(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum tree_answer answer;
		uint64_t number;
	} cases[] = {
		{"1.1.3.0.7", TREE_FOUND, 30},
		{"1.1.5.2.9", TREE_FOUND, 52},
		{"1.3.1.0", TREE_FOUND, 10},
		{"2.4294967295.0", TREE_FOUND, 42949672950},
		{"1.1.3.2.0", TREE_NO_INSTANCE, 0},
		{"1.1.3.0.8", TREE_NO_INSTANCE, 0},
		{"1.1.3.9.9", TREE_NO_INSTANCE, 0},
		{"1.1.3.0", TREE_NO_INSTANCE, 0},
		{"1.1.3.0.7.0", TREE_NO_INSTANCE, 0},
		{"1.1.3", TREE_NO_INSTANCE, 0},
		{"1.3.1", TREE_NO_INSTANCE, 0},
		{"1.4.1.0", TREE_NO_INSTANCE, 0},
		{"1.1.4.0.7", TREE_NO_OBJECT, 0},
		{"1.1.6", TREE_NO_OBJECT, 0},
		{"1.1", TREE_NO_OBJECT, 0},
		{"1.2.1", TREE_NO_OBJECT, 0},
		{"1", TREE_NO_OBJECT, 0},
		{"", TREE_NO_OBJECT, 0},
		{"3.1", TREE_NO_OBJECT, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tree_name name = name_of(cases[i].name);
		struct value value = {.number = 0};
		enum tree_answer answer =
			tree_get(&tree, &moment, &name, &value);
		if (answer != cases[i].answer ||
			(answer == TREE_FOUND &&
				value.number != cases[i].number))
			fail_msg("'%s' gives %d", cases[i].name, (int)answer);
	}
}

static void
names_of_full_length_are_looked_up(void **state)
{
	(void)state;
	struct tree_name name = {.arcs = {1, 1, 5, 2, 0}, .len = TREE_NAME_MAX};
	struct value value;
	assert_int_equal(
		tree_get(&tree, &moment, &name, &value), TREE_NO_INSTANCE);
	assert_true(tree_next(&tree, &moment, &name, &value));
	assert_int_equal(name.len, 5);
	assert_int_equal(name.arcs[4], 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_leads_to_the_next),
		cmocka_unit_test(
			a_get_finds_the_object_or_says_what_is_missing),
		cmocka_unit_test(names_of_full_length_are_looked_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
