/* SPDX-License-Identifier: ISC */
#include "collector/tailset.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

struct tailset
tailset_open(const char *path)
{
	return (struct tailset){
		.path = mem_strdup(path),
		.heads = mem_zalloc(TAILSET_HEADS, sizeof(struct tailset_head)),
		.watch = tailwatch_open(),
	};
}

void
tailset_close(struct tailset *set)
{
	tailset_clear(set);
	tailwatch_close(&set->watch);
	free(set->heads);
	free(set->files);
	free(set->path);
}

struct tailfile *
tailset_last(const struct tailset *set)
{
	return set->count > 0 ? set->files[set->count - 1] : NULL;
}

size_t
tailset_inode(const struct tailset *set, dev_t dev, ino_t ino)
{
	size_t i = 0;

	while (i < set->count &&
		(set->files[i]->dev != dev || set->files[i]->ino != ino))
		i++;
	return i;
}

void
tailset_insert(struct tailset *set, size_t index, struct tailfile *file)
{
	set->files = mem_grow(
		set->files, set->count, &set->capacity, sizeof *set->files);
	memmove(set->files + index + 1, set->files + index,
		(set->count - index) * sizeof *set->files);
	set->files[index] = file;
	set->count++;
	file->watch = tailwatch_file(&set->watch, file->fd);
}

static struct tailfile *
take_out(struct tailset *set, size_t index)
{
	struct tailfile *file = set->files[index];

	set->count--;
	memmove(set->files + index, set->files + index + 1,
		(set->count - index) * sizeof *set->files);
	return file;
}

void
tailset_move_last(struct tailset *set, size_t index)
{
	struct tailfile *file = take_out(set, index);

	set->files[set->count++] = file;
}

static void
close_file(struct tailset *set, struct tailfile *file)
{
	tailwatch_forget(&set->watch, file->watch);
	tailfile_close(file);
}

void
tailset_remember(struct tailset *set, const struct tailfile *file)
{
	struct tailset_head *head =
		&set->heads[set->heads_count % TAILSET_HEADS];

	if (file->buf.offset == 0)
		return; /* of no line */
	set->heads_count++;
	head->position = tailfile_position(file);
	head->marks = file->marks;
	head->len = tailfile_head(file, head->bytes, sizeof head->bytes);
}

void
tailset_drop(struct tailset *set, size_t index)
{
	struct tailfile *file = take_out(set, index);

	tailset_remember(set, file);
	close_file(set, file);
}

/* The closed file before the last so many ones; NULL: not remembered. */
static struct tailset_head *
head_before(const struct tailset *set, size_t back)
{
	if (back >= set->heads_count || back >= TAILSET_HEADS)
		return NULL;
	return &set->heads[(set->heads_count - 1 - back) % TAILSET_HEADS];
}

struct tailmarks *
tailset_saved_marks(struct tailset *set, size_t saved)
{
	struct tailset_head *head = NULL;

	for (size_t i = 0; i < set->count; i++) {
		if (set->files[i]->marks.saved == saved)
			return &set->files[i]->marks;
	}
	for (size_t i = 0; (head = head_before(set, i)); i++) {
		if (head->marks.saved == saved)
			return &head->marks;
	}
	return NULL;
}

static uint64_t
replay_offset(const struct tail_position *position,
	const struct tailmarks *marks, int64_t since)
{
	uint64_t replay = since == INT64_MAX ? position->offset
					     : tailmarks_replay(marks, since);

	return replay < position->offset ? replay : position->offset;
}

/* Those of closed files, before the present ones. */
static size_t
closed_positions(const struct tailset *set, int64_t since,
	struct tail_position *out, size_t size)
{
	const struct tailset_head *head = NULL;
	size_t count = 0;

	for (size_t i = 0; count < size && (head = head_before(set, i)); i++) {
		struct tail_position position = head->position;

		position.replay = replay_offset(&position, &head->marks, since);
		if (position.replay == position.offset)
			continue;
		/* Found again by its content: the inode may be another's. */
		position.dev = 0;
		position.ino = 0;
		memmove(out + 1, out, count++ * sizeof *out);
		*out = position;
	}
	return count;
}

size_t
tailset_positions(const struct tailset *set, int64_t since,
	struct tail_position *out, size_t size)
{
	struct tail_position present[TAIL_FILES_MAX];
	size_t count = 0, closed = 0;

