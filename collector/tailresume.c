/* SPDX-License-Identifier: ISC */
#include "collector/tailresume.h"

#include <stdlib.h>
#include <unistd.h>

#include "collector/tailset.h"
#include "lib/mem.h"

struct tailresume
tailresume_open(const struct tail_start *start)
{
	struct tailresume resume = {
		.saved = mem_zalloc(start->saved_count, sizeof *resume.saved),
		.count = start->saved_count,
		.saved_at = start->saved_at,
		.is_waiting = start->saved_count > 0,
	};

	for (size_t i = 0; i < resume.count; i++)
		resume.saved[i] = start->saved[i];
	return resume;
}

void
tailresume_close(struct tailresume *resume)
{
	tailreplay_clear(&resume->replay);
	free(resume->saved);
}

/* Read to its end and let go before the stop. */
static bool
is_closed(const struct tail_position *position)
{
	return position->ino == 0;
}

static void
begin_marks(struct tailfile *file, const struct tail_position *position,
	size_t index)
{
	tailmarks_begin(&file->marks, position->replay);
	file->marks.saved = index + 1;
}

/* Finds what each position that was open belongs to.  Returns the last one's
 * file. */
static struct tailfile *
find_positions(const struct tailresume *resume, struct tailfind *list,
	struct tailset *set, bool *is_any_short)
{
	struct tailfile *last = NULL;

	/* The present file first: an old one that it was copied from would be
	 * found in it as well. */
	for (size_t i = resume->count; i-- > 0;) {
		const struct tail_position *position = &resume->saved[i];
		bool is_short = false;
		struct tailfile *file = NULL;

		if (is_closed(position))
			continue;
		file = tailfind_position(list, position, &is_short);
		if (file) {
			begin_marks(file, position, i);
			tailset_insert_by_age(set, file, list);
		} else {
			*is_any_short |= is_short;
		}
		if (i + 1 == resume->count)
			last = file;
	}
	return last;
}

/* No file has what was to be replayed. */
static void
note_gone(struct tailset *set, const struct tail_position *position)
{
	set->events.gone += position->offset - position->replay;
}

/* What is open already is read once more from its replay offset on. */
static void
replay_open(struct tailresume *resume, struct tailset *set)
{
	for (size_t i = 0; i < resume->count; i++) {
		bool is_found = false;

		if (is_closed(&resume->saved[i]))
			continue;
		for (size_t k = 0; k < set->count; k++) {
			const struct tailfile *file = set->files[k];

			if (file->marks.saved != i + 1)
				continue;
			is_found = true;
			tailreplay_add(&resume->replay, file, &resume->saved[i],
				i + 1);
		}
		if (!is_found)
			note_gone(set, &resume->saved[i]);
	}
}

/* Closed ones are remembered again, or followed if they have grown. */
static void
replay_closed(
	struct tailresume *resume, struct tailfind *list, struct tailset *set)
{
	struct tailfile **found = mem_zalloc(resume->count, sizeof *found);

	for (size_t i = resume->count; i-- > 0;) {
		bool is_short = false;

		if (!is_closed(&resume->saved[i]))
			continue;
		found[i] =
			tailfind_position(list, &resume->saved[i], &is_short);
		if (!found[i])
			note_gone(set, &resume->saved[i]);
	}
	for (size_t i = 0; i < resume->count; i++) {
		struct tailfile *file = found[i];

		if (!file)
			continue;
		begin_marks(file, &resume->saved[i], i);
		tailreplay_add(&resume->replay, file, &resume->saved[i], i + 1);
		if (!file->gunzip && tailfile_lag(file) > 0) {
			tailset_insert_by_age(set, file, list);
			continue;
		}
		tailset_remember(set, file);
		tailfile_close(file);
	}
	free(found);
}

/* Adds what is younger than all that was found. */
static void
add_younger(const struct tailresume *resume, struct tailfind *list,
	struct tailset *set)
{
	struct tailfile *newest = NULL;

	/* One that was empty tells nothing: it may have been filled, copied and
	 * truncated meanwhile. */
	for (size_t i = 0; i < set->count; i++) {
		if (set->files[i]->buf.offset > 0)
			newest = set->files[i];
	}
	if (newest && tailfind_is_path(list, newest))
		return;
	tailfind_keep_younger(
		list, newest, (struct timespec){resume->saved_at, 0});
	tailset_gather(set, set->count, list);
}

enum tailresume_state
tailresume_find(struct tailresume *resume, bool is_patient, struct tailset *set)
{
	struct tailfind *list = tailfind_open(set->path);
	enum tailresume_state state = TAILRESUME_DONE;
	bool is_short = false;
	struct tailfile *last = find_positions(resume, list, set, &is_short);

	/* What cannot be seen now is not gone for good. */
	if (!last && !tailfind_has_path(list) &&
		(set->count == 0 || access(set->path, F_OK) == 0))
		state = TAILRESUME_LATER;
	else if (is_short && is_patient)
		state = TAILRESUME_SHORT;
	if (state == TAILRESUME_DONE) {
		resume->is_waiting = false;
		replay_closed(resume, list, set);
		replay_open(resume, set);
		add_younger(resume, list, set);
	} else {
		tailset_clear(set);
	}
	tailfind_close(list);
	return state;
}

bool
tailresume_is_replaying(const struct tailresume *resume)
{
	for (size_t i = 0; resume->is_waiting && i < resume->count; i++) {
		if (resume->saved[i].replay < resume->saved[i].offset)
			return true;
	}
	return tailreplay_is_pending(&resume->replay);
}
