/* SPDX-License-Identifier: ISC */
#include "rrd/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

#include "lib/mem.h"
#include "rrd/archive.h"
#include "rrd/cached.h"
#include "rrd/lines.h"
#include "rrd/notes.h"
#include "rrd/path.h"
#include "rrd/rrdfile.h"
#include "rrd/undo.h"
#include "rrd/usage.h"

/* What we know of a file, so that it need not be asked each minute. */
struct known {
	char *path;
	struct rrdfile file;
	unsigned generation; /* of the connection to rrdcached */
	bool is_refused;     /* not made: the store is full, and we said so */
	UT_hash_handle hh;
};

struct store {
	char *dir;
	struct cached *cached;
	struct undo *undo;
	struct usage usage;
	struct known *known;
	struct notes notes;
};

/* One call of store_feed(). */
struct job {
	struct store *store;
	const struct store_series *series;
	const struct store_steps *steps;
	char path[PATH_SIZE], work[PATH_SIZE + sizeof(USAGE_UNFINISHED)];
};

static void
note_usage(struct store *store, int64_t bytes)
{
	if (usage_add(&store->usage, bytes))
		notes_add(&store->notes,
			"%s: 90 %% of size_max (%llu bytes) are in use",
			store->dir, (unsigned long long)store->usage.max);
}

static bool
is_remote(const struct store *store)
{
	return store->cached && cached_is_remote(store->cached);
}

struct store *
store_open(const struct store_options *options, struct err *err)
{
	struct store *store = mem_zalloc(1, sizeof(*store));
	store->dir = mem_strdup(options->dir);
	store->usage.max = options->size_max;
	if (options->cached)
		store->cached = cached_open(options->cached);
	if (is_remote(store))
		return store;
	if (path_make_folders(store->dir, 0, err) < 0) {
		store_close(store);
		return NULL;
	}
	if (mkdir(store->dir, 0750) < 0 && errno != EEXIST) {
		err_set(err, "cannot make %s: %s", store->dir, strerror(errno));
		store_close(store);
		return NULL;
	}
	char *restored;
	store->undo = undo_open(store->dir, &restored);
	if (restored)
		notes_add(&store->notes,
			"%s: an update that was cut off is taken back",
			restored);
	free(restored);
	usage_walk(&store->usage, store->dir);
	note_usage(store, 0);
	return store;
}

static void
forget(struct store *store, struct known *known)
{
	HASH_DEL(store->known, known);
	rrdfile_free(&known->file);
	free(known->path);
	free(known);
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	struct known *known, *next;
	HASH_ITER(hh, store->known, known, next)
	forget(store, known);
	notes_free(&store->notes);
	undo_close(store->undo);
	cached_close(store->cached);
	free(store->dir);
	free(store);
}

const char *
store_note(struct store *store)
{
	return notes_take(&store->notes);
}

int
store_path(const struct store *store, const struct store_series *series,
	char *out, size_t size)
{
	const char *const parts[4] = {
		store->dir, series->kind, series->key, series->group};
	return path_series(parts, out, size);
}

static struct known *
remember(struct job *job, struct rrdfile file)
{
	struct known *known = mem_zalloc(1, sizeof(*known));
	known->path = mem_strdup(job->path);
	known->file = file;
	if (job->store->cached)
		known->generation = cached_generation(job->store->cached);
	HASH_ADD_KEYPTR(
		hh, job->store->known, known->path, strlen(known->path), known);
	return known;
}

static int64_t
size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) < 0 ? 0 : (int64_t)st.st_size;
}

/* The work file takes the place of the file. */
static int
replace(struct job *job, struct err *err)
{
	int64_t grown = size_of(job->work) - size_of(job->path);
	if (job->store->cached &&
		cached_forget(job->store->cached, job->path, err) < 0)
		return -1;
	if (rename(job->work, job->path) < 0)
		return err_set(err, "cannot rename %s to %s: %s", job->work,
			job->path, strerror(errno));
	note_usage(job->store, grown);
	return 0;
}

/* Brings the file that stands at path up to the last step; without a path,
 * through rrdcached. */
static int
update_at(struct job *job, const char *path, struct rrdfile *file,
	struct err *err)
{
	struct lines lines;
	lines_build(&lines, file, job->series, job->steps);
	int rc = 0;
	if (lines.out.count > 0 && path)
		rc = rrdfile_update(path, &lines.out, err);
	else if (lines.out.count > 0)
		rc = cached_update(
			job->store->cached, job->path, &lines.out, err);
	if (rc == 0)
		lines_confirm(&lines, file, job->series, job->steps);
	lines_free(&lines);
	return rc;
}

/* Extends and updates a copy, which then takes the file's place. */
static int
update_copy(struct job *job, struct rrdfile *file, struct err *err)
{
	struct store *store = job->store;
	size_t added = 0;
	struct rrdfile fresh = {0};
	if (store->cached && cached_flush(store->cached, job->path, err) < 0)
		return -1;
	if (rrdfile_copy(job->path, job->work, err) < 0 ||
		rrdfile_extend(job->work, job->series, &added, err) < 0 ||
		rrdfile_read(job->work, &fresh, err) != RRDFILE_READ ||
		update_at(job, job->work, &fresh, err) < 0 ||
		replace(job, err) < 0) {
		unlink(job->work);
		rrdfile_free(&fresh);
		return -1;
	}
	if (added > 0)
		notes_add(&store->notes, "%s: %zu new counters added",
			job->path, added);
	rrdfile_free(file);
	*file = fresh;
	return 0;
}

