/* SPDX-License-Identifier: ISC */
/* judge — see judge.h. */
#include "collector/judge.h"

#include <stdlib.h>

#include "lib/mem.h"

struct ledger_held {
	struct ledger_held *next; /* younger */
	unsigned once;
	struct judge_addition addition;
};

/* What a copy tells of its original. */
enum {
	OF_COPY = LEDGER_PROBE | LEDGER_EXPIRED | LEDGER_LEFT | LEDGER_HELD |
		  LEDGER_FAILED
};

void
judge_find_counters(struct judge *judge)
{
	const struct {
		const char *name;
		int *index;
	} counters[] = {
		{"dkim.unsigned", &judge->unsigned_remote},
		{"dkim.unsigned_local", &judge->unsigned_local},
		{"dmarc.disp_quarantine", &judge->quarantine},
		{"log.evicted", &judge->evicted},
	};
	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++)
		*counters[i].index = catalogue_find(
			judge->rows->catalogue, slice_of(counters[i].name));
}

static const struct row *
row_of(const struct judge *judge, uint32_t number)
{
	return number != LEDGER_NO_ROW ? judge->rows->items[number] : NULL;
}

static void
add(struct judge *judge, const struct judge_addition *addition)
{
	struct judge_addition now = *addition;
	now.is_old = judge->is_old;
	if (addition->counter >= 0 && addition->amount > 0)
		judge->add(judge->arg, &now);
}

static bool
is_decided(const struct ledger_message *m, unsigned once)
{
	return (m->decided >> once & 1) != 0;
}

void
judge_decide(struct ledger_message *m, unsigned once)
{
	m->decided |= (uint16_t)(1U << once);
}

/* No queue id looks like this. */
static struct slice
blind_id(void)
{
	return slice_of("(filter)");
}

void
judge_note_blind(struct judge *judge, uint32_t host)
{
	if (ledger_find(judge->ledger, host, blind_id()) == NULL)
		/* No message: nothing is lost with it. */
		ledger_add(judge->ledger, host, blind_id())->open = 0;
}

/* A copy, and nobody will tell of what? */
static bool
is_lost_copy(const struct judge *judge, const struct ledger_message *m)
{
	return (m->facts & LEDGER_COPY) != 0 &&
	       ledger_find(judge->ledger, m->host, blind_id()) != NULL;
}

static void
count(struct judge *judge, struct ledger_message *m, unsigned once,
	const struct judge_addition *addition)
{
	bool is_own = (m->facts & (LEDGER_OWN | LEDGER_SUBMITTED)) != 0;
	if (!is_own || once >= AUTHORITY_METHODS)
		add(judge, addition);
}

bool
judge_is_known(const struct ledger_message *m)
{
	return (m->facts & (LEDGER_ARRIVED | LEDGER_SUBMITTED)) != 0 &&
	       (m->facts & LEDGER_COPY) == 0;
}

void
judge_hold(struct judge *judge, struct ledger_message *m, unsigned once,
	const struct judge_addition *addition)
{
	struct ledger_held **end = &m->held;
	for (; *end != NULL; end = &(*end)->next)
		if ((*end)->once == once &&
			(once != JUDGE_ACCEPTED ||
				(*end)->addition.counter == addition->counter))
			return;
	*end = mem_zalloc(1, sizeof(**end));
	**end = (struct ledger_held){NULL, once, *addition};
	ledger_wait(judge->ledger, m);
}

void
judge_release(struct judge *judge, struct ledger_message *m)
{
	struct ledger_held *held = m->held;
	unsigned now_decided = m->decided;
	m->held = NULL;
	m->waits = 0;
	for (struct ledger_held *next; held != NULL; held = next) {
		next = held->next;
		/* A copy may have been faster. */
		if (!is_decided(m, held->once) &&
			(held->once != JUDGE_ACCEPTED ||
				!is_lost_copy(judge, m)))
			count(judge, m, held->once, &held->addition);
		now_decided |= 1U << held->once;
		free(held);
	}
	m->decided = (uint16_t)now_decided;
}

