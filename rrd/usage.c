/* SPDX-License-Identifier: ISC */
#include "rrd/usage.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"

void
usage_walk(struct usage *usage, const char *dir)
{
	char *root = mem_strdup(dir);
	char *roots[] = {root, NULL};
	FTS *walk = fts_open(
		roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	for (FTSENT *e; walk && (e = fts_read(walk));) {
		if (e->fts_info != FTS_F)
			continue;
		if (strstr(e->fts_name, USAGE_UNFINISHED))
			unlink(e->fts_path);
		else
			usage->bytes += (uint64_t)e->fts_statp->st_size;
	}
	if (walk)
		fts_close(walk);
	free(root);
}

bool
usage_has_room(const struct usage *usage, uint64_t bytes)
{
	return usage->max == 0 || usage->bytes + bytes <= usage->max;
}

bool
usage_add(struct usage *usage, int64_t bytes)
{
	usage->bytes += (uint64_t)bytes;
	if (usage->is_told || usage->max == 0 ||
		usage->bytes < usage->max - usage->max / 10)
		return false;
	usage->is_told = true;
	return true;
}
