/* SPDX-License-Identifier: ISC */
/* messages — see messages.h. */
#include "collector/messages.h"

#include <stdlib.h>
#include <string.h>

#include "collector/networks.h"
#include "collector/relay.h"
#include "lib/mem.h"

enum {
	/* Behind these, a beginning is that of another message. */
	USED = LEDGER_ACTIVE | LEDGER_REMOVED,
	BEGUN = LEDGER_ARRIVED | LEDGER_SUBMITTED,
};

struct alias {
	uint32_t name, host;
};

struct messages {
	struct judge judge;
	struct filters filters;
	struct networks *trusted, *internal;
	struct alias *aliases;
	size_t alias_count;
	int accepted, bytes, nrcpt; /* counters */
};

static void
note_arrival(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	const struct rules_outcome *outcome = line->outcome;
	struct slice client = rules_group(outcome, RULE_CLIENT);
	struct slice origin = rules_group(outcome, RULE_ORIGIN);
	struct slice id = rules_group(outcome, RULE_ORIG);
	entry->facts |= LEDGER_ARRIVED;
	messages->judge.arrival = ledger_now(messages->judge.ledger);
	bool is_trusted = networks_match(
		messages->trusted, origin.len > 0 ? origin : client);
	bool is_login = rules_group(outcome, RULE_LOGIN).len > 0;
	if (is_trusted || is_login)
		entry->facts |= LEDGER_OWN;
	if (ledger_original(entry) != entry)
		return;
	/* Webmail may be on loopback, too, and logs in; filters do not. */
	if (origin.len > 0 || id.len > 0 ||
		(!is_login && filters_match(&messages->filters, client)))
		entry->facts |= LEDGER_COPY;
	struct ledger_message *original =
		id.len > 0 ? flight_message(&line->place, id) : NULL;
	/* Its own arrival may be in a log that we do not have. */
	if (original != NULL && origin.len > 0 && is_trusted)
		original->facts |= LEDGER_OWN;
	if (original != NULL)
		flight_join(&messages->judge, original, entry);
	else if (judge_is_known(entry))
		judge_release(&messages->judge, entry);
}

static void
note_submission(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	(void)line;
	entry->facts |= LEDGER_SUBMITTED;
	messages->judge.arrival = ledger_now(messages->judge.ledger);
	judge_release(&messages->judge, entry);
}

static uint64_t
number_of(const struct rules_outcome *outcome, enum rule_group group)
{
	return rules_to_number(rules_group(outcome, group));
}

static void
note_activity(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	struct slice sender = rules_domain(line->outcome, CATALOGUE_MAILFROM);
	bool is_first = (entry->facts & LEDGER_ACTIVE) == 0;
	/* Tried again later, it may go on for days: from here it is known. */
	if (entry->origin == entry && (!is_first || entry->born == 0))
		entry = ledger_renew(messages->judge.ledger, entry);
	struct ledger_message *m = ledger_original(entry);
	entry->facts |= LEDGER_ACTIVE;
	if (m->sender == 0 && sender.len > 0) {
		m->sender = signs_hash(slice_domain(sender));
		if (line->sender != NULL)
			m->domain = (uint32_t)line->sender->number;
	}
	if (m == entry && sender.data != NULL && sender.len == 0)
		m->facts |= LEDGER_NO_REPLY;
	if (sender.len > 13 && memcmp(sender.data, "double-bounce@", 14) == 0)
		m->facts |= LEDGER_PROBE;
	if (!is_first || m != entry || entry->born == 0)
		return;
	const struct {
		int counter;
		uint64_t amount;
	} parts[] = {
		{messages->accepted, 1},
		{messages->bytes, number_of(line->outcome, RULE_SIZE)},
		{messages->nrcpt, number_of(line->outcome, RULE_NRCPT)},
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const struct judge_addition addition = {
			.counter = parts[i].counter,
			.amount = parts[i].amount,
			.domain = line->sender,
			.machine = line->place.machine};
		if ((entry->facts & LEDGER_COPY) != 0)
			judge_hold(&messages->judge, entry, JUDGE_ACCEPTED,
				&addition);
		else
			messages->judge.add(messages->judge.arg, &addition);
	}
	if ((entry->facts & LEDGER_COPY) == 0)
		judge_decide(entry, JUDGE_ACCEPTED);
}

