/* SPDX-License-Identifier: ISC */
/*
 * line — one log line taken apart: stamp, host, program, message.
 *
 *   [<PRI>][1 ]STAMP HOST PROGRAM[PID]: MESSAGE
 *
 * Knows RFC 3164 and RFC 3339 stamps, RFC 5424, postlogd's maillog_file,
 * journalctl's short formats, Solaris message ids, lines without a stamp or a
 * host, rspamd's own file, and rsyslog's "message repeated N times: [ … ]".
 * Slices point into the caller's bytes.  Does not know what a message means.
 */
#ifndef COLLECTOR_LINE_H
#define COLLECTOR_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/stamp.h"
#include "lib/slice.h"

enum {
	LINE_PROGRAM_MAX = 128,
	LINE_HOST_MAX = 255,
	LINE_REPEAT_MAX = 1000000 /* a larger N is not believed */
};

struct line {
	struct slice raw;     /* without the '\n' */
	int64_t time;         /* Unix time in seconds */
	struct slice host;    /* absent if the line has none */
	struct slice program; /* not always within raw */
	struct slice message;
	uint32_t repeat; /* how many lines it stands for: 1, or N */
	bool is_bare;    /* known form without content ("last message
			    repeated N times"): to be ignored */
};

/* false: not a log line (malformed), without a host; raw and time are set even
 * then (time: that of the last stamp). */
bool line_parse(struct stamp *stamp, struct slice raw, struct line *line);

/* The same for the file of one program: what would be malformed is a message
 * of this program, behind a stamp or not.  An empty line stays malformed. */
bool line_parse_of(struct stamp *stamp, struct slice program, struct slice raw,
	struct line *line);

#endif
