/* SPDX-License-Identifier: ISC */
/* notification — see notification.h. */
#include "agent/notification.h"

#include "agent/alerts.h"
#include "agent/answer.h"
#include "agent/cell.h"
#include "agent/netsnmp.h"

/* Of root.0 and root.1.11. */
enum { RAISED = 1, CLEARED };
enum { NUMBER = 1, TIME, ALERT, KEY, SEVERITY, VALUE, THRESHOLD, TEXT };
enum { OBJECTS = 1, CHANGE = 11 };

struct varbinds {
	const struct tree_name *root;
	netsnmp_variable_list *list;
};

static void
add(struct varbinds *varbinds, uint32_t arc, const struct value *value)
{
	const struct tree_name name = {
		.arcs = {OBJECTS, CHANGE, arc, 0}, .len = 4};
	answer_append(&varbinds->list, varbinds->root, &name, value);
}

static void
add_text(struct varbinds *varbinds, uint32_t arc, const char *text)
{
	struct value value;
	cell_text(&value, text);
	add(varbinds, arc, &value);
}

/* snmpTrapOID.0, which says what the notification is. */
static void
add_kind(struct varbinds *varbinds, bool is_raised)
{
	static const oid trap_oid[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
	oid kind[MAX_OID_LEN];
	size_t len = 0;
	for (; len < varbinds->root->len; len++)
		kind[len] = varbinds->root->arcs[len];
	kind[len++] = 0;
	kind[len++] = is_raised ? RAISED : CLEARED;
	snmp_varlist_add_variable(&varbinds->list, trap_oid,
		OID_LENGTH(trap_oid), ASN_OBJECT_ID, kind, len * sizeof(*kind));
}

void
notification_send(const struct tree_name *root, const struct change_told *told)
{
	struct varbinds varbinds = {.root = root};
	struct value value;
	add_kind(&varbinds, told->is_raised);
	cell_gauge(&value, told->number);
	add(&varbinds, NUMBER, &value);
	cell_date(&value, told->time);
	add(&varbinds, TIME, &value);
	add_text(&varbinds, ALERT, told->name);
	add_text(&varbinds, KEY, told->key);
	cell_integer(&value, alerts_severity(told->severity));
	add(&varbinds, SEVERITY, &value);
	add_text(&varbinds, VALUE, told->value);
	add_text(&varbinds, THRESHOLD, told->threshold);
	add_text(&varbinds, TEXT, told->text);
	send_v2trap(varbinds.list);
	snmp_free_varbind(varbinds.list);
}
