/* SPDX-License-Identifier: ISC */
/* wrap — see wrap.h. */
#include "cli/wrap.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the first max columns of text. */
static size_t
bytes_of(const char *text, int max)
{
	size_t n = 0;
	for (int columns = 0; text[n] != '\0'; n++) {
		bool is_begin = ((unsigned char)text[n] & 0xc0) != 0x80;
		if (is_begin && columns++ == max)
			break;
	}
	return n;
}

void
wrap_print(const char *text, int indent, FILE *out)
{
	int room = WRAP_COLUMNS - indent;
	do {
		size_t fits = bytes_of(text, room);
		size_t len = fits;
		if (text[fits] != '\0' && text[fits] != ' ')
			while (len > 0 && text[len - 1] != ' ')
				len--;
		if (len == 0)
			len = fits;
		size_t end = len;
		while (end > 0 && text[end - 1] == ' ')
			end--;
		fprintf(out, "%*s%.*s\n", WRAP_COLUMNS - room, "", (int)end,
			text);
		text += len;
		text += strspn(text, " ");
		room = WRAP_COLUMNS - indent - 2;
	} while (*text != '\0');
}
