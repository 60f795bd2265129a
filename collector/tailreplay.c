/* SPDX-License-Identifier: ISC */
#include "collector/tailreplay.h"

#include <fcntl.h>
#include <stdlib.h>

#include "lib/mem.h"

void
tailreplay_add(struct tailreplay *replay, const struct tailfile *file,
	const struct tail_position *position, size_t saved)
{
	int fd = -1;
	struct tailfile *part = NULL;

	if (position->replay >= position->offset)
		return;
	fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return;
	part = tailfile_adopt(fd, file->name, file->gunzip);
	if (!part)
		return;
	if (tailfile_seek(part, position->replay) != TAILFILE_READY) {
		tailfile_close(part);
		return;
	}
	part->limit = position->offset;
	part->marks.saved = saved;
	replay->parts = mem_grow(replay->parts, replay->count,
		&replay->capacity, sizeof(struct tailfile *));
	replay->parts[replay->count++] = part;
}

void
tailreplay_clear(struct tailreplay *replay)
{
	for (size_t i = replay->at; i < replay->count; i++)
		tailfile_close(replay->parts[i]);
	free(replay->parts);
	*replay = (struct tailreplay){0};
}

bool
tailreplay_is_pending(const struct tailreplay *replay)
{
	for (size_t i = replay->at; i < replay->count; i++) {
		if (replay->parts[i]->buf.offset < replay->parts[i]->limit)
			return true;
	}
	return false;
}

const struct tailfile *
tailreplay_read(struct tailreplay *replay, struct tail_block *block)
{
	while (replay->at < replay->count) {
		struct tailfile *part = replay->parts[replay->at];

		if (tailfile_read(part, block) == TAILFILE_READY) {
			block->is_replay = true;
			return part;
		}
		tailfile_close(part);
		replay->at++;
	}
	tailreplay_clear(replay);
	return NULL;
}
