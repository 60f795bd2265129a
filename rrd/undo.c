/* SPDX-License-Identifier: ISC */
#include "rrd/undo.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"

enum { HEAD_MAX = 16 << 20 };

static const uint64_t MAGIC = 0x31656f646e75746d; /* valid: "mtundoe1" */

/* At the start of the file; the path and the head of the RRD file follow.
 * magic is written last and wiped first. */
struct mark {
	uint64_t magic, path_size, head_size, file_size;
};

struct undo {
	char *name;
	int fd;
	struct buf buf;
	bool is_begun;
};

/* The whole, or nothing that counts. */
static bool
put(int fd, const void *data, size_t size, off_t at)
{
	return pwrite(fd, data, size, at) == (ssize_t)size;
}

static bool
get(int fd, void *data, size_t size, off_t at)
{
	return pread(fd, data, size, at) == (ssize_t)size;
}

static void
wipe(struct undo *undo)
{
	const uint64_t none = 0;
	if (undo->fd >= 0 && !put(undo->fd, &none, sizeof(none), 0) &&
		ftruncate(undo->fd, 0) < 0)
		unlink(undo->name);
	undo->is_begun = false;
}

static bool
put_back(const char *path, const char *head, const struct mark *mark)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	/* A file of another size is another file. */
	bool is_done = fd >= 0 && fstat(fd, &st) == 0 &&
		       (uint64_t)st.st_size == mark->file_size &&
		       put(fd, head, mark->head_size, 0);
	if (fd >= 0)
		close(fd);
	return is_done;
}

/* The path of the file that was put back, or NULL. */
static char *
restore(struct undo *undo)
{
	struct mark mark;
	if (undo->fd < 0 || !get(undo->fd, &mark, sizeof(mark), 0) ||
		mark.magic != MAGIC || mark.path_size == 0 ||
		mark.path_size > HEAD_MAX || mark.head_size > HEAD_MAX)
		return NULL;
	size_t size = mark.path_size + mark.head_size;
	char *data = mem_zalloc(size, 1), *path = NULL;
	if (get(undo->fd, data, size, sizeof(mark)) &&
		data[mark.path_size - 1] == '\0' &&
		put_back(data, data + mark.path_size, &mark))
		path = mem_strdup(data);
	free(data);
	return path;
}

struct undo *
undo_open(const char *dir, char **restored)
{
	struct undo *undo = mem_zalloc(1, sizeof(*undo));
	struct buf name = {0};
	buf_printf(&name, "%s/undo", dir);
	undo->name = name.data;
	undo->fd = open(undo->name, O_RDWR | O_CLOEXEC);
	*restored = restore(undo);
	wipe(undo);
	return undo;
}

void
undo_close(struct undo *undo)
{
	if (!undo)
		return;
	if (undo->fd >= 0)
		close(undo->fd);
	buf_free(&undo->buf);
	free(undo->name);
	free(undo);
}

static bool
keep(struct undo *undo, const char *path, size_t head_size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size_t path_size = strlen(path) + 1;
	char *head = mem_zalloc(head_size, 1);
	bool is_read = fstat(fd, &st) == 0 && get(fd, head, head_size, 0);
	close(fd);
	buf_clear(&undo->buf);
	buf_add(&undo->buf, path, path_size);
	buf_add(&undo->buf, head, head_size);
	free(head);
	const struct mark mark = {
		MAGIC, path_size, head_size, (uint64_t)st.st_size};
	return is_read &&
	       put(undo->fd, undo->buf.data, undo->buf.len, sizeof(mark)) &&
	       put(undo->fd, &mark, sizeof(mark), 0);
}

void
undo_begin(struct undo *undo, const char *path, size_t head_size)
{
	if (undo->fd < 0)
		undo->fd = open(undo->name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (undo->fd < 0 || head_size == 0 || head_size > HEAD_MAX)
		return;
	undo->is_begun = true;
	if (!keep(undo, path, head_size))
		wipe(undo);
}

void
undo_commit(struct undo *undo)
{
	if (undo->is_begun)
		wipe(undo);
}

void
undo_revert(struct undo *undo)
{
	if (!undo->is_begun)
		return;
	free(restore(undo));
	wipe(undo);
}
