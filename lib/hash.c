/* SPDX-License-Identifier: ISC */
#include "lib/hash.h"

#include <xxhash.h>

uint64_t
hash64(const void *data, size_t size)
{
	return XXH3_64bits(data, size);
}
