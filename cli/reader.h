/* SPDX-License-Identifier: ISC */
/*
 * reader — the lines of one finished log: a plain file, a .gz or "-" (stdin).
 *
 * Bounded memory whatever the file; a line longer than TAIL_LINE_MAX is cut.
 */
#ifndef CLI_READER_H
#define CLI_READER_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/slice.h"

struct reader;

struct reader *reader_open(const char *path, struct err *err);
void reader_close(struct reader *reader);

/* The next line without its '\n': 1, or 0 at the end, or -1 with a sentence
 * (also for a damaged or cut .gz, after its last whole line).  Valid until the
 * next call. */
int reader_next(struct reader *reader, struct slice *line, struct err *err);

const char *reader_path(const struct reader *reader);
/* Unix time of the last change, for a .gz that within if it is earlier, now
 * for stdin: the reference for stamps without a year. */
int64_t reader_mtime(const struct reader *reader);
/* Bytes read of the file and its size, for progress; size 0 if not known. */
void reader_progress(
	const struct reader *reader, uint64_t *done, uint64_t *size);

#endif
