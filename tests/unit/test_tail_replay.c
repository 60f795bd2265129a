/* SPDX-License-Identifier: ISC */
/* Lines of the time before a stop come once more after it, marked as such. */
#include "collector/tail.c"

#include "tests/unit/replaybox.h"

static void
tail_replays_an_hour_and_hardly_more(void **state)
{
	struct tailbox *box = *state;

	begin(box, 3 * HOUR_LINES);
	stop_lines_back(box, HOUR_LINES);
	box_write(box, "mail.log", 20);
	start_and_expect_replay(box);
	assert_true(box->replays >= HOUR_LINES);
	/* A mark a minute, and a step of lines. */
	assert_true(box->replays <= HOUR_LINES + 60 / 7 + 2 * STEP_LINES + 1);
	for (int life = 0; life < 3; life++) {
		write_and_read(box, HOUR_LINES / 2);
		stop_lines_back(box, HOUR_LINES);
		start_and_expect_replay(box);
	}
	write_and_read(box, HOUR_LINES);
	stop_lines_back(box, HOUR_LINES);
	start_and_expect_replay(box);
	assert_true(box->replays <= HOUR_LINES + 60 / 7 + 2 * STEP_LINES + 1);
}

static void
tail_replays_nothing_of_a_log_that_was_quiet(void **state)
{
	struct tailbox *box = *state;

	begin(box, 100);
	rotate(box);
	rotate(box);
	rotate(box);
	write_and_read(box, 100);
	box->since = box_time(box->written);
	box_stop(box);
	assert_int_equal(box->saved_count, 2);
	assert_true(box->saved[1].offset > 0);
	assert_int_equal(box->saved[1].replay, box->saved[1].offset);
	box_start(box);
	assert_false(tail_is_replaying(box->tail));
	box_poll(box);
	assert_int_equal(box->replays, 0);
}

static void
tail_splits_a_block_where_the_replay_ends(void **state)
{
	struct tailbox *box = *state;
	struct tail_block block;

	begin(box, 10);
	stop_lines_back(box, 10);
	box_write(box, "mail.log", 7);
	box_start(box);
	assert_true(tail_is_replaying(box->tail));
	assert_int_equal(tail_read(box->tail, &block, NULL), 1);
	assert_true(block.is_replay);
	assert_int_equal(block.len, box->saved[0].offset);
	assert_false(tail_is_replaying(box->tail));
	box_take(box, &block);
	assert_int_equal(tail_read(box->tail, &block, NULL), 1);
	assert_false(block.is_replay);
	box_take(box, &block);
	expect_replay(box);
}

/* Three closed files and the present one, of 100 lines each. */
static void
stop_behind_closed_files(struct tailbox *box)
{
	begin(box, 100);
	for (int i = 0; i < 3; i++) {
		rotate(box);
		write_and_read(box, 100);
	}
	stop_lines_back(box, 350);
}

static void
tail_replays_closed_files_before_the_others(void **state)
{
	struct tailbox *box = *state;

	stop_behind_closed_files(box);
	assert_int_equal(box->saved_count, 4);
	assert_int_equal(box->saved[0].ino, 0);
	assert_int_equal(box->saved[1].ino, 0);
	assert_int_not_equal(box->saved[2].ino, 0);
	assert_true(box->saved[0].replay > 0);
	box_gzip(box, "mail.log.3", "mail.log.3.gz");
	unlink(at(box, "mail.log.3"));
	box_write(box, "mail.log", 20);
	start_and_expect_replay(box);
	assert_int_equal(tail_events(box->tail).rotations, 0);
	/* They are known in the next life, too. */
	stop_lines_back(box, 350);
	assert_int_equal(box->saved_count, 4);
	start_and_expect_replay(box);
	assert_true(box->replays >= 350 && box->replays < 390);
	/* And as time goes on they are not any more. */
	write_and_read(box, 200);
	stop_lines_back(box, 350);
	assert_int_equal(box->saved_count, 2);
	start_and_expect_replay(box);
}

static void
tail_bears_that_a_closed_file_is_gone(void **state)
{
	struct tailbox *box = *state;

	stop_behind_closed_files(box);
	box_forget(box, "mail.log.3");
	unlink(at(box, "mail.log.3"));
	box_puts(box, "mail.log.5.gz", "\x1f\x8b");
	box_write(box, "mail.log", 20);
	box_start(box);
	box_poll(box);
	box_expect_all_in_order(box);
	assert_int_equal(box->replays, 300);
	assert_int_equal(tail_events(box->tail).gone,
		box->saved[0].offset - box->saved[0].replay);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
	assert_int_equal(tail_events(box->tail).rotations, 0);
	stop_lines_back(box, 350);
	assert_int_equal(box->saved_count, 3);
	/* That is said once. */
	start_and_expect_replay(box);
	assert_int_equal(tail_events(box->tail).gone, 0);
}

static void
tail_reads_what_was_added_to_a_closed_file(void **state)
{
	struct tailbox *box = *state;

	begin(box, 100);
	rotate(box);
	write_and_read(box, 100);
	rotate(box);
	write_and_read(box, 100);
	stop_lines_back(box, 300);
	assert_int_equal(box->saved[0].ino, 0);
	box_write(box, "mail.log.2", 10);
	start_and_expect_replay(box);
}

