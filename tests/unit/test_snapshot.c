/* SPDX-License-Identifier: ISC */
/* What a good file says, and the sentence for each way to be bad. */
#include "lib/snapshot.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

/* What stands above and below the lines that a test is about. */
#define HEAD "mailtally-snapshot 1\nstarted 1000\nwritten 2000.5\nboot b-1\n"

static const char whole_file[] = HEAD
	"counter 110 dkim.pass message At least one = verified\n"
	"counter 400 spf.pass message\n"
	"gone future kind\n"
	"input /var/log/my%20mail.log 2049 77 123456 00ff00ff00ff00ff 9 8 7\n"
	"input - 0 0 0 ABCDEF0123456789 0 0 0\n"
	"row total 1 - 110=5 400=18446744073709551610\n"
	"row host 1 mx1.example.org 110=3\n"
	"row host 2 %2D\n"
	"row domain 1 100%25%0A\n"
	"step 1200 total 1 110=+1\n"
	"step 1260 total 1 110=+2 400=+5\n"
	"step 1260 host 2 400=+5\n"
	"spoke mx1 dkim opendkim 1199\n"
	"ledger 1200\n"
	"success dkim 1150\n"
	"signs example.org 1100\n"
	"share dkim_failures total 300 0.0125\n"
	"alert a - raised 1000 5 1 critical many words here\n"
	"change 4 1000 a - raised 5 1\n"
	"end 22\n";

static struct snapshot *
read_good(const char *text)
{
	struct err err = {""};
	struct snapshot *snapshot =
		snapshot_parse(text, strlen(text), "good", &err);
	if (snapshot == NULL)
		fail_msg("refused: %s", err.text);
	return snapshot;
}

static void
assert_refused(const char *text, size_t len, const char *sentence)
{
	struct err err = {""};
	struct snapshot *snapshot = snapshot_parse(text, len, "bad", &err);
	if (snapshot != NULL)
		fail_msg("accepted, but should say: %s", sentence);
	assert_string_equal(err.text, sentence);
}

static void
snapshot_says_when_and_where_it_was_made(void **state)
{
	(void)state;
	struct snapshot *snapshot = read_good(whole_file);
	assert_int_equal(snapshot->started, 1000);
	assert_int_equal(snapshot->written_us, 2000500000);
	assert_string_equal(snapshot->boot, "b-1");
	snapshot_free(snapshot);
}

static void
snapshot_finds_a_counter_by_name(void **state)
{
	(void)state;
	struct snapshot *snapshot = read_good(whole_file);
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
	struct snapshot *snapshot = read_good(whole_file);
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
	struct snapshot *snapshot = read_good(whole_file);
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
	struct snapshot *snapshot = read_good(whole_file);
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
	struct snapshot *snapshot = read_good(whole_file);
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
snapshot_value_is_the_row_and_its_steps(void **state)
{
	(void)state;
	struct snapshot *snapshot = read_good(whole_file);
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
		buf_adds(&text, HEAD "row domain 7 ");
		snapshot_escape(&text, texts[i]);
		buf_adds(&text, " 1=1\nend 4\n");
		struct snapshot *snapshot = read_good(text.data);
		assert_string_equal(snapshot->rows[0].key, texts[i]);
		assert_non_null(snapshot_row(snapshot, "domain", texts[i]));
		snapshot_free(snapshot);
		buf_free(&text);
	}
}

