/* SPDX-License-Identifier: ISC */
/*
 * judge — what a message in the ledger counts for: now, later, or never.
 *
 * Each thing counts once per message.  Verdicts about our own mail do not
 * count. While it may still turn out that a message is our own, or a copy of
 * another, what it counts for is held.  Does not read lines: messages.h feeds
 * it.
 */
#ifndef COLLECTOR_JUDGE_H
#define COLLECTOR_JUDGE_H

#include "collector/authority.h"
#include "collector/ledger.h"
#include "collector/rows.h"
#include "collector/signs.h"

/* What a message counts for at most once: a verdict of a method, and these. */
enum judge_once {
	JUDGE_SIGNED = AUTHORITY_METHODS,
	JUDGE_UNSIGNED,
	JUDGE_ACCEPTED, /* of several counters */
	JUDGE_QUARANTINED
};

struct judge_addition {
	int counter; /* index in the catalogue; -1: none */
	uint64_t amount;
	const struct row *domain;  /* NULL: none */
	const struct row *machine; /* host row, NULL: none */
	bool is_old;               /* counted before a restart */
};
typedef void judge_add(void *arg, const struct judge_addition *addition);

struct judge {
	struct ledger *ledger;
	const struct rows *rows;
	const struct signs *signs;
	judge_add *add; /* what counts goes here */
	void *arg;
	int64_t arrival; /* log time of the last one; 0: none was seen */
	int64_t resumed; /* what was due by then counted before a restart */
	bool is_old;     /* so is what counts now */
	bool has_several_logs; /* arrivals may stand in another one */
	/* counters: indices in the catalogue */
	int unsigned_remote, unsigned_local, quarantine, evicted;
};

/* Looks up the counters; the rest is the caller's to fill in. */
void judge_find_counters(struct judge *judge);

/* The addition counts if `once` is new to the message; without a message it
 * counts. */
void judge_once(struct judge *judge, struct ledger_message *message,
	unsigned once, const struct judge_addition *addition);
/* `once` is no longer new to the message. */
void judge_decide(struct ledger_message *message, unsigned once);
/* The same as judge_once(), when it is known that nothing can be said before
 * more is. */
void judge_hold(struct judge *judge, struct ledger_message *message,
	unsigned once, const struct judge_addition *addition);
/* The message is not what it was held for: what was held counts. */
void judge_release(struct judge *judge, struct ledger_message *message);
/* Can nothing that is still to come make it our own, or another's copy? */
bool judge_is_known(const struct ledger_message *message);

/* The copy's facts and what it counted for become the original's. */
void judge_join(struct judge *judge, struct ledger_message *original,
	struct ledger_message *copy);

/* A filter took a message of this host and does not say as what it comes back:
 * for an hour, copies of nobody knows what are no messages. */
void judge_note_blind(struct judge *judge, uint32_t host);

/* A hold without a reason is a quarantine if OpenDMARC failed the message. */
void judge_quarantine(struct judge *judge, struct ledger_message *message);

/* Takes the messages that the ledger ends; arg is the judge. */
ledger_callback judge_end;

#endif
