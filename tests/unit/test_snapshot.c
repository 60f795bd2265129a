/* SPDX-License-Identifier: ISC */
/* test_snapshot — what a good file says. */
#include "lib/snapshot.c"

#include <unistd.h>

#include "tests/unit/snapshotbox.h"

static void
snapshot_says_when_and_where_it_was_made(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	assert_int_equal(snapshot->started, 1000);
	assert_int_equal(snapshot->written_us, 2000500000);
	assert_string_equal(snapshot->boot, "b-1");
	snapshot_free(snapshot);
}

static void
snapshot_finds_a_counter_by_name(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	assert_int_equal(snapshot->counter_count, 2);
	const struct snapshot_counter *counter =
		snapshot_counter(snapshot, "dkim.pass");
	assert_int_equal(counter->number, 110);
	assert_string_equal(counter->unit, "message");
	assert_string_equal(counter->meaning, "At least one = verified");
	assert_string_equal(
		snapshot_counter(snapshot, "spf.pass")->meaning, "");
	assert_null(snapshot_counter(snapshot, "dkim"));
	snapshot_free(snapshot);
}

static void
snapshot_finds_a_row_by_kind_and_key(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	assert_int_equal(snapshot->row_count, 4);
	assert_ptr_equal(
		snapshot_row(snapshot, "total", ""), &snapshot->rows[0]);
	const struct snapshot_row *row =
		snapshot_row(snapshot, "host", "mx1.example.org");
	assert_int_equal(row->index, 1);
	assert_int_equal(row->count, 1);
	assert_null(snapshot_row(snapshot, "domain", "mx1.example.org"));
	snapshot_free(snapshot);
}

static void
snapshot_reads_every_part_of_an_input(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	assert_int_equal(snapshot->input_count, 2);
	const struct snapshot_input *input = snapshot->inputs;
	assert_string_equal(input[0].path, "/var/log/my mail.log");
	assert_int_equal(input[0].dev, 2049);
	assert_int_equal(input[0].ino, 77);
	assert_int_equal(input[0].offset, 123456);
	assert_int_equal(input[0].hash, 0x00ff00ff00ff00ff);
	assert_int_equal(input[0].replay, 9);
	assert_int_equal(input[0].lag, 8);
	assert_int_equal(input[0].rotations, 7);
	assert_string_equal(input[1].path, "");
	assert_true(input[1].hash == 0xabcdef0123456789);
	snapshot_free(snapshot);
}

static void
snapshot_reads_steps_and_who_spoke(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	assert_int_equal(snapshot->step_count, 3);
	assert_int_equal(snapshot->steps[1].time, 1260);
	assert_int_equal(snapshot->steps[1].count, 2);
	assert_int_equal(snapshot->steps[1].values[1].number, 400);
	assert_string_equal(snapshot->steps[2].kind, "host");
	assert_int_equal(snapshot->spoke_count, 1);
	assert_string_equal(snapshot->spokes[0].host, "mx1");
	assert_string_equal(snapshot->spokes[0].method, "dkim");
	assert_string_equal(snapshot->spokes[0].source, "opendkim");
	assert_int_equal(snapshot->spokes[0].time, 1199);
	snapshot_free(snapshot);
}

static void
snapshot_reads_what_the_ledger_and_the_shares_say(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	assert_int_equal(snapshot->ledger, 1200);
	assert_int_equal(snapshot->success_count, 1);
	assert_string_equal(snapshot->successes[0].method, "dkim");
	assert_int_equal(snapshot->successes[0].time, 1150);
	assert_int_equal(snapshot->signs_count, 1);
	assert_string_equal(snapshot->signs[0].domain, "example.org");
	assert_int_equal(snapshot->signs[0].time, 1100);
	assert_int_equal(snapshot->share_count, 1);
	assert_string_equal(snapshot->shares[0].name, "dkim_failures");
	assert_string_equal(snapshot->shares[0].scope, "total");
	assert_int_equal(snapshot->shares[0].window, 300);
	assert_true(snapshot->shares[0].value > 0.01249 &&
		    snapshot->shares[0].value < 0.01251);
	snapshot_free(snapshot);
}

static void
snapshot_reads_alerts(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(SNAPSHOTBOX_HEAD
		"alert dkim_failures mx1%20a raised 1000 0.0525 5 critical "
		"many words  here\n"
		"alert odd - waiting 0 - - other\n"
		"alert odd %2D clear 253402300799 1 2 info \n"
		"end 6\n");
	assert_int_equal(snapshot->alert_count, 3);
	const struct snapshot_alert *alert = snapshot->alerts;
	assert_string_equal(alert[0].name, "dkim_failures");
	assert_string_equal(alert[0].key, "mx1 a");
	assert_string_equal(alert[0].state, "raised");
	assert_int_equal(alert[0].since, 1000);
	assert_string_equal(alert[0].value, "0.0525");
	assert_string_equal(alert[0].threshold, "5");
	assert_string_equal(alert[0].severity, "critical");
	assert_string_equal(alert[0].text, "many words  here");
	assert_string_equal(alert[1].key, "");
	assert_string_equal(alert[1].state, "waiting");
	assert_string_equal(alert[1].severity, "other");
	assert_string_equal(alert[1].text, "");
	assert_string_equal(alert[2].key, "-");
	assert_int_equal(alert[2].since, 253402300799);
	assert_string_equal(alert[2].text, "");
	snapshot_free(snapshot);
}

