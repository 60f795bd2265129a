/* SPDX-License-Identifier: ISC */
/* agenda — see agenda.h. */
#include "collector/agenda.h"

#include <stdlib.h>

#include "lib/mem.h"

static bool
is_before(struct agenda_entry a, struct agenda_entry b)
{
	return a.time != b.time ? a.time < b.time : a.serial < b.serial;
}

void
agenda_free(struct agenda *agenda)
{
	free(agenda->entries);
	*agenda = (struct agenda){0};
}

void
agenda_add(struct agenda *agenda, struct agenda_entry entry)
{
	agenda->entries = mem_grow(agenda->entries, agenda->count,
		&agenda->capacity, sizeof(*agenda->entries));
	struct agenda_entry *entries = agenda->entries;
	size_t i = agenda->count++;
	for (; i > 0 && is_before(entry, entries[(i - 1) / 2]); i = (i - 1) / 2)
		entries[i] = entries[(i - 1) / 2];
	entries[i] = entry;
}

bool
agenda_take(struct agenda *agenda, int64_t now, struct agenda_entry *entry)
{
	struct agenda_entry *entries = agenda->entries;
	if (agenda->count == 0 || entries[0].time > now)
		return false;
	*entry = entries[0];
	struct agenda_entry last = entries[--agenda->count];
	size_t i = 0, child;
	for (; (child = 2 * i + 1) < agenda->count; i = child) {
		if (child + 1 < agenda->count &&
			is_before(entries[child + 1], entries[child]))
			child++;
		if (!is_before(entries[child], last))
			break;
		entries[i] = entries[child];
	}
	entries[i] = last;
	return true;
}
