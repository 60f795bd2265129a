/* SPDX-License-Identifier: ISC */
/*
 * linebox — lines as a log has them, and what they must be taken for.
 */
#ifndef TESTS_UNIT_LINEBOX_H
#define TESTS_UNIT_LINEBOX_H

#include "collector/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct stamp stamp;

static inline int
live_in_utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	struct tm now = {.tm_year = 126, .tm_mon = 10, .tm_mday = 21};
	stamp_init(&stamp, timegm(&now), 0);
	return 0;
}

/* In memory of its own size, so that a sanitizer sees one byte too far. */
static inline bool
parse_bytes(const char *bytes, size_t len, struct line *line)
{
	static char *copy;
	free(copy);
	copy = malloc(len > 0 ? len : 1);
	memcpy(copy, bytes, len);
	bool is_log = line_parse(&stamp, (struct slice){copy, len}, line);
	assert_ptr_equal(line->raw.data, copy);
	assert_int_equal(line->raw.len, len);
	return is_log;
}

static inline bool
parse(const char *text, struct line *line)
{
	return parse_bytes(text, strlen(text), line);
}

static inline void
assert_slice(const char *text, struct slice slice, const char *expected)
{
	if (!slice_is(slice, expected))
		fail_msg("'%.*s' is not '%s' in: %s", (int)slice.len,
			slice.data, expected, text);
}

struct form {
	const char *text;
	const char *host; /* NULL: absent */
	const char *program, *message;
	uint32_t repeat;
};

static inline void
assert_forms(const struct form *forms, size_t count)
{
	for (const struct form *form = forms; form < forms + count; form++) {
		struct line line;
		if (!parse(form->text, &line))
			fail_msg("malformed: %s", form->text);
		if (form->host == NULL)
			assert_int_equal(line.host.len, 0);
		else
			assert_slice(form->text, line.host, form->host);
		assert_slice(form->text, line.program, form->program);
		assert_slice(form->text, line.message, form->message);
		assert_int_equal(line.repeat, form->repeat);
		assert_false(line.is_bare);
	}
}

#define ASSERT_FORMS(forms) \
	assert_forms(forms, sizeof(forms) / sizeof(*(forms)))
#define MSG "4F1: removed from queue"

#endif
