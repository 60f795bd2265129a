/* SPDX-License-Identifier: ISC */
/* signs — see signs.h. */
#include "collector/signs.h"

#include <ctype.h>
#include <stdlib.h>

#include "lib/hash.h"
#include "lib/mem.h"

enum { CONFIGURED = 0 };

struct entry {
	uint64_t hash;
	int64_t time; /* learned then; CONFIGURED */
	char *domain; /* lower case */
};

struct signs {
	struct entry *entries;
	size_t count, capacity, learned;
	size_t last; /* the one that was found last */
};

struct signs *
signs_new(void)
{
	return mem_zalloc(1, sizeof(struct signs));
}

void
signs_free(struct signs *signs)
{
	if (signs == NULL)
		return;
	for (size_t i = 0; i < signs->count; i++)
		free(signs->entries[i].domain);
	free(signs->entries);
	free(signs);
}

/* In lower case, without a last dot; its length, 0 if it is no domain. */
static size_t
normalize(struct slice domain, char *out)
{
	size_t len = domain.len;
	if (len > 0 && domain.data[len - 1] == '.')
		len--;
	if (len > SIGNS_DOMAIN_MAX)
		return 0;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)tolower((unsigned char)domain.data[i]);
	return len;
}

uint64_t
signs_hash(struct slice domain)
{
	char text[SIGNS_DOMAIN_MAX];
	size_t len = normalize(domain, text);
	return len > 0 ? hash64(text, len) : 0;
}

static struct entry *
find(struct signs *signs, uint64_t hash)
{
	if (signs->last < signs->count &&
		signs->entries[signs->last].hash == hash)
		return &signs->entries[signs->last];
	for (size_t i = 0; i < signs->count; i++)
		if (signs->entries[i].hash == hash) {
			signs->last = i;
			return &signs->entries[i];
		}
	return NULL;
}

static struct entry *
oldest(struct signs *signs)
{
	struct entry *found = NULL;
	for (size_t i = 0; i < signs->count; i++) {
		struct entry *entry = &signs->entries[i];
		if (entry->time != CONFIGURED &&
			(found == NULL || entry->time < found->time))
			found = entry;
	}
	return found;
}

static void
put(struct signs *signs, struct slice domain, int64_t time)
{
	char text[SIGNS_DOMAIN_MAX];
	size_t len = normalize(domain, text);
	if (len == 0)
		return;
	uint64_t hash = hash64(text, len);
	struct entry *entry = find(signs, hash);
	bool is_learned = time != CONFIGURED;
	if (entry != NULL) {
		if (!is_learned && entry->time != CONFIGURED) {
			signs->learned--;
			entry->time = CONFIGURED;
		} else if (is_learned && time < entry->time) {
			entry->time = time;
		}
		return;
	}
	if (is_learned && signs->learned == SIGNS_MAX) {
		entry = oldest(signs);
		free(entry->domain);
	} else {
		signs->entries = mem_grow(signs->entries, signs->count,
			&signs->capacity, sizeof(*signs->entries));
		entry = &signs->entries[signs->count++];
		signs->learned += is_learned;
	}
	*entry = (struct entry){hash, time, mem_strndup(text, len)};
}

void
signs_add(struct signs *signs, struct slice domain)
{
	put(signs, domain, CONFIGURED);
}

void
signs_learn(struct signs *signs, struct slice domain, int64_t time)
{
	put(signs, domain, time > 0 ? time : 1);
}

bool
signs_has(const struct signs *signs, uint64_t hash, int64_t time)
{
	for (size_t i = 0; i < signs->count; i++)
		if (signs->entries[i].hash == hash)
			return signs->entries[i].time < time;
	return false;
}

void
signs_each(const struct signs *signs,
	void (*visit)(const char *domain, int64_t time, void *arg), void *arg)
{
	for (size_t i = 0; i < signs->count; i++)
		if (signs->entries[i].time != CONFIGURED)
			visit(signs->entries[i].domain, signs->entries[i].time,
				arg);
}