static int
update(struct job *job, struct known *known, struct err *err)
{
	const struct store_steps *steps = job->steps;
	struct rrdfile *file = &known->file;
	if (steps->times[steps->count - 1] <= file->last)
		return 0;
	bool lacks = lines_lacking(file, job->series) > 0;
	if (job->store->cached && (!lacks || is_remote(job->store)))
		return update_at(job, NULL, file, err);
	if (lacks)
		return update_copy(job, file, err);
	undo_begin(job->store->undo, job->path, file->head_size);
	int rc = update_at(job, job->path, file, err);
	if (rc == 0)
		undo_commit(job->store->undo);
	else
		undo_revert(job->store->undo);
	return rc;
}

/* The head of a file that was just created, as lines_build() wants it. */
static struct rrdfile
new_head(const struct store_series *series, time_t start)
{
	struct rrdfile file = {.last = start, .count = series->source_count};
	file.names = mem_zalloc(file.count, sizeof(*file.names));
	for (size_t i = 0; i < file.count; i++)
		file.names[i] = mem_strdup(series->sources[i].name);
	return file;
}

/* A new file is filled before it gets its name: it is never without the value
 * that makes its first step known. */
static int
create_local(struct job *job, struct rrdfile *file, struct err *err)
{
	if (path_make_folders(job->path, strlen(job->store->dir), err) < 0)
		return -1;
	unlink(job->work);
	struct rrdfile check = {0};
	if (rrdfile_create(job->work, file->last, job->series, err) < 0)
		return -1;
	/* librrd does not notice when the disk is full. */
	if (rrdfile_read(job->work, &check, err) != RRDFILE_READ) {
		unlink(job->work);
		return -1;
	}
	file->head_size = check.head_size;
	rrdfile_free(&check);
	if (update_at(job, job->work, file, err) < 0 || replace(job, err) < 0) {
		unlink(job->work);
		return -1;
	}
	return 0;
}

static int
create_remote(struct job *job, struct rrdfile *file, struct err *err)
{
	const struct cached_new new = {job->path, file->last, job->series};
	if (cached_create(job->store->cached, &new, err) < 0)
		return -1;
	return update_at(job, NULL, file, err);
}

static struct known *
create(struct job *job, struct err *err)
{
	struct store *store = job->store;
	uint64_t size = archive_size(job->series->source_count);
	if (!usage_has_room(&store->usage, size)) {
		notes_add(&store->notes,
			"%s: not created: the store has reached size_max",
			job->path);
		struct known *known = remember(job, (struct rrdfile){0});
		known->is_refused = true;
		return known;
	}
	time_t start = job->steps->times[0] - 2 * STORE_STEP_S;
	struct rrdfile file = new_head(job->series, start);
	int rc = is_remote(store) ? create_remote(job, &file, err)
				  : create_local(job, &file, err);
	if (rc < 0) {
		rrdfile_free(&file);
		return NULL;
	}
	if (is_remote(store))
		note_usage(store, (int64_t)size);
	return remember(job, file);
}

static int
set_aside(struct job *job, const struct err *why, struct err *err)
{
	char to[PATH_SIZE + 64];
	if (rrdfile_set_aside(job->path, to, sizeof(to), err) < 0)
		return -1;
	notes_add(&job->store->notes,
		"damaged, set aside as %s and begun anew: %s",
		strrchr(to, '/') + 1, why->text);
	return 0;
}

/* Learns what the file has, or makes it. */
static struct known *
learn(struct job *job, struct err *err)
{
	struct store *store = job->store;
	struct rrdfile file = {0};
	struct err why = {0};
	enum rrdfile_state state;
	if (is_remote(store)) {
		state = cached_read(store->cached, job->path, &file, &why);
	} else {
		/* The daemon wants a folder to look in. */
		if (store->cached && (path_make_folders(job->path,
					      strlen(store->dir), err) < 0 ||
					     cached_flush(store->cached,
						     job->path, err) < 0))
			return NULL;
		state = rrdfile_read(job->path, &file, &why);
	}
	if (state == RRDFILE_ERROR) {
		err_set(err, "%s", why.text);
		return NULL;
	}
	if (state == RRDFILE_DAMAGED && set_aside(job, &why, err) < 0)
		return NULL;
	if (state != RRDFILE_READ)
		return create(job, err);
	if (is_remote(store) && lines_lacking(&file, job->series) > 0)
		notes_add(&store->notes,
			"%s: lacks counters; add them with rrdtool tune where "
			"rrdcached runs",
			job->path);
	return remember(job, file);
}

static bool
is_stale(const struct job *job, const struct known *known)
{
	const struct store *store = job->store;
	if (known->is_refused)
		return usage_has_room(
			&store->usage, archive_size(job->series->source_count));
	return store->cached &&
	       known->generation != cached_generation(store->cached);
}

int
store_feed(struct store *store, const struct store_series *series,
	const struct store_steps *steps, struct err *err)
{
	struct job job = {.store = store, .series = series, .steps = steps};
	if (series->source_count == 0 || steps->count == 0)
		return 0;
	if (store_path(store, series, job.path, sizeof(job.path)) < 0)
		return err_set(err, "%s: path too long", store->dir);
	snprintf(job.work, sizeof(job.work), "%.*s%s",
		(int)(strlen(job.path) - strlen(".rrd")), job.path,
		USAGE_UNFINISHED);
	for (bool is_fresh = false;;) {
		if (store->cached && cached_connect(store->cached, err) < 0)
			return -1;
		struct known *known;
		HASH_FIND_STR(store->known, job.path, known);
		if (known && is_stale(&job, known)) {
			forget(store, known);
			known = NULL;
		}
		if (!known) {
			is_fresh = true;
			known = learn(&job, err);
		}
		if (!known)
			return -1;
		if (known->is_refused || update(&job, known, err) == 0)
			return 0;
		/* Perhaps somebody changed the file: look once more. */
		forget(store, known);
		if (is_fresh)
			return -1;
	}
}
