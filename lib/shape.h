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
/* IPV4:PORT or [IPV6]:PORT. */
bool shape_is_listener(const char *text);
/* unix:/PATH that fits a socket's address, or tcp: and a listener. */
bool shape_is_agentx(const char *text);
/* An object identifier below enterprises, 1.3.6.1.4.1.N…: up to 20 arcs, each
 * below 2^31 (net-snmp 5.9 mistakes greater ones in AgentX). */
bool shape_is_root(const char *text);
/* Up to 128 visible bytes of ASCII, neither quotes, '\' nor '#', the first no
 * '-': one word for net-snmp, that is no option. */
bool shape_is_community(const char *text);
/* The same, up to 32 bytes (RFC 3414 section 5, usmUserName). */
bool shape_is_user(const char *text);
/* The same, 8 to 128 bytes (RFC 3414 section 11.2). */
bool shape_is_password(const char *text);
/* 1 to 32 of [a-z0-9_-]. */
bool shape_is_source(const char *text);
/* What can stand before a line's ':' or '[': 1 to 128 visible bytes of ASCII,
 * neither ':', '[' nor ']'. */
bool shape_is_program(const char *text);
/* At least one byte. */
bool shape_is_filled(const char *text);

#endif
