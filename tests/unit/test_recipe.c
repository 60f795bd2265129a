/* SPDX-License-Identifier: ISC */
/* tests/lint/contract.py compares the table with the catalogue. */
#include "rrd/recipe.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
every_recipe_can_be_found_by_its_name(void **state)
{
	(void)state;
	size_t count;
	const struct recipe *table = recipe_table(&count);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(recipe_find(table[i].name), &table[i]);
	assert_null(recipe_find("dkim.no-such-part"));
	assert_null(recipe_find(""));
}

static void
every_part_belongs_to_a_group_that_has_a_graph(void **state)
{
	(void)state;
	size_t count;
	const struct recipe *table = recipe_table(&count);
	for (size_t i = 0; i < count; i++) {
		char group[64];
		recipe_group(table[i].name, group, sizeof(group));
		assert_non_null(recipe_find(group));
		assert_true(recipe_size(&table[i]) > 0);
	}
}

static void
no_graph_has_one_counter_or_one_colour_twice(void **state)
{
	(void)state;
	size_t count;
	const struct recipe *table = recipe_table(&count);
	for (size_t i = 0; i < count; i++) {
		const struct recipe_item *items = table[i].items;
		size_t n = recipe_size(&table[i]);
		for (size_t a = 0; a < n; a++) {
			for (size_t b = 0; b < a; b++) {
				if (strcmp(items[a].counter,
					    items[b].counter) == 0)
					fail_msg("%s: %s twice", table[i].name,
						items[a].counter);
				if (items[a].shape == items[b].shape &&
					strcmp(items[a].colour,
						items[b].colour) == 0)
					fail_msg("%s: %s and %s look alike",
						table[i].name, items[a].counter,
						items[b].counter);
			}
		}
	}
}

static void
legends_fit_their_column(void **state)
{
	(void)state;
	size_t count;
	const struct recipe *table = recipe_table(&count);
	for (size_t i = 0; i < count; i++) {
		for (size_t n = recipe_size(&table[i]); n-- > 0;)
			assert_true(strlen(table[i].items[n].legend) <= 30);
	}
}

static void
pass_is_green_at_the_bottom_and_fail_is_red_on_top(void **state)
{
	(void)state;
	static const char *const names[] = {
		"dkim", "domainkeys", "adsp", "spf", "dmarc", "arc"};
	for (size_t i = 0; i < 6; i++) {
		const struct recipe *recipe = recipe_find(names[i]);
		size_t last = recipe_size(recipe);
		while (recipe->items[last - 1].shape != RECIPE_AREA)
			last--;
		assert_string_equal(recipe->items[0].counter, "pass");
		assert_string_equal(recipe->items[0].colour, "009E73");
		assert_string_equal(recipe->items[last - 1].counter, "fail");
		assert_string_equal(recipe->items[last - 1].colour, "D55E00");
	}
}

static void
a_counter_is_named_by_any_recipe_of_its_group_only(void **state)
{
	(void)state;
	assert_true(recipe_names("smtpd", "tls_failed"));
	assert_true(recipe_names("smtp", "tls_failed"));
	assert_false(recipe_names("smtp", "reject_dnsbl"));
	assert_false(recipe_names("smt", "sent"));
	assert_false(recipe_names("smtpd", "no_such"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recipe_can_be_found_by_its_name),
		cmocka_unit_test(
			every_part_belongs_to_a_group_that_has_a_graph),
		cmocka_unit_test(no_graph_has_one_counter_or_one_colour_twice),
		cmocka_unit_test(legends_fit_their_column),
		cmocka_unit_test(
			pass_is_green_at_the_bottom_and_fail_is_red_on_top),
		cmocka_unit_test(
			a_counter_is_named_by_any_recipe_of_its_group_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
