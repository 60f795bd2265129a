/* SPDX-License-Identifier: ISC */
#include "rrd/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/err.h"
#include "lib/mem.h"

void
notes_add(struct notes *notes, const char *fmt, ...)
{
	char text[sizeof(struct err)];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	notes->items = mem_grow(notes->items, notes->count, &notes->capacity,
		sizeof(*notes->items));
	notes->items[notes->count++] = mem_strdup(text);
}

const char *
notes_take(struct notes *notes)
{
	if (notes->next > 0) {
		free(notes->items[notes->next - 1]);
		notes->items[notes->next - 1] = NULL;
	}
	if (notes->next < notes->count)
		return notes->items[notes->next++];
	notes->next = notes->count = 0;
	return NULL;
}

void
notes_free(struct notes *notes)
{
	while (notes_take(notes))
		;
	free(notes->items);
	*notes = (struct notes){0};
}
