/* SPDX-License-Identifier: ISC */
/* test_steps — minutes of log time: open, closed, confirmed. */
#include "collector/steps.c"

#include "tests/unit/rowbox.h"

/* Adds 1 to the total's first counter at this time; says if it came late. */
static bool
count_at(struct steps *steps, struct rowbox *box, int64_t time)
{
	bool is_late;
	struct step *step = steps_for(steps, time, &is_late);
	step_vector(step, box->rows, box->rows->total)[0]++;
	return is_late;
}

static uint64_t
added_in(const struct steps *steps, const struct rowbox *box, int64_t end)
{
	for (size_t i = 0; i < steps->count; i++)
		if (steps->items[i]->end == end)
			return step_vector(steps->items[i], box->rows,
				box->rows->total)[0];
	return 0;
}

static void
assert_ascending(const struct steps *steps)
{
	for (size_t i = 1; i < steps->count; i++)
		assert_true(steps->items[i - 1]->end < steps->items[i]->end);
}

static void
step_of_a_time_ends_at_the_next_full_minute(void **state)
{
	(void)state;
	assert_int_equal(steps_end_of(0), 60);
	assert_int_equal(steps_end_of(59), 60);
	assert_int_equal(steps_end_of(60), 120);
	assert_int_equal(steps_end_of(-1), 0);
	assert_int_equal(steps_end_of(-60), 0);
	assert_int_equal(steps_end_of(-61), -60);
}

static void
lines_count_in_the_step_of_their_time_in_any_order(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	assert_false(count_at(&steps, box, 6030));
	assert_int_equal(steps.confirmed, 6000);
	assert_false(count_at(&steps, box, 6200));
	assert_false(count_at(&steps, box, 6119));
	assert_false(count_at(&steps, box, 6059));
	assert_int_equal(steps.count, 3);
	assert_ascending(&steps);
	assert_int_equal(added_in(&steps, box, 6060), 2);
	assert_int_equal(added_in(&steps, box, 6120), 1);
	assert_int_equal(added_in(&steps, box, 6240), 1);
	steps_free(&steps);
}

static void
late_line_counts_in_the_oldest_open_step(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	count_at(&steps, box, 6000);
	count_at(&steps, box, 6300);
	steps_close(&steps, 6120);
	assert_true(count_at(&steps, box, 6119));
	assert_true(count_at(&steps, box, 0));
	assert_int_equal(added_in(&steps, box, 6180), 2);
	assert_false(count_at(&steps, box, 6120));
	assert_int_equal(added_in(&steps, box, 6180), 3);
	assert_int_equal(added_in(&steps, box, 6060), 1);
	assert_ascending(&steps);
	steps_free(&steps);
}

/* Several logs at the first start: the one read first need not be the oldest.
 */
static void
older_line_moves_the_beginning_back_until_a_step_is_closed(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	count_at(&steps, box, 6000);
	assert_false(count_at(&steps, box, 3599));
	assert_int_equal(steps.confirmed, 3540);
	assert_int_equal(added_in(&steps, box, 3600), 1);
	assert_int_equal(added_in(&steps, box, 6060), 1);
	assert_ascending(&steps);
	steps_close(&steps, 3600);
	assert_true(count_at(&steps, box, 3599));
	assert_int_equal(steps.confirmed, 3540);
	steps_free(&steps);
}

static void
closing_never_goes_back_and_not_before_the_first_line(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	steps_close(&steps, 6000);
	assert_false(count_at(&steps, box, 3000));
	steps_close(&steps, 3600);
	steps_close(&steps, 3300);
	assert_int_equal(steps.closed, 3600);
	assert_true(count_at(&steps, box, 3500));
	steps_free(&steps);
}

static void
confirmed_steps_go_into_the_base_and_leave_their_place(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	const uint64_t *base = box->rows->total->base;
	for (int64_t time = 6000; time < 6300; time += 30)
		count_at(&steps, box, time);
	steps_close(&steps, 6240);
	steps_confirm(&steps, box->rows, 6120);
	assert_int_equal(base[0], 4);
	assert_int_equal(steps.items[0]->end, 6180);
	assert_int_equal(added_in(&steps, box, 6180), 2);
	steps_confirm(&steps, box->rows, 6240);
	assert_int_equal(base[0], 8);
	assert_int_equal(added_in(&steps, box, 6300), 2);
	assert_int_equal(steps.count, 1);
	steps_free(&steps);
}