/* Lines behind HEAD, the line that is at fault, and why. */
static const struct {
	const char *lines, *sentence;
} refusals[] = {
	/* the frame */
	{"end 3\nx", "bad:6: cut short"},
	{"end 3\nx\n", "bad:6: bytes behind 'end'"},
	{"end 3\n\n", "bad:6: bytes behind 'end'"},
	{"", "bad:5: cut short"},
	{"end 3", "bad:5: cut short"},
	{"end 2\n", "bad:5: damaged: 2 lines announced, 3 there"},
	{"end 4\n", "bad:5: damaged: 4 lines announced, 3 there"},
	{"end\n", "bad:5: count is missing"},
	{"end 3 3\n", "bad:5: '3' behind the last field"},
	{"end -3\n", "bad:5: count '-3' is not a number up to "
		     "18446744073709551615"},
	{"\nend 4\n", "bad:5: kind of line is missing"},
	{" row total 1 -\nend 4\n", "bad:5: kind of line is missing"},
	/* the order of the kinds */
	{"boot b\nend 4\n", "bad:5: 'boot' stands behind 'boot'"},
	{"started 1\nend 4\n", "bad:5: 'started' stands behind 'boot'"},
	{"row total 1 -\ncounter 1 a b\nend 5\n",
		"bad:6: 'counter' stands behind 'row'"},
	{"change 1 2 3 4 5\nalert 1 2 3 4 5 6 7\nend 5\n",
		"bad:6: 'alert' stands behind 'change'"},
	/* counters */
	{"counter\n", "bad:5: number is missing"},
	{"counter 1  b\n", "bad:5: name is missing"},
	{"counter 1 a\n", "bad:5: unit is missing"},
	{"counter +1 a b\n",
		"bad:5: number '+1' is not a number up to 4294967295"},
	{"counter 4294967296 a b\n", "bad:5: number '4294967296' is not a "
				     "number up to 4294967295"},
	{"counter 1 a b\ncounter 1 c b\n", "bad:6: counter 1 stands twice"},
	{"counter 1 a b\ncounter 2 a b\n", "bad:6: counter a stands twice"},
	/* inputs */
	{"input /x 1 2 3 0011223344556677 3 5\n",
		"bad:5: rotations is missing"},
	{"input /x 1 2 3 001122334455667 4 5 6\n",
		"bad:5: hash '001122334455667' is not 16 hex digits"},
	{"input /x 1 2 3 0011223344556677x 4 5 6\n",
		"bad:5: hash '0011223344556677x' is not 16 hex digits"},
	{"input /x\x7f 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: path holds a control byte that is not escaped"},
	{"input /x 1 2 3 0x11223344556677 4 5 6\n",
		"bad:5: hash '0x11223344556677' is not 16 hex digits"},
	{"input /x 1 2 18446744073709551616 0011223344556677 4 5 6\n",
		"bad:5: offset '18446744073709551616' is not a number up to "
		"18446744073709551615"},
	{"input /x 1 2 3 0011223344556677 3 5 6 7\n",
		"bad:5: '7' behind the last field"},
	{"input /x 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: replay '4' is not a number up to 3"},
	{"input /x% 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: path has a bad escape '%'"},
	{"input /x%4 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: path has a bad escape '%4'"},
	{"input /x%2d 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: path has a bad escape '%2d'"},
	{"input /x%00 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: path has a bad escape '%00'"},
	{"input /x\t 1 2 3 0011223344556677 4 5 6\n",
		"bad:5: path holds a control byte that is not escaped"},
	/* rows */
	{"row total 1 - \n", "bad:5: value '' is not NUMBER=N"},
	{"row total 1 - 5\n", "bad:5: value '5' is not NUMBER=N"},
	{"row total 1 - 5=\n", "bad:5: value '5=' is not NUMBER=N"},
	{"row total 1 - =5\n", "bad:5: value '=5' is not NUMBER=N"},
	{"row total 1 - 5=+1\n", "bad:5: value '5=+1' is not NUMBER=N"},
	{"row total 1 - 5=-1\n", "bad:5: value '5=-1' is not NUMBER=N"},
	{"row total 1 - 5=1x\n", "bad:5: value '5=1x' is not NUMBER=N"},
	{"row total 1 - 5=18446744073709551616\n",
		"bad:5: value '5=18446744073709551616' is not NUMBER=N"},
	{"row total 1 - 2=1 1=1\n",
		"bad:5: value of 1 stands behind that of 2"},
	{"row total 1 - 2=1 2=1\n",
		"bad:5: value of 2 stands behind that of 2"},
	{"row host 1 a\nrow host 1 b\n", "bad:6: row host 1 stands twice"},
	{"row host 1 a\nrow host 2 a\n", "bad:6: row host 'a' stands twice"},
	{"row host 1 a\nrow host 2 %61\n", "bad:6: row host 'a' stands twice"},
	/* steps */
	{"step 5 total 1 1=+1\n", "bad:5: no row total 1"},
	{"row host 1 a\nstep 5 total 1 1=+1\n", "bad:6: no row total 1"},
	{"row host 1 a\nstep 5 host 1 1=1\n",
		"bad:6: value '1=1' is not NUMBER=+N"},
	{"row host 1 a\nstep 6 host 1\nstep 5 host 1\n",
		"bad:7: step 5 stands behind step 6"},
	{"row host 1 a\nstep 6 host 1\nstep 6 host 1\n",
		"bad:7: step 6 of row host 1 stands twice"},
	{"row host 1 a\nstep 253402300800 host 1\n",
		"bad:6: time '253402300800' is not a number up to "
		"253402300799"},
	/* the rest */
	{"spoke h dkim opendkim\n", "bad:5: time is missing"},
	{"spoke h dkim opendkim x\n",
		"bad:5: time 'x' is not a number up to 253402300799"},
	{"signs example.org\n", "bad:5: time is missing"},
	{"share a b 300\n", "bad:5: value is missing"},
	{"share a b 300 1.0001\n", "bad:5: value '1.0001' is no share"},
	{"share a b 300 0.1\n", "bad:5: value '0.1' is no share"},
	{"success dkim\n", "bad:5: time is missing"},
	{"ledger x\n", "bad:5: time 'x' is not a number up to 253402300799"},
	{"alert a - raised 1 2 3\n", "bad:5: field is missing"},
	{"change 1 2 a -\n", "bad:5: field is missing"},
};

