/* SPDX-License-Identifier: ISC */
/*
 * ledger — see ledger.h.
 *
 * Entries come from chunks that never move and go back to a free list, so few
 * pages are in use.  A serial is given once: whoever keeps an entry keeps its
 * serial, too, and so knows when it has become another's.
 */
#include "collector/ledger.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/agenda.h"
#include "lib/hash.h"
#include "lib/mem.h"

enum { CHUNK = 256 };

struct chunk {
	struct chunk *next;
	struct ledger_message entries[CHUNK];
};

struct ledger {
	struct ledger_message **buckets; /* youngest first */
	size_t bucket_count;             /* a power of two */
	struct ledger_message *oldest, *youngest, *free;
	struct chunk *chunks;
	size_t count, max;
	uint32_t serial; /* the last one given */
	int64_t clock, now;
	struct agenda due, waiting;
	ledger_callback *on_end;
	void *arg;
};

static struct ledger_message **
bucket_of(const struct ledger *ledger, struct slice id)
{
	return &ledger->buckets[hash_short(id.data, id.len) &
				(ledger->bucket_count - 1)];
}

static struct slice
id_of(const struct ledger_message *m)
{
	return (struct slice){m->id, m->id_len};
}

static void
put_in_bucket(struct ledger *ledger, struct ledger_message *m)
{
	m->link = bucket_of(ledger, id_of(m));
	m->chain = *m->link;
	if (m->chain != NULL)
		m->chain->link = &m->chain;
	*m->link = m;
}

static void
grow_buckets(struct ledger *ledger)
{
	free(ledger->buckets);
	ledger->bucket_count *= 2;
	ledger->buckets =
		mem_zalloc(ledger->bucket_count, sizeof(*ledger->buckets));
	for (struct ledger_message *m = ledger->oldest; m != NULL;
		m = m->younger)
		put_in_bucket(ledger, m);
}

static void
grow_free(struct ledger *ledger)
{
	struct chunk *chunk = mem_zalloc(1, sizeof(*chunk));
	chunk->next = ledger->chunks;
	ledger->chunks = chunk;
	for (size_t i = CHUNK; i-- > 0;) {
		chunk->entries[i].younger = ledger->free;
		ledger->free = &chunk->entries[i];
	}
}

struct ledger *
ledger_new(size_t max, ledger_callback *on_end, void *arg)
{
	struct ledger *ledger = mem_zalloc(1, sizeof(*ledger));
	ledger->max = max;
	ledger->on_end = on_end;
	ledger->arg = arg;
	ledger->bucket_count = CHUNK / 2;
	grow_buckets(ledger);
	return ledger;
}

static void
drop_oldest(struct ledger *ledger, enum ledger_end end)
{
	struct ledger_message *m = ledger->oldest;
	if (ledger_original(m) == m)
		ledger->on_end(ledger->arg, m, end);
	*m->link = NULL; /* it is the oldest of its bucket, too */
	ledger->oldest = m->younger;
	if (ledger->oldest == NULL)
		ledger->youngest = NULL;
	ledger->count--;
	m->serial = 0;
	m->younger = ledger->free;
	ledger->free = m;
}

/* Only between lines: what a line has found stays. */
static void
make_room(struct ledger *ledger)
{
	while (ledger->count > ledger->max)
		drop_oldest(ledger, LEDGER_EVICTED);
}

