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
	static const char but[] = ", but ";
	struct slice rest = slice_from(id, id.data + len);
	bool is_end = rest.len == 1 ||
		      (rest.len > sizeof(but) &&
			      memcmp(rest.data, but, sizeof(but) - 1) == 0);
	return is_end ? (struct slice){id.data, len} : none;
}

bool
relay_kept(struct slice message)
{
	/* amavis; of a bounce, it says `2.5.0 Ok, id=…, BOUNCE`. */
	static const struct slice words[] = {
		{"discarded", 9}, {"(250 2.5.0 Ok, id=", 18}};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (memmem(message.data, message.len, words[i].data,
			    words[i].len) != NULL)
			return true;
	return false;
}
