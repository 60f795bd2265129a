/* SPDX-License-Identifier: ISC */
/* test_domains — the row of a domain, as lines name it. */
#include "collector/domains.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct box {
	struct catalogue catalogue;
	struct rows *rows;
	struct domains domains;
};

static int
setup(void **state)
{
	static struct box box;
	box = (struct box){0};
	catalogue_sort(&box.catalogue);
	box.rows = rows_new(&box.catalogue, 4, 2);
	domains_init(&box.domains, box.rows);
	*state = &box;
	return 0;
}

static int
teardown(void **state)
{
	struct box *box = *state;
	rows_free(box->rows);
	catalogue_free(&box->catalogue);
	return 0;
}

static const char *
key_of(struct box *box, const char *text, bool is_own)
{
	struct row *row = domains_row(&box->domains, slice_of(text), is_own);
	return row != NULL ? row->key : "none";
}

static void
domain_is_that_of_an_address_in_lower_case(void **state)
{
	struct box *box = *state;
	assert_string_equal(key_of(box, "a@B.Example", false), "b.example");
	assert_string_equal(key_of(box, "b.example.", false), "b.example");
	assert_string_equal(key_of(box, "x@y@b.example", false), "b.example");
	assert_int_equal(box->rows->kind_count[ROWS_DOMAIN], 1);
}

static void
what_is_no_domain_gets_no_row(void **state)
{
	struct box *box = *state;
	static const char *const texts[] = {"", "@", "localhost", ".example",
		"a b.example", "a.example>", "(other)", "a@[192.0.2.1]", "."};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_string_equal(key_of(box, texts[i], false), "none");
	char longest[DOMAIN_MAX + 2];
	memset(longest, 'a', sizeof(longest));
	longest[1] = '.';
	longest[DOMAIN_MAX + 1] = '\0';
	assert_string_equal(key_of(box, longest, false), "none");
	longest[DOMAIN_MAX] = '\0';
	assert_string_equal(key_of(box, longest, false), longest);
	assert_int_equal(box->rows->kind_count[ROWS_DOMAIN], 1);
}

static void
own_domain_has_a_row_where_others_find_no_room(void **state)
{
	struct box *box = *state;
	assert_string_equal(key_of(box, "a.example", false), "a.example");
	assert_string_equal(key_of(box, "b.example", false), "b.example");
	assert_string_equal(key_of(box, "c.example", false), ROWS_OTHER_KEY);
	assert_string_equal(key_of(box, "c.example", true), "c.example");
	assert_string_equal(key_of(box, "c.example", false), "c.example");
	/* one that was there becomes ours */
	assert_string_equal(key_of(box, "a.example", true), "a.example");
	assert_true(rows_find(box->rows, ROWS_DOMAIN, slice_of("a.example"))
			    ->is_own);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(domain_is_that_of_an_address_in_lower_case),
		TEST(what_is_no_domain_gets_no_row),
		TEST(own_domain_has_a_row_where_others_find_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
