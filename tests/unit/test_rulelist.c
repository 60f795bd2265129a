/* SPDX-License-Identifier: ISC */
/* test_rulelist — the items of a text, and which words of a list decide. */
#include "collector/rulelist.c"

#include "tests/unit/rulebox.h"

/* The items of the text, "name" or "name/options", in one string. */
static void
assert_items(const char *text, const char *expected)
{
	struct slice rest = slice_of(text);
	struct rulelist_item item;
	char form = '\0', got[512] = "";
	while (rulelist_take_item(&rest, &form, &item)) {
		char *at = got + strlen(got);
		at += sprintf(at, "%s%.*s", at == got ? "" : " ",
			(int)item.name.len, item.name.data);
		if (item.options > 0)
			sprintf(at, "/%zu", item.options);
	}
	if (strcmp(got, expected) != 0)
		fail_msg("'%s' has '%s', not '%s'", text, got, expected);
}

static void
items_are_separated_by_commas_and_blanks(void **state)
{
	(void)state;
	assert_items("", "");
	assert_items("A", "A");
	assert_items("A,B_2, c\td", "A B_2 c d");
	assert_items(",, A,,B ,", "A B");
}

static void
what_follows_a_name_is_skipped(void **state)
{
	(void)state;
	assert_items("A=-1.9,B=0.1,C", "A B C");
	assert_items("A(-0.20),B(0.00)", "A B");
	assert_items("A(-0.20){},B(0.00){x;y z;},C(1){q;...;}", "A B/2 C/1");
	assert_items("A[x,B],C[1]{y;}", "A C/1");
	assert_items("A{x;},B", "A/1 B");
}

static void
what_is_no_name_is_no_item(void **state)
{
	(void)state;
	assert_items("A.b,C-d,=1,(E),F:g,H,-,\xff,I", "H I");
	assert_items("{A;},B", "B");
}

static void
bracket_that_a_stranger_opened_holds_no_items(void **state)
{
	(void)state;
	assert_items("A(1){x;},[,B(1){y;},C(1){}]", "A/1 B/1 C");
	assert_items("A(1){x;},X[,B(1){y;},C(1){}]", "A/1 B/1 C");
	assert_items("A(1){x;},X(,B(1){y;},C(1){}]", "A/1 B/1 C");
	assert_items("A(1)[x,y (z)],B(1)[y", "A B");
}

static void
bracket_outside_of_an_item_separates(void **state)
{
	(void)state;
	assert_items("A,B] C,D", "A B C D");
	/* the end that a stranger wrote */
	assert_items("A(1){x;}]), len: 5, B(1){}", "A/1 B");
	assert_items("A=1] B=1", "A B");
	assert_items("] A", "A");
	assert_items("x.y] A", "A");
}

static void
options_end_behind_a_semicolon_and_before_a_separator(void **state)
{
	(void)state;
	/* each of these could be a stranger's */
	assert_items("A(0){a},B(0){b;},C(0){}", "A/1 C");
	assert_items("A(0){a;}B(0){},C(0){}", "A/1");
	assert_items("A(0){a],B(0);},C(0){}", "A/1 C");
	assert_items("A(0){{},B(0){}", "A");
	assert_items("A(0){x,B(0),C", "A");
	assert_items("A(0){x;}", "A/1");
}

static void
score_of_the_first_item_is_wanted_of_all(void **state)
{
	(void)state;
	assert_items("A(0){},B,C(0),D{},E=1", "A C");
	/* a name that was cut off is another one */
	assert_items("A(0){},B(1){},C_ALL", "A B");
	assert_items("A,B(0),C=1", "A B C");
}

static void
text_that_is_cut_off_keeps_its_last_item(void **state)
{
	(void)state;
	assert_items("A(0){},B(0", "A B");
	assert_items("A(0){},B(0){x;y", "A B/1");
	assert_items("A[", "A");
	assert_items("A=", "A");
}

/* What the list "l" of a rule file finds: "counter*options" of each group. */
static void
assert_found(struct rulebox *box, const char *text, const char *expected)
{
	const struct rule_table *list = &box->set.tables[0];
	struct rulelist_found found[RULE_LIST_GROUPS_MAX];
	rulelist_find(list, slice_of(text), found);
	char got[128] = "";
	for (size_t g = 0; g < list->group_count; g++)
		if (found[g].word != NULL)
			sprintf(got + strlen(got), "%s%s*%zu",
				got[0] == '\0' ? "" : " ", found[g].word->word,
				found[g].options);
	if (strcmp(got, expected) != 0)
		fail_msg("'%s' finds '%s', not '%s'", text, got, expected);
}

static void
first_word_of_the_list_decides_for_its_group(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "source s\nlist l\nBEST dkim.pass\n"
			  "SIZE qmgr.bytes spf.pass\nNEXT dkim.fail\n"
			  "LAST dkim.pass dkim.fail\nNONE ignore\nend\n");
	assert_int_equal(box->set.tables[0].group_count, 2);
	assert_found(box, "", "");
	assert_found(box, "x,y,NONE", "");
	assert_found(box, "LAST,NEXT,BEST", "BEST*1");
	assert_found(box, "BEST,NEXT", "BEST*1");
	assert_found(box, "LAST,other,NEXT,NONE", "NEXT*1");
	assert_found(box, "LAST,SIZE,LAST", "LAST*1 SIZE*1");
	assert_found(box, "LASTX,XLAST,NEX,next,Next", "");
}

static void
options_are_those_of_the_item_that_decides(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "source s\nlist l\nA dkim.pass+=options spf.pass\n"
			  "B dkim.fail+=options\nend\n");
	const struct rule_word *word = &box->set.tables[0].words[0];
	assert_true(word->is_per_option[0]);
	assert_false(word->is_per_option[1]);
	assert_found(box, "B(0){x;},A(0){x;y;z;}", "A*3");
	assert_found(box, "A(0){x;y;},B(0){x;}", "A*2");
	assert_found(box, "A(0){}", "A*1");
	/* the same item again is a stranger's, or a mistake: the first counts
	 */
	assert_found(box, "A(0){x;},A(0){x;y;z;}", "A*1");
}

static void
absent_text_has_no_items(void **state)
{
	struct rulebox *box = *state;
	rulebox_load(box, "source s\nlist l\nA dkim.pass\nend\n");
	struct rulelist_found found[RULE_LIST_GROUPS_MAX];
	rulelist_find(&box->set.tables[0], (struct slice){NULL, 0}, found);
	assert_null(found[0].word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_are_separated_by_commas_and_blanks),
		cmocka_unit_test(what_follows_a_name_is_skipped),
		cmocka_unit_test(what_is_no_name_is_no_item),
		cmocka_unit_test(bracket_outside_of_an_item_separates),
		cmocka_unit_test(bracket_that_a_stranger_opened_holds_no_items),
		cmocka_unit_test(
			options_end_behind_a_semicolon_and_before_a_separator),
		cmocka_unit_test(score_of_the_first_item_is_wanted_of_all),
		cmocka_unit_test(text_that_is_cut_off_keeps_its_last_item),
		RULEBOX_TEST(first_word_of_the_list_decides_for_its_group),
		RULEBOX_TEST(options_are_those_of_the_item_that_decides),
		RULEBOX_TEST(absent_text_has_no_items),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
