/* SPDX-License-Identifier: ISC */
/* cidr — see cidr.h. */
#include "lib/cidr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ALL_BITS = 128, MAPPED_BITS = 96 };

static const unsigned char mapped[16] = {[10] = 0xff, [11] = 0xff};

/* The address alone, with all its bits. */
static bool
read_address(struct slice text, struct cidr *cidr)
{
	char copy[INET6_ADDRSTRLEN];
	if (text.len == 0 || text.len >= sizeof(copy) ||
		memchr(text.data, '\0', text.len) != NULL)
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	struct cidr read = {.bits = ALL_BITS};
	if (memchr(copy, ':', text.len) != NULL) {
		if (inet_pton(AF_INET6, copy, read.bytes) != 1)
			return false;
	} else {
		memcpy(read.bytes, mapped, sizeof(mapped));
		if (inet_pton(AF_INET, copy, read.bytes + 12) != 1)
			return false;
	}
	read.is_ipv4 = memcmp(read.bytes, mapped, 12) == 0;
	*cidr = read;
	return true;
}

/* Sets all that is behind the bits to 0; was there anything else? */
static bool
clear_host_part(struct cidr *cidr)
{
	unsigned rest = 0;
	for (unsigned i = cidr->bits / 8; i < sizeof(cidr->bytes); i++) {
		unsigned keep = i == cidr->bits / 8
					? 0xff00u >> cidr->bits % 8 & 0xffu
					: 0;
		rest |= cidr->bytes[i] & ~keep;
		cidr->bytes[i] = (unsigned char)(cidr->bytes[i] & keep);
	}
	return rest != 0;
}

static int
refuse_host_part(const struct cidr *cidr, struct err *err)
{
	char text[INET6_ADDRSTRLEN] = "";
	int family = cidr->is_ipv4 ? AF_INET : AF_INET6;
	int shown = cidr->is_ipv4 ? cidr->bits - MAPPED_BITS : cidr->bits;
	inet_ntop(family, cidr->bytes + (cidr->is_ipv4 ? 12 : 0), text,
		sizeof(text));
	return err_set(
		err, "has a host part: the network is %s/%d", text, shown);
}

/* The digits behind '/'; -1 if they are no number up to max. */
static int
read_bits(const char *text, int max)
{
	size_t len = strspn(text, "0123456789");
	if (len == 0 || len > 3 || text[len] != '\0')
		return -1;
	int bits = atoi(text);
	return bits <= max ? bits : -1;
}

int
cidr_parse(const char *text, struct cidr *cidr, struct err *err)
{
	const char *slash = strchr(text, '/');
	struct slice address = slice_of(text);
	if (slash != NULL)
		address = slice_before(address, slash);
	bool is_dotted = memchr(address.data, ':', address.len) == NULL;
	if (address.len > 2 && *text == '[' && text[address.len - 1] == ']')
		address = (struct slice){text + 1, address.len - 2};
	struct cidr read;
	if (!read_address(address, &read))
		return err_set(err,
			"must be an address or a network, as 192.0.2.0/24 or "
			"2001:db8::/32");
	if (slash != NULL) {
		int max = is_dotted ? ALL_BITS - MAPPED_BITS : ALL_BITS;
		int bits = read_bits(slash + 1, max);
		if (bits < 0)
			return err_set(
				err, "must have 0 to %d behind the '/'", max);
		read.bits = (uint8_t)(is_dotted ? bits + MAPPED_BITS : bits);
		read.is_ipv4 = read.is_ipv4 && read.bits >= MAPPED_BITS;
		if (clear_host_part(&read))
			return refuse_host_part(&read, err);
	}
	*cidr = read;
	return 0;
}

bool
cidr_read_address(struct slice text, struct cidr *address)
{
	static const char tag[] = "IPv6:";
	size_t len = sizeof(tag) - 1;
	if (text.len > len && strncasecmp(text.data, tag, len) == 0)
		text = slice_from(text, text.data + len);
	const char *zone =
		text.len > 0 ? memchr(text.data, '%', text.len) : NULL;
	if (zone != NULL)
		text = slice_before(text, zone);
	return read_address(text, address);
}

bool
cidr_holds(const struct cidr *network, const struct cidr *address)
{
	if (network->is_ipv4 != address->is_ipv4)
		return false;
	unsigned whole = network->bits / 8, rest = network->bits % 8;
	if (memcmp(network->bytes, address->bytes, whole) != 0)
		return false;
	return rest == 0 || ((network->bytes[whole] ^ address->bytes[whole]) &
				    (0xff00u >> rest & 0xffu)) == 0;
}
