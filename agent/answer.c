/* SPDX-License-Identifier: ISC */
/* answer — see answer.h. */
#include "agent/answer.h"

#include <stdlib.h>
#include <string.h>

#include "agent/netsnmp.h"

/* Where the name asked for lies, seen from the root. */
enum place { BEFORE, WITHIN, BEHIND };

/* Of a number that came over AgentX the library keeps the sign, as if it had
 * been an int: from 2^31 on all bits above are set. */
static oid
arc_of(oid arc)
{
	return arc >> 31 == (oid)-1 >> 31 ? arc & UINT32_MAX : arc;
}

/* Puts what stands behind the root into name.  A name that we cannot hold
 * becomes the greatest that we can hold and that is not greater: there is no
 * object between the two. */
static enum place
locate(const struct tree_name *root, const oid *arcs, size_t len,
	struct tree_name *name)
{
	name->len = 0;
	for (size_t i = 0; i < root->len; i++) {
		if (i == len || arc_of(arcs[i]) < root->arcs[i])
			return BEFORE;
		if (arc_of(arcs[i]) > root->arcs[i])
			return BEHIND;
	}
	for (size_t i = root->len; i < len && name->len < TREE_NAME_MAX; i++) {
		oid arc = arc_of(arcs[i]);
		if (arc > UINT32_MAX) {
			while (name->len < TREE_NAME_MAX)
				name->arcs[name->len++] = UINT32_MAX;
			break;
		}
		name->arcs[name->len++] = (uint32_t)arc;
	}
	return WITHIN;
}

/* From dotted numbers. */
static int
set_oid(netsnmp_variable_list *variable, const char *text)
{
	oid arcs[MAX_OID_LEN];
	size_t len = 0;
	for (const char *at = text; len < MAX_OID_LEN; at++) {
		char *end;
		arcs[len++] = strtoul(at, &end, 10);
		at = end;
		if (*at != '.')
			break;
	}
	return snmp_set_var_typed_value(
		variable, ASN_OBJECT_ID, arcs, len * sizeof(oid));
}

/* 0, or the library had no memory. */
static int
set_value(netsnmp_variable_list *variable, const struct value *value)
{
	static const struct {
		u_char type;
		uint64_t max;
	} numbers[] = {
		[VALUE_INTEGER] = {ASN_INTEGER, INT32_MAX},
		[VALUE_GAUGE] = {ASN_GAUGE, UINT32_MAX},
		[VALUE_COUNTER32] = {ASN_COUNTER, UINT32_MAX},
		[VALUE_TIMETICKS] = {ASN_TIMETICKS, UINT32_MAX},
	};
	if (value->type == VALUE_STRING)
		return snmp_set_var_typed_value(
			variable, ASN_OCTET_STR, value->text, value->len);
	if (value->type == VALUE_OID)
		return set_oid(variable, value->text);
	if (value->type == VALUE_COUNTER64) {
		/* Two words of 32 bits, however wide a long is. */
		const struct counter64 counter = {
			.high = value->number >> 32,
			.low = value->number & UINT32_MAX,
		};
		return snmp_set_var_typed_value(
			variable, ASN_COUNTER64, &counter, sizeof(counter));
	}
	uint64_t max = numbers[value->type].max;
	long number = (long)(value->number < max ? value->number : max);
	return snmp_set_var_typed_value(
		variable, numbers[value->type].type, &number, sizeof(number));
}

static int
set_name(netsnmp_variable_list *variable, const struct tree_name *root,
	const struct tree_name *name)
{
	oid arcs[MAX_OID_LEN];
	size_t len = 0;
	if (root->len + name->len > MAX_OID_LEN)
		return -1;
	for (size_t i = 0; i < root->len; i++)
		arcs[len++] = root->arcs[i];
	for (size_t i = 0; i < name->len; i++)
		arcs[len++] = name->arcs[i];
	return snmp_set_var_objid(variable, arcs, len);
}

/* What the request is answered with: SNMP_ERR_NOERROR, an exception or an
 * error. */
static int
answer_get(const struct answer *answer, netsnmp_variable_list *variable)
{
	struct tree_name name;
	struct value value = {0};
	if (locate(&answer->root, variable->name, variable->name_length,
		    &name) != WITHIN)
		return SNMP_NOSUCHOBJECT;
	switch (tree_get(answer->tree, answer->moment, &name, &value)) {
	case TREE_FOUND:
		return set_value(variable, &value) == 0 ? SNMP_ERR_NOERROR
							: SNMP_ERR_GENERR;
	case TREE_NO_INSTANCE:
		return SNMP_NOSUCHINSTANCE;
	default:
		return SNMP_NOSUCHOBJECT;
	}
}

/* Nothing behind the name: the variable stays, and the library asks whoever
 * comes next. */
static int
answer_next(const struct answer *answer, const netsnmp_request_info *request)
{
	netsnmp_variable_list *variable = request->requestvb;
	struct tree_name name;
	struct value value = {0};
	enum place place = locate(
		&answer->root, variable->name, variable->name_length, &name);
	bool is_found = place == WITHIN && request->inclusive &&
			tree_get(answer->tree, answer->moment, &name, &value) ==
				TREE_FOUND;
	if (!is_found)
		is_found =
			place != BEHIND &&
			tree_next(answer->tree, answer->moment, &name, &value);
	if (is_found && (set_name(variable, &answer->root, &name) != 0 ||
				set_value(variable, &value) != 0))
		return SNMP_ERR_GENERR;
	return SNMP_ERR_NOERROR;
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
	netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	const struct answer *answer = registration->my_reg_void;
	(void)handler;
	for (netsnmp_request_info *request = requests; request != NULL;
		request = request->next) {
		if (request->processed)
			continue;
		int error = SNMP_ERR_NOERROR;
		if (info->mode == MODE_GET)
			error = answer_get(answer, request->requestvb);
		else if (info->mode == MODE_GETNEXT)
			error = answer_next(answer, request);
		if (error != SNMP_ERR_NOERROR)
			netsnmp_set_request_error(info, request, error);
	}
	return SNMP_ERR_NOERROR;
}

int
answer_register(struct answer *answer, const char *name, struct err *err)
{
	oid root[MAX_OID_LEN];
	for (size_t i = 0; i < answer->root.len; i++)
		root[i] = answer->root.arcs[i];
	netsnmp_handler_registration *registration =
		netsnmp_create_handler_registration(name, handle, root,
			answer->root.len, HANDLER_CAN_RONLY);
	if (registration != NULL)
		registration->my_reg_void = answer;
	if (registration == NULL ||
		netsnmp_register_handler(registration) != MIB_REGISTERED_OK)
		return err_set(err,
			"the SNMP library does not take the tree %s", name);
	return 0;
}

void
answer_append(netsnmp_variable_list **list, const struct tree_name *root,
	const struct tree_name *name, const struct value *value)
{
	static const oid nameless[] = {0, 0};
	netsnmp_variable_list *variable = snmp_varlist_add_variable(
		list, nameless, OID_LENGTH(nameless), ASN_NULL, NULL, 0);
	if (variable != NULL && set_name(variable, root, name) == 0)
		set_value(variable, value);
}
