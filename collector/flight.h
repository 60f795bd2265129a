/* SPDX-License-Identifier: ISC */
/*
 * flight — which message a queue id means, and which two are one.
 *
 * Between the ledger, which knows ids, and messages.h, which knows lines.
 */
#ifndef COLLECTOR_FLIGHT_H
#define COLLECTOR_FLIGHT_H

#include "collector/judge.h"

/* Where a line was written. */
struct flight_place {
	struct ledger *ledger;
	uint32_t host;             /* ledger_host(), host_alias looked up */
	const struct row *machine; /* host row, NULL: none */
};

/* Each is NULL for what is no queue id.
 *
 * A new entry, which hides an older one. */
struct ledger_message *flight_begin(
	const struct flight_place *place, struct slice id);
/* For a line of the mail system itself. */
struct ledger_message *flight_entry(
	const struct flight_place *place, struct slice id);
/* For a line of a milter or what a filter says, perhaps on another machine. */
struct ledger_message *flight_message(
	const struct flight_place *place, struct slice id);

/* To be settled when none of its queue ids is left. */
void flight_settle(struct ledger *ledger, struct ledger_message *message);

/* Two queue ids are one message. */
void flight_join(struct judge *judge, struct ledger_message *original,
	struct ledger_message *copy);

#endif