static void
tail_leaves_the_oldest_closed_files_out(void **state)
{
	struct tailbox *box = *state;
	char name[32];

	begin(box, 10);
	for (int i = 0; i < TAIL_FILES_MAX + 10; i++) {
		sprintf(name, "mail.log-2026%02d%02d", i / 28 + 1, i % 28 + 1);
		box_rename(box, "mail.log", name);
		box_puts(box, "mail.log", "");
		write_and_read(box, 10);
	}
	stop_lines_back(box, (TAIL_FILES_MAX + 8) * 10);
	assert_int_equal(box->saved_count, TAIL_FILES_MAX);
	box_start(box);
	box_poll(box);
	assert_int_equal(box->replays, TAIL_FILES_MAX * 10);
	assert_int_equal(box->replay_backwards, 0);
	for (unsigned i = 0; i < box->written; i++)
		assert_int_equal(box->replayed[i],
			i + TAIL_FILES_MAX * 10 >= box->written);
}

static void
tail_remembers_no_closed_file_that_was_empty(void **state)
{
	struct tailbox *box = *state;

	begin(box, 20);
	rotate(box);
	write_and_read(box, 20);
	for (int i = 0; i < TAILSET_HEADS + 2; i++)
		rotate(box);
	stop_lines_back(box, 100);
	assert_int_equal(box->saved_count, 4);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(box->saved[i].ino, 0);
		assert_int_equal(box->saved[i].replay, 0);
	}
}

static void
tail_saves_the_same_while_it_replays(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];
	struct tail_block block;
	unsigned blocks = 0;

	begin(box, 5);
	box_write(box, "mail.log", 9000);
	box_poll(box);
	rotate(box);
	write_and_read(box, 100);
	rotate(box);
	write_and_read(box, 100);
	stop_lines_back(box, 20000);
	assert_int_equal(box->saved_count, 3);
	box_write(box, "mail.log", 50);
	box_start(box);
	while (tail_is_replaying(box->tail)) {
		assert_int_equal(tail_lag(box->tail) > 0, 1);
		assert_true(tail_lag(box->tail) < 5000);
		assert_int_equal(
			tail_positions(box->tail, box_time(TAILBOX_LINES), out,
				TAIL_FILES_MAX),
			3);
		assert_memory_equal(out, box->saved, 3 * sizeof *out);
		assert_int_equal(tail_read(box->tail, &block, NULL), 1);
		assert_true(block.is_replay);
		box_take(box, &block);
		blocks++;
		/* Killed in the middle. */
		if (blocks == 2 && box->replays > 0) {
			box_stop(box);
			box_start(box);
			box->replays = 0;
		}
	}
	assert_int_equal(blocks, 2 + 4);
	box_poll(box);
	expect_replay(box);
}

static void
tail_replays_what_it_can_find_later(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];

	mkdir(at(box, "away"), 0755);
	begin(box, 100);
	stop_lines_back(box, 50);
	box_rename(box, "mail.log", "away/mail.log");
	box_start(box);
	box_poll(box);
	assert_true(tail_is_replaying(box->tail));
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 1);
	assert_memory_equal(out, box->saved, sizeof *out);
	box_rename(box, "away/mail.log", "mail.log");
	box_poll(box);
	expect_replay(box);
}

static void
tail_takes_a_note_for_the_last_block_only(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out;
	struct tail_block block;
	uint64_t noted = 0;

	begin(box, 10);
	tail_positions(box->tail, INT64_MAX, &out, 1);
	noted = out.offset;
	for (int i = 0; i < 2; i++) {
		box_write(box, "mail.log", 10);
		tail_check(box->tail);
		assert_int_equal(tail_read(box->tail, &block, NULL), 1);
		if (i == 0)
			tail_check(box->tail);
		else
			assert_int_equal(tail_read(box->tail, &block, NULL), 0);
		tail_note_time(box->tail, box_time(5));
		tail_positions(box->tail, box_time(1000), &out, 1);
		assert_true(out.offset > noted);
		assert_int_equal(out.replay, noted);
	}
}

static void
tail_replays_all_or_nothing_if_no_time_was_noted(void **state)
{
	struct tailbox *box = *state;
	struct tail_position out[TAIL_FILES_MAX];
	struct tail_block block;

	box_write(box, "mail.log", 10);
	box_start(box);
	assert_int_equal(tail_read(box->tail, &block, NULL), 1);
	box_rename(box, "mail.log", "mail.log-20260101");
	box_write(box, "mail.log", 10);
	tail_check(box->tail);
	assert_int_equal(tail_read(box->tail, &block, NULL), 1);
	box_rename(box, "mail.log", "mail.log-20260102");
	box_puts(box, "mail.log", "");
	tail_check(box->tail);
	assert_int_equal(tail_read(box->tail, &block, NULL), 0);
	assert_int_equal(
		tail_positions(box->tail, box_time(999), out, TAIL_FILES_MAX),
		3);
	assert_int_equal(out[0].ino, 0);
	for (size_t i = 0; i < 2; i++) {
		assert_true(out[i].offset > 0);
		assert_int_equal(out[i].replay, 0);
	}
	assert_int_equal(
		tail_positions(box->tail, INT64_MAX, out, TAIL_FILES_MAX), 2);
	assert_true(out[0].offset > 0);
	assert_int_equal(out[0].replay, out[0].offset);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tail_replays_an_hour_and_hardly_more),
		box_test(tail_replays_nothing_of_a_log_that_was_quiet),
		box_test(tail_splits_a_block_where_the_replay_ends),
		box_test(tail_replays_closed_files_before_the_others),
		box_test(tail_bears_that_a_closed_file_is_gone),
		box_test(tail_reads_what_was_added_to_a_closed_file),
		box_test(tail_leaves_the_oldest_closed_files_out),
		box_test(tail_remembers_no_closed_file_that_was_empty),
		box_test(tail_saves_the_same_while_it_replays),
		box_test(tail_replays_what_it_can_find_later),
		box_test(tail_takes_a_note_for_the_last_block_only),
		box_test(tail_replays_all_or_nothing_if_no_time_was_noted),
	};

	return cmocka_run_group_tests_name("tail_replay", tests, NULL, NULL);
}
