/* SPDX-License-Identifier: ISC */
/*
 * walk — read columns of a table and write how fast that went, as JSON.
 *
 * Asks for all columns at once, row by row, and begins again at the top until
 * it has read so many values.  Checks that names ascend and that all columns
 * end at the same row; looks at no value.
 */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS_MAX = 16, USAGE = 2 };

struct column {
	oid root[MAX_OID_LEN], at[MAX_OID_LEN];
	size_t root_len, at_len;
};

static struct column columns[COLUMNS_MAX];
static size_t column_count;

_Noreturn static void
fail(const char *what)
{
	fprintf(stderr, "walk: %s\n", what);
	exit(1);
}

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct snmp_session *
connect_to(const char *address, const char *community)
{
	struct snmp_session session;
	snmp_sess_init(&session);
	session.version = SNMP_VERSION_2c;
	session.peername = strdup(address);
	session.community = (u_char *)strdup(community);
	session.community_len = strlen(community);
	session.timeout = 5000000;
	session.retries = 0;
	struct snmp_session *open = snmp_open(&session);
	if (!open)
		fail("cannot open a session");
	free(session.peername);
	free(session.community);
	return open;
}

/* max 0: GETNEXT. */
static struct snmp_pdu *
ask(struct snmp_session *session, long max)
{
	struct snmp_pdu *pdu =
		snmp_pdu_create(max > 0 ? SNMP_MSG_GETBULK : SNMP_MSG_GETNEXT);
	if (max > 0) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = max;
	}
	for (size_t i = 0; i < column_count; i++)
		snmp_add_null_var(pdu, columns[i].at, columns[i].at_len);
	struct snmp_pdu *response = NULL;
	if (snmp_synch_response(session, pdu, &response) != STAT_SUCCESS)
		fail("no answer");
	if (response->errstat != SNMP_ERR_NOERROR)
		fail(snmp_errstring((int)response->errstat));
	return response;
}

/* Whether the value is one of the column's, which then moves on to it. */
static bool
take(struct column *column, const struct variable_list *var)
{
	if (var->type == SNMP_ENDOFMIBVIEW ||
		var->name_length < column->root_len ||
		snmp_oid_compare(var->name, column->root_len, column->root,
			column->root_len) != 0)
		return false;
	if (snmp_oid_compare(var->name, var->name_length, column->at,
		    column->at_len) <= 0)
		fail("names do not ascend");
	memcpy(column->at, var->name, var->name_length * sizeof(oid));
	column->at_len = var->name_length;
	return true;
}

/* Takes an answer's values; false when the columns are at their end. */
static bool
take_all(const struct snmp_pdu *response, size_t *taken)
{
	size_t i = 0, ended = 0;
	for (const struct variable_list *var = response->variables; var;
		var = var->next_variable) {
		if (take(&columns[i], var))
			++*taken;
		else
			ended++;
		i = (i + 1) % column_count;
		if (i > 0 || ended == 0)
			continue;
		if (ended != column_count)
			fail("the columns end at different rows");
		return false;
	}
	return true;
}

static size_t
walk_once(struct snmp_session *session, long max, size_t *requests)
{
	for (size_t i = 0; i < column_count; i++) {
		struct column *column = &columns[i];
		memcpy(column->at, column->root, sizeof(column->at));
		column->at_len = column->root_len;
	}
	size_t taken = 0;
	for (bool more = true; more;) {
		struct snmp_pdu *response = ask(session, max);
		more = take_all(response, &taken);
		snmp_free_pdu(response);
		++*requests;
	}
	return taken;
}

int
main(int argc, char **argv)
{
	if (argc < 6 || argc > 5 + COLUMNS_MAX) {
		fputs("Usage: walk ADDRESS COMMUNITY MAX-REPETITIONS VALUES "
		      "COLUMN…\n",
			stderr);
		return USAGE;
	}
	long max = strtol(argv[3], NULL, 10);
	size_t wanted = strtoul(argv[4], NULL, 10);
	snmp_disable_stderrlog();
	netsnmp_ds_set_boolean(
		NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	init_snmp("walk");
	for (int i = 5; i < argc; i++) {
		struct column *column = &columns[column_count++];
		column->root_len = MAX_OID_LEN;
		if (!read_objid(argv[i], column->root, &column->root_len))
			fail("a column is no object identifier");
	}
	struct snmp_session *session = connect_to(argv[1], argv[2]);
	size_t total = 0, requests = 0, rows = 0;
	double start = now();
	do {
		size_t taken = walk_once(session, max, &requests);
		if (taken == 0)
			fail("the table is empty");
		rows = taken / column_count;
		total += taken;
	} while (total < wanted);
	double elapsed = now() - start;
	printf("{\"rows\": %zu, \"values\": %zu, \"requests\": %zu, "
	       "\"seconds\": %.6f, \"rate\": %.1f}\n",
		rows, total, requests, elapsed, (double)total / elapsed);
	snmp_close(session);
	return 0;
}
