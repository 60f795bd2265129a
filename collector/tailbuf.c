/* SPDX-License-Identifier: ISC */
#include "collector/tailbuf.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/mem.h"

enum { TAILBUF_SIZE = TAIL_MARK_SIZE + TAIL_BLOCK_SIZE };

size_t
tailbuf_mark_size(uint64_t offset)
{
	return offset < TAIL_MARK_SIZE ? (size_t)offset : TAIL_MARK_SIZE;
}

char *
tailbuf_begin(struct tailbuf *buf, uint64_t offset)
{
	if (!buf->data)
		buf->data = mem_zalloc(1, TAILBUF_SIZE);
	buf->start = buf->len = tailbuf_mark_size(offset);
	buf->offset = buf->end = offset;
	buf->is_skipping = false;
	return buf->data;
}

void
tailbuf_free(struct tailbuf *buf)
{
	free(buf->data);
	free(buf->long_line);
	*buf = (struct tailbuf){0};
}

size_t
tailbuf_room(struct tailbuf *buf, char **out)
{
	size_t room = TAILBUF_SIZE - buf->len;
	size_t most = TAIL_BLOCK_SIZE - (buf->len - buf->start);

	/* Only the mark and what is not taken has to stay. */
	if (room < TAIL_BLOCK_SIZE / 2 && buf->start > TAIL_MARK_SIZE) {
		size_t gone = buf->start - TAIL_MARK_SIZE;

		memmove(buf->data, buf->data + gone, buf->len - gone);
		buf->start -= gone;
		buf->len -= gone;
		room += gone;
	}
	*out = buf->data + buf->len;
	return room < most ? room : most;
}

void
tailbuf_add(struct tailbuf *buf, size_t size)
{
	buf->len += size;
	buf->end += size;
}

/* The length of the lines at data that are whole and not too long. */
static size_t
whole_lines(const char *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t window = len - done;
		const char *last = NULL;

		if (window > TAIL_LINE_MAX + 1)
			window = TAIL_LINE_MAX + 1;
		last = memrchr(data + done, '\n', window);
		if (!last)
			break;
		done = (size_t)(last - data) + 1;
	}
	return done;
}

static void
begin_skipping(struct tailbuf *buf)
{
	if (!buf->long_line)
		buf->long_line = mem_zalloc(1, TAIL_LINE_MAX + 1);
	buf->mark_hash = tailbuf_hash(buf);
	memcpy(buf->long_line, buf->data + buf->start, TAIL_LINE_MAX);
	buf->is_skipping = true;
}

/* Ends the long line if its '\n' is there; else forgets what is read of it. */
static bool
end_skipping(struct tailbuf *buf, struct tail_block *block)
{
	const char *rest = buf->data + buf->start;
	const char *last = memchr(rest, '\n', buf->len - buf->start);

	if (!last) {
		buf->start = buf->len;
		return false;
	}
	buf->start = (size_t)(last - buf->data) + 1;
	buf->offset = buf->end - (buf->len - buf->start);
	buf->is_skipping = false;
	buf->cut++;
	buf->long_line[TAIL_LINE_MAX] = '\n';
	*block = (struct tail_block){
		.data = buf->long_line, .len = TAIL_LINE_MAX + 1};
	return true;
}

bool
tailbuf_take(struct tailbuf *buf, struct tail_block *block)
{
	const char *data = buf->data + buf->start;
	size_t size = buf->len - buf->start;

	if (!buf->is_skipping) {
		size_t whole = whole_lines(data, size);

		if (whole > 0) {
			buf->start += whole;
			buf->offset += whole;
			*block =
				(struct tail_block){.data = data, .len = whole};
			return true;
		}
		if (size <= TAIL_LINE_MAX)
			return false;
		begin_skipping(buf);
	}
	return end_skipping(buf, block);
}

bool
tailbuf_has_block(const struct tailbuf *buf)
{
	return !buf->is_skipping &&
	       whole_lines(buf->data + buf->start, buf->len - buf->start) > 0;
}

void
tailbuf_pass(struct tailbuf *buf)
{
	buf->start = buf->len;
	buf->offset = buf->end;
}

uint64_t
tailbuf_hash(const struct tailbuf *buf)
{
	size_t size = tailbuf_mark_size(buf->offset);

	if (buf->is_skipping)
		return buf->mark_hash;
	return hash64(buf->data + buf->start - size, size);
}

uint64_t
tailbuf_end_hash(const struct tailbuf *buf)
{
	return hash64(tailbuf_end_mark(buf), tailbuf_mark_size(buf->end));
}

const char *
tailbuf_end_mark(const struct tailbuf *buf)
{
	return buf->data + buf->len - tailbuf_mark_size(buf->end);
}