void
ledger_free(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	while (ledger->oldest != NULL)
		drop_oldest(ledger, LEDGER_CLOSED);
	for (struct chunk *next, *c = ledger->chunks; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(ledger->buckets);
	agenda_free(&ledger->due);
	agenda_free(&ledger->waiting);
	free(ledger);
}

uint32_t
ledger_host(struct slice name)
{
	char label[64];
	size_t len = 0;
	bool is_address =
		memchr(name.data, ':', name.len) != NULL ||
		(name.len > 0 &&
			isdigit((unsigned char)name.data[name.len - 1]) &&
			isdigit((unsigned char)*name.data));
	for (; len < name.len && len < sizeof(label); len++) {
		if (name.data[len] == '.' && !is_address)
			break;
		label[len] = (char)tolower((unsigned char)name.data[len]);
	}
	return (uint32_t)hash64(label, len);
}

static void
end_due(struct ledger *ledger)
{
	struct agenda_entry entry;
	while (agenda_take(&ledger->due, ledger->clock, &entry)) {
		struct ledger_message *m = entry.whom;
		if (m->serial != entry.serial || m->due != entry.time)
			continue;
		ledger->on_end(ledger->arg, m, LEDGER_SETTLED);
		m->due = 0;
	}
}

static void
end_waiting(struct ledger *ledger)
{
	struct agenda_entry entry;
	while (agenda_take(&ledger->waiting, ledger->clock, &entry)) {
		struct ledger_message *m = entry.whom;
		if (m->serial != entry.serial || m->waits != entry.time)
			continue;
		ledger->on_end(ledger->arg, m, LEDGER_WAITED);
		m->waits = 0;
	}
}

void
ledger_advance(struct ledger *ledger, int64_t time)
{
	if (time <= ledger->clock)
		return;
	make_room(ledger);
	ledger->clock = time;
	if (ledger->waiting.count > 0)
		end_waiting(ledger);
	if (ledger->due.count > 0)
		end_due(ledger);
	while (ledger->oldest != NULL &&
		ledger->oldest->first <= time - LEDGER_KEEP_S)
		drop_oldest(ledger, LEDGER_FORGOTTEN);
}

int64_t
ledger_clock(const struct ledger *ledger)
{
	return ledger->clock;
}

void
ledger_begin_line(struct ledger *ledger, int64_t time)
{
	make_room(ledger);
	ledger->now =
		time > ledger->clock - LEDGER_WAIT_S ? time : ledger->clock;
}

int64_t
ledger_now(const struct ledger *ledger)
{
	return ledger->now;
}

struct ledger_message *
ledger_find(const struct ledger *ledger, uint32_t host, struct slice id)
{
	struct ledger_message *m = *bucket_of(ledger, id);
	while (m != NULL && (m->host != host || !slice_equals(id_of(m), id)))
		m = m->chain;
	return m;
}

struct ledger_message *
ledger_find_anywhere(const struct ledger *ledger, struct slice id)
{
	struct ledger_message *found = NULL, *m = *bucket_of(ledger, id);
	for (; m != NULL; m = m->chain) {
		if (!slice_equals(id_of(m), id))
			continue;
		if (found != NULL && m->host != found->host)
			return NULL;
		if (found == NULL)
			found = m;
	}
	return found;
}

struct ledger_message *
ledger_add(struct ledger *ledger, uint32_t host, struct slice id)
{
	if (id.len == 0 || id.len > LEDGER_ID_MAX)
		return NULL;
	if (ledger->count >= ledger->bucket_count)
		grow_buckets(ledger);
	if (ledger->free == NULL)
		grow_free(ledger);
	struct ledger_message *m = ledger->free;
	ledger->free = m->younger;
	if (++ledger->serial == 0)
		ledger->serial = 1;
	*m = (struct ledger_message){.origin = m,
		.first = ledger->now,
		.serial = ledger->serial,
		.of = ledger->serial,
		.host = host,
		.domain = LEDGER_NO_ROW,
		.author = LEDGER_NO_ROW,
		.machine = LEDGER_NO_ROW,
		.open = 1,
		.id_len = (uint8_t)id.len};
	memcpy(m->id, id.data, id.len);
	put_in_bucket(ledger, m);
	if (ledger->youngest != NULL)
		ledger->youngest->younger = m;
	else
		ledger->oldest = m;
	ledger->youngest = m;
	ledger->count++;
	return m;
}

struct ledger_message *
ledger_renew(struct ledger *ledger, struct ledger_message *message)
{
	struct ledger_message *m =
		ledger_add(ledger, message->host, id_of(message));
	m->held = message->held;
	m->born = message->born;
	m->sender = message->sender;
	m->domain = message->domain;
	m->author = message->author;
	m->machine = message->machine;
	m->facts = message->facts;
	m->decided = message->decided;
	m->open = message->open;
	message->held = NULL;
	ledger_join(m, message);
	if (m->held != NULL)
		ledger_wait(ledger, m);
	return m;
}

struct ledger_message *
ledger_original(struct ledger_message *entry)
{
	while (entry->origin != entry) {
		if (entry->origin->serial != entry->of) {
			/* Not known any more: it goes on by itself. */
			entry->origin = entry;
			break;
		}
		entry = entry->origin;
	}
	return entry;
}

void
ledger_join(struct ledger_message *original, struct ledger_message *copy)
{
	copy->origin = original;
	copy->of = original->serial;
	copy->due = 0;
	copy->waits = 0;
}

void
ledger_settle(struct ledger *ledger, struct ledger_message *message)
{
	message->due = ledger->now + LEDGER_SETTLE_S;
	agenda_add(&ledger->due,
		(struct agenda_entry){message->due, message, message->serial});
}

void
ledger_wait(struct ledger *ledger, struct ledger_message *message)
{
	if (message->waits != 0)
		return;
	message->waits = ledger->now + LEDGER_WAIT_S;
	agenda_add(&ledger->waiting, (struct agenda_entry){message->waits,
					     message, message->serial});
}

size_t
ledger_count(const struct ledger *ledger)
{
	return ledger->count;
}
