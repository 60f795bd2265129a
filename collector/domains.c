/* SPDX-License-Identifier: ISC */
/* domains — see domains.h. */
#include "collector/domains.h"

#include <ctype.h>

enum { DOMAIN_MAX = 253 };

void
domains_init(struct domains *domains, struct rows *rows)
{
	*domains = (struct domains){.rows = rows};
	/* Letters, digits, '-', '_', '.', and what UTF-8 consists of. */
	for (int c = 0; c < 256; c++)
		if (isalnum(c) || c == '.' || c == '-' || c == '_' || c >= 0x80)
			domains->bytes[c] = (char)(c < 0x80 ? tolower(c) : c);
}

static struct row *
make_row(struct domains *domains, struct slice text, bool is_own)
{
	char key[DOMAIN_MAX];
	size_t len = text.len;
	if (len > 0 && text.data[len - 1] == '.')
		len--;
	if (len == 0 || len > sizeof(key) || *text.data == '.' ||
		memchr(text.data, '.', len) == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		key[i] = domains->bytes[(unsigned char)text.data[i]];
		if (key[i] == '\0')
			return NULL;
	}
	struct slice domain = {key, len};
	return is_own ? rows_get_own(domains->rows, ROWS_DOMAIN, domain)
		      : rows_get(domains->rows, ROWS_DOMAIN, domain);
}

struct row *
domains_row(struct domains *domains, struct slice text, bool is_own)
{
	text = slice_domain(text);
	if (text.len == 0 || domains->bytes[(unsigned char)*text.data] == '\0')
		return NULL;
	/* Most are known, and as the log has them. */
	struct row *row = rows_find(domains->rows, ROWS_DOMAIN, text);
	return row != NULL && (row->is_own || !is_own)
		       ? row
		       : make_row(domains, text, is_own);
}
