/* SPDX-License-Identifier: ISC */
#include "collector/tail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/tailchange.h"
#include "collector/tailresume.h"
#include "lib/mem.h"

enum {
	TAIL_GZ_PATIENCE_S = 60, /* for a .gz that is not complete */
	TAIL_QUIET_S = 10        /* an unlinked file says no more after that */
};

struct tail {
	struct tailset set;
	char trouble[128]; /* empty if there is none */

	struct tailresume resume; /* while it waits nothing is read */
	int64_t short_since_s;
	bool at_end; /* skip what the first file has */

	/* Of the block handed out last, and where it ends; NULL if there is
	 * nothing to note. */
	struct tailmarks *marks;
	uint64_t marks_offset;
};

static int64_t
now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + 1; /* 0 is never */
}

/* Whether TAIL_GZ_PATIENCE_S have gone since the first such call; *since_s is
 * 0 before that. */
static bool
is_patience_over(int64_t *since_s)
{
	int64_t now = now_s();

	if (*since_s == 0)
		*since_s = now;
	return now - *since_s >= TAIL_GZ_PATIENCE_S;
}

/* Finds the saved positions again.  False: not possible yet. */
static bool
resume(struct tail *tail)
{
	bool is_patient = tail->short_since_s == 0 ||
			  !is_patience_over(&tail->short_since_s);
	enum tailresume_state state =
		tailresume_find(&tail->resume, is_patient, &tail->set);

	if (state == TAILRESUME_SHORT)
		is_patience_over(&tail->short_since_s); /* starts the clock */
	return state == TAILRESUME_DONE;
}

/* error is 0 for none. */
static void
set_trouble(struct tail *tail, int error)
{
	const char *why = error != 0 ? strerror(error) : "";

	snprintf(tail->trouble, sizeof tail->trouble, "%s",
		error == EINVAL ? "Not a regular file" : why);
}

static void
follow_name(struct tail *tail)
{
	struct tailset *set = &tail->set;
	struct tailfile *last = tailset_last(set), *file = NULL;
	struct stat st;
	size_t known = 0;

	set_trouble(tail, 0);
	if (stat(tail->set.path, &st) != 0) {
		set_trouble(tail, errno);
		if (last)
			tailchange_missed(set);
		return;
	}
	known = tailset_inode(set, st.st_dev, st.st_ino);
	if (known < set->count) {
		if (set->files[known]->error != 0)
			tailfile_reopen(set->files[known], tail->set.path);
		if (set->files[known] == last) {
			tailchange_copied(set, last);
		} else {
			tailset_move_last(set, known);
			tail->set.events.rotations++;
		}
		return;
	}
	file = tailfile_open(tail->set.path);
	if (!file) {
		set_trouble(tail, errno);
		return;
	}
	if (file->dev != st.st_dev || file->ino != st.st_ino) {
		tailfile_close(file); /* changed again: the next check's */
		return;
	}
	if (last) {
		tailchange_rotated(set, file);
		return;
	}
	if (tail->at_end)
		tailfile_seek_last_line(file);
	tailset_insert(set, 0, file);
}

/* Whether nothing more is to be expected of a file: none of the last, and of
 * the one before, which may still be written, only if it is compressed or
 * unlinked and quiet. */
static bool
is_over(const struct tail *tail, size_t index)
{
	struct tailfile *file = tail->set.files[index];

	if (!file->is_at_end || index + 1 == tail->set.count)
		return false;
	return file->gunzip || index + 2 < tail->set.count ||
	       (file->is_unlinked &&
		       now_s() - file->quiet_since_s >= TAIL_QUIET_S);
}

void
tail_check(struct tail *tail)
{
	struct tailset *set = &tail->set;

	tail->marks = NULL;
	tailwatch_folders(&set->watch, set->path);
	if (tail->resume.is_waiting && !resume(tail)) {
		struct tailfile *file = tailfile_open(tail->set.path);

		set_trouble(tail, file ? 0 : errno);
		tailfile_close(file);
		return;
	}
	/* First, or a file that was rewritten and then replaced would not be
	 * known for the one that a copy was made of. */
	for (size_t i = 0; i < set->count; i++) {
		struct tailfile *file = set->files[i];

		if (!tailfile_look(file))
			tailchange_rewritten(set, i, file->mtime_before);
	}
	follow_name(tail);
}

