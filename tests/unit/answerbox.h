/* SPDX-License-Identifier: ISC */
/*
 * answerbox — a small tree of all types, and requests for it as the SNMP
 * library makes them.
 */
#ifndef TESTS_UNIT_ANSWERBOX_H
#define TESTS_UNIT_ANSWERBOX_H

#include "agent/answer.c"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "agent/cell.h"
#include "lib/buf.h"

#define LAST_ROW 4294967295
#define ROOT "1.3.6.1.4.1.99"
#define LONG_TEXT                                                    \
	"a text that is longer than what the library has room for, " \
	"without asking for memory"

/* Below ROOT.1.2: a column for each type; rows 3 and the last one there can
 * be. The last column has only its first cell. */
static const struct value column_values[] = {
	[1] = {.type = VALUE_INTEGER, .number = 2147483647},
	[2] = {.type = VALUE_GAUGE, .number = 4294967295},
	[3] = {.type = VALUE_COUNTER32, .number = 4294967294},
	[4] = {.type = VALUE_COUNTER64, .number = 0x1234567890abcdef},
	[5] = {.type = VALUE_TIMETICKS, .number = 4294967293},
	[6] = {.type = VALUE_STRING, .text = "a\0b", .len = 3},
	[7] = {.type = VALUE_STRING, .text = LONG_TEXT},
	[8] = {.type = VALUE_OID, .text = "1.3.4294967295"},
	[9] = {.type = VALUE_STRING, .text = ""},
};
static const uint32_t column_arcs[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static inline size_t
columns(const struct moment *moment, const uint32_t **arcs)
{
	(void)moment;
	*arcs = column_arcs;
	return sizeof(column_arcs) / sizeof(*column_arcs);
}

static inline size_t
rows(const struct moment *moment)
{
	(void)moment;
	return 2;
}

static inline void
index_row(
	const struct moment *moment, size_t row, uint32_t index[AREA_INDEX_MAX])
{
	(void)moment;
	index[0] = row == 0 ? 3 : UINT32_MAX;
}

static inline bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)moment;
	if (column == 9 && row == 1)
		return false;
	*value = column_values[column];
	if (column == 7)
		value->len = strlen(value->text);
	return true;
}

static const struct area area = {
	.prefix = {1, 2},
	.prefix_len = 2,
	.index_len = 1,
	.columns = columns,
	.rows = rows,
	.index = index_row,
	.cell = cell,
};
static const struct area *const areas[] = {&area};
static const struct tree tree = {areas, 1};
static const struct moment moment;
static const struct answer answer = {
	.tree = &tree,
	.moment = &moment,
	.root = {.arcs = {1, 3, 6, 1, 4, 1, 99}, .len = 7},
};

enum { REQUESTS = 4 };

/* What one call of the library has. */
struct call {
	netsnmp_variable_list *list;
	netsnmp_request_info requests[REQUESTS];
	size_t count;
};

static inline size_t
parse(const char *name, oid arcs[MAX_OID_LEN])
{
	size_t len = 0;
	for (char *end; *name != '\0'; name = *end == '.' ? end + 1 : end) {
		assert_true(len < MAX_OID_LEN);
		arcs[len++] = strtoul(name, &end, 10);
	}
	return len;
}

static inline netsnmp_request_info *
add(struct call *call, const char *name)
{
	oid arcs[MAX_OID_LEN];
	size_t len = parse(name, arcs);
	netsnmp_request_info *request = &call->requests[call->count++];
	*request = (netsnmp_request_info){
		.requestvb = snmp_varlist_add_variable(
			&call->list, arcs, len, ASN_NULL, NULL, 0)};
	if (call->count > 1)
		request[-1].next = request;
	return request;
}

static inline void
make(struct call *call, int mode, const struct answer *from)
{
	netsnmp_handler_registration registration = {
		/* It is only read. */
		.my_reg_void = (void *)(uintptr_t)from,
	};
	netsnmp_agent_request_info info = {.mode = mode};
	assert_int_equal(handle(NULL, &registration, &info, call->requests),
		SNMP_ERR_NOERROR);
}

static inline void
show_value(const netsnmp_variable_list *variable, struct buf *text)
{
	const struct counter64 *wide = variable->val.counter64;
	switch (variable->type) {
	case ASN_OCTET_STR:
		buf_printf(text, "text %.*s", (int)variable->val_len,
			(const char *)variable->val.string);
		break;
	case ASN_OBJECT_ID:
		buf_adds(text, "oid");
		for (size_t i = 0; i < variable->val_len / sizeof(oid); i++)
			buf_printf(text, ".%lu", variable->val.objid[i]);
		break;
	case ASN_COUNTER64:
		buf_printf(text, "counter64 %lx:%lx", wide->high, wide->low);
		break;
	case ASN_NULL:
		buf_adds(text, "untouched");
		break;
	case SNMP_NOSUCHOBJECT:
		buf_adds(text, "no such object");
		break;
	case SNMP_NOSUCHINSTANCE:
		buf_adds(text, "no such instance");
		break;
	default:
		buf_printf(text, "type %x %ld", variable->type,
			*variable->val.integer);
	}
}

static inline void
expect_variable(const netsnmp_variable_list *variable, const char *expected)
{
	struct buf text = {0};
	for (size_t i = 0; i < variable->name_length; i++)
		buf_printf(&text, "%s%lu", i > 0 ? "." : "", variable->name[i]);
	buf_adds(&text, " = ");
	show_value(variable, &text);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static inline void
expect_get(const char *name, const char *expected)
{
	struct call call = {0};
	struct buf all = {0};
	netsnmp_request_info *request = add(&call, name);
	make(&call, MODE_GET, &answer);
	buf_printf(&all, "%s = %s", name, expected);
	expect_variable(request->requestvb, all.data);
	assert_int_equal(request->status, SNMP_ERR_NOERROR);
	buf_free(&all);
	snmp_free_varbind(call.list);
}

static inline void
expect_next_if(bool is_inclusive, const char *name, const char *expected)
{
	struct call call = {0};
	netsnmp_request_info *request = add(&call, name);
	request->inclusive = is_inclusive;
	make(&call, MODE_GETNEXT, &answer);
	expect_variable(request->requestvb, expected);
	assert_int_equal(request->status, SNMP_ERR_NOERROR);
	snmp_free_varbind(call.list);
}

static inline void
expect_next(const char *name, const char *expected)
{
	expect_next_if(false, name, expected);
}

#define FIRST ROOT ".1.2.1.3 = type 2 2147483647"
#define SECOND ROOT ".1.2.1.4294967295 = type 2 2147483647"
#define THIRD ROOT ".1.2.2.3 = type 42 4294967295"
#define LAST_NAME ROOT ".1.2.9.3"

#endif
