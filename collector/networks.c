/* SPDX-License-Identifier: ISC */
/* networks — see networks.h. */
#include "collector/networks.h"

#include <stdlib.h>

#include "lib/cidr.h"
#include "lib/mem.h"

struct networks {
	struct cidr *items;
	size_t count;
};

struct networks *
networks_new(void)
{
	return mem_zalloc(1, sizeof(struct networks));
}

void
networks_free(struct networks *networks)
{
	if (networks == NULL)
		return;
	free(networks->items);
	free(networks);
}

int
networks_add(struct networks *networks, const char *text, struct err *err)
{
	struct cidr cidr;
	struct err why;
	if (cidr_parse(text, &cidr, &why) != 0)
		return err_set(err, "'%s': %s", text, why.text);
	networks->items = mem_realloc(
		networks->items, networks->count + 1, sizeof(*networks->items));
	networks->items[networks->count++] = cidr;
	return 0;
}

bool
networks_match(const struct networks *networks, struct slice address)
{
	struct cidr read;
	if (networks->count == 0 || !cidr_read_address(address, &read))
		return false;
	for (size_t i = 0; i < networks->count; i++)
		if (cidr_holds(&networks->items[i], &read))
			return true;
	return false;
}
