/* SPDX-License-Identifier: ISC */
/* test_catalogue — counters declared once, and every way to declare badly. */
#include "collector/catalogue.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void
add_good(struct catalogue *catalogue, const char *text, bool is_own)
{
	struct err err = {""};
	if (catalogue_add(catalogue,
		    &(struct catalogue_file){"c", slice_of(text), is_own},
		    &err) != 0)
		fail_msg("refused: %s", err.text);
}

static void
assert_refused(const char *text, bool is_own, const char *sentence)
{
	struct catalogue catalogue = {0};
	struct err err = {""};
	add_good(&catalogue, "9 dkim.pass message signer Verified\n", false);
	int result = catalogue_add(&catalogue,
		&(struct catalogue_file){"c", slice_of(text), is_own}, &err);
	catalogue_free(&catalogue);
	if (result == 0)
		fail_msg("accepted, but should say: %s", sentence);
	assert_string_equal(err.text, sentence);
}

static void
catalogue_takes_every_field_of_a_declaration(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	add_good(&catalogue,
		"# a comment\n\n"
		"  110\tdkim.pass message   signer  Verified = good, really \n"
		"5 queue.active file none Files\n"
		"7 dkim.signatures signature signer Added",
		false);
	catalogue_sort(&catalogue);
	assert_int_equal(catalogue.count, 3);
	const struct catalogue_counter *c = &catalogue.counters[2];
	assert_int_equal(c->number, 110);
	assert_string_equal(c->name, "dkim.pass");
	assert_string_equal(c->group, "dkim");
	assert_string_equal(c->word, "pass");
	assert_string_equal(c->unit, "message");
	assert_int_equal(c->domain, CATALOGUE_SIGNER);
	assert_string_equal(c->meaning, "Verified = good, really");
	assert_string_equal(authority_methods[c->method], "dkim");
	assert_false(c->is_gauge);
	assert_true(catalogue.counters[0].is_gauge);
	assert_int_equal(catalogue.counters[1].method, -1);
	catalogue_free(&catalogue);
}

static void
catalogue_is_sorted_by_number_and_finds_by_both(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	catalogue_sort(&catalogue);
	for (int n = 500; n > 0; n--) {
		char text[64];
		snprintf(text, sizeof(text), "%d g.w%d line none m\n", n, n);
		add_good(&catalogue, text, false);
	}
	catalogue_sort(&catalogue);
	for (int n = 1; n <= 500; n++) {
		char name[16];
		snprintf(name, sizeof(name), "g.w%d", n);
		assert_int_equal(
			catalogue_find(&catalogue, slice_of(name)), n - 1);
		assert_int_equal(
			catalogue_find_number(&catalogue, (uint32_t)n), n - 1);
	}
	assert_int_equal(catalogue_find(&catalogue, slice_of("g.w")), -1);
	assert_int_equal(catalogue_find(&catalogue, slice_of("")), -1);
	assert_int_equal(catalogue_find_number(&catalogue, 501), -1);
	catalogue_free(&catalogue);
}

static void
catalogue_keeps_the_numbers_of_users_apart(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	add_good(&catalogue, "99999 a.b line none m\n", false);
	add_good(&catalogue, "100000 a.c line none m\n", true);
	add_good(&catalogue, "999999999 a.d line none m\n", true);
	catalogue_free(&catalogue);
	assert_refused("100000 a.b line none m", false,
		"c:1: number 100000: your own begin at 100000");
	assert_refused("# own\n99999 a.b line none m", true,
		"c:2: number 99999: your own begin at 100000");
}

static void
catalogue_says_what_is_wrong_and_where(void **state)
{
	(void)state;
	static const char *const texts[][2] = {
		{"x a.b line none m", "c:1: 'x' is not a counter number"},
		{"0 a.b line none m", "c:1: '0' is not a counter number"},
		{"-1 a.b line none m", "c:1: '-1' is not a counter number"},
		{"4294967297 a.b line none m",
			"c:1: '4294967297' is not a counter number"},
		{"\n\n1 a.b line everybody m",
			"c:3: 'everybody' is not one of none signer from "
			"mailfrom rcpt"},
		{"1 a.b line", "c:1: '' is not one of none signer from "
			       "mailfrom rcpt"},
		{"1 a.b line none  ", "c:1: 'a.b' has no meaning"},
		{"1 dkim.pass line none m",
			"c:1: counter dkim.pass is declared twice"},
		{"9 a.b line none m", "c:1: number 9 is given twice"},
		{"1 a.b l none m\n2 a.b l none m",
			"c:2: counter a.b is declared twice"},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_refused(texts[i][0], false, texts[i][1]);
}

static void
catalogue_refuses_names_that_rrd_could_not_hold(void **state)
{
	(void)state;
	static const char *const names[] = {"ab", ".b", "a.", "a.b.c", "A.b",
		"a.B", "a.b-c", "a.12345678901234567890",
		"a12345678901234567890.b", "a/b.c", "a.\xc3\xa9"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char text[128], sentence[256];
		snprintf(text, sizeof(text), "1 %s line none m", names[i]);
		snprintf(sentence, sizeof(sentence),
			"c:1: '%s' is not group.word of 1 to 19 of [a-z0-9_] "
			"each",
			names[i]);
		assert_refused(text, false, sentence);
	}
	struct catalogue catalogue = {0};
	add_good(&catalogue, "1 a.1234567890_23456789 line none m", false);
	catalogue_free(&catalogue);
}

static void
catalogue_drops_the_carriage_return_of_a_foreign_editor(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	add_good(&catalogue, "1 a.b line none m\r\n\r\n", false);
	assert_int_equal(catalogue.count, 1);
	assert_string_equal(catalogue.counters[0].meaning, "m");
	catalogue_free(&catalogue);
}

static void
catalogue_is_bounded(void **state)
{
	(void)state;
	struct catalogue catalogue = {0};
	struct err err = {""};
	char text[64];
	for (int n = 1; n <= CATALOGUE_COUNTERS_MAX; n++) {
		snprintf(text, sizeof(text), "%d g.w%d line none m\n", n, n);
		add_good(&catalogue, text, false);
	}
	assert_int_equal(
		catalogue_add(&catalogue,
			&(struct catalogue_file){
				"c", slice_of("90000 a.b line none m"), false},
			&err),
		-1);
	snprintf(text, sizeof(text), "c:1: more than %d counters",
		CATALOGUE_COUNTERS_MAX);
	assert_string_equal(err.text, text);
	catalogue_free(&catalogue);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(catalogue_takes_every_field_of_a_declaration),
		cmocka_unit_test(
			catalogue_is_sorted_by_number_and_finds_by_both),
		cmocka_unit_test(catalogue_keeps_the_numbers_of_users_apart),
		cmocka_unit_test(catalogue_says_what_is_wrong_and_where),
		cmocka_unit_test(
			catalogue_refuses_names_that_rrd_could_not_hold),
		cmocka_unit_test(
			catalogue_drops_the_carriage_return_of_a_foreign_editor),
		cmocka_unit_test(catalogue_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
