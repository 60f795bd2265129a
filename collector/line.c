/* SPDX-License-Identifier: ISC */
/* line — see line.h. */
#include "collector/line.h"

#include <ctype.h>
#include <string.h>

enum {
	PREFIX_MAX = 64, /* where a container's "name | " may end */
	PID_MAX = 32
};

/* "program[pid]: " or "program: "; moves *at behind it. */
static inline bool
take_program(const char **at, const char *end, struct slice *program)
{
	const char *p = *at;
	size_t window = (size_t)(end - p);
	if (window > LINE_PROGRAM_MAX + PID_MAX)
		window = LINE_PROGRAM_MAX + PID_MAX;
	const char *colon = memchr(p, ':', window);
	if (colon == NULL || colon == p)
		return false;
	const char *behind = colon;
	if (colon[-1] == ']') {
		const char *open = memrchr(p, '[', (size_t)(colon - p));
		if (open == NULL)
			return false;
		behind = open;
	}
	*program = (struct slice){p, (size_t)(behind - p)};
	if (program->len == 0 || program->len > LINE_PROGRAM_MAX ||
		memchr(p, ' ', program->len) != NULL)
		return false;
	*at = colon + 1;
	return true;
}

static bool
take_host(const char **at, const char *end, struct slice *host)
{
	const char *blank = memchr(*at, ' ', (size_t)(end - *at));
	if (blank == NULL || blank == *at || blank - *at > LINE_HOST_MAX ||
		blank[-1] == ':')
		return false;
	*host = (struct slice){*at, (size_t)(blank - *at)};
	*at = blank + 1;
	return true;
}

static uint32_t
take_number(const char **at, const char *end)
{
	uint32_t n = 0;
	while (*at < end && **at >= '0' && **at <= '9' && n <= LINE_REPEAT_MAX)
		n = n * 10 + (uint32_t)(*(*at)++ - '0');
	return n;
}

static bool
starts_with(const char *p, const char *end, const char *text)
{
	size_t len = strlen(text);
	return (size_t)(end - p) >= len && memcmp(p, text, len) == 0;
}

/* rsyslog: "message repeated N times: [ TEXT]". */
static void
take_repeat(struct line *line)
{
	static const char lead[] = "message repeated ";
	static const char tail[] = " times: [";
	const char *p = line->message.data, *end = p + line->message.len;
	if (!starts_with(p, end, lead))
		return;
	p += sizeof(lead) - 1;
	uint32_t times = take_number(&p, end);
	if (times == 0 || times > LINE_REPEAT_MAX || !starts_with(p, end, tail))
		return;
	p += sizeof(tail) - 1;
	p += p < end && *p == ' ';
	end -= end > p && end[-1] == ']';
	line->repeat = times;
	line->message = (struct slice){p, (size_t)(end - p)};
}

/* What stands behind the program: blank, Solaris' "[ID n facility.level] ". */
static inline void
set_message(struct line *line, const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	if (starts_with(p, end, "[ID ")) {
		const char *close = memchr(p, ']', (size_t)(end - p));
		if (close != NULL && close - p < PREFIX_MAX)
			p = close + 1 + (close + 1 < end && close[1] == ' ');
	}
	line->message = (struct slice){p, (size_t)(end - p)};
	if (p < end && *p == 'm')
		take_repeat(line);
}

/* BSD syslogd's "last message repeated N times" has no program. */
static bool
take_bare(struct line *line, const char *p, const char *end)
{
	line->is_bare = starts_with(p, end, "last message repeated ") ||
			starts_with(p, end, "last message buffered ") ||
			starts_with(p, end, "-- MARK --");
	line->program = line->message = (struct slice){p, 0};
	return line->is_bare;
}

/* HOST PROGRAM[PID]: MESSAGE */
static inline bool
take_rest(struct line *line, const char *p, const char *end)
{
	const char *after_stamp = p;
	if (take_host(&p, end, &line->host)) {
		while (p < end && *p == ' ')
			p++;
		if (take_program(&p, end, &line->program)) {
			set_message(line, p, end);
			return true;
		}
		if (take_bare(line, p, end))
			return true;
	}
	line->host = (struct slice){NULL, 0};
	p = after_stamp;
	if (!take_program(&p, end, &line->program))
		return take_bare(line, p, end);
	set_message(line, p, end);
	return true;
}

/* RFC 5424 behind the stamp: HOST APP PROCID MSGID SD MESSAGE */
static bool
take_5424(struct line *line, const char *p, const char *end)
{
	struct slice field;
	if (!take_host(&p, end, &line->host) ||
		!take_host(&p, end, &line->program) ||
		!take_host(&p, end, &field) || !take_host(&p, end, &field))
		return false;
	if (slice_is(line->host, "-"))
		line->host = (struct slice){NULL, 0};
	while (p < end && *p == '[') { /* structured data */
		bool is_quoted = false;
		for (; p < end && (is_quoted || *p != ']'); p++) {
			if (*p == '"')
				is_quoted = !is_quoted;
			else if (*p == '\\' && is_quoted && p + 1 < end)
				p++;
		}
		p += p < end;
	}
	if (p < end && *p == '-')
		p++;
	while (p < end && *p == ' ')
		p++;
	set_message(line, p, end);
	return true;
}

