/* SPDX-License-Identifier: ISC */
/*
 * messages — what the lines about one message amount to.
 *
 *   line ─► fact ─► ledger ─► judge ─► what counts
 *
 * Takes the facts that rules mark (=arrived, =removed …), in any order, also
 * from several files.  A copy that comes back from a content filter is the
 * message that went there.  Does not know steps: what counts goes to `add`.
 */
#ifndef COLLECTOR_MESSAGES_H
#define COLLECTOR_MESSAGES_H

#include "collector/flight.h"
#include "collector/judge.h"
#include "collector/ledger.h"
#include "collector/rows.h"
#include "collector/rules.h"
#include "collector/signs.h"
#include "lib/config.h"

struct messages;

/* All borrowed. */
struct messages_parts {
	const struct config *config;
	const struct rows *rows;
	const struct signs *signs;
	judge_add *add; /* what counts goes here */
	void *arg;
};

/* NULL with a sentence if a network of the configuration is none. */
struct messages *messages_new(
	const struct messages_parts *parts, struct err *err);
void messages_free(struct messages *messages);

/* A line about a message. */
struct messages_line {
	const struct rules_outcome *outcome;
	struct slice message;      /* the line's */
	const struct row *sender;  /* domain row of the envelope sender */
	int64_t time;              /* log time; 0: it has none */
	struct flight_place place; /* messages_place() */
};

/* Where a host's lines stand, host_alias looked up; machine: its row. */
struct flight_place messages_place(const struct messages *messages,
	struct slice host, const struct row *machine);

/* Takes the line's fact, if it has one, and finds its message.  NULL if the
 * line has no queue id. */
struct ledger_message *messages_note(
	struct messages *messages, const struct messages_line *line);

/* judge_once(). */
void messages_judge(struct messages *messages, struct ledger_message *message,
	unsigned once, const struct judge_addition *addition);
/* OpenDMARC failed it; author: row of the domain, or NULL. */
void messages_dmarc_failed(struct messages *messages,
	struct ledger_message *message, const struct row *author);

/* Row of the envelope sender's domain, or NULL. */
const struct row *messages_sender(
	const struct messages *messages, const struct ledger_message *message);

/* Lines of one message may stand in several logs. */
void messages_expect_logs(struct messages *messages, size_t count);

/* What was due up to this log time counted in an earlier life. */
void messages_resume(struct messages *messages, int64_t time);

/* Log time moves on, never back. */
void messages_advance(struct messages *messages, int64_t time);
int64_t messages_clock(const struct messages *messages);

#endif
