/* SPDX-License-Identifier: ISC */
#include "collector/tailmarks.h"

#include <string.h>

void
tailmarks_begin(struct tailmarks *marks, uint64_t start)
{
	marks->start = start;
	marks->count = marks->saved = 0;
}

void
tailmarks_note(struct tailmarks *marks, uint64_t offset, int64_t time)
{
	if (marks->count > 0 && time < marks->last.time)
		time = marks->last.time;
	marks->last = (struct tailmark){offset, time};
	if (marks->count > 0 &&
		(uint64_t)time - (uint64_t)marks->marks[marks->count - 1].time <
			TAILMARKS_STEP_S)
		return;
	if (marks->count == TAILMARKS_MAX)
		memmove(marks->marks, marks->marks + 1,
			--marks->count * sizeof *marks->marks);
	marks->marks[marks->count++] = marks->last;
}

uint64_t
tailmarks_replay(const struct tailmarks *marks, int64_t since)
{
	if (marks->count > 0 && marks->last.time < since)
		return marks->last.offset;
	for (size_t i = marks->count; i-- > 0;) {
		if (marks->marks[i].time < since)
			return marks->marks[i].offset;
	}
	return marks->start;
}
