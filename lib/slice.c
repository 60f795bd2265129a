/* SPDX-License-Identifier: ISC */
/* slice — see slice.h. */
#include "lib/slice.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void
slice_skip_blanks(struct slice *text)
{
	while (text->len > 0 && is_blank(*text->data)) {
		text->data++;
		text->len--;
	}
}

struct slice
slice_take_word(struct slice *text)
{
	slice_skip_blanks(text);
	struct slice word = {text->data, 0};
	while (word.len < text->len && !is_blank(text->data[word.len]))
		word.len++;
	text->data += word.len;
	text->len -= word.len;
	return word;
}

bool
slice_take_line(struct slice *text, struct slice *line)
{
	if (text->len == 0)
		return false;
	const char *nl = memchr(text->data, '\n', text->len);
	*line = nl != NULL ? slice_before(*text, nl) : *text;
	size_t used = line->len + (nl != NULL);
	*text = (struct slice){text->data + used, text->len - used};
	return true;
}

struct slice
slice_domain(struct slice address)
{
	const char *at = address.len > 0
				 ? memrchr(address.data, '@', address.len)
				 : NULL;
	return at != NULL ? slice_from(address, at + 1) : address;
}
