/* SPDX-License-Identifier: ISC */
/* mem — see mem.h. */
#include "lib/mem.h"

#include <stdlib.h>
#include <string.h>

#include "lib/log.h"

void *
mem_zalloc(size_t count, size_t size)
{
	void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
	if (p == NULL)
		log_die("out of memory (%zu x %zu bytes)", count, size);
	return p;
}

void *
mem_realloc(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count > 0 ? count : 1, size > 0 ? size : 1);
	if (p == NULL)
		log_die("out of memory (%zu x %zu bytes)", count, size);
	return p;
}

char *
mem_strndup(const char *text, size_t size)
{
	char *copy = mem_zalloc(size + 1, 1);
	memcpy(copy, text, size);
	return copy;
}

char *
mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}

void *
mem_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity > 0 ? *capacity * 2 : 8;
	return mem_realloc(array, *capacity, size);
}
