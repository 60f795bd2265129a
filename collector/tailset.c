/* SPDX-License-Identifier: ISC */
#include "collector/tailset.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

struct tailset
tailset_open(void)
{
	return (struct tailset){
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
tailset_drop(struct tailset *set, size_t index)
{
	struct tailfile *file = take_out(set, index);
	struct tailset_head *head =
		&set->heads[set->heads_count++ % TAILSET_HEADS];

	head->position = tailfile_position(file);
	head->len = tailfile_head(file, head->bytes, sizeof head->bytes);
	close_file(set, file);
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

/* Lets a copy of what was read begin behind that, if it goes on there.  The
 * youngest first: it may be such a copy itself. */
static bool
skip_known(const struct tailset *set, struct tailfile *file)
{
	for (size_t i = set->count; i-- > 0;) {
		if (tailfile_continue(file, set->files[i]))
			return true;
	}
	for (size_t i = 0; i < TAILSET_HEADS && i < set->heads_count; i++) {
		size_t head = (set->heads_count - 1 - i) % TAILSET_HEADS;

		if (tailfile_resume(file, &set->heads[head].position))
			return true;
	}
	return false;
}

/* Whether a file has nothing that was not, or will not be, read elsewhere. */
static bool
is_known(const struct tailset *set, struct tailfile *file)
{
	if (!file->gunzip && skip_known(set, file))
		return tailfile_lag(file) == 0;
	return is_copy(set, file);
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
