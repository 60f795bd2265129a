/* SPDX-License-Identifier: ISC */
/*
 * err — one sentence that says why something failed.
 *
 * A function that can fail for a reason a person must read takes a last
 * parameter `struct err *err`, fills it and returns -1 (or NULL).  The sentence
 * is complete: file, line, what and why; no trailing period, no new line.
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

struct err {
	char text[512];
};

/* Writes the sentence (cut at the size of err->text) and returns -1, so that
 * `return err_set(err, …)` is a whole error path.  err may be NULL. */
int err_set(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
