/* SPDX-License-Identifier: ISC */
/* test_report — the same numbers for people and for programs. */
#include "cli/json.c"
#include "cli/plain.c"
#include "cli/report.c"

#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char counters[] = "counter 10 dkim.pass message Good\n"
			       "counter 11 dkim.fail message Bad\n"
			       "counter 12 dkim.none message Unsigned\n"
			       "counter 13 dkim.signatures signature Added\n"
			       "counter 20 spf.pass message Allowed\n"
			       "counter 30 log.lines line Lines read\n"
			       "counter 31 log.unmatched line Not known\n"
			       "counter 32 dkim.mine message In a group\n"
			       "counter 100000 our.held message Held by us\n";

/* body: the lines of rows, without their head and end. */
static struct snapshot *
snapshot_of(const char *body)
{
	struct buf text = {0};
	buf_printf(&text,
		"mailtally-snapshot 1\nstarted 1\nwritten 2\nboot -\n%s%s",
		counters, body);
	size_t lines = 0;
	for (const char *p = text.data; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	buf_printf(&text, "end %zu\n", lines - 1);
	struct err err;
	struct snapshot *snapshot =
		snapshot_parse(text.data, text.len, "test", &err);
	if (snapshot == NULL)
		fail_msg("%s", err.text);
	buf_free(&text);
	return snapshot;
}

static char *
table_of(const char *body)
{
	struct snapshot *snapshot = snapshot_of(body);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	report_table(snapshot, out);
	assert_int_equal(fclose(out), 0);
	snapshot_free(snapshot);
	return text;
}

/* The table's line that begins with word, blanks aside; NULL if none. */
static const char *
line_of(const char *table, const char *word)
{
	for (const char *p = table; p != NULL;) {
		p += strspn(p, " ");
		size_t len = strcspn(p, " \n");
		if (len == strlen(word) && memcmp(p, word, len) == 0)
			return p;
		p = strchr(p, '\n');
		p = p != NULL ? p + 1 : NULL;
	}
	return NULL;
}

static void
numbers_have_a_comma_before_each_three_digits(void **state)
{
	(void)state;
	static const struct {
		uint64_t number;
		const char *text;
	} cases[] = {{0, "0"}, {7, "7"}, {999, "999"}, {1000, "1,000"},
		{123456, "123,456"}, {1234567, "1,234,567"},
		{UINT64_MAX, "18,446,744,073,709,551,615"}};
	char text[NUMBER_SIZE];
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
			report_number(cases[i].number, text, sizeof(text)),
			cases[i].text);
	assert_true(strlen(report_number(UINT64_MAX, text, 8)) < 8);
}

static void
table_has_each_counter_that_counted(void **state)
{
	(void)state;
	char *table = table_of("row total 1 all 10=1234567 30=9 32=5\n");
	const char *pass = line_of(table, "pass");
	assert_non_null(pass);
	assert_non_null(strstr(pass, " 1,234,567 "));
	assert_non_null(strstr(pass, "Good\n"));
	assert_non_null(line_of(table, "DKIM"));
	assert_non_null(line_of(table, "mine"));
	assert_null(line_of(table, "fail")); /* 0 */
	assert_null(line_of(table, "SPF"));
	free(table);
}

static void
shares_of_a_group_sum_to_100_percent(void **state)
{
	(void)state;
	srandom(9);
	for (int round = 0; round < 200; round++) {
		char body[160];
		snprintf(body, sizeof(body),
			"row total 1 all 10=%ld 11=%ld 12=%ld 13=999\n",
			1 + random() % 100000, 1 + random() % 1000,
			1 + random() % 10);
		char *table = table_of(body);
		double sum = 0;
		static const char *const words[] = {"pass", "fail", "none"};
		for (int w = 0; w < 3; w++) {
			const char *p = line_of(table, words[w]);
			assert_non_null(p);
			const char *percent = strstr(p, " %  ");
			assert_non_null(percent);
			assert_true(percent < strchr(p, '\n'));
			sum += strtod(percent - 5, NULL);
		}
		assert_true(sum > 99.84 && sum < 100.16); /* rounded thrice */
		const char *other = line_of(table, "signatures");
		assert_null(memchr(other, '%', strcspn(other, "\n")));
		free(table);
	}
}

static void
only_result_of_a_check_has_all_of_it(void **state)
{
	(void)state;
	char *table = table_of("row total 1 all 20=3\n");
	assert_non_null(strstr(line_of(table, "pass"), " 100.0 %  "));
	free(table);
}

