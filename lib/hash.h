/* SPDX-License-Identifier: ISC */
/*
 * hash — a number for a run of bytes.  Not made to withstand an adversary.
 */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* XXH3-64: the same on every machine and in every release, so the numbers may
 * be kept in files. */
uint64_t hash64(const void *data, size_t size);

/* For tables in memory, of names and ids that their first and last eight bytes
 * and their length tell apart well enough. */
static inline uint64_t
hash_short(const char *data, size_t size)
{
	uint64_t first = 0, last = 0;
	if (size >= sizeof(first)) {
		memcpy(&first, data, sizeof(first));
		memcpy(&last, data + size - sizeof(last), sizeof(last));
	} else if (size > 0) {
		memcpy(&first, data, size);
	}
	const uint64_t odd = 0x9e3779b97f4a7c15u;
	uint64_t mixed = (first ^ last * 31 ^ size) * odd;
	mixed = (mixed ^ mixed >> 32) * odd;
	return mixed ^ mixed >> 32;
}

#endif
