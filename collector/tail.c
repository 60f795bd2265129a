/* SPDX-License-Identifier: ISC */
#include "collector/tail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/tailresume.h"
#include "collector/tailset.h"
#include "lib/mem.h"

enum {
	TAIL_GZ_PATIENCE_S = 60, /* for a .gz that is not complete */
	TAIL_QUIET_S = 10        /* an unlinked file says no more after that */
};

struct tail {
	char *path;
	struct tailset set;
	struct tail_events events;
	char trouble[128]; /* empty if there is none */

	struct tailresume resume; /* until it is done nothing is read */
	int64_t short_since_s;
	bool at_end; /* skip what the first file has */
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
	enum tailresume_state state = tailresume_find(
		&tail->resume, tail->path, is_patient, &tail->set);

	if (state == TAILRESUME_SHORT)
		is_patience_over(&tail->short_since_s); /* starts the clock */
	if (state == TAILRESUME_DONE)
		tail->resume.count = 0;
	return state == TAILRESUME_DONE;
}

/* Inserts at index what came after a file and is not known yet. */
static void
gather(struct tail *tail, size_t index, const struct tailfile *than,
	struct timespec since)
{
	struct tailfind *list = tailfind_open(tail->path);

	tailfind_keep_younger(list, than, since);
	tail->events.rotations += tailset_gather(&tail->set, index, list);
	tailfind_close(list);
}

/* Adds what came after the last file and is not known yet.  One that was empty
 * may have been filled, copied and truncated meanwhile: a copy's name says that
 * it is older. */
static void
gather_behind(struct tail *tail, const struct tailfile *last)
{
	gather(tail, tail->set.count, last->buf.end > 0 ? last : NULL,
		last->mtime_before);
}

/* The name has another file than the last one. */
static void
rotate(struct tail *tail, struct tailfile *file)
{
	struct tailfile *last = tailset_last(&tail->set);

	tailfile_continue(file, last);
	gather_behind(tail, last);
	tail->events.rotations++;
	tailset_insert(&tail->set, tail->set.count, file);
}

/* The name still leads to the last file.  If nothing was read of it, nothing
 * can be missed in it; and yet it may have been filled, copied and truncated
 * since we looked. */
static void
look_for_copies(struct tail *tail, const struct tailfile *last)
{
	if (last->buf.end == 0 &&
		(last->mtime.tv_sec != last->mtime_before.tv_sec ||
			last->mtime.tv_nsec != last->mtime_before.tv_nsec))
		gather(tail, tail->set.count - 1, NULL, last->mtime_before);
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
	if (stat(tail->path, &st) != 0) {
		set_trouble(tail, errno);
		if (last)
			gather_behind(tail, last);
		return;
	}
	known = tailset_inode(set, st.st_dev, st.st_ino);
	if (known < set->count) {
		if (set->files[known]->error != 0)
			tailfile_reopen(set->files[known], tail->path);
		if (set->files[known] == last) {
			look_for_copies(tail, last);
		} else {
			tailset_move_last(set, known);
			tail->events.rotations++;
		}
		return;
	}
	file = tailfile_open(tail->path);
	if (!file) {
		set_trouble(tail, errno);
		return;
	}
	if (file->dev != st.st_dev || file->ino != st.st_ino) {
		tailfile_close(file); /* changed again: the next check's */
		return;
	}
	if (last) {
		rotate(tail, file);
		return;
	}
	if (tail->at_end)
		tailfile_seek_last_line(file);
	tailset_insert(set, 0, file);
}

/* What was read of a file is not in it any more.  The rest may be in a copy
 * that was made before; then what came in between is younger than that. */
static void
read_anew(struct tail *tail, size_t index, struct timespec seen)
{
	struct tailset *set = &tail->set;
	struct tailfile *file = set->files[index], *copy = NULL;
	struct tail_position probe = tailfile_probe(file);
	uint64_t offset = file->buf.offset, lost = file->size - offset;
	struct tailfind *list = tailfind_open(tail->path);
	size_t at = index;
	bool is_short = false;

	tailset_mark_taken(set, list);
	if (probe.offset > 0)
		copy = tailfind_position(list, &probe, &is_short);
	if (copy) {
		tailfile_seek(copy, offset);
		tailset_insert(set, at++, copy);
	}
	tailfile_restart(file);
	/* If it has no name any more, what came after it is not before it. */
	if (tailfind_inode(list, file->dev, file->ino) < list->count) {
		tailfind_keep_younger(list, copy ? copy : file, seen);
		if (tailset_gather(set, at, list) > 0 && probe.offset == 0)
			lost = 0;
	}
	tailfind_close(list);
	if (!copy)
		tail->events.lost_bytes += lost;
	tail->events.truncations++;
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

	tailwatch_folders(&set->watch, tail->path);
	if (tail->resume.count > 0 && !resume(tail)) {
		struct tailfile *file = tailfile_open(tail->path);

		set_trouble(tail, file ? 0 : errno);
		tailfile_close(file);
		return;
	}
	/* First, or a file that was rewritten and then replaced would not be
	 * known for the one that a copy was made of. */
	for (size_t i = 0; i < set->count; i++) {
		struct tailfile *file = set->files[i];

		if (!tailfile_look(file))
			read_anew(tail, i, file->mtime_before);
	}
	follow_name(tail);
}

struct tail *
tail_open(const char *path, const struct tail_start *start)
{
	struct tail *tail = mem_zalloc(1, sizeof *tail);

	tail->path = mem_strdup(path);
	tail->set = tailset_open();
	if (start->saved_count > 0) {
		size_t size = start->saved_count * sizeof *start->saved;

		tail->resume.saved = mem_zalloc(1, size);
		memcpy(tail->resume.saved, start->saved, size);
		tail->resume.count = start->saved_count;
		tail->resume.saved_at = start->saved_at;
	}
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
	free(tail->resume.saved);
	free(tail->path);
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
		tail->events.cut += file->buf.cut;
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
		read_anew(tail, index, file->mtime);
		break;
	case TAILFILE_FAILED:
		break;
	}
	return state;
}

int
tail_read(struct tail *tail, struct tail_block *block, struct err *err)
{
	int result = 0;

	for (size_t i = 0; tail->resume.count == 0 && i < tail->set.count;) {
		struct tailfile *file = tail->set.files[i];

		switch (read_file(tail, i, block)) {
		case TAILFILE_READY:
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

size_t
tail_positions(const struct tail *tail, struct tail_position *out, size_t size)
{
	size_t count = 0;

	if (size > TAIL_FILES_MAX)
		size = TAIL_FILES_MAX;
	for (; count < tail->resume.count && count < size; count++)
		out[count] = tail->resume.saved[count];
	if (count > 0)
		return count;
	/* Those left out are the youngest, not begun yet: found by mtime. */
	for (size_t i = 0; i < tail->set.count && count < size; i++) {
		const struct tailfile *file = tail->set.files[i];

		/* Such an inode can only be found again by mistake. */
		if (!file->is_unlinked || file->buf.offset > 0)
			out[count++] = tailfile_position(file);
	}
	return count;
}

const char *
tail_path(const struct tail *tail)
{
	return tail->path;
}

struct tail_events
tail_events(const struct tail *tail)
{
	return tail->events;
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
