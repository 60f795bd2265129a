/* SPDX-License-Identifier: ISC */
/*
 * shape — does a text look like what it should be?
 *
 * Looks at the letters only: nothing is resolved or opened.
 */
#ifndef LIB_SHAPE_H
#define LIB_SHAPE_H

#include <stdbool.h>

/* Begins with '/'. */
bool shape_is_path(const char *text);
/* Labels of letters, digits, '-' and '_' with single dots between them; up to
 * 253 bytes, ASCII only. */
bool shape_is_domain(const char *text);
/* NAME:PORT, IPV4:PORT or [IPV6]:PORT. */
bool shape_is_endpoint(const char *text);
/* 1 to 32 of [a-z0-9_-]. */
bool shape_is_source(const char *text);

#endif
