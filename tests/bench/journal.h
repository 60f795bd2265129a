/* SPDX-License-Identifier: ISC */
/*
 * journal — lines of many sessions at once, written in the order of time.
 *
 * Lines come in as sessions think of them and wait in a heap; what is older
 * than the next session's beginning is final and goes out.  Stops, and stops
 * counting, at exactly the wanted number of lines.
 */
#ifndef TESTS_BENCH_JOURNAL_H
#define TESTS_BENCH_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/bench/mails.h"

enum stamp { STAMP_BSD, STAMP_ISO, STAMP_MIXED };

struct journal_line {
	uint64_t time_us; /* Unix time */
	enum kind kind;
	unsigned host;
	unsigned repeat; /* N of "message repeated N times", else 0 */
	unsigned mail;   /* the message that it tells of, 0: none */
};

struct journal;

struct journal *journal_open(
	FILE *out, enum stamp stamp, const char *const *hosts, uint64_t limit);
/* text is what stands behind "STAMP HOST ": program, pid and message. */
void journal_add(struct journal *journal, const struct journal_line *line,
	const char *text, size_t len);
/* Writes all lines up to time_us; false once the limit is reached. */
bool journal_write(struct journal *journal, uint64_t time_us);
/* The messages that lines are about. */
struct mails *journal_mails(const struct journal *journal);
/* The log ends here. */
const struct truth *journal_end(struct journal *journal);
void journal_close(struct journal *journal);

#endif