static void
snapshot_refuses_bad_lines_with_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct buf text = {0};
		buf_printf(&text, "%s%s", HEAD, refusals[i].lines);
		assert_refused(text.data, text.len, refusals[i].sentence);
		buf_free(&text);
	}
}

static void
snapshot_refuses_a_bad_beginning(void **state)
{
	(void)state;
	static const struct {
		const char *text, *sentence;
	} heads[] = {
		{"", "bad:1: cut short"},
		{"\n", "bad:1: not a snapshot"},
		{"mailtally-snapshots 1\n", "bad:1: not a snapshot"},
		{"mailtally-snapshot\n",
			"bad:1: version '' of the format is not known"},
		{"mailtally-snapshot 2\nend 0\n",
			"bad:1: version '2' of the format is not known"},
		{"mailtally-snapshot 1 \nend 0\n",
			"bad:1: version '1 ' of the format is not known"},
		{"mailtally-snapshot 1\n", "bad:2: cut short"},
		{"mailtally-snapshot 1\nend 0\n",
			"bad:2: 'started' is missing before 'end'"},
		{"mailtally-snapshot 1\nstarted 1\nboot b\nend 2\n",
			"bad:3: 'written' is missing before 'boot'"},
		{"mailtally-snapshot 1\nstarted 1.5\n",
			"bad:2: time '1.5' is not a number up to "
			"253402300799"},
		{"mailtally-snapshot 1\nstarted 1\nwritten 1.\n",
			"bad:3: time '1.' is not SECONDS[.MICROS]"},
		{"mailtally-snapshot 1\nstarted 1\nwritten 1.0000000\n",
			"bad:3: time '1.0000000' is not SECONDS[.MICROS]"},
		{"mailtally-snapshot 1\nstarted 1\nwritten 1,5\n",
			"bad:3: time '1,5' is not SECONDS[.MICROS]"},
	};
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		assert_refused(heads[i].text, strlen(heads[i].text),
			heads[i].sentence);
}

static void
snapshot_refuses_a_nul_byte(void **state)
{
	(void)state;
	char text[sizeof(whole_file)];
	for (size_t at = 0; at + 1 < sizeof(text); at++) {
		size_t line = 1;
		for (size_t i = 0; i < at; i++)
			line += whole_file[i] == '\n';
		memcpy(text, whole_file, sizeof(text));
		text[at] = '\0';
		struct buf sentence = {0};
		buf_printf(&sentence, "bad:%zu: damaged: a NUL byte", line);
		assert_refused(text, sizeof(text) - 1, sentence.data);
		buf_free(&sentence);
	}
}

/* In memory of its own size, so that a sanitizer sees one byte too far. */
static void
snapshot_refuses_every_shorter_file(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(whole_file); len++) {
		char *text = mem_strndup(whole_file, len);
		struct err err = {""};
		assert_null(snapshot_parse(text, len, "short", &err));
		assert_non_null(strstr(err.text, "short:"));
		free(text);
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
	assert_int_equal(write(fd, whole_file, strlen(whole_file)),
		(ssize_t)strlen(whole_file));
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
		cmocka_unit_test(snapshot_value_is_the_row_and_its_steps),
		cmocka_unit_test(snapshot_undoes_what_snapshot_escape_did),
		cmocka_unit_test(snapshot_refuses_bad_lines_with_a_sentence),
		cmocka_unit_test(snapshot_refuses_a_bad_beginning),
		cmocka_unit_test(snapshot_refuses_a_nul_byte),
		cmocka_unit_test(snapshot_refuses_every_shorter_file),
		cmocka_unit_test(snapshot_read_names_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
