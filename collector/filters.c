/* SPDX-License-Identifier: ISC */
/* filters — see filters.h. */
#include "collector/filters.h"

#include <string.h>

/* Cuts name[address]:port into address and port; what is absent is empty. */
static void
split_peer(struct slice peer, struct slice *address, struct slice *port)
{
	*address = peer;
	*port = (struct slice){NULL, 0};
	const char *open = memchr(peer.data, '[', peer.len);
	const char *end = peer.data + peer.len;
	if (open == NULL)
		return;
	const char *close = memchr(open, ']', (size_t)(end - open));
	if (close == NULL)
		return;
	*address = (struct slice){open + 1, (size_t)(close - open - 1)};
	if (end - close > 2 && close[1] == ':')
		*port = (struct slice){close + 2, (size_t)(end - close - 2)};
}

static bool
is_dotted(struct slice address)
{
	for (size_t i = 0; i < address.len; i++)
		if (address.data[i] != '.' &&
			(address.data[i] < '0' || address.data[i] > '9'))
			return false;
	return true;
}

static bool
is_loopback(struct slice address)
{
	static const char v4[] = "127.";
	return slice_is(address, "::1") ||
	       (address.len >= sizeof(v4) &&
		       memcmp(address.data, v4, sizeof(v4) - 1) == 0 &&
		       is_dotted(address));
}

bool
filters_match(const struct filters *filters, struct slice peer)
{
	struct slice address, port;
	if (peer.len == 0)
		return false;
	split_peer(peer, &address, &port);
	if (is_loopback(address))
		return true;
	for (size_t i = 0; i < filters->count; i++) {
		const char *item = filters->items[i];
		const char *colon = strrchr(item, ':');
		if (colon == NULL)
			continue;
		struct slice host = {item, (size_t)(colon - item)};
		if (host.len > 2 && *item == '[' && colon[-1] == ']')
			host = (struct slice){item + 1, host.len - 2};
		if (slice_equals(address, host) &&
			(port.len == 0 || slice_is(port, colon + 1)))
			return true;
	}
	return false;
}
