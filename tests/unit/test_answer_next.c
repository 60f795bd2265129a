/* SPDX-License-Identifier: ISC */
/* test_answer_next — which object comes next, whatever name is given. */
#include "tests/unit/answerbox.h"

static void
the_next_one_is_reached_from_before_from_the_root_and_from_within(void **state)
{
	(void)state;
	expect_next("1", FIRST);
	expect_next("1.3.6.1.4.1", FIRST);
	expect_next("1.3.6.1.4.1.98.7", FIRST);
	expect_next(ROOT, FIRST);
	expect_next(ROOT ".0.9", FIRST);
	expect_next(ROOT ".1.2.1", FIRST);
	expect_next(ROOT ".1.2.1.2.9", FIRST);
	expect_next(ROOT ".1.2.1.3", SECOND);
	expect_next(ROOT ".1.2.1.3.0", SECOND);
	expect_next(ROOT ".1.2.1.4294967295", THIRD);
}

static void
behind_the_last_one_a_variable_stays_as_it_is(void **state)
{
	(void)state;
	expect_next(LAST_NAME, LAST_NAME " = untouched");
	expect_next(ROOT ".2", ROOT ".2 = untouched");
	expect_next("1.3.6.1.4.1.100", "1.3.6.1.4.1.100 = untouched");
	expect_next("2", "2 = untouched");
}

static void
inclusive_is_the_object_itself_if_it_is_there(void **state)
{
	(void)state;
	expect_next_if(true, ROOT ".1.2.1.3", FIRST);
	expect_next_if(true, LAST_NAME, LAST_NAME " = text ");
	expect_next_if(true, ROOT ".1.2.1.2", FIRST);
	expect_next_if(true, ROOT ".1.2.9.4294967295",
		ROOT ".1.2.9.4294967295 = untouched");
	expect_next_if(true, ROOT, FIRST);
	expect_next_if(true, "1.3.6", FIRST);
	expect_next_if(true, "1.3.7", "1.3.7 = untouched");
}

static void
an_arc_of_more_than_32_bits_is_behind_all_that_have_32(void **state)
{
	(void)state;
	expect_get(ROOT ".1.2.1.4294967296", "no such instance");
	expect_get(ROOT ".1.2.4294967297.3", "no such object");
	expect_get(ROOT ".4294967297.2.1.3", "no such object");
	expect_get("1.3.6.1.4.4294967297.99.1.2.1.3", "no such object");
	expect_next(ROOT ".1.2.1.4294967296", THIRD);
	expect_next(ROOT ".1.2.1.18446744073709551615", THIRD);
	expect_next(ROOT ".1.2.1.3.4294967296", SECOND);
	expect_next(ROOT ".1.4294967296.1", ROOT ".1.4294967296.1 = untouched");
	expect_next("1.3.4294967302", "1.3.4294967302 = untouched");
	expect_next_if(true, ROOT ".1.2.1.4294967299", THIRD);
}

/* As the library reads 4294967295 from AgentX. */
#define WITH_SIGN "18446744073709551615"

static void
an_arc_whose_sign_was_kept_is_the_one_that_was_sent(void **state)
{
	(void)state;
	expect_get(ROOT ".1.2.1." WITH_SIGN, "type 2 2147483647");
	expect_get(ROOT ".1.2.9." WITH_SIGN, "no such instance");
	expect_next(ROOT ".1.2.1." WITH_SIGN, THIRD);
	expect_next_if(true, ROOT ".1.2.1." WITH_SIGN, SECOND);
	/* 2147483648 */
	expect_next(ROOT ".1.2.1.18446744071562067968", SECOND);
	expect_next(ROOT ".1.2.1.3.18446744071562067968", SECOND);
}

/* start and as many arcs as the library can have. */
static char *
longest(const char *start, const char *arc)
{
	struct buf name = {0};
	oid arcs[MAX_OID_LEN];
	buf_adds(&name, start);
	for (size_t len = parse(start, arcs); len < MAX_OID_LEN; len++)
		buf_adds(&name, arc);
	assert_int_equal(parse(name.data, arcs), 128);
	return name.data;
}

static void
the_longest_names_are_only_names(void **state)
{
	(void)state;
	char *low = longest(ROOT ".1.2.1.3", ".0");
	char *high = longest(ROOT ".1.2.1.4294967295", ".4294967295");
	char *wide = longest(ROOT ".1.2.1.4294967295", ".4294967296");
	expect_get(low, "no such instance");
	expect_get(high, "no such instance");
	expect_get(wide, "no such instance");
	expect_next(low, SECOND);
	expect_next_if(true, low, SECOND);
	expect_next(high, THIRD);
	expect_next(wide, THIRD);
	free(low);
	free(high);
	free(wide);
}

static void
a_name_longer_than_the_library_can_have_is_an_error(void **state)
{
	(void)state;
	struct answer deep = answer;
	while (deep.root.len < MAX_OID_LEN - 4)
		deep.root.arcs[deep.root.len++] = 5;
	for (int i = 0; i < 2; i++) {
		struct call call = {0};
		netsnmp_request_info *request = add(&call, "1");
		make(&call, MODE_GETNEXT, &deep);
		assert_int_equal(request->status,
			i == 0 ? SNMP_ERR_NOERROR : SNMP_ERR_GENERR);
		assert_int_equal(request->requestvb->name_length,
			i == 0 ? MAX_OID_LEN : 1);
		snmp_free_varbind(call.list);
		deep.root.arcs[deep.root.len++] = 5;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_next_one_is_reached_from_before_from_the_root_and_from_within),
		cmocka_unit_test(behind_the_last_one_a_variable_stays_as_it_is),
		cmocka_unit_test(inclusive_is_the_object_itself_if_it_is_there),
		cmocka_unit_test(
			an_arc_of_more_than_32_bits_is_behind_all_that_have_32),
		cmocka_unit_test(
			an_arc_whose_sign_was_kept_is_the_one_that_was_sent),
		cmocka_unit_test(the_longest_names_are_only_names),
		cmocka_unit_test(
			a_name_longer_than_the_library_can_have_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
