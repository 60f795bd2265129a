/* SPDX-License-Identifier: ISC */
/* test_answer — requests of the SNMP library, answered out of a tree. */
#include "tests/unit/answerbox.h"

static void
each_type_of_value_comes_as_it_is(void **state)
{
	(void)state;
	expect_get(ROOT ".1.2.1.3", "type 2 2147483647");
	expect_get(ROOT ".1.2.2.3", "type 42 4294967295");
	expect_get(ROOT ".1.2.3.3", "type 41 4294967294");
	expect_get(ROOT ".1.2.5.3", "type 43 4294967293");
	expect_get(ROOT ".1.2.7.3", "text " LONG_TEXT);
	expect_get(ROOT ".1.2.8.3", "oid.1.3.4294967295");
	expect_get(ROOT ".1.2.9.3", "text ");
}

static void
a_counter64_has_two_words_of_32_bits(void **state)
{
	(void)state;
	expect_get(ROOT ".1.2.4.3", "counter64 12345678:90abcdef");
}

static void
a_text_may_hold_any_octet(void **state)
{
	(void)state;
	struct call call = {0};
	const netsnmp_variable_list *variable =
		add(&call, ROOT ".1.2.6.3")->requestvb;
	make(&call, MODE_GET, &answer);
	assert_int_equal(variable->val_len, 3);
	assert_memory_equal(variable->val.string, "a\0b", 3);
	snmp_free_varbind(call.list);
}

static void
numbers_stop_at_the_end_of_their_type(void **state)
{
	(void)state;
	const struct {
		enum value_type type;
		long expected;
	} cases[] = {
		{VALUE_INTEGER, 2147483647},
		{VALUE_GAUGE, 4294967295},
		{VALUE_COUNTER32, 4294967295},
		{VALUE_TIMETICKS, 4294967295},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		netsnmp_variable_list variable = {0};
		const struct value value = {
			.type = cases[i].type, .number = UINT64_MAX};
		assert_int_equal(set_value(&variable, &value), 0);
		assert_int_equal(*variable.val.integer, cases[i].expected);
	}
}

static void
what_is_not_there_is_no_instance_or_no_object(void **state)
{
	(void)state;
	expect_get(ROOT ".1.2.1.4", "no such instance");
	expect_get(ROOT ".1.2.1", "no such instance");
	expect_get(ROOT ".1.2.1.3.0", "no such instance");
	expect_get(ROOT ".1.2.9.4294967295", "no such instance");
	expect_get(ROOT ".1.2.10.3", "no such object");
	expect_get(ROOT ".1.2", "no such object");
	expect_get(ROOT ".7", "no such object");
	expect_get(ROOT, "no such object");
	expect_get("1.3.6.1.4.1", "no such object");
	expect_get("1.3.6.1.4.1.98.1.2.1.3", "no such object");
	expect_get("1.3.6.1.4.1.100.1.2.1.3", "no such object");
}

static void
all_requests_of_a_call_are_answered_but_those_that_are_already(void **state)
{
	(void)state;
	struct call call = {0};
	add(&call, ROOT ".1.2.1.3");
	add(&call, ROOT ".1.2.2.3")->processed = 1;
	add(&call, ROOT ".7");
	add(&call, ROOT ".1.2.9.3");
	make(&call, MODE_GET, &answer);
	const netsnmp_request_info *of = call.requests;
	expect_variable(of[0].requestvb, FIRST);
	expect_variable(of[1].requestvb, ROOT ".1.2.2.3 = untouched");
	expect_variable(of[2].requestvb, ROOT ".7 = no such object");
	expect_variable(of[3].requestvb, ROOT ".1.2.9.3 = text ");
	snmp_free_varbind(call.list);
}

static void
nothing_can_be_set(void **state)
{
	(void)state;
	struct call call = {0};
	netsnmp_request_info *request = add(&call, ROOT ".1.2.1.3");
	make(&call, MODE_SET_RESERVE1, &answer);
	expect_variable(request->requestvb, ROOT ".1.2.1.3 = untouched");
	snmp_free_varbind(call.list);
}

static void
variables_are_appended_below_the_root(void **state)
{
	(void)state;
	netsnmp_variable_list *list = NULL;
	const struct tree_name name = {.arcs = {1, 11, 1, 0}, .len = 4};
	struct value value;
	cell_gauge(&value, 77);
	answer_append(&list, &answer.root, &name, &value);
	cell_text(&value, LONG_TEXT);
	answer_append(&list, &answer.root, &name, &value);
	expect_variable(list, ROOT ".1.11.1.0 = type 42 77");
	expect_variable(
		list->next_variable, ROOT ".1.11.1.0 = text " LONG_TEXT);
	assert_null(list->next_variable->next_variable);
	snmp_free_varbind(list);
}

/* Instead of the library's. */
static int registered;

int
netsnmp_register_handler(netsnmp_handler_registration *registration)
{
	assert_int_equal(registration->rootoid_len, 7);
	assert_int_equal(registration->rootoid[6], 99);
	assert_ptr_equal(registration->my_reg_void, &answer);
	assert_int_equal(registration->modes & HANDLER_CAN_SET, 0);
	netsnmp_handler_registration_free(registration);
	return registered;
}

static void
the_whole_tree_is_one_registration_and_only_to_be_read(void **state)
{
	(void)state;
	struct err err = {""};
	struct answer *borrowed = (struct answer *)(uintptr_t)&answer;
	registered = MIB_REGISTERED_OK;
	assert_int_equal(answer_register(borrowed, "mailtally", &err), 0);
	registered = MIB_DUPLICATE_REGISTRATION;
	assert_int_equal(answer_register(borrowed, "mailtally", &err), -1);
	assert_string_equal(
		err.text, "the SNMP library does not take the tree mailtally");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_of_value_comes_as_it_is),
		cmocka_unit_test(a_counter64_has_two_words_of_32_bits),
		cmocka_unit_test(a_text_may_hold_any_octet),
		cmocka_unit_test(numbers_stop_at_the_end_of_their_type),
		cmocka_unit_test(what_is_not_there_is_no_instance_or_no_object),
		cmocka_unit_test(
			all_requests_of_a_call_are_answered_but_those_that_are_already),
		cmocka_unit_test(nothing_can_be_set),
		cmocka_unit_test(variables_are_appended_below_the_root),
		cmocka_unit_test(
			the_whole_tree_is_one_registration_and_only_to_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
