/* SPDX-License-Identifier: ISC */
/* test_dispatch — which sections know a program's lines. */
#include "collector/dispatch.c"

#include "tests/unit/rulebox.h"

static const char rules[] =
	"alias mydkim opendkim\n"
	"alias postfix/odd opendkim\n"
	"alias chain mydkim\n"
	"source dkim\nprogram /^opendkim$/\n/a/ ignore\n"
	"source mail\nprogram !^postfix[^/]*/!\n"
	"program /^mail/\n/b/ ignore\n"
	"source later\nprogram !^postfix/smtpd$!\n/c/ ignore\n";

struct bench {
	struct rulebox *box;
	struct dispatch *dispatch;
};

static int
setup(void **state)
{
	static struct bench bench;
	void *box;
	rulebox_setup(&box);
	bench.box = box;
	rulebox_load(bench.box, rules);
	bench.dispatch = dispatch_new(&bench.box->set);
	*state = &bench;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;
	void *box = bench->box;
	dispatch_free(bench->dispatch);
	return rulebox_teardown(&box);
}

/* Finds twice: the second answer comes out of the table. */
static const struct dispatch_entry *
find(struct bench *bench, const char *program)
{
	dispatch_find(bench->dispatch, slice_of(program));
	return dispatch_find(bench->dispatch, slice_of(program));
}

static void
program_is_known_by_any_pattern_of_a_section(void **state)
{
	struct bench *bench = *state;
	struct rule_section *sections = bench->box->set.sections;
	const struct dispatch_entry *entry = find(bench, "opendkim");
	assert_int_equal(entry->count, 1);
	assert_ptr_equal(entry->sections[0], &sections[0]);
	assert_int_equal(entry->source, 0);
	entry = find(bench, "mailer");
	assert_int_equal(entry->count, 1);
	assert_ptr_equal(entry->sections[0], &sections[1]);
}

static void
program_of_several_sections_has_them_in_their_order(void **state)
{
	struct bench *bench = *state;
	struct rule_section *sections = bench->box->set.sections;
	const struct dispatch_entry *entry = find(bench, "postfix/smtpd");
	assert_int_equal(entry->count, 2);
	assert_ptr_equal(entry->sections[0], &sections[1]);
	assert_ptr_equal(entry->sections[1], &sections[2]);
	assert_int_equal(entry->source, 1);
	assert_int_equal(find(bench, "postfix-out/smtpd")->count, 1);
}

static void
foreign_program_has_no_section_and_no_source(void **state)
{
	struct bench *bench = *state;
	static const char *const names[] = {
		"cron", "", "opendkim2", "xopendkim", "Opendkim", "postfix"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(find(bench, names[i])->count, 0);
		assert_int_equal(find(bench, names[i])->source, -1);
	}
}

static void
alias_is_treated_as_the_program_it_names(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(find(bench, "mydkim")->source, 0);
	/* instead of what its own name would say, and not twice */
	assert_int_equal(find(bench, "postfix/odd")->source, 0);
	assert_int_equal(find(bench, "chain")->source, -1);
}

static void
names_are_right_however_many_there_are(void **state)
{
	struct bench *bench = *state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 3 * SLOTS; i++) {
			char name[64];
			snprintf(name, sizeof(name), "%s%d",
				i % 2 ? "mail" : "cron", i);
			const struct dispatch_entry *entry =
				dispatch_find(bench->dispatch, slice_of(name));
			assert_int_equal(entry->source, i % 2 ? 1 : -1);
			assert_int_equal(entry->count, i % 2);
		}
	assert_int_equal(find(bench, "postfix/smtpd")->count, 2);
	assert_int_equal(find(bench, "mydkim")->source, 0);
}

static void
sections_of_one_program_are_bounded(void **state)
{
	struct bench *bench = *state;
	for (int i = 0; i < DISPATCH_SECTIONS_MAX; i++)
		rulebox_load(bench->box,
			"source mail\nprogram /^mail/\n/x/ ignore\n");
	assert_int_equal(find(bench, "mailer")->count, DISPATCH_SECTIONS_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(program_is_known_by_any_pattern_of_a_section),
		TEST(program_of_several_sections_has_them_in_their_order),
		TEST(foreign_program_has_no_section_and_no_source),
		TEST(alias_is_treated_as_the_program_it_names),
		TEST(names_are_right_however_many_there_are),
		TEST(sections_of_one_program_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
