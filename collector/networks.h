/* SPDX-License-Identifier: ISC */
/*
 * networks — a set of networks: is this address, as a log has it, in one?
 *
 * The lists that people write are short, so each is looked at in turn; nothing
 * is allocated for a question.  What is no address is in no network.
 */
#ifndef COLLECTOR_NETWORKS_H
#define COLLECTOR_NETWORKS_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/slice.h"

struct networks;

struct networks *networks_new(void);
void networks_free(struct networks *networks);
/* "192.0.2.0/24", "2001:db8::/32", "[::1]", single addresses; -1 with "TEXT:
 * why" where it is none, or has bits behind its length. */
int networks_add(struct networks *networks, const char *text, struct err *err);
/* address: "192.0.2.7", "2001:db8::1", "IPv6:2001:db8::1"; "::ffff:192.0.2.7"
 * is 192.0.2.7. */
bool networks_match(const struct networks *networks, struct slice address);

#endif
