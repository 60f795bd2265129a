/* SPDX-License-Identifier: ISC */
/*
 * mem — memory that never returns NULL.
 *
 * Out of memory ends the program with one line: the snapshot makes that
 * lossless, and no caller needs a branch for it.
 */
#ifndef LIB_MEM_H
#define LIB_MEM_H

#include <stddef.h>

/* count × size bytes, zeroed; the product is checked. */
void *mem_zalloc(size_t count, size_t size)
	__attribute__((malloc, alloc_size(1, 2), returns_nonnull));
/* Grows or shrinks; the new part is not zeroed.  Free with free(3). */
void *mem_realloc(void *old, size_t count, size_t size)
	__attribute__((alloc_size(2, 3), returns_nonnull));
char *mem_strdup(const char *text) __attribute__((malloc, returns_nonnull));
/* A copy of size bytes with a '\0' behind it. */
char *mem_strndup(const char *text, size_t size)
	__attribute__((malloc, returns_nonnull));

/* Room for one more element in a growing array: doubles the capacity when
 * count has reached it.  Returns the (moved) array. */
void *mem_grow(void *array, size_t count, size_t *capacity, size_t size);

#endif