	if (size > TAIL_FILES_MAX)
		size = TAIL_FILES_MAX;
	/* Those left out are the youngest, not begun yet: found by mtime. */
	for (size_t i = 0; i < set->count && count < size; i++) {
		const struct tailfile *file = set->files[i];
		struct tail_position position = tailfile_position(file);

		/* Such an inode can only be found again by mistake. */
		if (file->is_unlinked && position.offset == 0)
			continue;
		position.replay = replay_offset(&position, &file->marks, since);
		present[count++] = position;
	}
	closed = closed_positions(set, since, out, size - count);
	memcpy(out + closed, present, count * sizeof *out);
	return closed + count;
}

void
tailset_clear(struct tailset *set)
{
	while (set->count > 0)
		close_file(set, take_out(set, set->count - 1));
}

void
tailset_mark_taken(const struct tailset *set, struct tailfind *list)
{
	for (size_t i = 0; i < set->count; i++) {
		size_t entry = tailfind_inode(
			list, set->files[i]->dev, set->files[i]->ino);

		if (entry < list->count)
			list->entries[entry].is_taken = true;
	}
}

static bool
begins_with(const struct tailset_head *head, const struct tailset_head *begin)
{
	return head->len >= begin->len &&
	       memcmp(head->bytes, begin->bytes, begin->len) == 0;
}

/* Whether the file begins like one that was or is being read. */
static bool
is_copy(const struct tailset *set, const struct tailfile *file)
{
	struct tailset_head mine, other;

	mine.len = tailfile_head(file, mine.bytes, sizeof mine.bytes);
	if (!memchr(mine.bytes, '\n', mine.len))
		return false; /* not a line yet, so it says nothing */
	for (size_t i = 0; i < set->count; i++) {
		other.len = tailfile_head(
			set->files[i], other.bytes, sizeof other.bytes);
		if (begins_with(&other, &mine))
			return true;
	}
	for (size_t i = 0; i < TAILSET_HEADS; i++) {
		if (begins_with(&set->heads[i], &mine))
			return true;
	}
	return false;
}

/* Lets a copy of what was read begin behind that, if it goes on there, with the
 * marks of that, whose place is returned; else NULL.  The youngest first: it
 * may be such a copy itself. */
static struct tailmarks *
skip_known(const struct tailset *set, struct tailfile *file)
{
	struct tailset_head *head = NULL;

	for (size_t i = set->count; i-- > 0;) {
		if (tailfile_continue(file, set->files[i]))
			return &set->files[i]->marks;
	}
	for (size_t i = 0; (head = head_before(set, i)); i++) {
		if (!tailfile_resume(file, &head->position))
			continue;
		file->marks = head->marks;
		tailmarks_begin(&head->marks, head->position.offset);
		return &head->marks;
	}
	return NULL;
}

/* Whether a file has nothing that was not, or will not be, read elsewhere. */
static bool
is_known(const struct tailset *set, struct tailfile *file)
{
	struct tailmarks *marks = file->gunzip ? NULL : skip_known(set, file);

	if (!marks)
		return is_copy(set, file);
	if (tailfile_lag(file) > 0)
		return false;
	*marks = file->marks;
	return true;
}

/* The index where an entry belongs by its age, searched from at. */
static size_t
place(const struct tailset *set, size_t at, const struct tailfind *list,
	size_t entry)
{
	if (list->entries[entry].is_path)
		return set->count;
	while (at > 0 && tailfind_compare(list, set->files[at - 1], entry) > 0)
		at--;
	while (at < set->count &&
		tailfind_compare(list, set->files[at], entry) < 0)
		at++;
	return at;
}

void
tailset_insert_by_age(
	struct tailset *set, struct tailfile *file, const struct tailfind *list)
{
	size_t entry = tailfind_inode(list, file->dev, file->ino);

	tailset_insert(set, place(set, 0, list, entry), file);
}

size_t
tailset_gather(struct tailset *set, size_t index, struct tailfind *list)
{
	size_t added = 0;

	tailset_mark_taken(set, list);
	for (size_t i = 0; i < list->count; i++) {
		struct tailfile *file = NULL;

		if (list->entries[i].is_taken || list->entries[i].is_path)
			continue;
		file = tailfind_take(list, i);
		if (!file)
			continue;
		if (is_known(set, file)) {
			tailfile_close(file);
			continue;
		}
		tailset_insert(set, place(set, index + added++, list, i), file);
	}
	return added;
}
