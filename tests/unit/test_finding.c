/* SPDX-License-Identifier: ISC */
/* test_finding — findings are kept in their order. */
#include "cli/finding.c"

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
findings_are_kept_in_their_order(void **state)
{
	(void)state;
	struct findings findings = {0};
	for (int i = 0; i < 20; i++)
		finding_add(&findings, FINDING_STAMP, "no. %d of %s", i, "20")
			->advice = mem_strdup("wait");
	assert_int_equal(findings.count, 20);
	assert_string_equal(findings.items[0].text, "no. 0 of 20");
	assert_string_equal(findings.items[19].text, "no. 19 of 20");
	assert_string_equal(findings.items[19].advice, "wait");
	assert_int_equal(findings.items[7].kind, FINDING_STAMP);
	assert_null(findings.items[7].source);
	finding_free_all(&findings);
	assert_int_equal(findings.count, 0);
}

static void
every_kind_has_a_name(void **state)
{
	(void)state;
	for (int k = 0; k < FINDING_KINDS; k++)
		assert_true(strlen(finding_kind_names[k]) > 0);
}

static void
titles_are_in_capitals(void **state)
{
	(void)state;
	char *title = finding_title("dkim2");
	assert_string_equal(title, "DKIM2");
	free(title);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_are_kept_in_their_order),
		cmocka_unit_test(every_kind_has_a_name),
		cmocka_unit_test(titles_are_in_capitals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
