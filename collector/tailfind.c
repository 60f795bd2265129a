/* SPDX-License-Identifier: ISC */
#include "collector/tailfind.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/tailfile.h"
#include "lib/buf.h"
#include "lib/mem.h"

enum { TAILFIND_ATTEMPTS = 5 };

static bool
is_before(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec
				    : a.tv_nsec < b.tv_nsec;
}

static int
compare_ages(const void *left, const void *right)
{
	const struct tailfind_entry *a = left, *b = right;

	if (is_before(a->mtime, b->mtime))
		return -1;
	if (is_before(b->mtime, a->mtime))
		return 1;
	if (a->is_path != b->is_path)
		return a->is_path ? 1 : -1;
	return tailname_compare(&a->age, &b->age);
}

bool
tailfind_has_path(const struct tailfind *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->entries[i].is_path)
			return true;
	}
	return false;
}

size_t
tailfind_inode(const struct tailfind *list, dev_t dev, ino_t ino)
{
	size_t i = 0;

	while (i < list->count &&
		(list->entries[i].dev != dev || list->entries[i].ino != ino))
		i++;
	return i;
}

bool
tailfind_is_path(const struct tailfind *list, const struct tailfile *file)
{
	size_t known = tailfind_inode(list, file->dev, file->ino);

	return known < list->count && list->entries[known].is_path;
}

/* Below 0 if the names say that a is older, 0 if they say nothing. */
static int
compare_names(const struct tailfind_entry *a, const struct tailfind_entry *b)
{
	if (a->is_path || b->is_path || a->age.is_index != b->age.is_index)
		return 0;
	return tailname_compare(&a->age, &b->age);
}

int
tailfind_compare(
	const struct tailfind *list, const struct tailfile *file, size_t entry)
{
	size_t known = tailfind_inode(list, file->dev, file->ino);
	int order = 0;

	if (known == list->count)
		return 0;
	if (list->entries[known].is_path)
		return 1;
	order = compare_names(&list->entries[known], &list->entries[entry]);
	if (order != 0)
		return order;
	return known < entry ? -1 : 1;
}

void
tailfind_keep_younger(struct tailfind *list, const struct tailfile *than,
	struct timespec since)
{
	size_t known =
		than ? tailfind_inode(list, than->dev, than->ino) : list->count;
	bool is_unlinked = than && known == list->count;

	for (size_t i = 0; i < list->count; i++) {
		struct tailfind_entry *entry = &list->entries[i];
		bool is_young =
			is_before(since, entry->mtime) || i > known ||
			(is_unlinked && !is_before(entry->mtime, since));

		int order = known < list->count ? compare_names(entry,
							  &list->entries[known])
						: 0;

		if (order != 0)
			is_young = order > 0;
		entry->is_taken |= !is_young;
	}
}

/* Adds the file of that name; what is no readable regular file is left out. */
static struct tailfind_entry *
add(struct tailfind *list, const char *name)
{
	struct tailfind_entry *entry = NULL;
	struct stat st;
	int fd = -1;

	if (stat(name, &st) != 0 || !S_ISREG(st.st_mode))
		return NULL;
	fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
		tailfind_inode(list, st.st_dev, st.st_ino) < list->count) {
		close(fd);
		return NULL;
	}
	list->entries = mem_grow(list->entries, list->count, &list->capacity,
		sizeof *list->entries);
	entry = &list->entries[list->count++];
	*entry = (struct tailfind_entry){
		.name = mem_strdup(name),
		.fd = fd,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = st.st_size,
		.mtime = st.st_mtim,
	};
	return entry;
}

/* Adds the rotated files of base in a folder.  False if the folder changed
 * meanwhile: a file that was just renamed may have been missed. */
static bool
add_folder(struct tailfind *list, const char *folder, const char *base)
{
	struct stat before, after;
	struct buf name = {0};
	struct dirent *item = NULL;
	DIR *dir = opendir(folder);

	if (!dir)
		return true;
	fstat(dirfd(dir), &before);
	while ((item = readdir(dir))) {
		struct tailfind_entry *entry = NULL;
		struct tailname age;

		if (!tailname_parse(base, item->d_name, &age))
			continue;
		buf_clear(&name);
		buf_printf(&name, "%s/%s", folder, item->d_name);
		entry = add(list, name.data);
		if (entry)
			entry->age = age;
	}
	fstat(dirfd(dir), &after);
	closedir(dir);
	buf_free(&name);
	return before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
	       before.st_mtim.tv_nsec == after.st_mtim.tv_nsec;
}

