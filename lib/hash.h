/* SPDX-License-Identifier: ISC */
/*
 * hash — XXH3-64 of a run of bytes.
 *
 * The same bytes give the same number on every machine and in every release,
 * so the numbers may be kept in files.  Not made to withstand an adversary.
 */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash64(const void *data, size_t size);

#endif
