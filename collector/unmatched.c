/* SPDX-License-Identifier: ISC */
/* unmatched — see unmatched.h. */
#include "collector/unmatched.h"

#include <stdint.h>
#include <stdlib.h>

#include "lib/file.h"
#include "lib/mem.h"

struct unmatched {
	char lines[UNMATCHED_LINES][UNMATCHED_LINE_MAX];
	uint16_t lengths[UNMATCHED_LINES];
	size_t added; /* the next line's place is added % UNMATCHED_LINES */
	bool is_saved;
};

struct unmatched *
unmatched_new(void)
{
	struct unmatched *unmatched = mem_zalloc(1, sizeof(*unmatched));
	unmatched->is_saved = true;
	return unmatched;
}

void
unmatched_free(struct unmatched *unmatched)
{
	free(unmatched);
}

void
unmatched_add(struct unmatched *unmatched, struct slice line)
{
	size_t place = unmatched->added++ % UNMATCHED_LINES;
	size_t len =
		line.len < UNMATCHED_LINE_MAX ? line.len : UNMATCHED_LINE_MAX;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line.data[i];
		unmatched->lines[place][i] =
			c < ' ' || c == 0x7f ? '?' : (char)c;
	}
	unmatched->lengths[place] = (uint16_t)len;
	unmatched->is_saved = false;
}

void
unmatched_load(struct unmatched *unmatched, const char *path)
{
	struct buf text = {0};
	struct err err;
	size_t max = UNMATCHED_LINES * (UNMATCHED_LINE_MAX + 1);
	if (file_read(path, max, &text, &err) == 0) {
		const char *p = text.data, *end = p + text.len, *nl;
		for (; p != NULL && p < end &&
			(nl = memchr(p, '\n', (size_t)(end - p))) != NULL;
			p = nl + 1)
			unmatched_add(
				unmatched, (struct slice){p, (size_t)(nl - p)});
	}
	unmatched->is_saved = true;
	buf_free(&text);
}

int
unmatched_save(struct unmatched *unmatched, const char *path, struct err *err)
{
	if (unmatched->is_saved)
		return 0;
	struct buf text = {0};
	size_t first = unmatched->added > UNMATCHED_LINES
			       ? unmatched->added - UNMATCHED_LINES
			       : 0;
	for (size_t i = first; i < unmatched->added; i++) {
		size_t place = i % UNMATCHED_LINES;
		buf_add(&text, unmatched->lines[place],
			unmatched->lengths[place]);
		buf_addc(&text, '\n');
	}
	int result = file_replace(path,
		&(struct file_content){
			.data = text.data, .len = text.len, .mode = 0640},
		err);
	unmatched->is_saved = result == 0;
	buf_free(&text);
	return result;
}
