/* SPDX-License-Identifier: ISC */
/* test_rows — rows are bounded, found again, and split by step. */
#include "collector/rows.c"

#include "tests/unit/rowbox.h"

static struct row *
get(struct rows *rows, enum rows_kind kind, const char *key)
{
	return rows_get(rows, kind, slice_of(key));
}

static void
rows_begin_with_the_total_and_unknown_gauges(void **state)
{
	struct rowbox *box = *state;
	assert_int_equal(box->rows->count, 1);
	const struct row *total = box->rows->total;
	assert_ptr_equal(get(box->rows, ROWS_TOTAL, ROWS_TOTAL_KEY), total);
	for (size_t i = 0; i < box->catalogue.count; i++)
		assert_true(
			total->base[i] == (box->catalogue.counters[i].is_gauge
							  ? ROWS_GAUGE_UNKNOWN
							  : 0));
}

static void
row_is_found_again_by_kind_and_key(void **state)
{
	struct rowbox *box = *state;
	struct row *host = get(box->rows, ROWS_HOST, "mx1");
	struct row *domain = get(box->rows, ROWS_DOMAIN, "mx1");
	assert_ptr_not_equal(host, domain);
	assert_ptr_equal(get(box->rows, ROWS_HOST, "mx1"), host);
	assert_ptr_equal(
		rows_find(box->rows, ROWS_DOMAIN, slice_of("mx1")), domain);
	assert_null(rows_find(box->rows, ROWS_SOURCE, slice_of("mx1")));
	assert_null(rows_find(box->rows, ROWS_HOST, slice_of("mx")));
}

static void
key_ends_at_a_nul(void **state)
{
	struct rowbox *box = *state;
	struct slice odd = {"mx1\0x", 5};
	struct row *row = rows_get(box->rows, ROWS_HOST, odd);
	assert_string_equal(row->key, "mx1");
	assert_ptr_equal(rows_get(box->rows, ROWS_HOST, odd), row);
	assert_ptr_equal(rows_get(box->rows, ROWS_HOST, slice_of("mx1")), row);
}

static void
row_that_finds_no_room_is_the_other_one(void **state)
{
	struct rowbox *box = *state;
	char key[16];
	for (int i = 0; i < ROWBOX_HOSTS; i++) {
		snprintf(key, sizeof(key), "h%d", i);
		assert_string_equal(get(box->rows, ROWS_HOST, key)->key, key);
	}
	struct row *other = get(box->rows, ROWS_HOST, "one too many");
	assert_string_equal(other->key, ROWS_OTHER_KEY);
	assert_ptr_equal(get(box->rows, ROWS_HOST, "another"), other);
	assert_string_equal(get(box->rows, ROWS_HOST, "h0")->key, "h0");
	/* each kind has its own bound; our own domains have none */
	assert_string_equal(get(box->rows, ROWS_DOMAIN, "d")->key, "d");
	assert_string_equal(
		rows_get_own(box->rows, ROWS_HOST, slice_of("ours"))->key,
		"ours");
	assert_string_equal(get(box->rows, ROWS_HOST, "ours")->key, "ours");
}

static void
row_of_our_own_takes_no_room(void **state)
{
	struct rowbox *box = *state;
	char key[16];
	rows_get_own(box->rows, ROWS_HOST, slice_of("ours"));
	for (int i = 0; i < ROWBOX_HOSTS; i++) {
		snprintf(key, sizeof(key), "h%d", i);
		assert_string_equal(get(box->rows, ROWS_HOST, key)->key, key);
	}
	assert_string_equal(
		get(box->rows, ROWS_HOST, "more")->key, ROWS_OTHER_KEY);
	/* one that turns out to be ours later makes room, once */
	rows_get_own(box->rows, ROWS_HOST, slice_of("h0"));
	rows_get_own(box->rows, ROWS_HOST, slice_of("h0"));
	assert_int_equal(box->rows->kind_count[ROWS_HOST], ROWBOX_HOSTS);
}

