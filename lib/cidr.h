/* SPDX-License-Identifier: ISC */
/*
 * cidr — IPv4 and IPv6 addresses and networks: 192.0.2.0/24, 2001:db8::/32.
 *
 * IPv4 stands as ::ffff:a.b.c.d within, however it was written.  Resolves
 * nothing, allocates nothing.
 */
#ifndef LIB_CIDR_H
#define LIB_CIDR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/slice.h"

struct cidr {
	unsigned char bytes[16]; /* what is behind the bits is 0 */
	uint8_t bits;            /* 0 to 128; of IPv4 96 to 128 */
	bool is_ipv4;
};

/* A network, a single address, or either with the address in brackets.  -1 with
 * what has to be said behind "TEXT: ". */
int cidr_parse(const char *text, struct cidr *cidr, struct err *err);
/* An address as a log has it, bare or as "IPv6:…", with or without a zone
 * ("fe80::1%eth0").  false for anything else. */
bool cidr_read_address(struct slice text, struct cidr *address);
bool cidr_holds(const struct cidr *network, const struct cidr *address);

#endif
