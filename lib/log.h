/* SPDX-License-Identifier: ISC */
/*
 * log — what a program tells its administrator.
 *
 * Lines go to standard error, or to syslog with facility daemon (never mail:
 * we must not write into the log that we read).  Control characters are
 * replaced by '?', so hostile log text cannot forge a line.
 *
 * Modules in lib/ and rrd/ do not log; they fill a struct err.
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* Names the program and chooses the destination.  Before this call, lines go
 * to standard error without a name.  program is borrowed for ever. */
void log_open(const char *program, bool to_syslog);

/* Lines above this level are dropped; the default is LOG_LEVEL_INFO. */
void log_set_level(enum log_level level);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The world is impossible (no memory, no configuration): one line, exit 1. */
void log_die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* A trouble that repeats: says it at once, then at most once a minute, with the
 * number of times it was held back.  now_s is any monotonic clock in seconds.
 * One struct per kind of trouble, zero-initialised. */
struct log_repeat {
	long long said_s;
	unsigned long held_back;
	bool has_said;
};
void log_repeated(struct log_repeat *repeat, long long now_s, const char *text);

#endif
