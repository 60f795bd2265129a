/* SPDX-License-Identifier: ISC */
/* spool — see spool.h. */
#include "collector/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH_MAX = 4 }; /* hash_queue_depth is 1 by default, at most 3 */

/* Files below an open folder, which is closed; ROWS_GAUGE_UNKNOWN if it, or
 * a folder in it, cannot be read. */
static uint64_t
count_files(int folder, int depth)
{
	DIR *dir = folder < 0 ? NULL : fdopendir(folder);
	if (dir == NULL) {
		if (folder >= 0)
			close(folder);
		return ROWS_GAUGE_UNKNOWN;
	}
	uint64_t files = 0;
	const struct dirent *entry;
	while (files != ROWS_GAUGE_UNKNOWN && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (entry->d_type != DT_DIR) {
			files++;
			continue;
		}
		int inner = openat(dirfd(dir), entry->d_name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (inner < 0 && errno == ENOENT)
			continue;
		uint64_t more = depth < DEPTH_MAX
					? count_files(inner, depth + 1)
					: ROWS_GAUGE_UNKNOWN;
		files = more == ROWS_GAUGE_UNKNOWN ? more : files + more;
	}
	closedir(dir);
	return files;
}

void
spool_measure(const char *queue_dir, struct rows *rows)
{
	for (size_t i = 0; i < rows->catalogue->count; i++) {
		const struct catalogue_counter *c =
			&rows->catalogue->counters[i];
		if (!c->is_gauge)
			continue;
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", queue_dir, c->word);
		rows->total->base[i] = count_files(
			open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0);
	}
}
