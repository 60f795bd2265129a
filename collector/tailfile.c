/* SPDX-License-Identifier: ISC */
#include "collector/tailfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/gunzip.h"
#include "lib/mem.h"

enum { TAILFILE_FLAGS = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

/* Reads all of size bytes unless the file ends before or fails. */
static ssize_t
read_at(int fd, char *out, size_t size, uint64_t offset)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n =
			pread(fd, out + got, size - got, (off_t)(offset + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

static enum tailfile_state
fail(struct tailfile *file)
{
	file->error = errno;
	return TAILFILE_FAILED;
}

/* Whether the bytes before the end are still those that we hold. */
static enum tailfile_state
compare(struct tailfile *file)
{
	char mark[TAIL_MARK_SIZE];
	size_t size = tailbuf_mark_size(file->buf.end);
	ssize_t got = read_at(file->fd, mark, size, file->buf.end - size);

	if (got < 0)
		return fail(file);
	if ((size_t)got < size ||
		memcmp(mark, tailbuf_end_mark(&file->buf), size) != 0)
		return TAILFILE_CHANGED;
	return TAILFILE_READY;
}

struct tailfile *
tailfile_open(const char *name)
{
	struct stat st;
	int fd = -1;

	/* Looked at before: opening a device may do something. */
	if (stat(name, &st) != 0)
		return NULL;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return NULL;
	}
	fd = open(name, TAILFILE_FLAGS);
	return fd < 0 ? NULL : tailfile_adopt(fd, name, false);
}

struct tailfile *
tailfile_adopt(int fd, const char *name, bool is_gz)
{
	struct tailfile *file = NULL;
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return NULL;
	}
	file = mem_zalloc(1, sizeof *file);
	file->name = mem_strdup(name);
	file->fd = fd;
	file->gunzip = is_gz ? gunzip_open(fd) : NULL;
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->watch = -1;
	file->mtime = st.st_mtim;
	file->limit = UINT64_MAX;
	tailbuf_begin(&file->buf, 0);
	tailfile_look(file);
	return file;
}

void
tailfile_close(struct tailfile *file)
{
	if (!file)
		return;
	gunzip_close(file->gunzip);
	close(file->fd);
	tailbuf_free(&file->buf);
	free(file->name);
	free(file);
}

void
tailfile_reopen(struct tailfile *file, const char *name)
{
	int fd = open(name, TAILFILE_FLAGS);
	struct stat st;

	if (fd < 0)
		return;
	if (file->gunzip || fstat(fd, &st) != 0 || st.st_dev != file->dev ||
		st.st_ino != file->ino) {
		close(fd);
		return;
	}
	close(file->fd);
	file->fd = fd;
	file->error = 0;
}

bool
tailfile_look(struct tailfile *file)
{
	struct stat st;
	uint64_t size = 0;

	if (fstat(file->fd, &st) != 0)
		return true;
	size = (uint64_t)st.st_size;
	file->mtime_before = file->mtime;
	file->mtime = st.st_mtim;
	file->is_unlinked = st.st_nlink == 0;
	if (!file->gunzip && !tailbuf_has_block(&file->buf) &&
		(compare(file) == TAILFILE_CHANGED ||
			(file->buf.end == 0 && size < file->size)))
		return false;
	if (file->gunzip || size >= file->buf.end)
		file->size = size;
	return true;
}

void
tailfile_restart(struct tailfile *file)
{
	tailbuf_begin(&file->buf, 0);
	tailmarks_begin(&file->marks, 0);
	file->size = 0;
	file->is_at_end = false;
}

static enum tailfile_state
fill_gz(struct tailfile *file, uint64_t most)
{
	char *out = NULL;
	size_t room = tailbuf_room(&file->buf, &out), got = 0;

	if (room > most)
		room = (size_t)most;
	switch (gunzip_read(file->gunzip, out, room, &got)) {
	case GUNZIP_DATA:
		tailbuf_add(&file->buf, got);
		return TAILFILE_READY;
	case GUNZIP_SHORT:
		return TAILFILE_SHORT;
	case GUNZIP_ERROR:
		return fail(file);
	case GUNZIP_END:
	case GUNZIP_BAD:
		break;
	}
	return TAILFILE_END;
}

/* The comparison comes after the read: what was read before a truncation is
 * valid, what was read after one is not kept. */
static enum tailfile_state
fill_plain(struct tailfile *file, uint64_t most)
{
	char *out = NULL;
	size_t room = tailbuf_room(&file->buf, &out);
	enum tailfile_state state;
	ssize_t got = 0;

	if (room > most)
		room = (size_t)most;
	do
		got = pread(file->fd, out, room, (off_t)file->buf.end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail(file);
	state = compare(file);
	if (state != TAILFILE_READY)
		return state;
	if (got == 0)
		return TAILFILE_END;
	tailbuf_add(&file->buf, (size_t)got);
	if (file->size < file->buf.end)
		file->size = file->buf.end;
	return TAILFILE_READY;
}

enum tailfile_state
tailfile_read(struct tailfile *file, struct tail_block *block)
{
	file->is_at_end = false;
	for (;;) {
		uint64_t most = file->limit - file->buf.end;
		enum tailfile_state state = TAILFILE_END;

		if (tailbuf_take(&file->buf, block))
			return TAILFILE_READY;
		if (most > 0)
			state = file->gunzip ? fill_gz(file, most)
					     : fill_plain(file, most);
		if (state == TAILFILE_END)
			file->is_at_end = true;
		if (state != TAILFILE_READY)
			return state;
	}
}

static enum tailfile_state
seek_gz(struct tailfile *file, uint64_t offset)
{
	gunzip_close(file->gunzip);
	file->gunzip = gunzip_open(file->fd);
	while (file->buf.end < offset) {
		enum tailfile_state state =
			fill_gz(file, offset - file->buf.end);

		if (state != TAILFILE_READY)
			return state;
		tailbuf_pass(&file->buf);
	}
	tailmarks_begin(&file->marks, offset);
	return TAILFILE_READY;
}

enum tailfile_state
tailfile_seek(struct tailfile *file, uint64_t offset)
{
	size_t size = tailbuf_mark_size(offset);
	ssize_t got = 0;

	tailfile_restart(file);
	if (file->gunzip)
		return seek_gz(file, offset);
	got = read_at(file->fd, tailbuf_begin(&file->buf, offset), size,
		offset - size);
	if (got < 0)
		return fail(file);
	if ((size_t)got == size) {
		file->size = offset;
		tailmarks_begin(&file->marks, offset);
		return TAILFILE_READY;
	}
	tailfile_restart(file);
	return TAILFILE_END;
}

enum tailfile_state
tailfile_seek_last_line(struct tailfile *file)
{
	uint64_t size = file->size;
	uint64_t from = size < TAIL_LINE_MAX ? 0 : size - TAIL_LINE_MAX;
	char *data = tailbuf_begin(&file->buf, 0);
	ssize_t got = read_at(file->fd, data, (size_t)(size - from), from);
	const char *last = got > 0 ? memrchr(data, '\n', (size_t)got) : NULL;

	if (last)
		size = from + (size_t)(last - data) + 1;
	else if (from == 0)
		size = 0;
	return tailfile_seek(file, size);
}

struct tail_position
tailfile_position(const struct tailfile *file)
{
	return (struct tail_position){
		.dev = file->dev,
		.ino = file->ino,
		.offset = file->buf.offset,
		.hash = tailbuf_hash(&file->buf),
		.replay = file->buf.offset,
	};
}

struct tail_position
tailfile_probe(const struct tailfile *file)
{
	return (struct tail_position){
		.dev = file->dev,
		.ino = file->ino,
		.offset = file->buf.end,
		.hash = tailbuf_end_hash(&file->buf),
		.replay = file->buf.end,
	};
}

size_t
tailfile_head(const struct tailfile *file, char *head, size_t size)
{
	size_t total = 0, got = 0;
	struct gunzip *gunzip = NULL;
	ssize_t n = 0;

	if (!file->gunzip) {
		n = read_at(file->fd, head, size, 0);
		return n > 0 ? (size_t)n : 0;
	}
	gunzip = gunzip_open(file->fd);
	while (total < size && gunzip_read(gunzip, head + total, size - total,
				       &got) == GUNZIP_DATA)
		total += got;
	gunzip_close(gunzip);
	return total;
}

uint64_t
tailfile_lag(const struct tailfile *file)
{
	uint64_t taken =
		file->gunzip ? gunzip_taken(file->gunzip) : file->buf.offset;
	struct stat st;

	if (fstat(file->fd, &st) != 0 || (uint64_t)st.st_size < taken)
		return 0;
	return (uint64_t)st.st_size - taken;
}

/* Moves on over whole lines that other, from the same offset on, has too. */
static void
skip_common(struct tailfile *file, const struct tailfile *other)
{
	char mine[TAIL_MARK_SIZE], theirs[TAIL_MARK_SIZE];
	uint64_t at = file->buf.offset, whole = at;
	ssize_t n = 0, m = 0, i = 0;

	do {
		n = read_at(file->fd, mine, sizeof mine, at);
		m = read_at(other->fd, theirs, sizeof theirs, at);
		for (i = 0; i < n && i < m && mine[i] == theirs[i]; i++)
			if (mine[i] == '\n')
				whole = at + (uint64_t)i + 1;
		at += (uint64_t)i;
	} while (i == sizeof mine);
	tailfile_seek(file, whole);
}

bool
tailfile_resume(struct tailfile *file, const struct tail_position *position)
{
	if (position->offset == 0)
		return false;
	if (tailfile_seek(file, position->offset) == TAILFILE_READY &&
		tailfile_position(file).hash == position->hash)
		return true;
	tailfile_seek(file, 0);
	return false;
}

bool
tailfile_continue(struct tailfile *file, struct tailfile *old)
{
	struct tail_position was = tailfile_position(old);

	if (was.offset > 0 && !tailfile_resume(file, &was))
		return false;
	if (was.offset > 0)
		file->marks = old->marks;
	if (!file->gunzip && !old->gunzip)
		skip_common(old, file);
	tailmarks_begin(&old->marks, old->buf.offset);
	return old->buf.offset > 0;
}
