/* SPDX-License-Identifier: ISC */
/* agenda — see agenda.h. */
#include "collector/agenda.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

void
agenda_free(struct agenda *agenda)
{
	free(agenda->entries);
	*agenda = (struct agenda){0};
}

void
agenda_add(struct agenda *agenda, struct agenda_entry entry)
{
	/* Half of it is over: there is room at the front. */
	if (agenda->first > 0 && agenda->first * 2 >= agenda->end) {
		agenda->end -= agenda->first;
		memmove(agenda->entries, agenda->entries + agenda->first,
			agenda->end * sizeof(*agenda->entries));
		agenda->first = 0;
	}
	agenda->entries = mem_grow(agenda->entries, agenda->end,
		&agenda->capacity, sizeof(*agenda->entries));
	struct agenda_entry *entries = agenda->entries;
	size_t i = agenda->end++;
	for (; i > agenda->first && entries[i - 1].time > entry.time; i--)
		entries[i] = entries[i - 1];
	entries[i] = entry;
}

bool
agenda_take(struct agenda *agenda, int64_t now, struct agenda_entry *entry)
{
	if (agenda->first == agenda->end ||
		agenda->entries[agenda->first].time > now)
		return false;
	*entry = agenda->entries[agenda->first++];
	return true;
}
