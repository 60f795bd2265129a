/* SPDX-License-Identifier: ISC */
/*
 * file — read a whole file, replace a whole file.
 *
 * A replaced file is the old one or the new one at every instant, also over
 * a kill; whoever has the old one open keeps it.  One writer per path: the
 * temporary file has a fixed name, so that a kill leaves at most one behind.
 */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Puts the file's bytes into buf, in place of what it held.  -1 with a sentence
 * that names the path: missing, unreadable, not a regular file, or larger than
 * max bytes; buf is untouched then.  Never blocks on a pipe. */
int file_read(const char *path, size_t max, struct buf *buf, struct err *err);

struct file_content {
	const char *data;
	size_t len;
	mode_t mode;  /* as given, whatever the umask */
	bool durable; /* on the disk, name and all, before the call returns */
};

/* Puts content in the place of path, by rename(2) of ".NAME.new" in the same
 * folder.  -1 with a sentence when it cannot; the old file is untouched and no
 * temporary is left.  (Only a failed sync of the folder comes after the rename:
 * the new file is in place then, but may not outlive a power failure.) */
int file_replace(
	const char *path, const struct file_content *content, struct err *err);

#endif
