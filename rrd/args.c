/* SPDX-License-Identifier: ISC */
#include "rrd/args.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/mem.h"

void
args_add(struct args *args, const char *fmt, ...)
{
	va_list list;
	char *text;
	va_start(list, fmt);
	if (vasprintf(&text, fmt, list) < 0)
		text = mem_strdup("");
	va_end(list);
	args->items = mem_grow(args->items, args->count, &args->capacity,
		sizeof(*args->items));
	args->items[args->count++] = text;
}

void
args_free(struct args *args)
{
	for (size_t i = 0; i < args->count; i++)
		free(args->items[i]);
	free(args->items);
	*args = (struct args){0};
}
