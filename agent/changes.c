/* SPDX-License-Identifier: ISC */
/*
 * changes — see changes.h.
 *
 * There are two places in the queue, how far was handed over and how far of
 * that was confirmed; to confirm and to begin again is to copy one into the
 * other.  A place is between two changes, or in the midst of a sweep: the
 * alerts' present state, told in the order of their indices.  A sweep changes
 * the number of the last change told only when it is over.
 */
#include "agent/changes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/younger.h"
#include "lib/buf.h"
#include "lib/fields.h"
#include "lib/file.h"
#include "lib/mem.h"

#define FORMAT "mailtally-told"

enum { FILE_SIZE_MAX = 128, ROOMS = 6 };

struct place {
	bool is_known; /* there was a first start */
	uint64_t told; /* number and time of the last change told; 0: none */
	time_t time;
	uint64_t seen; /* newest change of the last view; told before that */
	uint64_t dropped;
	bool is_sweeping;
	uint64_t newest; /* of a sweep: what stands for told and time then */
	time_t newest_time;
	uint32_t cursor; /* index of its last alert that was looked at */
};

struct changes {
	char *path;
	struct place handed, confirmed;
	bool is_saved; /* the file is there, and says this: */
	uint64_t saved;
	time_t saved_time;
	bool is_waiting; /* handed over is more than confirmed */
	uint64_t sent, dropped_before;
	struct younger younger; /* than the sweep */
	char rooms[ROOMS][VIEW_TEXT_MAX + 1];
};

static int
read_place(struct changes *changes, struct buf *text, struct err *err)
{
	struct fields fields = {changes->path, 1, text->data, err};
	const char *word;
	uint64_t told;
	time_t time;
	if (text->len == 0 || strlen(text->data) < text->len ||
		strchr(text->data, '\n') != &text->data[text->len - 1])
		return fields_fail(&fields, "damaged: not one line");
	text->data[text->len - 1] = '\0';
	if (fields_word(&fields, "format", &word) != 0)
		return -1;
	if (strcmp(word, FORMAT) != 0)
		return fields_fail(&fields, "not the number of a change");
	if (fields_word(&fields, "version", &word) != 0)
		return -1;
	if (strcmp(word, "1") != 0)
		return fields_fail(&fields,
			"version '%.40s' of the format is not known", word);
	if (fields_number(&fields, "number", UINT64_MAX, &told) != 0 ||
		fields_time(&fields, &time) != 0 || fields_end(&fields) != 0)
		return -1;
	changes->confirmed = (struct place){
		.is_known = true, .told = told, .time = time, .seen = told};
	changes->is_saved = true;
	changes->saved = told;
	changes->saved_time = time;
	return 0;
}

struct changes *
changes_open(const char *path, struct err *err)
{
	struct changes *changes = mem_zalloc(1, sizeof(*changes));
	struct buf text = {0};
	changes->path = mem_strdup(path);
	err->text[0] = '\0';
	bool is_missing = access(path, F_OK) != 0 && errno == ENOENT;
	if (!is_missing && file_read(path, FILE_SIZE_MAX, &text, err) == 0)
		read_place(changes, &text, err);
	buf_free(&text);
	changes->handed = changes->confirmed;
	return changes;
}

void
changes_free(struct changes *changes)
{
	if (changes == NULL)
		return;
	younger_clear(&changes->younger);
	free(changes->path);
	free(changes);
}

/* The first change behind a number; NULL if there is none. */
static const struct snapshot_change *
first_behind(const struct snapshot *snapshot, uint64_t seq)
{
	size_t low = 0, high = snapshot->change_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (snapshot->changes[middle].seq > seq)
			high = middle;
		else
			low = middle + 1;
	}
	return low < snapshot->change_count ? &snapshot->changes[low] : NULL;
}

static uint64_t
newest_of(const struct snapshot *snapshot)
{
	size_t count = snapshot->change_count;
	return count > 0 ? snapshot->changes[count - 1].seq : 0;
}

/* Whether the numbers began anew. */
static bool
has_restarted(const struct place *at, const struct snapshot *snapshot)
{
	if (newest_of(snapshot) < at->seen)
		return true;
	if (at->is_sweeping || at->told == 0)
		return false;
	const struct snapshot_change *last =
		first_behind(snapshot, at->told - 1);
	return last->seq == at->told && last->time != at->time;
}

static void
begin_sweep(struct place *at, const struct snapshot *snapshot)
{
	at->is_sweeping = true;
	at->cursor = 0;
	at->newest = newest_of(snapshot);
	at->newest_time = at->time;
	if (at->newest > 0)
		at->newest_time =
			snapshot->changes[snapshot->change_count - 1].time;
}

/* Begins a sweep if the changes behind the last one told are not all there. */
static void
look_for_gap(struct changes *changes, const struct snapshot *snapshot)
{
	struct place *at = &changes->handed;
	bool is_anew = has_restarted(at, snapshot);
	at->seen = newest_of(snapshot);
	if (at->is_sweeping && !is_anew)
		return;
	uint64_t before = is_anew ? 0 : at->told;
	const struct snapshot_change *next = first_behind(snapshot, before);
	uint64_t gap = next != NULL ? next->seq - before - 1 : 0;
	if (at->is_known && !is_anew && gap == 0)
		return;
	if (at->is_known)
		at->dropped += gap;
	begin_sweep(at, snapshot);
	younger_clear(&changes->younger);
}

