/* SPDX-License-Identifier: ISC */
/* fuzz_line — any bytes as log lines: what comes out lies within the line. */
#include <assert.h>
#include <stdlib.h>

#include "collector/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_within(struct slice part, struct slice whole)
{
	return part.len == 0 ||
	       (part.data >= whole.data &&
		       part.data + part.len <= whole.data + whole.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size}, raw;
	struct stamp stamp;
	setenv("TZ", "Europe/Berlin", 1);
	/* An odd number of bytes: the year is that of the first line. */
	stamp_init(&stamp, 1795298400, size % 2 ? 2024 : 0);
	while (slice_take_line(&text, &raw)) {
		struct line line;
		bool is_log = line_parse(&stamp, raw, &line);
		assert(slice_equals(line.raw, raw));
		assert(is_log || line.host.len == 0);
		assert(line.host.len <= LINE_HOST_MAX);
		assert(line.repeat >= 1 && line.repeat <= LINE_REPEAT_MAX);
		assert(!is_log || is_within(line.program, raw) ||
			slice_is(line.program, "rspamd"));
		assert(!is_log || is_within(line.message, raw));
		assert(is_within(line.host, raw));
		assert(line.time / 86400 > -800000 &&
			line.time / 86400 < 3000000);
		struct slice program = slice_of("p");
		bool is_own = line_parse_of(&stamp, program, raw, &line);
		assert(is_own || !is_log);
		assert(!is_own || is_within(line.message, raw));
	}
	return 0;
}
