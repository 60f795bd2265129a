/* SPDX-License-Identifier: ISC */
#include "rrd/path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/mem.h"

static bool
is_plain(const char *text, size_t at)
{
	char c = text[at];
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || (c == '.' && at > 0);
}

/* FNV-1a: only keeps cut names apart. */
static uint64_t
hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h;
}

void
path_escape(struct buf *buf, const char *text)
{
	size_t start = buf->len;
	if (!*text)
		buf_addc(buf, '%');
	for (size_t i = 0; text[i]; i++) {
		if (buf->len - start > PATH_PART_MAX) {
			buf_printf(buf, "%%-%016llx",
				(unsigned long long)hash(text));
			return;
		}
		if (is_plain(text, i))
			buf_addc(buf, text[i]);
		else
			buf_printf(buf, "%%%02X", (unsigned char)text[i]);
	}
}

int
path_series(const char *const parts[4], char *out, size_t size)
{
	struct buf buf = {0};
	buf_adds(&buf, parts[0]);
	for (size_t i = 1; i < 4; i++) {
		bool is_only_key = i == 2 && strcmp(parts[1], "total") == 0;
		buf_addc(&buf, '/');
		path_escape(&buf, is_only_key ? "total" : parts[i]);
	}
	buf_adds(&buf, ".rrd");
	bool fits = buf.len < size;
	if (fits)
		memcpy(out, buf.data, buf.len + 1);
	buf_free(&buf);
	return fits ? 0 : -1;
}

int
path_make_folders(const char *path, size_t from, struct err *err)
{
	char *copy = mem_strdup(path);
	int rc = 0;
	for (char *p = copy + from; rc == 0 && (p = strchr(p, '/')); p++) {
		if (p == copy)
			continue;
		*p = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			rc = err_set(err, "cannot make %s: %s", copy,
				strerror(errno));
		*p = '/';
	}
	free(copy);
	return rc;
}
