/* SPDX-License-Identifier: ISC */
/*
 * buf — a growable string of bytes.
 *
 * data is NULL until something was added; then data[len] is always '\0'.
 * Zero-initialise; buf_free() lets go.  Keeps its memory over buf_clear(), so
 * a buffer used again and again allocates nothing in the end.
 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data;
	size_t len, capacity;
};

void buf_add(struct buf *buf, const char *data, size_t len);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
/* Decimal digits, without the cost of printf. */
void buf_addu(struct buf *buf, uint64_t value);
void buf_printf(struct buf *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);

#endif
