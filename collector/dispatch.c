/* SPDX-License-Identifier: ISC */
/* dispatch — see dispatch.h. */
#include "collector/dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/mem.h"

enum { SLOTS = 1024, ENTRIES_MAX = SLOTS / 2 };

struct dispatch {
	const struct ruleset *set;
	struct dispatch_entry *slots[SLOTS]; /* open addressing */
	size_t count;
	struct dispatch_entry spare; /* for names that find no room */
};

struct dispatch *
dispatch_new(const struct ruleset *set)
{
	struct dispatch *dispatch = mem_zalloc(1, sizeof(*dispatch));
	dispatch->set = set;
	return dispatch;
}

void
dispatch_free(struct dispatch *dispatch)
{
	if (dispatch == NULL)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free(dispatch->slots[i]);
	free(dispatch);
}

static void
resolve(const struct ruleset *set, struct slice program,
	struct dispatch_entry *entry)
{
	for (size_t i = 0; i < set->alias_count; i++)
		if (slice_is(program, set->aliases[i].name)) {
			const char *name = set->aliases[i].program;
			program = (struct slice){name, strlen(name)};
			break;
		}
	struct match match;
	entry->source = -1;
	entry->count = 0;
	for (size_t i = 0; i < set->section_count; i++) {
		struct rule_section *section = &set->sections[i];
		if (entry->count == DISPATCH_SECTIONS_MAX ||
			match_run(section->programs, program, &match) !=
				MATCH_RULE)
			continue;
		if (entry->count == 0)
			entry->source = (int)section->source;
		entry->sections[entry->count++] = section;
	}
}

const struct dispatch_entry *
dispatch_find(struct dispatch *dispatch, struct slice program)
{
	uint64_t hash = hash_short(program.data, program.len);
	size_t slot = hash % SLOTS;
	struct dispatch_entry *entry;
	while ((entry = dispatch->slots[slot]) != NULL) {
		if (entry->hash == hash &&
			slice_equals(entry->program, program))
			return entry;
		slot = (slot + 1) % SLOTS;
	}
	if (dispatch->count == ENTRIES_MAX) {
		resolve(dispatch->set, program, &dispatch->spare);
		return &dispatch->spare;
	}
	entry = mem_zalloc(1, sizeof(*entry) + program.len);
	char *name = (char *)(entry + 1);
	memcpy(name, program.data, program.len);
	entry->program = (struct slice){name, program.len};
	entry->hash = hash;
	resolve(dispatch->set, program, entry);
	dispatch->slots[slot] = entry;
	dispatch->count++;
	return entry;
}
