/* SPDX-License-Identifier: ISC */
/*
 * bare — the least that a subagent can be: what the agent is measured by.
 *
 * One raw handler over a fixed, sorted array of rows with the columns of
 * mtDomainTable, Counter64; no snapshot, no other object, no care.  Its rate is
 * what the SNMP library, snmpd and the machine allow.
 */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/columns.h"

/* A name is that of the table's entry, column, index. */
static oid root[MAX_OID_LEN];
static size_t root_len;
static uint32_t rows;
static uint64_t *values; /* of row 1's columns, row 2's columns … */
static const uint32_t *columns;
static size_t column_count;

/* The first place of column, at or behind `least`. */
static size_t
find_column(oid least)
{
	size_t low = 0, high = column_count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (columns[mid] < least)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
put(netsnmp_request_info *request, size_t column, oid row)
{
	oid name[MAX_OID_LEN];
	memcpy(name, root, root_len * sizeof(oid));
	name[root_len] = columns[column];
	name[root_len + 1] = row;
	snmp_set_var_objid(request->requestvb, name, root_len + 2);
	uint64_t value = values[(row - 1) * column_count + column];
	struct counter64 c = {.high = value >> 32, .low = value & UINT32_MAX};
	snmp_set_var_typed_value(
		request->requestvb, ASN_COUNTER64, &c, sizeof(c));
}

static void
next(netsnmp_request_info *request)
{
	const struct variable_list *var = request->requestvb;
	size_t column = 0;
	oid row = 1;
	if (snmp_oid_compare(var->name, var->name_length, root, root_len) > 0 &&
		var->name_length > root_len) {
		column = find_column(var->name[root_len]);
		if (column < column_count && var->name_length > root_len + 1 &&
			columns[column] == var->name[root_len])
			row = var->name[root_len + 1] + 1;
	}
	if (row > rows) {
		column++;
		row = 1;
	}
	if (column < column_count)
		put(request, column, row);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *reg,
	netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	(void)handler;
	(void)reg;
	for (; request; request = request->next)
		if (info->mode == MODE_GETNEXT && !request->processed)
			next(request);
	return SNMP_ERR_NOERROR;
}

/* The library's own way needs all of it to be started. */
static void
read_root(const char *text)
{
	char *end;
	do {
		root[root_len++] = strtoul(text, &end, 10);
		text = end + 1;
	} while (*end == '.' && root_len < MAX_OID_LEN - 2);
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("Usage: bare SOCKET TABLE-ENTRY ROWS\n", stderr);
		return 2;
	}
	read_root(argv[2]);
	rows = (uint32_t)strtoul(argv[3], NULL, 10);
	column_count = columns_of(VIEW_DOMAIN, &columns) - 1;
	columns++; /* COLUMNS_NAME is no counter */
	values = calloc(rows * column_count, sizeof(*values));
	if (!values)
		return 1;
	for (size_t i = 0; i < rows * column_count; i++)
		values[i] = (uint64_t)i << 20;
	netsnmp_ds_set_boolean(
		NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_enable_subagent();
	netsnmp_ds_set_string(
		NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, argv[1]);
	init_agent("bare");
	netsnmp_register_handler(netsnmp_create_handler_registration(
		"bare", handle, root, root_len, HANDLER_CAN_RONLY));
	init_snmp("bare");
	for (;;)
		agent_check_and_process(1);
}
