/* SPDX-License-Identifier: ISC */
/* flight — see flight.h. */
#include "collector/flight.h"

static void
take_place(struct ledger_message *m, const struct flight_place *place)
{
	m->host = place->host;
	m->machine = place->machine != NULL ? (uint32_t)place->machine->number
					    : LEDGER_NO_ROW;
}

struct ledger_message *
flight_begin(const struct flight_place *place, struct slice id)
{
	struct ledger_message *m = ledger_add(place->ledger, place->host, id);
	if (m != NULL)
		take_place(m, place);
	return m;
}

struct ledger_message *
flight_entry(const struct flight_place *place, struct slice id)
{
	const uint32_t of_mail_system = LEDGER_ARRIVED | LEDGER_SUBMITTED |
					LEDGER_CREATED | LEDGER_ACTIVE |
					LEDGER_REMOVED;
	struct ledger_message *m = ledger_find(place->ledger, place->host, id);
	bool is_elsewhere = m == NULL;
	if (is_elsewhere)
		m = ledger_find_anywhere(place->ledger, id);
	if (m == NULL || (is_elsewhere && (m->facts & of_mail_system) != 0))
		return flight_begin(place, id);
	/* A milter spoke first, perhaps on another machine. */
	if ((m->facts & of_mail_system) == 0)
		take_place(m, place);
	return m;
}

struct ledger_message *
flight_message(const struct flight_place *place, struct slice id)
{
	struct ledger_message *m = ledger_find(place->ledger, place->host, id);
	if (m == NULL)
		m = ledger_find_anywhere(place->ledger, id);
	if (m == NULL)
		m = flight_begin(place, id);
	return m != NULL ? ledger_original(m) : NULL;
}

void
flight_settle(struct ledger *ledger, struct ledger_message *message)
{
	if (message->open == 0)
		ledger_settle(ledger, message);
	else
		message->due = 0;
}

void
flight_join(struct judge *judge, struct ledger_message *original,
	struct ledger_message *copy)
{
	original = ledger_original(original);
	copy = ledger_original(copy);
	if (original == copy)
		return;
	judge_join(judge, original, copy);
	flight_settle(judge->ledger, original);
}
