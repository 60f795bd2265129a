/* SPDX-License-Identifier: ISC */
/*
 * replay — runs stored inputs through one fuzz target, without libFuzzer.
 *
 * usage: replay_TARGET FILE|FOLDER…
 *
 * Every regular file below the folders is one input; names that begin with a
 * dot are skipped.  Fails when there was none: a corpus that moved away must
 * not look like one that passes.
 */
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"

enum { INPUT_SIZE_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of its own size, so that a sanitizer sees one byte too far. */
static int
replay(const char *path)
{
	struct buf buf = {0};
	struct err err;
	if (file_read(path, INPUT_SIZE_MAX, &buf, &err) != 0) {
		fprintf(stderr, "replay: %s\n", err.text);
		return -1;
	}
	uint8_t *data = malloc(buf.len > 0 ? buf.len : 1);
	if (data == NULL)
		return -1;
	memcpy(data, buf.data, buf.len);
	LLVMFuzzerTestOneInput(data, buf.len);
	free(data);
	buf_free(&buf);
	return 0;
}

int
main(int argc, char **argv)
{
	FTS *tree =
		argc > 1 ? fts_open(argv + 1, FTS_LOGICAL | FTS_NOCHDIR, NULL)
			 : NULL;
	if (tree == NULL) {
		fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
		return 2;
	}
	unsigned long count = 0;
	bool has_failed = false;
	for (FTSENT *entry; (entry = fts_read(tree)) != NULL;) {
		if (entry->fts_level > 0 && entry->fts_name[0] == '.')
			fts_set(tree, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_F) {
			has_failed |= replay(entry->fts_path) != 0;
			count++;
		} else if (entry->fts_info == FTS_NS) {
			fprintf(stderr, "replay: %s: %s\n", entry->fts_path,
				strerror(entry->fts_errno));
			has_failed = true;
		}
	}
	fts_close(tree);
	printf("%s: %lu inputs replayed\n", argv[0], count);
	return count > 0 && !has_failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