struct tail *
tail_open(const char *path, const struct tail_start *start)
{
	struct tail *tail = mem_zalloc(1, sizeof *tail);

	tail->set = tailset_open(path);
	tail->resume = tailresume_open(start);
	tail->at_end = start->at_end && start->saved_count == 0;
	tail_check(tail);
	tail->at_end = false;
	return tail;
}

void
tail_close(struct tail *tail)
{
	if (!tail)
		return;
	tailset_close(&tail->set);
	tailresume_close(&tail->resume);
	free(tail);
}

/* Reads from one file.  TAILFILE_END: go on with the next; TAILFILE_SHORT: the
 * next ones have to wait. */
static enum tailfile_state
read_file(struct tail *tail, size_t index, struct tail_block *block)
{
	struct tailfile *file = tail->set.files[index];
	enum tailfile_state state = tailfile_read(file, block);

	switch (state) {
	case TAILFILE_READY:
		file->quiet_since_s = file->short_since_s = 0;
		tail->set.events.cut += file->buf.cut;
		file->buf.cut = 0;
		break;
	case TAILFILE_END:
		if (file->quiet_since_s == 0)
			file->quiet_since_s = now_s();
		break;
	case TAILFILE_SHORT:
		if (!is_patience_over(&file->short_since_s))
			break;
		file->is_at_end = true;
		state = TAILFILE_END;
		break;
	case TAILFILE_CHANGED:
		tailchange_rewritten(&tail->set, index, file->mtime);
		break;
	case TAILFILE_FAILED:
		break;
	}
	return state;
}

/* The next block of the replay. */
static bool
read_replay(struct tail *tail, struct tail_block *block)
{
	const struct tailfile *part =
		tailreplay_read(&tail->resume.replay, block);

	if (!part)
		return false;
	tail->marks = tailset_saved_marks(&tail->set, part->marks.saved);
	tail->marks_offset = part->buf.offset;
	return true;
}

int
tail_read(struct tail *tail, struct tail_block *block, struct err *err)
{
	int result = 0;

	tail->marks = NULL;
	if (tail->resume.is_waiting)
		return 0;
	if (read_replay(tail, block))
		return 1;
	for (size_t i = 0; i < tail->set.count;) {
		struct tailfile *file = tail->set.files[i];

		switch (read_file(tail, i, block)) {
		case TAILFILE_READY:
			tail->marks = &file->marks;
			tail->marks_offset = file->buf.offset;
			return 1;
		case TAILFILE_SHORT:
			return result;
		case TAILFILE_CHANGED:
			i = 0; /* older ones may have come in */
			break;
		case TAILFILE_FAILED:
			result = err_set(err, "%s: cannot be read: %s",
				file->name, strerror(file->error));
			i++;
			break;
		case TAILFILE_END:
			if (is_over(tail, i))
				tailset_drop(&tail->set, i);
			else
				i++;
			break;
		}
	}
	return result;
}

int
tail_fd(const struct tail *tail)
{
	return tail->set.watch.fd;
}

void
tail_drain(struct tail *tail)
{
	tailwatch_drain(&tail->set.watch);
}

void
tail_note_time(struct tail *tail, int64_t time)
{
	if (tail->marks)
		tailmarks_note(tail->marks, tail->marks_offset, time);
}

bool
tail_is_replaying(const struct tail *tail)
{
	return tailresume_is_replaying(&tail->resume);
}

size_t
tail_positions(const struct tail *tail, int64_t since,
	struct tail_position *out, size_t size)
{
	const struct tailresume *resume = &tail->resume;
	size_t count = 0;

	if (!resume->is_waiting)
		return tailset_positions(&tail->set,
			tail_is_replaying(tail) ? INT64_MIN : since, out, size);
	if (size > TAIL_FILES_MAX)
		size = TAIL_FILES_MAX;
	for (; count < resume->count && count < size; count++)
		out[count] = resume->saved[count];
	return count;
}

const char *
tail_path(const struct tail *tail)
{
	return tail->set.path;
}

struct tail_events
tail_events(const struct tail *tail)
{
	return tail->set.events;
}

uint64_t
tail_lag(const struct tail *tail)
{
	uint64_t lag = 0;

	for (size_t i = 0; i < tail->set.count; i++)
		lag += tailfile_lag(tail->set.files[i]);
	return lag;
}

const char *
tail_trouble(const struct tail *tail)
{
	return tail->trouble[0] ? tail->trouble : NULL;
}
