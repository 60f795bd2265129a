/* SPDX-License-Identifier: ISC */
/* follow — see follow.h. */
#include "collector/follow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger.h"
#include "lib/log.h"
#include "lib/mem.h"

enum {
	FUTURE_S = 60,     /* a stamp further ahead is not believed */
	CLOSE_AFTER_S = 5, /* lines of a minute may come this late */
	/* What the ledger may still know is read again after a restart. */
	REPLAY_S = LEDGER_KEEP_S + 60,
	PATIENCE_S = 90, /* for a file that it cannot find yet */
};

struct input {
	struct tail *tail;
	struct slice program; /* of lines that have none; else absent */
	struct stamp stamp;
	int64_t last_time; /* log time of the last line */
	int64_t reached;   /* the latest one, of the replay too */
	bool is_behind;    /* has more to read */
	struct tail_events counted;
	uint64_t rotations_before; /* those of earlier lives */
	char trouble[256];         /* as last said in the log */
	struct log_repeat read_errors;
};

struct follow {
	struct follow_parts parts;
	struct input *inputs;
	size_t input_count;
	struct step *step;     /* the last line's */
	bool is_replaying;     /* lines of an earlier life are still to come */
	int64_t ledger;        /* the ledger's clock in that life */
	int64_t patient_until; /* Unix time: a replay is waited for */
	int64_t latest;        /* log time of the latest line */
	struct step muted;     /* the minute of a line that is read again */
};

static void
open_input(struct input *input, const struct config_input *config,
	const struct snapshot *snapshot)
{
	struct tail_position saved[TAIL_FILES_MAX];
	struct tail_start start = {.saved = saved, .at_end = config->at_end};
	for (size_t i = 0; snapshot != NULL && i < snapshot->input_count; i++) {
		const struct snapshot_input *from = &snapshot->inputs[i];
		if (strcmp(from->path, config->path) != 0 ||
			start.saved_count == TAIL_FILES_MAX)
			continue;
		saved[start.saved_count++] = (struct tail_position){from->dev,
			from->ino, from->offset, from->hash, from->replay};
		input->rotations_before = from->rotations;
		start.saved_at = snapshot->written_us / 1000000;
	}
	input->tail = tail_open(config->path, &start);
	if (config->program != NULL)
		input->program = slice_of(config->program);
	input->is_behind = true;
	stamp_init(&input->stamp, 0, 0);
}

struct follow *
follow_new(const struct follow_parts *parts, const struct snapshot *snapshot)
{
	struct follow *follow = mem_zalloc(1, sizeof(*follow));
	follow->parts = *parts;
	follow->input_count = parts->config->input_count;
	follow->inputs =
		mem_zalloc(follow->input_count, sizeof(*follow->inputs));
	for (size_t i = 0; i < follow->input_count; i++)
		open_input(&follow->inputs[i], &parts->config->inputs[i],
			snapshot);
	count_expect_logs(parts->tally->count, follow->input_count);
	follow->is_replaying = snapshot != NULL;
	follow->ledger = snapshot != NULL ? snapshot->ledger : 0;
	count_resume(parts->tally->count, follow->ledger);
	return follow;
}

void
follow_free(struct follow *follow)
{
	if (follow == NULL)
		return;
	for (size_t i = 0; i < follow->input_count; i++)
		tail_close(follow->inputs[i].tail);
	free(follow->inputs);
	free(follow);
}

static bool
parse(struct input *input, struct slice raw, struct line *line)
{
	return input->program.len > 0
		       ? line_parse_of(&input->stamp, input->program, raw, line)
		       : line_parse(&input->stamp, raw, line);
}

/* Up to where the ledger may settle.  What another input may still have to say
 * about a message is waited for. */
