/* SPDX-License-Identifier: ISC */
/* buf — see buf.h. */
#include "lib/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static void
buf_reserve(struct buf *buf, size_t more)
{
	size_t need = buf->len + more + 1;
	if (need <= buf->capacity)
		return;
	size_t capacity = buf->capacity > 0 ? buf->capacity : 256;
	while (capacity < need)
		capacity *= 2;
	buf->data = mem_realloc(buf->data, capacity, 1);
	buf->capacity = capacity;
}

void
buf_add(struct buf *buf, const char *data, size_t len)
{
	buf_reserve(buf, len);
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_addc(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_addu(struct buf *buf, uint64_t value)
{
	char digits[20];
	size_t n = sizeof(digits);
	do {
		digits[--n] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	buf_add(buf, digits + n, sizeof(digits) - n);
}

void
buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	buf_reserve(buf, (size_t)len);
	va_start(args, fmt);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len += (size_t)len;
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

void
buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}
