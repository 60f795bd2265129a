/* SPDX-License-Identifier: ISC */
/* younger — see younger.h. */
#include "agent/younger.h"

#include <stdlib.h>

#include "lib/hash.h"
#include "lib/mem.h"

static uint64_t
hash_alert(const char *name, const char *key)
{
	char both[2 * (VIEW_TEXT_MAX + 1)];
	size_t len = view_tame(both, name) + 1;
	len += view_tame(both + len, key) + 1;
	return hash64(both, len);
}

static int
by_hash(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Takes what stands behind the last change that was seen. */
static void
extend(struct younger *younger, const struct snapshot *snapshot)
{
	size_t count = snapshot->change_count, at = count;
	while (at > 0 && snapshot->changes[at - 1].seq > younger->upto)
		at--;
	if (at == count)
		return;
	younger->upto = snapshot->changes[count - 1].seq;
	for (; at < count; at++) {
		const struct snapshot_change *change = &snapshot->changes[at];
		younger->hashes = mem_grow(younger->hashes, younger->count,
			&younger->capacity, sizeof(*younger->hashes));
		younger->hashes[younger->count++] =
			hash_alert(change->name, change->key);
	}
	qsort(younger->hashes, younger->count, sizeof(*younger->hashes),
		by_hash);
}

bool
younger_has(struct younger *younger, const struct view *view, uint64_t from,
	const struct view_alert *alert)
{
	if (younger->from != from || younger->upto < from) {
		younger_clear(younger);
		younger->from = younger->upto = from;
	}
	extend(younger, view->snapshot);
	uint64_t hash = hash_alert(alert->name, alert->key);
	return younger->count > 0 &&
	       bsearch(&hash, younger->hashes, younger->count, sizeof(hash),
		       by_hash) != NULL;
}

void
younger_clear(struct younger *younger)
{
	free(younger->hashes);
	*younger = (struct younger){0};
}