static int64_t
ledger_time(const struct follow *follow, int64_t now)
{
	int64_t time = follow->latest;
	if (follow->input_count > 1 && time > now - CLOSE_AFTER_S)
		time = now - CLOSE_AFTER_S;
	for (size_t i = 0; i < follow->input_count; i++) {
		const struct input *input = &follow->inputs[i];
		bool is_behind = input->is_behind ||
				 (now < follow->patient_until &&
					 tail_is_replaying(input->tail));
		if (is_behind && input->reached < time)
			time = input->reached;
	}
	return time;
}

static void
note_time(struct follow *follow, struct input *input, int64_t time)
{
	if (time > input->reached)
		input->reached = time;
	if (time > follow->latest)
		follow->latest = time;
}

/* A line that was counted in an earlier life: the ledger forgot it. */
static void
replay_one(struct follow *follow, struct input *input, struct slice raw,
	int64_t now)
{
	struct line line;
	bool is_log = parse(input, raw, &line);
	if (line.time == 0 || line.time > now + FUTURE_S)
		line.time = input->reached;
	struct count *count = follow->parts.tally->count;
	note_time(follow, input, line.time);
	follow->muted.end = steps_end_of(line.time);
	/* What is due later has not counted yet. */
	int64_t until = ledger_time(follow, now);
	count_mute(count, true);
	count_advance(count, until < follow->ledger ? until : follow->ledger,
		&follow->muted);
	count_line(count, &line, is_log, &follow->muted);
	count_mute(count, false);
}

static void
count_one(struct follow *follow, struct input *input, struct slice raw,
	int64_t now)
{
	struct line line;
	bool is_log = parse(input, raw, &line);
	int64_t time = line.time == 0 ? now : line.time;
	bool is_future = time > now + FUTURE_S, is_late = false;
	if (is_future)
		time = now;
	input->last_time = time;
	note_time(follow, input, time);
	line.time = time;
	struct count *count = follow->parts.tally->count;
	if (follow->step == NULL || follow->step->end != steps_end_of(time))
		follow->step = steps_for(follow->parts.steps, time, &is_late);
	count_advance(count, ledger_time(follow, now), follow->step);
	const struct rules_outcome *outcome =
		count_line(count, &line, is_log, follow->step);
	if (outcome->status == RULES_UNMATCHED)
		unmatched_add(follow->parts.unmatched, raw);
	count_event(count, "log.late", is_late, follow->step);
	count_event(count, "log.future", is_future, follow->step);
}

static void
count_block(struct follow *follow, struct input *input,
	const struct tail_block *block, int64_t now)
{
	const char *p = block->data, *end = p + block->len;
	input->stamp.reference = now;
	follow->step = NULL;
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		struct slice raw = {p, (size_t)(nl - p)};
		if (block->is_replay)
			replay_one(follow, input, raw, now);
		else
			count_one(follow, input, raw, now);
		p = nl + 1;
	}
	tail_note_time(input->tail, input->reached);
}

static bool
read_input(struct follow *follow, struct input *input, int64_t now)
{
	struct tail_block block;
	struct err err;
	int result = tail_read(input->tail, &block, &err);
	if (result > 0)
		count_block(follow, input, &block, now);
	else if (result < 0)
		log_repeated(&input->read_errors, now, err.text);
	input->is_behind = result > 0;
	return result > 0;
}

/* Inputs that have a replay are read alone until it is over, or has to wait. */
static bool
replay(struct follow *follow, int64_t now)
{
	bool has_more = false;
	for (size_t i = 0; i < follow->input_count; i++) {
		struct input *input = &follow->inputs[i];
		if (tail_is_replaying(input->tail))
			has_more |= read_input(follow, input, now);
	}
	follow->is_replaying = has_more;
	return true;
}

bool
follow_read(struct follow *follow, int64_t now)
{
	if (follow->patient_until == 0)
		follow->patient_until = now + PATIENCE_S;
	if (follow->is_replaying)
		return replay(follow, now);
	bool has_more = false, is_late;
	for (size_t i = 0; i < follow->input_count; i++)
		follow->inputs[i].is_behind = true; /* until it is read */
	for (size_t i = 0; i < follow->input_count; i++)
		has_more |= read_input(follow, &follow->inputs[i], now);
	int64_t time = ledger_time(follow, now);
	struct count *count = follow->parts.tally->count;
	if (time > count_clock(count))
		count_advance(count, time,
			steps_for(follow->parts.steps, time, &is_late));
	return has_more;
}

