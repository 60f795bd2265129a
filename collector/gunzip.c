/* SPDX-License-Identifier: ISC */
#include "collector/gunzip.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/mem.h"

enum { GUNZIP_INPUT_SIZE = 32768, GUNZIP_FORMAT = 16 + MAX_WBITS };

struct gunzip {
	z_stream stream;
	int fd;
	off_t offset; /* of the next compressed byte to read */
	enum gunzip_state state;
	unsigned char input[GUNZIP_INPUT_SIZE];
};

static voidpf
allocate(voidpf opaque, uInt items, uInt size)
{
	(void)opaque;
	return mem_zalloc(items, size);
}

static void
release(voidpf opaque, voidpf address)
{
	(void)opaque;
	free(address);
}

struct gunzip *
gunzip_open(int fd)
{
	struct gunzip *gunzip = mem_zalloc(1, sizeof *gunzip);

	gunzip->fd = fd;
	gunzip->state = GUNZIP_DATA;
	gunzip->stream.zalloc = allocate;
	gunzip->stream.zfree = release;
	if (inflateInit2(&gunzip->stream, GUNZIP_FORMAT) != Z_OK)
		gunzip->state = GUNZIP_BAD;
	return gunzip;
}

void
gunzip_close(struct gunzip *gunzip)
{
	if (!gunzip)
		return;
	inflateEnd(&gunzip->stream);
	free(gunzip);
}

/* Appends what the file has to the input; false at its end or on an error. */
static bool
read_input(struct gunzip *gunzip)
{
	z_stream *stream = &gunzip->stream;
	ssize_t n;

	if (stream->avail_in > 0)
		memmove(gunzip->input, stream->next_in, stream->avail_in);
	stream->next_in = gunzip->input;
	do
		n = pread(gunzip->fd, gunzip->input + stream->avail_in,
			sizeof gunzip->input - stream->avail_in,
			gunzip->offset);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		gunzip->state = n == 0 ? GUNZIP_SHORT : GUNZIP_ERROR;
		return false;
	}
	gunzip->offset += n;
	stream->avail_in += (uInt)n;
	return true;
}

/* Behind a member: another one, or the end.  What follows the last member and
 * is none (padding) is left alone, as gzip(1) does. */
static bool
next_member(struct gunzip *gunzip)
{
	z_stream *stream = &gunzip->stream;

	while (stream->avail_in < 2) {
		if (read_input(gunzip))
			continue;
		if (gunzip->state == GUNZIP_SHORT)
			gunzip->state = GUNZIP_END;
		return false;
	}
	if (stream->next_in[0] != 0x1f || stream->next_in[1] != 0x8b) {
		gunzip->state = GUNZIP_END;
		return false;
	}
	inflateReset(stream);
	return true;
}

enum gunzip_state
gunzip_read(struct gunzip *gunzip, char *out, size_t size, size_t *got)
{
	z_stream *stream = &gunzip->stream;

	if (gunzip->state == GUNZIP_BAD || gunzip->state == GUNZIP_END)
		return gunzip->state;
	gunzip->state = GUNZIP_DATA;
	stream->next_out = (unsigned char *)out;
	stream->avail_out = (uInt)size;
	while (stream->avail_out == size) {
		int result;

		if (stream->avail_in == 0 && !read_input(gunzip))
			break;
		result = inflate(stream, Z_NO_FLUSH);
		if (result == Z_STREAM_END) {
			if (!next_member(gunzip))
				break;
		} else if (result != Z_OK && result != Z_BUF_ERROR) {
			gunzip->state = GUNZIP_BAD;
			break;
		}
	}
	if (stream->avail_out == size)
		return gunzip->state;
	*got = size - stream->avail_out;
	return GUNZIP_DATA;
}

size_t
gunzip_taken(const struct gunzip *gunzip)
{
	return (size_t)gunzip->offset - gunzip->stream.avail_in;
}