/* What names of hosts and programs consist of. */
static bool
is_name(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (!isalnum(c) && (c == '\0' || strchr("._-/:@+", c) == NULL))
			return false;
	}
	return true;
}

/* rspamd's own file: "[[severity] ]#PID(PROCESS) MESSAGE", no host. */
static bool
take_rspamd(struct line *line, const char *p, const char *end)
{
	size_t window = (size_t)(end - p);
	if (window > PREFIX_MAX)
		window = PREFIX_MAX;
	if (window > 0 && *p == '[') {
		const char *close = memchr(p, ']', window);
		if (close == NULL || !starts_with(close, end, "] #"))
			return false;
		p = close + 2;
	}
	if (p == end || *p++ != '#')
		return false;
	const char *pid = p;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	if (p == pid || p == end || *p != '(')
		return false;
	window =
		(size_t)(end - p) < PREFIX_MAX ? (size_t)(end - p) : PREFIX_MAX;
	const char *close = memchr(p, ')', window);
	if (close == NULL || !starts_with(close, end, ") "))
		return false;
	line->program = slice_of("rspamd");
	line->message = (struct slice){close + 2, (size_t)(end - close - 2)};
	return true;
}

/* Without a stamp: "program[pid]: …" or "host program[pid]: …", as containers
 * and quotations have it.  Stricter, or any junk would do: names are names, and
 * a pid or a slash must be there. */
static bool
take_stampless(struct line *line, const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	if (take_rspamd(line, p, end))
		return true;
	if (!take_rest(line, p, end) || line->is_bare)
		return line->is_bare;
	if (!is_name(line->program) || !is_name(line->host))
		return false;
	const char *behind = line->program.data + line->program.len;
	return *behind == '[' ||
	       memchr(line->program.data, '/', line->program.len) != NULL;
}

static bool
parse_from(
	struct stamp *stamp, const char *p, const char *end, struct line *line)
{
	bool is_5424 = false;
	if (p < end && *p == '<') {
		const char *close =
			memchr(p, '>', (size_t)(end - p < 6 ? end - p : 6));
		if (close == NULL)
			return false;
		p = close + 1;
		is_5424 = starts_with(p, end, "1 ");
		p += is_5424 ? 2 : 0;
	}
	if (!stamp_read(stamp, &p, end, &line->time) || p == end || *p != ' ')
		return false;
	p++;
	if (is_5424)
		return take_5424(line, p, end);
	bool may_be_rspamd = p < end && (*p == '[' || *p == '#');
	return (may_be_rspamd && take_rspamd(line, p, end)) ||
	       take_rest(line, p, end);
}

/* Where the line of a container's "name | line" begins, or NULL. */
static const char *
behind_bar(const char *p, const char *end)
{
	size_t window =
		(size_t)(end - p) < PREFIX_MAX ? (size_t)(end - p) : PREFIX_MAX;
	const char *bar = window > 0 ? memmem(p, window, " | ", 3) : NULL;
	return bar != NULL ? bar + 3 : NULL;
}

static bool
parse_framed(struct stamp *stamp, struct slice raw, struct line *line)
{
	*line = (struct line){.raw = raw, .time = stamp->previous, .repeat = 1};
	const char *p = raw.data, *end = p + raw.len;
	if (raw.len > 0 && end[-1] == '\r')
		end--;
	while (p < end && *p == ' ') /* quotations indent */
		p++;
	for (const char *from = p; from != NULL;
		from = from == p ? behind_bar(p, end) : NULL) {
		if (parse_from(stamp, from, end, line))
			return true;
		line->host = (struct slice){NULL, 0};
	}
	line->time = stamp->previous;
	if (take_stampless(line, p, end))
		return true;
	line->host = (struct slice){NULL, 0};
	return false;
}

bool
line_parse(struct stamp *stamp, struct slice raw, struct line *line)
{
	return line_parse_of(stamp, (struct slice){NULL, 0}, raw, line);
}

bool
line_parse_of(struct stamp *stamp, struct slice program, struct slice raw,
	struct line *line)
{
	if (parse_framed(stamp, raw, line))
		return true;
	const char *p = raw.data, *end = p + raw.len;
	if (program.len == 0 || raw.len == 0)
		return false;
	end -= end[-1] == '\r';
	stamp_read(stamp, &p, end, &line->time);
	while (p < end && *p == ' ')
		p++;
	line->program = program;
	line->message = (struct slice){p, (size_t)(end - p)};
	return p < end;
}