/* Says once that an input cannot be read, and once that it can again. */
static void
tell_trouble(struct input *input)
{
	const char *trouble = tail_trouble(input->tail);
	const char *now = trouble != NULL ? trouble : "";
	if (strcmp(now, input->trouble) == 0)
		return;
	if (trouble != NULL)
		log_warning("input %s: %s; waiting for it",
			tail_path(input->tail), trouble);
	else
		log_info("input %s: can be read now", tail_path(input->tail));
	snprintf(input->trouble, sizeof(input->trouble), "%s", now);
}

/* The ledger is to know messages by lines that are in no file any more. */
static void
tell_gone(const struct input *input, uint64_t bytes)
{
	if (bytes > 0)
		log_warning("input %s: %" PRIu64
			    " bytes of the last hour, read before the restart, "
			    "are gone with their files: messages that began "
			    "there may be missing from counters",
			tail_path(input->tail), bytes);
}

static void
count_events(struct follow *follow, struct input *input, int64_t now)
{
	struct tail_events seen = tail_events(input->tail);
	const struct {
		const char *name;
		uint64_t amount;
	} events[] = {
		{"log.rotations", seen.rotations - input->counted.rotations},
		{"log.truncations",
			seen.truncations - input->counted.truncations},
		{"log.lost_bytes", seen.lost_bytes - input->counted.lost_bytes},
	};
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		bool is_late;
		if (events[i].amount > 0)
			count_event(follow->parts.tally->count, events[i].name,
				events[i].amount,
				steps_for(follow->parts.steps, now, &is_late));
	}
	tell_gone(input, seen.gone - input->counted.gone);
	input->counted = seen;
}

void
follow_check(struct follow *follow, int64_t now)
{
	for (size_t i = 0; i < follow->input_count; i++) {
		tail_check(follow->inputs[i].tail);
		tell_trouble(&follow->inputs[i]);
		count_events(follow, &follow->inputs[i], now);
	}
}

int64_t
follow_closable(const struct follow *follow, int64_t now)
{
	int64_t until = steps_end_of(now - CLOSE_AFTER_S) - ROWS_STEP_S;
	for (size_t i = 0; i < follow->input_count; i++) {
		const struct input *input = &follow->inputs[i];
		int64_t held = steps_end_of(input->last_time - CLOSE_AFTER_S) -
			       ROWS_STEP_S;
		if (input->is_behind && held < until)
			until = held;
	}
	return until;
}

size_t
follow_input_count(const struct follow *follow)
{
	return follow->input_count;
}

int
follow_fd(const struct follow *follow, size_t input)
{
	return tail_fd(follow->inputs[input].tail);
}

void
follow_drain(struct follow *follow)
{
	for (size_t i = 0; i < follow->input_count; i++)
		tail_drain(follow->inputs[i].tail);
}

void
follow_positions(const struct follow *follow, struct publish_input *out)
{
	int64_t since = follow_ledger(follow) - REPLAY_S;
	for (size_t i = 0; i < follow->input_count; i++) {
		const struct input *input = &follow->inputs[i];
		out[i] = (struct publish_input){
			.path = tail_path(input->tail),
			.lag = tail_lag(input->tail),
			.rotations = input->rotations_before +
				     input->counted.rotations,
		};
		out[i].position_count = tail_positions(
			input->tail, since, out[i].positions, TAIL_FILES_MAX);
	}
}

int64_t
follow_ledger(const struct follow *follow)
{
	int64_t clock = count_clock(follow->parts.tally->count);
	return clock > follow->ledger ? clock : follow->ledger;
}
