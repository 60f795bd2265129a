/* SPDX-License-Identifier: ISC */
/* plain — see plain.h. */
#include "cli/plain.h"

#include <stdbool.h>

size_t
plain_length(const char *text, size_t room)
{
	static const struct {
		unsigned char first, last, low, high; /* of the second byte */
		size_t length;
	} forms[] = {
		/* RFC 3629 */
		{0x00, 0x7f, 0, 0, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	const unsigned char *p = (const unsigned char *)text;
	for (size_t f = 0; room > 0 && f < sizeof(forms) / sizeof(*forms);
		f++) {
		if (*p < forms[f].first || *p > forms[f].last)
			continue;
		size_t n = forms[f].length;
		if (n > room)
			return 0;
		for (size_t i = 1; i < n; i++) {
			unsigned char low = i == 1 ? forms[f].low : 0x80;
			unsigned char high = i == 1 ? forms[f].high : 0xbf;
			if (p[i] < low || p[i] > high)
				return 0;
		}
		return n;
	}
	return 0;
}

/* C0, DEL, and C1, which is 0xc2 0x80 to 0xc2 0x9f. */
static bool
is_control(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	return *p < ' ' || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0);
}

void
plain_add(struct buf *buf, struct slice text)
{
	for (size_t i = 0; i < text.len;) {
		const char *p = text.data + i;
		size_t n = plain_length(p, text.len - i);
		if (n > 0 && !is_control(p))
			buf_add(buf, p, n);
		else
			buf_addc(buf, '?');
		i += n > 0 ? n : 1;
	}
}
