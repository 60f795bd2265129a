/* SPDX-License-Identifier: ISC */
/*
 * filters — which addresses are content filters: a delivery to one is a hop, an
 * arrival from one is a message that comes back.
 *
 * Loopback always is; others are configured as ADDRESS:PORT.
 */
#ifndef COLLECTOR_FILTERS_H
#define COLLECTOR_FILTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/slice.h"

struct filters {
	const char *const *items; /* "192.0.2.7:10024"; borrowed */
	size_t count;
};

/* peer is what Postfix logs: name[address]:port, name[address] or a bare
 * address; without a port, the address alone decides. */
bool filters_match(const struct filters *filters, struct slice peer);

#endif
