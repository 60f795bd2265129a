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
/* One label of a domain. */
bool shape_is_label(const char *text);
/* NAME:PORT, IPV4:PORT or [IPV6]:PORT. */
bool shape_is_endpoint(const char *text);
/* 1 to 32 of [a-z0-9_-]. */
bool shape_is_source(const char *text);
/* What can stand before a line's ':' or '[': 1 to 128 visible bytes of ASCII,
 * neither ':', '[' nor ']'. */
bool shape_is_program(const char *text);
/* At least one byte. */
bool shape_is_filled(const char *text);

#endif