static void
free_entry(struct tailfind_entry *entry)
{
	if (entry->fd >= 0)
		close(entry->fd);
	free(entry->name);
}

static void
clear(struct tailfind *list)
{
	for (size_t i = 0; i < list->count; i++)
		free_entry(&list->entries[i]);
	list->count = 0;
}

/* A .gz beside its uncompressed file is not finished or was left over. */
static void
drop_compressed_twins(struct tailfind *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct tailfind_entry entry = list->entries[i];
		bool has_twin = false;

		if (entry.age.is_gz) {
			size_t stem = strlen(entry.name) - strlen(".gz");
			char *plain = mem_strndup(entry.name, stem);

			has_twin = access(plain, F_OK) == 0;
			free(plain);
		}
		if (has_twin)
			free_entry(&entry);
		else
			list->entries[kept++] = entry;
	}
	list->count = kept;
}

static bool
fill(struct tailfind *list, const char *path)
{
	char *real = realpath(path, NULL);
	const char *names[] = {path, real};
	bool complete = true;
	struct tailfind_entry *own = add(list, path);

	if (own)
		own->is_path = true;
	/* A link and its target may lie in different folders and have
	 * different names: each name is looked for in each folder. */
	for (size_t i = 0; i < 4; i++) {
		char *where = NULL, *what = NULL;

		if (!names[i / 2] || !names[i % 2])
			continue;
		where = mem_strdup(names[i / 2]);
		what = mem_strdup(names[i % 2]);
		complete &= add_folder(list, dirname(where), basename(what));
		free(where);
		free(what);
	}
	free(real);
	return complete;
}

struct tailfind *
tailfind_open(const char *path)
{
	struct tailfind *list = mem_zalloc(1, sizeof *list);

	for (int i = 0; i < TAILFIND_ATTEMPTS; i++) {
		clear(list);
		if (fill(list, path))
			break;
	}
	drop_compressed_twins(list);
	if (list->count > 0)
		qsort(list->entries, list->count, sizeof *list->entries,
			compare_ages);
	return list;
}

void
tailfind_close(struct tailfind *list)
{
	if (!list)
		return;
	clear(list);
	free(list->entries);
	free(list);
}

struct tailfile *
tailfind_take(struct tailfind *list, size_t index)
{
	struct tailfind_entry *entry = &list->entries[index];
	int fd = fcntl(entry->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return NULL;
	entry->is_taken = true;
	return tailfile_adopt(fd, entry->name, entry->age.is_gz);
}

/* The entry, if the bytes before the position's offset in it are the right
 * ones. */
static struct tailfile *
match(struct tailfind *list, size_t index, const struct tail_position *position,
	bool *is_short)
{
	struct tailfile *file = tailfind_take(list, index);
	enum tailfile_state state;

	if (!file)
		return NULL;
	state = tailfile_seek(file, position->offset);
	if (state == TAILFILE_READY &&
		tailfile_position(file).hash == position->hash)
		return file;
	if (state == TAILFILE_SHORT)
		*is_short = true;
	tailfile_close(file);
	list->entries[index].is_taken = false;
	return NULL;
}

struct tailfile *
tailfind_position(struct tailfind *list, const struct tail_position *position,
	bool *is_short)
{
	size_t same = tailfind_inode(list, position->dev, position->ino);
	struct tailfile *file = NULL;

	*is_short = false;
	if (same < list->count && !list->entries[same].is_taken)
		file = match(list, same, position, is_short);
	if (file || position->offset == 0)
		return file;
	for (int gz = 0; gz <= 1 && !file; gz++) {
		for (size_t i = list->count; i-- > 0 && !file;) {
			const struct tailfind_entry *entry = &list->entries[i];

			if (!entry->is_taken && entry->age.is_gz == gz)
				file = match(list, i, position, is_short);
		}
	}
	return file;
}
