/* SPDX-License-Identifier: ISC */
/*
 * ledger — the messages in flight, found by host and queue id.
 *
 *   queue id ─► entry ─► message     (a copy's entry leads to the original's)
 *
 * An entry lives for LEDGER_KEEP_S of log time from its first sight, or from
 * ledger_renew(), or until `max` younger ones are there; never does it end
 * within a line.  Log time is the ledger's own clock, which never goes back.
 * Does not know what a counter is: messages.h decides what the facts mean.
 */
#ifndef COLLECTOR_LEDGER_H
#define COLLECTOR_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/slice.h"

enum {
	LEDGER_ID_MAX = 23,    /* bytes; a longer queue id is no queue id */
	LEDGER_KEEP_S = 3600,  /* from the first sight */
	LEDGER_SETTLE_S = 120, /* from `removed` */
	LEDGER_WAIT_S = 10,    /* for the arrival of what has a verdict */
};

/* What is known of a message; where it says so, of one queue id only. */
enum {
	LEDGER_ARRIVED = 1 << 0,   /* id: by SMTP */
	LEDGER_SUBMITTED = 1 << 1, /* id: on this machine */
	LEDGER_CREATED = 1 << 2,   /* whoever began it */
	LEDGER_ACTIVE = 1 << 3,    /* id: was in the active queue */
	LEDGER_REMOVED = 1 << 4,   /* id */
	LEDGER_OWN = 1 << 5,       /* from a login or a trusted network */
	LEDGER_COPY = 1 << 6,     /* came from a filter, of what is not known */
	LEDGER_NO_REPLY = 1 << 7, /* null sender */
	LEDGER_PROBE = 1 << 8,    /* of an address; no mail */
	LEDGER_EXPIRED = 1 << 9,  /* given up */
	LEDGER_LEFT = 1 << 10,    /* delivered to a foreign machine */
	LEDGER_HELD = 1 << 11,    /* put on hold, nobody said why */
	LEDGER_FAILED = 1 << 12,  /* OpenDMARC said fail */
};

struct ledger_held; /* judge.c: what waits to be counted */

/* An entry stays where it is while it is known.  What a look-up reads comes
 * first: an hour's entries are more than a processor keeps at hand. */
struct ledger_message {
	struct ledger_message *chain; /* in the same bucket, older */
	struct ledger_message **link; /* what points here in that bucket */
	uint32_t host;                /* ledger_host() of the machine */
	uint8_t id_len;
	char id[LEDGER_ID_MAX];
	uint32_t serial;                /* in the order of first sights */
	int64_t first;                  /* log time of the first sight */
	struct ledger_message *younger; /* by first sight */
	struct ledger_message *origin;  /* what it is a copy of; or itself */
	struct ledger_held *held;
	int64_t born;     /* when the message was begun; 0: not seen */
	int64_t due;      /* when it is settled; 0: not known yet */
	int64_t waits;    /* until when something is held; 0: nothing */
	uint64_t sender;  /* hash of the envelope sender's domain, or 0 */
	uint32_t of;      /* the origin's serial */
	uint32_t domain;  /* row of the sender's domain, or NO_ROW */
	uint32_t author;  /* row of the domain that failed DMARC */
	uint32_t machine; /* row of the host */
	uint32_t facts;   /* LEDGER_ARRIVED … */
	uint16_t decided; /* judge.c: what needs no further word */
	uint16_t open;    /* its queue ids that are not removed yet */
};
#define LEDGER_NO_ROW UINT32_MAX

/* Why the owner is shown a message. */
enum ledger_end {
	LEDGER_WAITED,    /* what is held need not wait any longer */
	LEDGER_SETTLED,   /* LEDGER_SETTLE_S after its last `removed` */
	LEDGER_FORGOTTEN, /* too old; this and the next: for the last time */
	LEDGER_EVICTED,   /* no room */
	LEDGER_CLOSED     /* the ledger is freed: nothing counts any more */
};

/* May not add entries. */
typedef void ledger_callback(
	void *arg, struct ledger_message *message, enum ledger_end end);

struct ledger;

/* on_end is called for messages, not for copies, from ledger_advance(),
 * ledger_begin_line() and ledger_free(): entries end nowhere else. */
struct ledger *ledger_new(size_t max, ledger_callback *on_end, void *arg);
void ledger_free(struct ledger *ledger);

/* The number of a machine: of its name up to the first dot, whatever the case;
 * of all of it for an address. */
uint32_t ledger_host(struct slice name);

/* Between lines: the clock moves to `time`, never back; what is due ends. */
void ledger_advance(struct ledger *ledger, int64_t time);
int64_t ledger_clock(const struct ledger *ledger);
/* A line begins: the oldest beyond `max` go.  From its time the times below
 * count; from the clock's if it has none, or one of a machine whose own clock
 * is behind. */
void ledger_begin_line(struct ledger *ledger, int64_t time);
int64_t ledger_now(const struct ledger *ledger);

/* The youngest entry of this id on this host, or NULL. */
struct ledger_message *ledger_find(
	const struct ledger *ledger, uint32_t host, struct slice id);
/* The same on any host, if only one has it. */
struct ledger_message *ledger_find_anywhere(
	const struct ledger *ledger, struct slice id);
/* A new entry, which hides an older one of the same id.  NULL: the id is too
 * long or empty. */
struct ledger_message *ledger_add(
	struct ledger *ledger, uint32_t host, struct slice id);

/* The same message as a new entry: its time begins again. */
struct ledger_message *ledger_renew(
	struct ledger *ledger, struct ledger_message *message);

/* What the entry is about: the original of a copy that is still known. */
struct ledger_message *ledger_original(struct ledger_message *entry);
/* From now on the copy leads to the original.  Neither is a copy yet. */
void ledger_join(struct ledger_message *original, struct ledger_message *copy);

/* To be settled LEDGER_SETTLE_S from now; setting due to 0 takes it back. */
void ledger_settle(struct ledger *ledger, struct ledger_message *message);
/* LEDGER_WAITED will come LEDGER_WAIT_S from now, if none is to come yet. */
void ledger_wait(struct ledger *ledger, struct ledger_message *message);

size_t ledger_count(const struct ledger *ledger);

#endif