/* Whether the alert has a change that came after the sweep began, and so is
 * told on its own. */
static bool
has_own_change(struct changes *changes, const struct view *view,
	const struct view_alert *alert)
{
	uint64_t newest = changes->handed.newest;
	const struct snapshot_change *change =
		first_behind(view->snapshot, newest);
	return change != NULL && alert->since >= change->time &&
	       younger_has(&changes->younger, view, newest, alert);
}

/* 1: raised, 0: cleared, -1: neither. */
static int
direction_of(const char *state)
{
	static const struct {
		const char *state;
		int direction;
	} states[] = {
		{"raised", 1},
		{"silenced", 1},
		{"clear", 0},
		{"pending", 0},
	};
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].direction;
	return -1;
}

static bool
is_swept(struct changes *changes, const struct view *view,
	const struct view_alert *alert)
{
	const struct place *at = &changes->handed;
	int direction = direction_of(alert->state);
	bool is_wanted = at->is_known
				 ? direction >= 0 && alert->since >= at->time
				 : direction == 1;
	return is_wanted && !has_own_change(changes, view, alert);
}

/* The next alert of the sweep; false at its end. */
static bool
next_alert(struct changes *changes, const struct view *view,
	struct change_told *told)
{
	struct place *at = &changes->handed;
	size_t low = 0, high = view->alert_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (view->alerts[middle].index > at->cursor)
			high = middle;
		else
			low = middle + 1;
	}
	for (; low < view->alert_count; low++) {
		const struct view_alert *alert = &view->alerts[low];
		at->cursor = alert->index;
		if (!is_swept(changes, view, alert))
			continue;
		*told = (struct change_told){
			.is_raised = direction_of(alert->state) == 1,
			.number = (uint32_t)at->newest,
			.time = alert->since,
			.name = alert->name,
			.key = alert->key,
			.severity = alert->severity,
			.value = alert->value,
			.threshold = alert->threshold,
			.text = alert->text,
		};
		return true;
	}
	return false;
}

static const char *
keep_text(char room[VIEW_TEXT_MAX + 1], const char *text)
{
	view_tame(room, text);
	return room;
}

static bool
next_change(struct changes *changes, const struct snapshot *snapshot,
	struct change_told *told)
{
	struct place *at = &changes->handed;
	const struct snapshot_change *change = first_behind(snapshot, at->told);
	if (change == NULL)
		return false;
	at->told = change->seq;
	at->time = change->time;
	*told = (struct change_told){
		.is_raised = change->is_raised,
		.number = (uint32_t)change->seq,
		.time = change->time,
		.name = keep_text(changes->rooms[0], change->name),
		.key = keep_text(changes->rooms[1], change->key),
		.severity = keep_text(changes->rooms[2], change->severity),
		.value = keep_text(changes->rooms[3], change->value),
		.threshold = keep_text(changes->rooms[4], change->threshold),
		.text = keep_text(changes->rooms[5], change->text),
	};
	return true;
}

/* A sweep that is over may have found a newer gap: then there is one more, up
 * to the newest change of this view. */
static bool
take_next(struct changes *changes, const struct view *view,
	struct change_told *told)
{
	struct place *at = &changes->handed;
	for (;;) {
		look_for_gap(changes, view->snapshot);
		if (!at->is_sweeping)
			return next_change(changes, view->snapshot, told);
		if (next_alert(changes, view, told))
			return true;
		at->is_sweeping = false;
		at->is_known = true;
		at->told = at->newest;
		at->time = at->newest_time;
	}
}

bool
changes_next(struct changes *changes, const struct view *view,
	struct change_told *told)
{
	if (view == NULL)
		return false;
	if (take_next(changes, view, told)) {
		changes->is_waiting = true;
		changes->sent++;
		return true;
	}
	if (!changes->is_waiting)
		changes->confirmed = changes->handed;
	return false;
}

void
changes_confirm(struct changes *changes)
{
	changes->confirmed = changes->handed;
	changes->is_waiting = false;
}

void
changes_again(struct changes *changes)
{
	changes->dropped_before = changes_dropped(changes);
	changes->handed = changes->confirmed;
	changes->is_waiting = false;
}

int
changes_save(struct changes *changes, struct err *err)
{
	const struct place *place = &changes->confirmed;
	if (!place->is_known ||
		(changes->is_saved && changes->saved == place->told &&
			changes->saved_time == place->time))
		return 0;
	struct buf text = {0};
	buf_printf(&text, FORMAT " 1 %" PRIu64 " %jd\n", place->told,
		(intmax_t)place->time);
	struct file_content content = {text.data, text.len, 0640, false};
	int result = file_replace(changes->path, &content, err);
	buf_free(&text);
	if (result != 0)
		return -1;
	changes->is_saved = true;
	changes->saved = place->told;
	changes->saved_time = place->time;
	return 0;
}

uint64_t
changes_sent(const struct changes *changes)
{
	return changes->sent;
}

uint64_t
changes_dropped(const struct changes *changes)
{
	return changes->handed.dropped > changes->dropped_before
		       ? changes->handed.dropped
		       : changes->dropped_before;
}
