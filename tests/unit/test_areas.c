/* SPDX-License-Identifier: ISC */
/* test_areas — the whole tree of the MIB. */
#include "agent/areas.c"

#include "tests/unit/areabox.h"

static void
areas_ascend_and_none_lies_within_another(void **state)
{
	(void)state;
	for (size_t i = 1; i < areas_tree.count; i++) {
		const struct area *a = areas[i - 1], *b = areas[i];
		size_t n = 0;
		while (n < a->prefix_len && n < b->prefix_len &&
			a->prefix[n] == b->prefix[n])
			n++;
		assert_true(n < a->prefix_len && n < b->prefix_len);
		assert_true(a->prefix[n] < b->prefix[n]);
	}
}

static void
columns_and_rows_ascend(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"input /b 1 2 3 00ff00ff00ff00ff 0 0 0\n"
		"input /a 1 2 3 00ff00ff00ff00ff 0 0 0\n"
		"row total 1 all 110=3 400=4\nrow source 9 x 110=1\n"
		"row source 4 y 110=1\nrow host 1 z\nrow domain 2 d 111=1\n"
		"row domain 1 e 111=1\n");
	const struct moment moment = {.view = view};
	struct tree_name name = {.len = 0}, before;
	struct value value;
	size_t count = 0;
	before = name;
	while (tree_next(&areas_tree, &moment, &name, &value)) {
		size_t n = 0;
		while (n < before.len && before.arcs[n] == name.arcs[n])
			n++;
		assert_true(n < name.len);
		assert_true(n == before.len || before.arcs[n] < name.arcs[n]);
		struct value same;
		assert_int_equal(tree_get(&areas_tree, &moment, &name, &same),
			TREE_FOUND);
		before = name;
		count++;
	}
	assert_true(count > 60);
	view_free(view);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(areas_ascend_and_none_lies_within_another),
		cmocka_unit_test(columns_and_rows_ascend),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
