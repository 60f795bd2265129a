/* SPDX-License-Identifier: ISC */
/*
 * clock — what time it is.
 */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdint.h>

/* Unix time in microseconds; may be set back. */
int64_t clock_wall_us(void);
/* Seconds since some moment; never goes back. */
int64_t clock_monotonic_s(void);
/* The same in milliseconds. */
int64_t clock_monotonic_ms(void);

#endif
