/* SPDX-License-Identifier: ISC */
/* reader — see reader.h. */
#include "cli/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collector/gunzip.h"
#include "collector/tail.h"
#include "lib/mem.h"

/* Room for a line of any length; small, as many files may be open at once. */
enum { BUFFER_SIZE = 2 * TAIL_LINE_MAX };

struct reader {
	char *path;
	int fd;
	struct gunzip *gunzip; /* NULL for plain text */
	struct stat status;
	uint64_t done;
	bool at_end, skips; /* skips: the rest of a cut line */
	struct err trouble; /* told when the lines before it are out */
	size_t from, to;    /* bytes in the buffer not yet handed out */
	char buffer[BUFFER_SIZE];
};

/* The time in a .gz: of its text's last change, or of the packing. */
static int64_t
packed_at(int fd)
{
	enum { PLAUSIBLE = 631152000 }; /* 1990 */
	unsigned char head[8];
	if (pread(fd, head, sizeof(head), 0) != sizeof(head) ||
		head[0] != 0x1f || head[1] != 0x8b)
		return INT64_MAX;
	int64_t time = (int64_t)head[4] | (int64_t)head[5] << 8 |
		       (int64_t)head[6] << 16 | (int64_t)head[7] << 24;
	return time > PLAUSIBLE ? time : INT64_MAX;
}

static int
reader_start(struct reader *reader, struct err *err)
{
	const char *path = reader->path;
	reader->fd = strcmp(path, "-") == 0 ? STDIN_FILENO
					    : open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0 || fstat(reader->fd, &reader->status) != 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (S_ISDIR(reader->status.st_mode))
		return err_set(err, "%s: Is a directory", path);
	size_t len = strlen(path);
	if (len > 3 && strcmp(path + len - 3, ".gz") == 0)
		reader->gunzip = gunzip_open(reader->fd);
	return 0;
}

struct reader *
reader_open(const char *path, struct err *err)
{
	struct reader *reader = mem_zalloc(1, sizeof(*reader));
	reader->path = mem_strdup(path);
	if (reader_start(reader, err) == 0)
		return reader;
	reader_close(reader);
	return NULL;
}

void
reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	gunzip_close(reader->gunzip);
	if (reader->fd > STDIN_FILENO)
		close(reader->fd);
	free(reader->path);
	free(reader);
}

/* Why no more bytes come from a .gz; empty if that is its end. */
static void
note_gunzip(struct reader *reader, enum gunzip_state state)
{
	const char *why = state == GUNZIP_SHORT   ? "the gzip file is cut short"
			  : state == GUNZIP_BAD   ? "damaged gzip data"
			  : state == GUNZIP_ERROR ? strerror(errno)
						  : NULL;
	if (why != NULL)
		err_set(&reader->trouble, "%s: %s", reader->path, why);
}

/* Reads behind the bytes that are there; false at the end. */
static bool
fill(struct reader *reader)
{
	if (reader->at_end)
		return false;
	if (reader->from > 0) {
		memmove(reader->buffer, reader->buffer + reader->from,
			reader->to - reader->from);
		reader->to -= reader->from;
		reader->from = 0;
	}
	char *into = reader->buffer + reader->to;
	size_t room = BUFFER_SIZE - reader->to, got = 0;
	if (reader->gunzip != NULL) {
		enum gunzip_state state =
			gunzip_read(reader->gunzip, into, room, &got);
		if (state != GUNZIP_DATA) {
			got = 0;
			note_gunzip(reader, state);
		}
		reader->done = gunzip_taken(reader->gunzip);
	} else {
		ssize_t n;
		do
			n = read(reader->fd, into, room);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			err_set(&reader->trouble, "%s: %s", reader->path,
				strerror(errno));
		got = n > 0 ? (size_t)n : 0;
		reader->done += got;
	}
	reader->to += got;
	reader->at_end = got == 0;
	return got > 0;
}

int
reader_next(struct reader *reader, struct slice *line, struct err *err)
{
	size_t scanned = 0;
	for (;;) {
		const char *at = reader->buffer + reader->from;
		size_t have = reader->to - reader->from;
		const char *nl = memchr(at + scanned, '\n', have - scanned);
		bool is_full = nl == NULL && have >= TAIL_LINE_MAX;
		if (nl != NULL || is_full) {
			size_t len =
				nl != NULL ? (size_t)(nl - at) : TAIL_LINE_MAX;
			bool skipped = reader->skips;
			reader->from += nl != NULL ? len + 1 : have;
			reader->skips = is_full;
			scanned = 0;
			if (skipped)
				continue;
			if (len > TAIL_LINE_MAX)
				len = TAIL_LINE_MAX;
			*line = (struct slice){at, len};
			return 1;
		}
		scanned = have;
		if (fill(reader))
			continue;
		if (reader->trouble.text[0] != '\0') {
			*err = reader->trouble;
			return -1;
		}
		if (have == 0 || reader->skips)
			return 0;
		*line = (struct slice){reader->buffer + reader->from, have};
		reader->from = reader->to;
		return 1;
	}
}

const char *
reader_path(const struct reader *reader)
{
	return reader->path;
}

int64_t
reader_mtime(const struct reader *reader)
{
	if (!S_ISREG(reader->status.st_mode))
		return time(NULL);
	int64_t changed = reader->status.st_mtime;
	int64_t packed =
		reader->gunzip != NULL ? packed_at(reader->fd) : INT64_MAX;
	return packed < changed ? packed : changed;
}

void
reader_progress(const struct reader *reader, uint64_t *done, uint64_t *size)
{
	*done = reader->done;
	*size = S_ISREG(reader->status.st_mode)
			? (uint64_t)reader->status.st_size
			: 0;
}