static void
silent_minutes_are_confirmed_too(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	count_at(&steps, box, 6000);
	count_at(&steps, box, 9000);
	steps_close(&steps, 8400);
	steps_confirm(&steps, box->rows, 8400);
	assert_int_equal(steps.confirmed, 8400);
	/* the next step stands there although nothing counted in it */
	assert_int_equal(steps.items[0]->end, 8460);
	assert_int_equal(added_in(&steps, box, 8460), 0);
	assert_int_equal(added_in(&steps, box, 9060), 1);
	steps_free(&steps);
}

static void
folding_keeps_the_sums_and_the_place_where_history_goes_on(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	for (int64_t time = 6000; time < 12000; time += 20)
		count_at(&steps, box, time);
	size_t before = steps.count;
	steps_fold(&steps, box->rows, before);
	assert_int_equal(steps.count, before);
	steps_fold(&steps, box->rows, 7);
	assert_int_equal(steps.count, 7);
	assert_int_equal(steps.items[0]->end, 6060);
	assert_int_equal(added_in(&steps, box, 6060), 3);
	assert_int_equal(steps.items[6]->end, 12000);
	assert_ascending(&steps);
	steps_close(&steps, 12000);
	steps_confirm(&steps, box->rows, 12000);
	assert_int_equal(box->rows->total->base[0], 300);
	steps_free(&steps);
}

static void
restored_steps_go_on_where_the_oldest_stands(void **state)
{
	struct rowbox *box = *state;
	struct steps steps = {0};
	steps_restore(&steps, NULL, 0);
	assert_int_equal(steps.confirmed, 0);
	struct step *items[] = {step_new(6060), step_new(6240)};
	steps_restore(&steps, items, 2);
	assert_int_equal(steps.confirmed, 6000);
	assert_int_equal(steps.closed, 6000);
	assert_false(count_at(&steps, box, 6100));
	assert_ascending(&steps);
	assert_int_equal(steps.count, 3);
	assert_true(count_at(&steps, box, 5999));
	assert_int_equal(added_in(&steps, box, 6060), 1);
	steps_free(&steps);
}

/* Whatever is closed and confirmed when: every line is there exactly once. */
static void
no_line_is_lost_or_doubled_in_random_orders(void **state)
{
	struct rowbox *box = *state;
	srandom(3);
	for (int round = 0; round < 200; round++) {
		struct steps steps = {0};
		uint64_t before = box->rows->total->base[0], lines = 0;
		int64_t now = 100000;
		for (int i = 0; i < 300; i++) {
			now += random() % 90;
			int64_t time = now - random() % 200;
			int64_t closed = steps.has_closed ? steps.closed : 0;
			int64_t end = steps_end_of(time);
			bool is_late = count_at(&steps, box, time);
			lines++;
			assert_int_equal(is_late, end <= closed);
			if (random() % 5 == 0)
				steps_close(&steps, steps_end_of(now) - 120);
			if (random() % 7 == 0 && steps.confirmed < steps.closed)
				steps_confirm(&steps, box->rows,
					steps.confirmed + 60);
			assert_ascending(&steps);
			assert_int_equal(
				steps.items[0]->end, steps.confirmed + 60);
		}
		steps_close(&steps, now + 60000);
		steps_confirm(&steps, box->rows, steps.closed);
		assert_int_equal(box->rows->total->base[0] - before, lines);
		steps_free(&steps);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROWBOX_TEST(step_of_a_time_ends_at_the_next_full_minute),
		ROWBOX_TEST(lines_count_in_the_step_of_their_time_in_any_order),
		ROWBOX_TEST(late_line_counts_in_the_oldest_open_step),
		ROWBOX_TEST(
			older_line_moves_the_beginning_back_until_a_step_is_closed),
		ROWBOX_TEST(
			closing_never_goes_back_and_not_before_the_first_line),
		ROWBOX_TEST(
			confirmed_steps_go_into_the_base_and_leave_their_place),
		ROWBOX_TEST(silent_minutes_are_confirmed_too),
		ROWBOX_TEST(
			folding_keeps_the_sums_and_the_place_where_history_goes_on),
		ROWBOX_TEST(restored_steps_go_on_where_the_oldest_stands),
		ROWBOX_TEST(no_line_is_lost_or_doubled_in_random_orders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