/* false: the filter does not tell under which queue id it comes back. */
static bool
join_copy(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	struct slice id =
		relay_queued_as(rules_rest(line->outcome, line->message));
	struct ledger_message *copy =
		id.len > 0 ? flight_message(&line->place, id) : NULL;
	if (copy != NULL)
		flight_join(&messages->judge, entry, copy);
	return copy != NULL;
}

static bool
is_kept(const struct messages_line *line)
{
	return relay_kept(rules_rest(line->outcome, line->message));
}

/* Over LMTP it may also be a mail store, which does not give it back. */
static void
note_hop(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	struct slice relay = rules_group(line->outcome, RULE_RELAY);
	if (filters_match(&messages->filters, relay) && !is_kept(line))
		join_copy(messages, line, entry);
}

static void
note_delivery(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	struct slice relay = rules_group(line->outcome, RULE_RELAY);
	if (relay.len == 0)
		return;
	if (!filters_match(&messages->filters, relay)) {
		if (!networks_match(messages->internal, relay_address(relay)))
			ledger_original(entry)->facts |= LEDGER_LEFT;
	} else if (!is_kept(line) && !join_copy(messages, line, entry)) {
		judge_note_blind(&messages->judge, line->place.host);
	}
}

static void
note_removal(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	(void)line;
	struct ledger_message *m = ledger_original(entry);
	if ((entry->facts & LEDGER_REMOVED) != 0)
		return;
	entry->facts |= LEDGER_REMOVED;
	if (m->open > 0)
		m->open--;
	flight_settle(messages->judge.ledger, m);
}

static void
note_hold(struct messages *messages, const struct messages_line *line,
	struct ledger_message *entry)
{
	(void)line;
	judge_quarantine(&messages->judge, ledger_original(entry));
}

typedef void take_fact(struct messages *messages,
	const struct messages_line *line, struct ledger_message *entry);

static const struct {
	uint32_t mark;   /* to be set on the message */
	uint32_t again;  /* an entry that has any of these is another's */
	take_fact *take; /* NULL: nothing more */
	bool is_beginning;
} facts[RULE_FACTS] = {
	[RULE_ARRIVED] = {0, BEGUN | USED, note_arrival, true},
	[RULE_SUBMITTED] = {0, BEGUN | USED, note_submission, true},
	[RULE_CREATED] = {LEDGER_CREATED, USED, NULL, true},
	[RULE_ACTIVE] = {0, 0, note_activity, false},
	[RULE_DELIVERED] = {0, 0, note_delivery, false},
	[RULE_FILTERED] = {0, 0, note_hop, false},
	[RULE_REMOVED] = {0, 0, note_removal, false},
	[RULE_EXPIRED] = {LEDGER_EXPIRED, 0, NULL, false},
	[RULE_PROBED] = {LEDGER_PROBE, 0, NULL, false},
	[RULE_HELD] = {LEDGER_HELD, 0, note_hold, false},
};

/* A content filter's own line about the message and its copy. */
static struct ledger_message *
note_filter(struct messages *messages, const struct messages_line *line)
{
	struct slice id = rules_queue_id(line->outcome);
	struct slice next = rules_group(line->outcome, RULE_NEXT);
	if (id.len == 0)
		return flight_message(&line->place, next);
	struct ledger_message *m = flight_message(&line->place, id);
	if (m != NULL && next.len > 0) {
		struct ledger_message *copy =
			flight_message(&line->place, next);
		if (copy != NULL)
			flight_join(&messages->judge, m, copy);
	}
	return m;
}

struct ledger_message *
messages_note(struct messages *messages, const struct messages_line *line)
{
	const enum rule_fact fact = line->outcome->rule->fact;
	struct slice id = rules_queue_id(line->outcome);
	ledger_begin_line(line->place.ledger, line->time);
	if (fact == RULE_REQUEUED)
		return note_filter(messages, line);
	if (id.len == 0 || id.len > LEDGER_ID_MAX)
		return NULL;
	if (fact == RULE_NO_FACT)
		return flight_message(&line->place, id);
	struct ledger_message *entry = flight_entry(&line->place, id);
	if ((entry->facts & facts[fact].again) != 0)
		entry = flight_begin(&line->place, id);
	if (facts[fact].is_beginning && entry->born == 0)
		entry->born = ledger_now(line->place.ledger);
	ledger_original(entry)->facts |= facts[fact].mark;
	if (facts[fact].take != NULL)
		facts[fact].take(messages, line, entry);
	return ledger_original(entry);
}

