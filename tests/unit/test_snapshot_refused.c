/* SPDX-License-Identifier: ISC */
/* test_snapshot_refused — the sentence for each way to be bad. */
#include "lib/snapshot.c"

#include "tests/unit/snapshotbox.h"

static void
assert_refused(const char *text, size_t len, const char *sentence)
{
	struct err err = {""};
	struct snapshot *snapshot = snapshot_parse(text, len, "bad", &err);
	if (snapshot != NULL)
		fail_msg("accepted, but should say: %s", sentence);
	assert_string_equal(err.text, sentence);
}

/* Lines behind SNAPSHOTBOX_HEAD, the line that is at fault, and why. */
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
	{"change 1 2 3 4 raised\nalert 1 2 3 4 5 6 7\nend 5\n",
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
	/* alerts and their changes */
	{"alert a\n", "bad:5: key is missing"},
	{"alert a -\n", "bad:5: state is missing"},
	{"alert a - raised\n", "bad:5: time is missing"},
	{"alert a - raised x\n",
		"bad:5: time 'x' is not a number up to 253402300799"},
	{"alert a - raised 1\n", "bad:5: value is missing"},
	{"alert a - raised 1 2\n", "bad:5: threshold is missing"},
	{"alert a - raised 1 2 3\n", "bad:5: severity is missing"},
	{"alert a b% raised 1 2 3 info\n", "bad:5: key has a bad escape '%'"},
	{"change 1\n", "bad:5: time is missing"},
	{"change -1 2 a - raised\n", "bad:5: number '-1' is not a number up to "
				     "18446744073709551615"},
	{"change 1 2 a b%20% raised\n", "bad:5: key has a bad escape '%'"},
	{"change 1 2 a -\n", "bad:5: direction is missing"},
	{"change 1 2 a - Raised\n",
		"bad:5: 'Raised' is neither raised nor cleared"},
	{"change 1 2 a - raised  1\n", "bad:5: value is missing"},
	{"change 1 2 a - raised 1 \n", "bad:5: threshold is missing"},
	{"change 0 2 a - raised\n", "bad:5: change 0 stands behind change 0"},
	{"change 2 2 a - raised\nchange 2 2 a - cleared\n",
		"bad:6: change 2 stands behind change 2"},
	{"change 2 2 a - raised\nchange 1 2 a - cleared\n",
		"bad:6: change 1 stands behind change 2"},
};

static void
snapshot_refuses_bad_lines_with_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct buf text = {0};
		buf_printf(&text, "%s%s", SNAPSHOTBOX_HEAD, refusals[i].lines);
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
	char text[sizeof(snapshotbox_whole)];
	for (size_t at = 0; at + 1 < sizeof(text); at++) {
		size_t line = 1;
		for (size_t i = 0; i < at; i++)
			line += snapshotbox_whole[i] == '\n';
		memcpy(text, snapshotbox_whole, sizeof(text));
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
	for (size_t len = 0; len < strlen(snapshotbox_whole); len++) {
		char *text = mem_strndup(snapshotbox_whole, len);
		struct err err = {""};
		assert_null(snapshot_parse(text, len, "short", &err));
		assert_non_null(strstr(err.text, "short:"));
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshot_refuses_bad_lines_with_a_sentence),
		cmocka_unit_test(snapshot_refuses_a_bad_beginning),
		cmocka_unit_test(snapshot_refuses_a_nul_byte),
		cmocka_unit_test(snapshot_refuses_every_shorter_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