static void
own_counters_are_shown(void **state)
{
	(void)state;
	char *table = table_of("row total 1 all 10=1 100000=4321\n");
	assert_non_null(strstr(table, "\nYour own counters\n"));
	assert_non_null(strstr(line_of(table, "held"), " 4,321 "));
	free(table);
}

static void
rows_show_their_keys_without_controls(void **state)
{
	(void)state;
	char *table = table_of("row total 1 all 30=1001\n"
			       "row source 1 opendkim 10=1 30=1\n"
			       "row host 1 mx%1B[31m\xc2\x9b 30=1001 31=7\n"
			       "row host 2 - 30=3\n"
			       "row domain 1 example.org 10=2\n");
	assert_non_null(strstr(table, "\nSources"));
	assert_non_null(strstr(table, "\nHosts"));
	assert_non_null(strstr(table, "\nDomains"));
	const char *host = line_of(table, "mx?[31m?");
	assert_non_null(host);
	assert_non_null(strstr(host, " 1,001 "));
	assert_null(strchr(table, '\033'));
	assert_non_null(line_of(table, "example.org"));
	free(table);
}

static void
steps_that_are_open_count_too(void **state)
{
	(void)state;
	char *table = table_of("row total 1 all 10=1000\n"
			       "step 60 total 1 10=+200\n"
			       "step 120 total 1 10=+34 20=+5\n");
	assert_non_null(strstr(line_of(table, "pass"), " 1,234 "));
	assert_non_null(line_of(table, "SPF"));
	free(table);
}

static void
snapshot_without_a_total_has_no_table(void **state)
{
	(void)state;
	char *table = table_of("");
	assert_string_equal(table, "");
	free(table);
}

static void
colours_are_for_terminals_only(void **state)
{
	(void)state;
	const char *body = "row total 1 all 10=5 11=1\nrow host 1 mx 30=1\n";
	char *plain = table_of(body);
	assert_null(strchr(plain, '\033'));
	free(plain);
	int master, slave;
	if (openpty(&master, &slave, NULL, NULL, NULL) != 0)
		skip();
	FILE *out = fdopen(slave, "w");
	struct snapshot *snapshot = snapshot_of(body);
	report_table(snapshot, out);
	snapshot_free(snapshot);
	fflush(out);
	char text[4096];
	ssize_t len = read(master, text, sizeof(text) - 1);
	assert_true(len > 0);
	text[len] = '\0';
	assert_non_null(strstr(text, "\033[1mDKIM\033[0m"));
	assert_non_null(strstr(text, "\033[32m"));
	assert_non_null(strstr(text, "\033[31m"));
	fclose(out);
	close(master);
}

static void
json_has_all_rows_and_leaves_zeros_out(void **state)
{
	(void)state;
	struct snapshot *snapshot =
		snapshot_of("row total 1 all 10=3 30=7 31=1\n"
			    "row source 1 opendkim 10=3\n"
			    "row host 1 mx%FF 30=7\n"
			    "row domain 1 example.org 10=2 100000=1\n"
			    "step 60 total 1 30=+1\n");
	struct json_t *object = json_new_object();
	report_json(snapshot, object);
	snapshot_free(snapshot);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_print(object, out);
	fclose(out);
	assert_string_equal(text,
		"{\"lines\":8,\"matched\":0,\"ignored\":0,\"unmatched\":1,"
		"\"foreign\":0,\"malformed\":0,"
		"\"total\":{\"dkim.pass\":3,\"log.lines\":8,"
		"\"log.unmatched\":1},"
		"\"source\":{\"opendkim\":{\"dkim.pass\":3}},"
		"\"host\":{\"mx%FF\":{\"log.lines\":7}},"
		"\"domain\":{\"example.org\":{\"dkim.pass\":2,"
		"\"our.held\":1}}}\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_a_comma_before_each_three_digits),
		cmocka_unit_test(table_has_each_counter_that_counted),
		cmocka_unit_test(shares_of_a_group_sum_to_100_percent),
		cmocka_unit_test(only_result_of_a_check_has_all_of_it),
		cmocka_unit_test(own_counters_are_shown),
		cmocka_unit_test(rows_show_their_keys_without_controls),
		cmocka_unit_test(steps_that_are_open_count_too),
		cmocka_unit_test(snapshot_without_a_total_has_no_table),
		cmocka_unit_test(colours_are_for_terminals_only),
		cmocka_unit_test(json_has_all_rows_and_leaves_zeros_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
