/* SPDX-License-Identifier: ISC */
/* test_publish — what is written is what is taken back. */
#include "collector/publish.c"

#include "tests/unit/tallybox.h"

static void
format_box(const struct tallybox *box, struct buf *text)
{
	buf_clear(text);
	publish_format(
		&(struct publish_state){
			.started = 1000,
			.written_us = 2000000005,
			.boot = "b-1",
			.rows = box->tally->rows,
			.steps = box->steps.items,
			.step_count = box->steps.count,
			.authority = box->tally->authority,
		},
		text);
}

static struct snapshot *
parse(const struct buf *text)
{
	struct err err = {""};
	struct snapshot *snapshot =
		snapshot_parse(text->data, text->len, "own", &err);
	if (snapshot == NULL)
		fail_msg("our own snapshot is refused: %s", err.text);
	return snapshot;
}

/* A new box that goes on where the text stands. */
static struct tallybox *
restart(const struct tallybox *old, const struct buf *text)
{
	struct tallybox *box =
		tallybox_new(old->config->hosts_max, old->config->domains_max);
	struct publish_target target = {
		.rows = box->tally->rows, .authority = box->tally->authority};
	struct snapshot *snapshot = parse(text);
	struct err err = {""};
	if (publish_restore(snapshot, &target, &err) != 0)
		fail_msg("%s", err.text);
	steps_restore(&box->steps, target.steps, target.step_count);
	free(target.steps);
	snapshot_free(snapshot);
	box->stamp = old->stamp;
	return box;
}

/* A reader's view: every row and every counter is there. */
static void
assert_readers_see(const struct tallybox *box, const struct buf *text)
{
	struct snapshot *snapshot = parse(text);
	const struct rows *rows = box->tally->rows;
	assert_int_equal(snapshot->row_count, rows->count);
	for (size_t r = 0; r < rows->count; r++)
		for (size_t c = 0; c < rows->catalogue->count; c++) {
			const struct catalogue_counter *counter =
				&rows->catalogue->counters[c];
			const struct row *row = rows->items[r];
			uint64_t value =
				tallybox_value(box, row, counter->name);
			if (value == ROWS_GAUGE_UNKNOWN)
				value = 0;
			const struct snapshot_row *seen = snapshot_row(
				snapshot, rows_kind_names[row->kind], row->key);
			assert_non_null(seen);
			assert_int_equal(seen->index, row->index);
			assert_true(snapshot_value(snapshot, seen,
					    counter->number) == value);
		}
	snapshot_free(snapshot);
}

static void
assert_same(const struct tallybox *a, const struct tallybox *b)
{
	const struct rows *rows = a->tally->rows;
	assert_int_equal(rows->count, b->tally->rows->count);
	for (int kind = 0; kind < ROWS_KINDS; kind++)
		assert_int_equal(rows->kind_count[kind],
			b->tally->rows->kind_count[kind]);
	for (size_t r = 0; r < rows->count; r++) {
		const struct row *row = rows->items[r];
		const struct row *twin = tallybox_row(b, row->kind, row->key);
		assert_non_null(twin);
		assert_int_equal(twin->index, row->index);
		for (size_t c = 0; c < rows->catalogue->count; c++) {
			const char *name = rows->catalogue->counters[c].name;
			if (tallybox_value(a, row, name) !=
				tallybox_value(b, twin, name))
				fail_msg("%s of %s differs", name, row->key);
		}
	}
	assert_int_equal(a->steps.confirmed, b->steps.confirmed);
}

static void
count_random_line(struct tallybox *box, time_t time, const long dice[4])
{
	char stamp[32], text[512];
	struct tm tm;
	localtime_r(&time, &tm);
	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm);
	snprintf(text, sizeof(text),
		"%s mx%ld t-%s[1]: 4F1 signer=d%ld.org from=d%ld.org "
		"mailfrom=u@d%ld.org rcpt=v@d.org %s",
		stamp, dice[0] % 5, tallybox_sources[dice[1] % 5], dice[2] % 9,
		dice[2] % 7, dice[2] % 5, tallybox_counters[dice[3] % 8]);
	tallybox_count(box, text);
}

static void
settle(struct tallybox *box, int64_t now, long dice)
{
	if (dice % 11 == 0)
		steps_close(&box->steps, steps_end_of(now) - 120);
	if (dice % 17 == 0)
		steps_confirm(&box->steps, box->tally->rows, box->steps.closed);
}

