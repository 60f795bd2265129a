/* SPDX-License-Identifier: ISC */
/* system — see system.h. */
#include "agent/system.h"

#include <sys/utsname.h>

#include "agent/cell.h"

enum { DESCR = 1, OBJECT_ID, UP_TIME, NAME = 5 };

/* netSnmpAgentOIDs.linux: the MIB's root says nothing of the machine. */
#define OBJECT_ID_LINUX "1.3.6.1.4.1.8072.3.2.10"

static const uint32_t arcs[] = {DESCR, OBJECT_ID, UP_TIME, NAME};

/* Lives for ever: a value borrows its text. */
static const char *
host_name(void)
{
	static struct utsname names;
	return uname(&names) == 0 ? names.nodename : "";
}

static bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)row;
	switch (column) {
	case DESCR:
		return cell_text(value, "mailtally-agent " VERSION);
	case OBJECT_ID:
		cell_text(value, OBJECT_ID_LINUX);
		value->type = VALUE_OID;
		return true;
	case UP_TIME:
		return cell_ticks(value, moment->uptime);
	default:
		return cell_text(value, host_name());
	}
}

static const struct area system_area = {
	.prefix = {1},
	.prefix_len = 1,
	.index_len = 1,
	.arcs = arcs,
	.arc_count = sizeof(arcs) / sizeof(arcs[0]),
	.rows = cell_one_row,
	.index = cell_row_zero,
	.cell = cell,
};

static const struct area *const areas[] = {&system_area};

const struct tree system_tree = {.areas = areas, .count = 1};
const struct tree_name system_root = {.arcs = {1, 3, 6, 1, 2, 1}, .len = 6};
