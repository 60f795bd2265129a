/* SPDX-License-Identifier: ISC */
/* log — see log.h.  The only file with the program's name in a static. */
#include "lib/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#define REPEAT_S 60

static const char *log_program;
static bool log_to_syslog;
static enum log_level log_level = LOG_LEVEL_INFO;

static const struct {
	int priority;
	const char *word;
} levels[] = {
	[LOG_LEVEL_ERROR] = {LOG_ERR, "error: "},
	[LOG_LEVEL_WARNING] = {LOG_WARNING, "warning: "},
	[LOG_LEVEL_INFO] = {LOG_INFO, ""},
	[LOG_LEVEL_DEBUG] = {LOG_DEBUG, "debug: "},
};

void
log_open(const char *program, bool to_syslog)
{
	log_program = program;
	log_to_syslog = to_syslog;
	if (to_syslog)
		openlog(program, LOG_PID, LOG_DAEMON);
}

void
log_set_level(enum log_level level)
{
	log_level = level;
}

static void log_write(enum log_level level, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void
log_write(enum log_level level, const char *fmt, va_list args)
{
	if (level > log_level)
		return;
	char text[1024];
	vsnprintf(text, sizeof(text), fmt, args);
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	if (log_to_syslog)
		syslog(levels[level].priority, "%s%s", levels[level].word,
			text);
	else
		fprintf(stderr, "%s%s%s%s\n", log_program ? log_program : "",
			log_program ? ": " : "", levels[level].word, text);
}

#define LOG_BODY(level)              \
	va_list args;                \
	va_start(args, fmt);         \
	log_write(level, fmt, args); \
	va_end(args)

void
log_error(const char *fmt, ...)
{
	LOG_BODY(LOG_LEVEL_ERROR);
}

void
log_warning(const char *fmt, ...)
{
	LOG_BODY(LOG_LEVEL_WARNING);
}

void
log_info(const char *fmt, ...)
{
	LOG_BODY(LOG_LEVEL_INFO);
}

void
log_debug(const char *fmt, ...)
{
	LOG_BODY(LOG_LEVEL_DEBUG);
}

void
log_die(const char *fmt, ...)
{
	LOG_BODY(LOG_LEVEL_ERROR);
	exit(EXIT_FAILURE);
}

void
log_repeated(struct log_repeat *repeat, long long now_s, const char *text)
{
	if (repeat->has_said && now_s - repeat->said_s < REPEAT_S) {
		repeat->held_back++;
		return;
	}
	if (repeat->held_back > 0)
		log_warning("%s (and %lu times more in the last minute)", text,
			repeat->held_back);
	else
		log_warning("%s", text);
	*repeat = (struct log_repeat){.said_s = now_s, .has_said = true};
}