/* Two collectors over one log; one is killed and started again and again. */
static void
restart_at_any_line_changes_no_value(void **state)
{
	(void)state;
	struct buf text = {0};
	struct tallybox *steady = tallybox_new(3, 4);
	struct tallybox *killed = tallybox_new(3, 4);
	srandom(13);
	int64_t now = 1795000000;
	for (int i = 0; i < 6000; i++) {
		now += i % 1000 == 999 ? 100000 : random() % 40;
		long dice[4] = {random(), random(), random(), random()};
		int64_t time = now - (random() % 10 == 0 ? random() % 300 : 0);
		count_random_line(steady, time, dice);
		count_random_line(killed, time, dice);
		long chance = random();
		settle(steady, now, chance);
		settle(killed, now, chance);
		if (random() % 60 != 0)
			continue;
		format_box(killed, &text);
		assert_readers_see(killed, &text);
		struct tallybox *again = restart(killed, &text);
		assert_same(killed, again);
		/* closed steps that were not confirmed are open again */
		again->steps.closed = killed->steps.closed;
		tallybox_free(killed);
		killed = again;
		assert_same(steady, killed);
	}
	assert_int_equal(
		tallybox_value(steady, steady->tally->rows->total, "log.lines"),
		6000);
	tallybox_free(steady);
	tallybox_free(killed);
	buf_free(&text);
}

static void
empty_step_tells_a_restart_where_history_goes_on(void **state)
{
	(void)state;
	struct buf text = {0};
	struct tallybox *box = tallybox_new(0, 0);
	count_random_line(box, 1795000000, (long[4]){0});
	steps_close(&box->steps, 1795003200);
	steps_confirm(&box->steps, box->tally->rows, 1795003200);
	format_box(box, &text);
	assert_non_null(strstr(text.data, "\nstep 1795003260 total 1\n"));
	struct tallybox *again = restart(box, &text);
	assert_int_equal(again->steps.confirmed, 1795003200);
	assert_same(box, again);
	tallybox_free(again);
	tallybox_free(box);
	buf_free(&text);
}

static void
gauges_are_absent_until_they_are_known(void **state)
{
	(void)state;
	struct buf text = {0};
	struct tallybox *box = tallybox_new(0, 0);
	const struct catalogue *catalogue = &box->tally->catalogue;
	int active = catalogue_find(catalogue, slice_of("queue.active"));
	int hold = catalogue_find(catalogue, slice_of("queue.hold"));
	box->tally->rows->total->base[active] = 0;
	box->tally->rows->total->base[hold] = 7;
	format_box(box, &text);
	char expected[64];
	snprintf(expected, sizeof(expected), "\nrow total 1 all %u=0 %u=7\n",
		catalogue->counters[active].number,
		catalogue->counters[hold].number);
	assert_non_null(strstr(text.data, expected));
	struct tallybox *again = restart(box, &text);
	assert_same(box, again);
	tallybox_free(again);
	tallybox_free(box);
	buf_free(&text);
}

static void
keys_of_any_bytes_come_back(void **state)
{
	(void)state;
	struct buf text = {0};
	struct tallybox *box = tallybox_new(99, 99);
	static const char *const keys[] = {"-", " ", "a b", "%20", "\n", "\x7f",
		"\xff\xfe", "(other)", "b\xc3\xbc", "=", "+1"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct row *row = rows_get(
			box->tally->rows, ROWS_HOST, slice_of(keys[i]));
		row->base[0] = UINT64_MAX - 1 - i;
		authority_speak(box->tally->authority,
			&(struct authority_spoke){
				row->index, 0, "opendkim", 1000});
	}
	format_box(box, &text);
	assert_readers_see(box, &text);
	struct tallybox *again = restart(box, &text);
	assert_same(box, again);
	struct buf twice = {0};
	format_box(again, &twice);
	assert_string_equal(twice.data, text.data);
	tallybox_free(again);
	tallybox_free(box);
	buf_free(&twice);
	buf_free(&text);
}