static void
sources_have_no_bound_and_no_two_rows_share_an_index(void **state)
{
	struct rowbox *box = *state;
	char key[16];
	for (uint32_t i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "s%u", i);
		struct row *row = get(box->rows, ROWS_SOURCE, key);
		assert_string_equal(row->key, key);
		assert_int_equal(row->index, i + 1);
		assert_ptr_equal(box->rows->items[row->number], row);
	}
	for (int i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "s%d", i);
		assert_string_equal(get(box->rows, ROWS_SOURCE, key)->key, key);
	}
	assert_int_equal(box->rows->count, 501);
}

static void
row_is_taken_back_with_its_index_whatever_the_bound(void **state)
{
	struct rowbox *box = *state;
	struct rows *rows = box->rows;
	for (uint32_t i = 0; i < 2 * ROWBOX_HOSTS; i++) {
		char key[16];
		snprintf(key, sizeof(key), "h%u", i);
		struct row *row =
			rows_restore(rows, ROWS_HOST, 10 + i, slice_of(key));
		assert_int_equal(row->index, 10 + i);
	}
	assert_null(rows_restore(rows, ROWS_HOST, 99, slice_of("h0")));
	assert_null(rows_restore(rows, ROWS_HOST, 10, slice_of("new")));
	assert_non_null(rows_restore(rows, ROWS_DOMAIN, 10, slice_of("new")));
	assert_ptr_equal(rows_restore(rows, ROWS_TOTAL, rows->total->index,
				 slice_of(ROWS_TOTAL_KEY)),
		rows->total);
	assert_null(rows_restore(rows, ROWS_TOTAL, rows->total->index + 1,
		slice_of(ROWS_TOTAL_KEY)));
	/* an index is never given again */
	assert_int_equal(get(rows, ROWS_DOMAIN, "next")->index, 11);
}

static void
step_keeps_apart_what_each_row_got(void **state)
{
	struct rowbox *box = *state;
	struct step *step = step_new(60);
	struct row *one = get(box->rows, ROWS_HOST, "one");
	step_vector(step, box->rows, one)[0] += 5;
	/* a row made later, and one without anything */
	struct row *two = get(box->rows, ROWS_HOST, "two");
	get(box->rows, ROWS_HOST, "three");
	step_vector(step, box->rows, two)[1] += 7;
	step_vector(step, box->rows, one)[0] += 1;
	assert_int_equal(step_vector(step, box->rows, one)[0], 6);
	assert_int_equal(one->base[0], 0);
	step_confirm(step, box->rows);
	assert_int_equal(one->base[0], 6);
	assert_int_equal(one->base[1], 0);
	assert_int_equal(two->base[1], 7);
	step_free(step);
	step_free(NULL);
}

static void
merged_step_has_the_sums_of_both(void **state)
{
	struct rowbox *box = *state;
	struct step *into = step_new(60), *from = step_new(120);
	struct row *one = get(box->rows, ROWS_HOST, "one");
	struct row *two = get(box->rows, ROWS_HOST, "two");
	step_vector(into, box->rows, one)[0] = 5;
	step_vector(from, box->rows, one)[0] = 6;
	step_vector(from, box->rows, two)[3] = 7;
	step_merge(into, from, box->rows);
	assert_int_equal(step_vector(into, box->rows, one)[0], 11);
	assert_int_equal(step_vector(into, box->rows, two)[3], 7);
	assert_int_equal(step_vector(from, box->rows, one)[0], 6);
	assert_int_equal(into->end, 60);
	step_free(into);
	step_free(from);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROWBOX_TEST(rows_begin_with_the_total_and_unknown_gauges),
		ROWBOX_TEST(row_is_found_again_by_kind_and_key),
		ROWBOX_TEST(key_ends_at_a_nul),
		ROWBOX_TEST(row_that_finds_no_room_is_the_other_one),
		ROWBOX_TEST(row_of_our_own_takes_no_room),
		ROWBOX_TEST(
			sources_have_no_bound_and_no_two_rows_share_an_index),
		ROWBOX_TEST(
			row_is_taken_back_with_its_index_whatever_the_bound),
		ROWBOX_TEST(step_keeps_apart_what_each_row_got),
		ROWBOX_TEST(merged_step_has_the_sums_of_both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
