/* SPDX-License-Identifier: ISC */
/*
 * plain — text that strangers wrote, made fit for a terminal.
 *
 * Only whole UTF-8 characters pass, and no control character: neither an
 * escape sequence nor its C1 forms.  Does not know what is printable.
 */
#ifndef CLI_PLAIN_H
#define CLI_PLAIN_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/slice.h"

/* Length of the UTF-8 character at p, which has room bytes; 0: none there. */
size_t plain_length(const char *p, size_t room);

/* Appends text; a control character, or a byte that is not UTF-8, is '?'. */
void plain_add(struct buf *buf, struct slice text);

#endif