static void
snapshot_reads_changes_whatever_is_missing_at_their_end(void **state)
{
	(void)state;
	static const char *const ends[] = {
		"", " 5", " 5 1", " 5 1 info", " 5 1 info a  b"};
	struct buf text = {0};
	buf_adds(&text, SNAPSHOTBOX_HEAD);
	for (size_t i = 0; i < 5; i++)
		buf_printf(&text, "change %zu 9 a b%%25 %s%s\n", 7 + 2 * i,
			i % 2 == 0 ? "raised" : "cleared", ends[i]);
	buf_adds(&text, "change 18446744073709551615 9 a - raised\nend 9\n");
	struct snapshot *snapshot = snapshotbox_read(text.data);
	assert_int_equal(snapshot->change_count, 6);
	for (size_t i = 0; i < 5; i++) {
		const struct snapshot_change *change = &snapshot->changes[i];
		assert_int_equal(change->seq, 7 + 2 * i);
		assert_int_equal(change->time, 9);
		assert_string_equal(change->name, "a");
		assert_string_equal(change->key, "b%");
		assert_true(change->is_raised == (i % 2 == 0));
		assert_string_equal(change->value, i > 0 ? "5" : "");
		assert_string_equal(change->threshold, i > 1 ? "1" : "");
		assert_string_equal(change->severity, i > 2 ? "info" : "");
		assert_string_equal(change->text, i > 3 ? "a  b" : "");
	}
	assert_true(snapshot->changes[5].seq == UINT64_MAX);
	snapshot_free(snapshot);
	buf_free(&text);
}

static void
snapshot_value_is_the_row_and_its_steps(void **state)
{
	(void)state;
	struct snapshot *snapshot = snapshotbox_read(snapshotbox_whole);
	const struct snapshot_row *total = snapshot_row(snapshot, "total", "");
	const struct snapshot_row *one = total + 1, *two = total + 2;
	assert_int_equal(snapshot_value(snapshot, total, 110), 5 + 1 + 2);
	assert_true(snapshot_value(snapshot, total, 400) == UINT64_MAX);
	assert_int_equal(snapshot_value(snapshot, total, 111), 0);
	assert_int_equal(snapshot_value(snapshot, one, 110), 3);
	assert_int_equal(snapshot_value(snapshot, two, 400), 5);
	snapshot_free(snapshot);
}

static void
snapshot_undoes_what_snapshot_escape_did(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "-", "--", "%", "%41", "a b",
		"\x01\x1f\x7f\x20\n\t", "\xc3\xa4\xff", "plain.example"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf text = {0};
		buf_adds(&text, SNAPSHOTBOX_HEAD "row domain 7 ");
		snapshot_escape(&text, texts[i]);
		buf_adds(&text, " 1=1\nend 4\n");
		struct snapshot *snapshot = snapshotbox_read(text.data);
		assert_string_equal(snapshot->rows[0].key, texts[i]);
		assert_non_null(snapshot_row(snapshot, "domain", texts[i]));
		snapshot_free(snapshot);
		buf_free(&text);
	}
}

static void
snapshot_read_names_the_file(void **state)
{
	(void)state;
	struct err err = {""};
	assert_null(snapshot_read("/nonexistent/snapshot", &err));
	assert_string_equal(err.text, "cannot read /nonexistent/snapshot: No "
				      "such file or directory");

	char path[] = "/tmp/test_snapshot.XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(
		write(fd, snapshotbox_whole, strlen(snapshotbox_whole)),
		(ssize_t)strlen(snapshotbox_whole));
	struct snapshot *snapshot = snapshot_read(path, &err);
	assert_non_null(snapshot);
	snapshot_free(snapshot);
	assert_int_equal(ftruncate(fd, 30), 0);
	assert_null(snapshot_read(path, &err));
	struct buf sentence = {0};
	buf_printf(&sentence, "%s:2: cut short", path);
	assert_string_equal(err.text, sentence.data);
	buf_free(&sentence);
	close(fd);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshot_says_when_and_where_it_was_made),
		cmocka_unit_test(snapshot_finds_a_counter_by_name),
		cmocka_unit_test(snapshot_finds_a_row_by_kind_and_key),
		cmocka_unit_test(snapshot_reads_every_part_of_an_input),
		cmocka_unit_test(snapshot_reads_steps_and_who_spoke),
		cmocka_unit_test(
			snapshot_reads_what_the_ledger_and_the_shares_say),
		cmocka_unit_test(snapshot_reads_alerts),
		cmocka_unit_test(
			snapshot_reads_changes_whatever_is_missing_at_their_end),
		cmocka_unit_test(snapshot_value_is_the_row_and_its_steps),
		cmocka_unit_test(snapshot_undoes_what_snapshot_escape_did),
		cmocka_unit_test(snapshot_read_names_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
