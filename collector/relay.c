/* SPDX-License-Identifier: ISC */
/* relay — see relay.h. */
#include "collector/relay.h"

#include <ctype.h>

static const struct slice none = {NULL, 0};

struct slice
relay_address(struct slice relay)
{
	const char *open = memchr(relay.data, '[', relay.len);
	if (open == NULL)
		return none;
	struct slice address = slice_from(relay, open + 1);
	const char *close = memchr(address.data, ']', address.len);
	return close != NULL ? slice_before(address, close) : none;
}

struct slice
relay_queued_as(struct slice message)
{
	static const char words[] = " Ok: queued as ";
	const char *at =
		memmem(message.data, message.len, words, sizeof(words) - 1);
	if (at == NULL)
		return none;
	struct slice id = slice_from(message, at + sizeof(words) - 1);
	size_t len = 0;
	while (len < id.len && isalnum((unsigned char)id.data[len]))
		len++;
	return len + 1 == id.len ? (struct slice){id.data, len} : none;
}
