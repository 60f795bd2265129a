/* SPDX-License-Identifier: ISC */
/* test_notification — what a notification carries. */
#include "agent/notification.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "lib/buf.h"

static const struct tree_name root = {.arcs = {1, 3, 6, 1, 4, 1, 99}, .len = 7};

static struct buf sent;

static void
show_name(const oid *arcs, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(&sent, "%s%lu", i > 0 ? "." : "", arcs[i]);
}

/* Instead of the library's. */
void
send_v2trap(netsnmp_variable_list *list)
{
	for (; list != NULL; list = list->next_variable) {
		show_name(list->name, list->name_length);
		buf_printf(&sent, " %x ", list->type);
		if (list->type == ASN_OBJECT_ID)
			show_name(list->val.objid, list->val_len / sizeof(oid));
		else if (list->type != ASN_OCTET_STR)
			buf_printf(&sent, "%ld", *list->val.integer);
		for (size_t i = 0;
			list->type == ASN_OCTET_STR && i < list->val_len; i++)
			buf_printf(&sent,
				list->val.string[i] >= ' ' &&
						list->val.string[i] <= '~'
					? "%c"
					: "<%02x>",
				list->val.string[i]);
		buf_addc(&sent, '\n');
	}
}

static void
expect_sent(const char *expected)
{
	assert_string_equal(sent.data, expected);
	buf_free(&sent);
}

static void
raised_has_all_objects_of_the_change(void **state)
{
	(void)state;
	const struct change_told told = {
		.is_raised = true,
		.number = 4294967295,
		.time = 1200,
		.name = "dkim_failures",
		.key = "example.org",
		.severity = "critical",
		.value = "0.25",
		.threshold = "0.1",
		.text = "a quarter of all",
	};
	notification_send(&root, &told);
	expect_sent("1.3.6.1.6.3.1.1.4.1.0 6 1.3.6.1.4.1.99.0.1\n"
		    "1.3.6.1.4.1.99.1.11.1.0 42 4294967295\n"
		    "1.3.6.1.4.1.99.1.11.2.0 4 "
		    "<07><b2><01><01><00><14><00><00>+<00><00>\n"
		    "1.3.6.1.4.1.99.1.11.3.0 4 dkim_failures\n"
		    "1.3.6.1.4.1.99.1.11.4.0 4 example.org\n"
		    "1.3.6.1.4.1.99.1.11.5.0 2 4\n"
		    "1.3.6.1.4.1.99.1.11.6.0 4 0.25\n"
		    "1.3.6.1.4.1.99.1.11.7.0 4 0.1\n"
		    "1.3.6.1.4.1.99.1.11.8.0 4 a quarter of all\n");
}

static void
cleared_has_them_too_though_texts_be_empty(void **state)
{
	(void)state;
	const struct change_told told = {
		.number = 1,
		.name = "a",
		.key = "all",
		.severity = "some other word",
		.value = "",
		.threshold = "",
		.text = "",
	};
	notification_send(&root, &told);
	expect_sent("1.3.6.1.6.3.1.1.4.1.0 6 1.3.6.1.4.1.99.0.2\n"
		    "1.3.6.1.4.1.99.1.11.1.0 42 1\n"
		    "1.3.6.1.4.1.99.1.11.2.0 4 "
		    "<07><b2><01><01><00><00><00><00>+<00><00>\n"
		    "1.3.6.1.4.1.99.1.11.3.0 4 a\n"
		    "1.3.6.1.4.1.99.1.11.4.0 4 all\n"
		    "1.3.6.1.4.1.99.1.11.5.0 2 1\n"
		    "1.3.6.1.4.1.99.1.11.6.0 4 \n"
		    "1.3.6.1.4.1.99.1.11.7.0 4 \n"
		    "1.3.6.1.4.1.99.1.11.8.0 4 \n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raised_has_all_objects_of_the_change),
		cmocka_unit_test(cleared_has_them_too_though_texts_be_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
