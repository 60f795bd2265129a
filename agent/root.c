/* SPDX-License-Identifier: ISC */
/* root — see root.h. */
#include "agent/root.h"

#include <stdlib.h>

#include "lib/shape.h"

int
root_parse(const char *text, struct tree_name *root, struct err *err)
{
	if (!shape_is_root(text))
		return err_set(err,
			"root is '%s': must be an OID below 1.3.6.1.4.1", text);
	root->len = 0;
	char *end;
	do {
		root->arcs[root->len++] = (uint32_t)strtoul(text, &end, 10);
		text = end + 1;
	} while (*end != '\0');
	return 0;
}