struct flight_place
messages_place(const struct messages *messages, struct slice host,
	const struct row *machine)
{
	struct flight_place place = {
		messages->judge.ledger, ledger_host(host), machine};
	for (size_t i = 0; i < messages->alias_count; i++)
		if (messages->aliases[i].name == place.host) {
			place.host = messages->aliases[i].host;
			break;
		}
	return place;
}

static struct networks *
to_networks(const struct config_strings *strings, struct err *err)
{
	struct networks *networks = networks_new();
	for (size_t i = 0; i < strings->count; i++)
		if (networks_add(networks, strings->items[i], err) != 0) {
			networks_free(networks);
			return NULL;
		}
	return networks;
}

static int
counter(const struct messages *messages, const char *name)
{
	return catalogue_find(messages->judge.rows->catalogue, slice_of(name));
}

struct messages *
messages_new(const struct messages_parts *parts, struct err *err)
{
	const struct config *config = parts->config;
	struct messages *messages = mem_zalloc(1, sizeof(*messages));
	messages->judge = (struct judge){
		.ledger = ledger_new((size_t)config->ledger_max, judge_end,
			&messages->judge),
		.rows = parts->rows,
		.signs = parts->signs,
		.add = parts->add,
		.arg = parts->arg,
	};
	judge_find_counters(&messages->judge);
	messages->accepted = counter(messages, "qmgr.accepted");
	messages->bytes = counter(messages, "qmgr.bytes");
	messages->nrcpt = counter(messages, "qmgr.nrcpt");
	messages->filters =
		(struct filters){(const char *const *)config->filters.items,
			config->filters.count};
	messages->aliases = mem_zalloc(
		config->host_alias_count, sizeof(*messages->aliases));
	messages->alias_count = config->host_alias_count;
	for (size_t i = 0; i < config->host_alias_count; i++)
		messages->aliases[i] = (struct alias){
			ledger_host(slice_of(config->host_aliases[i].name)),
			ledger_host(slice_of(config->host_aliases[i].host))};
	messages->trusted = to_networks(&config->trusted_networks, err);
	messages->internal =
		messages->trusted != NULL
			? to_networks(&config->internal_relays, err)
			: NULL;
	if (messages->internal != NULL)
		return messages;
	messages_free(messages);
	return NULL;
}

static void
ignore(void *arg, const struct judge_addition *addition)
{
	(void)arg;
	(void)addition;
}

void
messages_free(struct messages *messages)
{
	if (messages == NULL)
		return;
	messages->judge.add = ignore;
	ledger_free(messages->judge.ledger);
	networks_free(messages->trusted);
	networks_free(messages->internal);
	free(messages->aliases);
	free(messages);
}

void
messages_judge(struct messages *messages, struct ledger_message *message,
	unsigned once, const struct judge_addition *addition)
{
	judge_once(&messages->judge, message, once, addition);
}

void
messages_dmarc_failed(struct messages *messages, struct ledger_message *message,
	const struct row *author)
{
	message->facts |= LEDGER_FAILED;
	if (author != NULL)
		message->author = (uint32_t)author->number;
	judge_quarantine(&messages->judge, message);
}

const struct row *
messages_sender(
	const struct messages *messages, const struct ledger_message *message)
{
	return message->domain != LEDGER_NO_ROW
		       ? messages->judge.rows->items[message->domain]
		       : NULL;
}

void
messages_expect_logs(struct messages *messages, size_t count)
{
	messages->judge.has_several_logs = count > 1;
}

void
messages_resume(struct messages *messages, int64_t time)
{
	messages->judge.resumed = time;
}

void
messages_advance(struct messages *messages, int64_t time)
{
	ledger_advance(messages->judge.ledger, time);
}

int64_t
messages_clock(const struct messages *messages)
{
	return ledger_clock(messages->judge.ledger);
}