void
judge_once(struct judge *judge, struct ledger_message *m, unsigned once,
	const struct judge_addition *addition)
{
	if (m == NULL) {
		add(judge, addition);
		return;
	}
	if (is_decided(m, once))
		return;
	/* A log without arrivals is a milter's: none is to come. */
	bool has_arrivals = judge->has_several_logs ||
			    (judge->arrival != 0 &&
				    ledger_now(judge->ledger) - judge->arrival <
					    LEDGER_KEEP_S);
	if (has_arrivals && !judge_is_known(m)) {
		judge_hold(judge, m, once, addition);
		return;
	}
	count(judge, m, once, addition);
	judge_decide(m, once);
}

void
judge_join(struct judge *judge, struct ledger_message *original,
	struct ledger_message *copy)
{
	original->facts |= copy->facts & OF_COPY;
	original->decided |= copy->decided;
	original->open = (uint16_t)(original->open + copy->open);
	if (original->sender == 0) {
		original->sender = copy->sender;
		original->domain = copy->domain;
	}
	if (original->author == LEDGER_NO_ROW)
		original->author = copy->author;
	struct ledger_held *held = copy->held;
	copy->held = NULL;
	ledger_join(original, copy);
	for (struct ledger_held *next; held != NULL; held = next) {
		next = held->next;
		/* It is the original that was accepted. */
		if (held->once != JUDGE_ACCEPTED)
			judge_hold(
				judge, original, held->once, &held->addition);
		free(held);
	}
	/* Should it outlive the original, nothing counts for it any more. */
	copy->decided = UINT16_MAX;
	if (judge_is_known(original))
		judge_release(judge, original);
	judge_quarantine(judge, original);
}

void
judge_quarantine(struct judge *judge, struct ledger_message *m)
{
	const uint32_t both = LEDGER_HELD | LEDGER_FAILED;
	if ((m->facts & both) != both || is_decided(m, JUDGE_QUARANTINED))
		return;
	judge_decide(m, JUDGE_QUARANTINED);
	add(judge, &(struct judge_addition){judge->quarantine, 1,
			   row_of(judge, m->author), row_of(judge, m->machine),
			   false});
}

/* Did it leave for the world without a signature, though we sign its domain?
 * Only of a message that was seen from its beginning. */
static void
judge_signature(struct judge *judge, struct ledger_message *m)
{
	const uint32_t needed = LEDGER_ACTIVE | LEDGER_LEFT,
		       excluded =
			       LEDGER_NO_REPLY | LEDGER_PROBE | LEDGER_EXPIRED,
		       login = LEDGER_ARRIVED | LEDGER_OWN;
	bool is_local = (m->facts & LEDGER_SUBMITTED) != 0;
	if (is_decided(m, JUDGE_SIGNED) || is_decided(m, JUDGE_UNSIGNED) ||
		is_lost_copy(judge, m) ||
		(m->facts & (needed | excluded)) != needed ||
		(!is_local && (m->facts & login) != login))
		return;
	if (m->born == 0 || m->due > m->born + LEDGER_KEEP_S)
		return;
	const struct row *machine = row_of(judge, m->machine);
	if (machine == NULL || machine->signing_since == 0 ||
		machine->signing_since >= m->due ||
		!signs_has(judge->signs, m->sender, m->due))
		return;
	judge_decide(m, JUDGE_UNSIGNED);
	add(judge, &(struct judge_addition){is_local ? judge->unsigned_local
						     : judge->unsigned_remote,
			   1, row_of(judge, m->domain), machine, false});
}

void
judge_end(void *arg, struct ledger_message *m, enum ledger_end end)
{
	struct judge *judge = arg;
	int64_t due = end == LEDGER_SETTLED ? m->due : m->waits;
	judge->is_old = due != 0 && due <= judge->resumed;
	judge_release(judge, m);
	if (end == LEDGER_SETTLED)
		judge_signature(judge, m);
	judge->is_old = false;
	if (end == LEDGER_EVICTED && m->open > 0)
		add(judge, &(struct judge_addition){.counter = judge->evicted,
				   .amount = 1,
				   .machine = row_of(judge, m->machine)});
}
