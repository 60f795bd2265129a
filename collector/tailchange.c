/* SPDX-License-Identifier: ISC */
#include "collector/tailchange.h"

/* Inserts at index what came after a file and is not known yet. */
static void
gather(struct tailset *set, size_t index, const struct tailfile *than,
	struct timespec since)
{
	struct tailfind *list = tailfind_open(set->path);

	tailfind_keep_younger(list, than, since);
	set->events.rotations += tailset_gather(set, index, list);
	tailfind_close(list);
}

/* One that was empty may have been filled, copied and truncated meanwhile: a
 * copy's name says that it is older. */
static void
gather_behind(struct tailset *set, size_t index)
{
	const struct tailfile *last = set->files[index];

	gather(set, index + 1, last->buf.end > 0 ? last : NULL,
		last->mtime_before);
}

void
tailchange_missed(struct tailset *set)
{
	gather_behind(set, set->count - 1);
}

void
tailchange_rotated(struct tailset *set, struct tailfile *file)
{
	tailfile_continue(file, tailset_last(set));
	set->events.rotations++;
	/* First: it may have been renamed since it was opened, and would then
	 * be found once more. */
	tailset_insert(set, set->count, file);
	gather_behind(set, set->count - 2);
}

void
tailchange_copied(struct tailset *set, const struct tailfile *last)
{
	if (last->buf.end == 0 &&
		(last->mtime.tv_sec != last->mtime_before.tv_sec ||
			last->mtime.tv_nsec != last->mtime_before.tv_nsec))
		gather(set, set->count - 1, NULL, last->mtime_before);
}

void
tailchange_rewritten(struct tailset *set, size_t index, struct timespec seen)
{
	struct tailfile *file = set->files[index], *copy = NULL;
	struct tail_position probe = tailfile_probe(file);
	uint64_t offset = file->buf.offset, lost = file->size - offset;
	struct tailfind *list = tailfind_open(set->path);
	size_t at = index;
	bool is_short = false;

	tailset_mark_taken(set, list);
	if (probe.offset > 0)
		copy = tailfind_position(list, &probe, &is_short);
	if (copy) {
		tailfile_seek(copy, offset);
		copy->marks = file->marks;
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
		set->events.lost_bytes += lost;
	set->events.truncations++;
}