static void
positions_of_inputs_are_written_for_the_tail(void **state)
{
	(void)state;
	struct buf text = {0};
	struct tallybox *box = tallybox_new(0, 0);
	struct publish_input inputs[2] = {
		{.path = "/var/log/my mail.log",
			.position_count = 2,
			.lag = 5,
			.rotations = 6,
			.positions = {{.dev = 1,
					      .ino = 2,
					      .offset = 3,
					      .replay = 2,
					      .hash = 0xab},
				{.dev = 7, .ino = 8, .offset = UINT64_MAX}}},
		{.path = "/none"}};
	publish_format(&(struct publish_state){.boot = "b",
			       .written_us = 5000001,
			       .rows = box->tally->rows,
			       .authority = box->tally->authority,
			       .inputs = inputs,
			       .input_count = 2},
		&text);
	struct snapshot *snapshot = parse(&text);
	assert_int_equal(snapshot->written_us, 5000001);
	assert_int_equal(snapshot->input_count, 2);
	const struct snapshot_input *input = snapshot->inputs;
	assert_string_equal(input[0].path, "/var/log/my mail.log");
	assert_int_equal(input[0].dev, 1);
	assert_int_equal(input[0].ino, 2);
	assert_int_equal(input[0].offset, 3);
	assert_int_equal(input[0].hash, 0xab);
	assert_int_equal(input[0].replay, 2);
	assert_int_equal(input[0].lag, 5);
	assert_int_equal(input[0].rotations, 6);
	assert_true(input[1].offset == UINT64_MAX);
	snapshot_free(snapshot);
	tallybox_free(box);
	buf_free(&text);
}

#define HEAD "mailtally-snapshot 1\nstarted 1\nwritten 2\nboot -\n"

static int
restore_text(struct tallybox *box, const char *text, struct err *err)
{
	struct publish_target target = {
		.rows = box->tally->rows, .authority = box->tally->authority};
	struct buf buf = {0};
	buf_adds(&buf, text);
	struct snapshot *snapshot = parse(&buf);
	buf_free(&buf);
	int result = publish_restore(snapshot, &target, err);
	steps_restore(&box->steps, target.steps, target.step_count);
	free(target.steps);
	snapshot_free(snapshot);
	return result;
}

static void
counter_that_is_gone_is_dropped(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	struct err err = {""};
	assert_int_equal(restore_text(box,
				 HEAD "row total 1 all 110=5 99998=7\n"
				      "step 60 total 1 110=+1 99998=+7\n"
				      "spoke - gone opendkim 5\n"
				      "end 6\n",
				 &err),
		0);
	assert_int_equal(
		tallybox_value(box, box->tally->rows->total, "dkim.pass"), 6);
	tallybox_free(box);
}

static void
row_that_cannot_be_is_refused_with_a_sentence(void **state)
{
	(void)state;
	struct tallybox *box = tallybox_new(0, 0);
	struct err err = {""};
	assert_int_equal(restore_text(box,
				 HEAD "row planet 1 mars 110=5\nend 4\n", &err),
		-1);
	assert_string_equal(
		err.text, "row planet 1 'mars' cannot be taken back");
	assert_int_equal(
		restore_text(box, HEAD "row total 2 all 110=5\nend 4\n", &err),
		-1);
	assert_string_equal(err.text, "row total 2 'all' cannot be taken back");
	tallybox_free(box);
}

/* Our own domains took no room before the restart, and take none after it. */
static void
domains_that_we_sign_for_stay_our_own(void **state)
{
	(void)state;
	static const char line[] = "Nov 21 10:00:00 mx1 t-opendkim[7]: 4F1 "
				   "signer=%s from=%s mailfrom=%s rcpt=%s %s";
	struct tallybox *box = tallybox_new(4, 2);
	struct buf text = {0};
	char own[512];
	for (int i = 0; i < 3; i++) {
		char domain[32];
		snprintf(domain, sizeof(domain), "own%d.org", i);
		snprintf(own, sizeof(own), line, domain, domain, domain, domain,
			"dkim.signatures");
		tallybox_count(box, own);
	}
	assert_int_equal(box->tally->rows->kind_count[ROWS_DOMAIN], 0);
	format_box(box, &text);
	struct tallybox *again = restart(box, &text);
	assert_same(box, again);
	tallybox_free(again);
	/* confirmed, too */
	steps_close(&box->steps, box->steps.items[0]->end);
	steps_confirm(&box->steps, box->tally->rows, box->steps.closed);
	format_box(box, &text);
	again = restart(box, &text);
	assert_same(box, again);
	tallybox_free(again);
	tallybox_free(box);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(domains_that_we_sign_for_stay_our_own),
		FOLDER_TEST(restart_at_any_line_changes_no_value),
		FOLDER_TEST(empty_step_tells_a_restart_where_history_goes_on),
		FOLDER_TEST(gauges_are_absent_until_they_are_known),
		FOLDER_TEST(keys_of_any_bytes_come_back),
		FOLDER_TEST(positions_of_inputs_are_written_for_the_tail),
		FOLDER_TEST(counter_that_is_gone_is_dropped),
		FOLDER_TEST(row_that_cannot_be_is_refused_with_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
