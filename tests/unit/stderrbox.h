/* SPDX-License-Identifier: ISC */
/*
 * stderrbox — what was logged, line by line; within a test's own folder.
 */
#ifndef TESTS_UNIT_STDERRBOX_H
#define TESTS_UNIT_STDERRBOX_H

#include "lib/buf.h"
#include "lib/file.h"
#include "tests/unit/folder.h"

static int stderrbox_before = -1;

static inline void
stderrbox_open(void)
{
	int to = open("stderr", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	stderrbox_before = dup(STDERR_FILENO);
	assert_true(to >= 0 && stderrbox_before >= 0);
	assert_int_equal(dup2(to, STDERR_FILENO), STDERR_FILENO);
	close(to);
}

/* Standard error is what it was before; it must have got this since. */
static inline void
stderrbox_expect(const char *expected)
{
	struct err err = {""};
	struct buf text = {0};
	dup2(stderrbox_before, STDERR_FILENO);
	close(stderrbox_before);
	assert_int_equal(file_read("stderr", 65536, &text, &err), 0);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

#endif
