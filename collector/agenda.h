/* SPDX-License-Identifier: ISC */
/*
 * agenda — who is to be looked at when: the earliest first, of one time the one
 * with the lower serial.  A binary heap; times that ascend cost nothing to add.
 */
#ifndef COLLECTOR_AGENDA_H
#define COLLECTOR_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda_entry {
	int64_t time;
	void *whom;
	uint32_t serial;
};

/* Zeroed: empty. */
struct agenda {
	struct agenda_entry *entries;
	size_t count, capacity;
};

void agenda_free(struct agenda *agenda);
void agenda_add(struct agenda *agenda, struct agenda_entry entry);
/* Takes the first one out if its time has come. */
bool agenda_take(
	struct agenda *agenda, int64_t now, struct agenda_entry *entry);

#endif
