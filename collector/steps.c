/* SPDX-License-Identifier: ISC */
/* steps — see steps.h. */
#include "collector/steps.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

int64_t
steps_end_of(int64_t time)
{
	int64_t into = time % ROWS_STEP_S;
	if (into < 0)
		into += ROWS_STEP_S;
	return time - into + ROWS_STEP_S;
}

/* The step of this end, made in its place if it is missing. */
static struct step *
step_at(struct steps *steps, int64_t end)
{
	size_t i = steps->count;
	while (i > 0 && steps->items[i - 1]->end > end)
		i--;
	if (i > 0 && steps->items[i - 1]->end == end)
		return steps->items[i - 1];
	steps->items = mem_grow(steps->items, steps->count, &steps->capacity,
		sizeof(*steps->items));
	memmove(steps->items + i + 1, steps->items + i,
		(steps->count - i) * sizeof(*steps->items));
	steps->items[i] = step_new(end);
	steps->count++;
	return steps->items[i];
}

struct step *
steps_for(struct steps *steps, int64_t time, bool *is_late)
{
	int64_t end = steps_end_of(time);
	if (steps->confirmed == 0 ||
		(!steps->has_closed && end <= steps->closed))
		steps->confirmed = steps->closed = end - ROWS_STEP_S;
	*is_late = end <= steps->closed;
	return step_at(steps, *is_late ? steps->closed + ROWS_STEP_S : end);
}

void
steps_close(struct steps *steps, int64_t until)
{
	if (steps->confirmed == 0 || until <= steps->closed)
		return;
	steps->closed = until;
	steps->has_closed = true;
}

void
steps_confirm(struct steps *steps, struct rows *rows, int64_t until)
{
	size_t done = 0;
	while (done < steps->count && steps->items[done]->end <= until) {
		step_confirm(steps->items[done], rows);
		step_free(steps->items[done]);
		done++;
	}
	steps->count -= done;
	memmove(steps->items, steps->items + done,
		steps->count * sizeof(*steps->items));
	steps->confirmed = until;
	/* The oldest step tells a restart where history goes on. */
	step_at(steps, until + ROWS_STEP_S);
}

void
steps_fold(struct steps *steps, const struct rows *rows, size_t max)
{
	while (steps->count > max && steps->count > 2) {
		/* The oldest one's place is needed: it tells where history
		 * goes on.  The second goes into the third. */
		step_merge(steps->items[2], steps->items[1], rows);
		step_free(steps->items[1]);
		steps->count--;
		memmove(steps->items + 1, steps->items + 2,
			(steps->count - 1) * sizeof(*steps->items));
	}
}

void
steps_restore(struct steps *steps, struct step **items, size_t count)
{
	if (count == 0)
		return;
	steps->items = mem_realloc(steps->items, count, sizeof(*steps->items));
	memcpy(steps->items, items, count * sizeof(*items));
	steps->count = steps->capacity = count;
	steps->confirmed = steps->closed = items[0]->end - ROWS_STEP_S;
	steps->has_closed = true;
}

void
steps_free(struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		step_free(steps->items[i]);
	free(steps->items);
	*steps = (struct steps){0};
}
