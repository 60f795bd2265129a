/* SPDX-License-Identifier: ISC */
/*
 * endpoint — addresses that an agent connects to or listens at.
 *
 * Numbers only: no name is ever looked up.
 */
#ifndef AGENT_ENDPOINT_H
#define AGENT_ENDPOINT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "lib/buf.h"
#include "lib/err.h"

struct endpoint {
	struct sockaddr_storage address;
	socklen_t len;
};

/* "127.0.0.1:161" or "[::1]:161". */
int endpoint_parse(
	const char *text, struct endpoint *endpoint, struct err *err);
/* The same behind "tcp:", or "unix:/path". */
int endpoint_parse_socket(
	const char *text, struct endpoint *endpoint, struct err *err);
/* Only this machine can reach it: 127.0.0.0/8, ::1. */
bool endpoint_is_loopback(const struct endpoint *endpoint);
/* Appends it as the SNMP library wants it: protocol "udp" or "tcp" (which have
 * other names for IPv6), or "unix". */
void endpoint_format(
	const struct endpoint *endpoint, const char *protocol, struct buf *buf);

#endif
