/* SPDX-License-Identifier: ISC */
#include "rrd/cached.h"

#include <pthread.h>
#include <rrd.h>
#include <rrd_client.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum {
	COMMAND_ROOM = RRD_CMD_MAX - 64,
	SOURCES_MAX = 100, /* rrdcached takes 128 definitions unchecked */
};

struct cached {
	char *address;
	bool is_remote;
	unsigned generation;
};

/* librrd writes to sockets without MSG_NOSIGNAL: a daemon that went away must
 * not take us along. */
struct guard {
	sigset_t old;
	bool was_pending;
};

static void
guard_enter(struct guard *guard)
{
	sigset_t pipe_only, pending;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	guard->was_pending = sigismember(&pending, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe_only, &guard->old);
	rrd_clear_error();
}

static void
guard_leave(const struct guard *guard)
{
	sigset_t pipe_only;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	const struct timespec now = {0};
	if (!guard->was_pending)
		sigtimedwait(&pipe_only, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &guard->old, NULL);
}

struct cached *
cached_open(const char *address)
{
	struct cached *cached = mem_zalloc(1, sizeof(*cached));
	cached->address = mem_strdup(address);
	cached->is_remote =
		address[0] != '/' && strncmp(address, "unix:", 5) != 0;
	return cached;
}

void
cached_close(struct cached *cached)
{
	if (!cached)
		return;
	rrdc_disconnect();
	free(cached->address);
	free(cached);
}

bool
cached_is_remote(const struct cached *cached)
{
	return cached->is_remote;
}

unsigned
cached_generation(const struct cached *cached)
{
	return cached->generation;
}

int
cached_connect(struct cached *cached, struct err *err)
{
	if (rrdc_is_connected(cached->address))
		return 0;
	struct guard guard;
	guard_enter(&guard);
	int rc = rrdc_connect(cached->address);
	guard_leave(&guard);
	if (rc) {
		const char *text = rrd_get_error();
		return err_set(err, "rrdcached %s: %s", cached->address,
			*text ? text : strerror(rc));
	}
	cached->generation++;
	return 0;
}

/* A refusal keeps the connection, anything else drops it. */
static int
fail(struct cached *cached, const char *path, struct err *err)
{
	const char *text = rrd_get_error();
	bool is_refusal = strncmp(text, "rrdcached@", 10) == 0;
	err_set(err, "rrdcached %s: %s: %s", cached->address, path,
		*text ? text : "connection lost");
	if (!is_refusal)
		rrdc_disconnect();
	return -1;
}

static const char *
daemon_path(const struct cached *cached, const char *path)
{
	while (cached->is_remote && *path == '/')
		path++;
	return path;
}

static bool
is_absent(void)
{
	return strstr(rrd_get_error(), "No such file") != NULL;
}

int
cached_flush(struct cached *cached, const char *path, struct err *err)
{
	struct guard guard;
	guard_enter(&guard);
	int rc = rrdc_flush(daemon_path(cached, path));
	guard_leave(&guard);
	if (rc && !is_absent())
		return fail(cached, path, err);
	return 0;
}

int
cached_forget(struct cached *cached, const char *path, struct err *err)
{
	struct guard guard;
	guard_enter(&guard);
	int rc = rrdc_forget(daemon_path(cached, path));
	guard_leave(&guard);
	/* That it knows nothing of the file is what we want. */
	if (rc && strncmp(rrd_get_error(), "rrdcached@", 10) != 0)
		return fail(cached, path, err);
	return 0;
}

int
cached_update(struct cached *cached, const char *path,
	const struct rrdfile_lines *lines, struct err *err)
{
	const char *name = daemon_path(cached, path);
	for (size_t i = 0, n; i < lines->count; i += n) {
		size_t used = strlen(name) * 2;
		for (n = 0; i + n < lines->count; n++) {
			used += strlen(lines->items[i + n]) + 1;
			if (n > 0 && used > COMMAND_ROOM)
				break;
		}
		struct guard guard;
		guard_enter(&guard);
		int rc = rrdc_update(name, (int)n, lines->items + i);
		guard_leave(&guard);
		if (rc)
			return fail(cached, path, err);
	}
	/* The daemon's journal is written block by block: killed, it forgets
	 * the last steps, and we would not know. */
	return cached_flush(cached, path, err);
}

/* "ds[NAME].index" → NAME, in the order of the file. */
static void
take_names(const rrd_info_t *info, struct rrdfile *file)
{
	for (; info; info = info->next) {
		const char *end = strstr(info->key, "].index");
		if (!end || strncmp(info->key, "ds[", 3) != 0)
			continue;
		file->names = mem_realloc(
			file->names, file->count + 1, sizeof(*file->names));
		file->names[file->count++] = mem_strndup(
			info->key + 3, (size_t)(end - info->key - 3));
	}
}

enum rrdfile_state
cached_read(struct cached *cached, const char *path, struct rrdfile *out,
	struct err *err)
{
	const char *name = daemon_path(cached, path);
	struct guard guard;
	guard_enter(&guard);
	time_t last = rrdc_last(name);
	rrd_info_t *info = last > 0 ? rrdc_info(name) : NULL;
	guard_leave(&guard);
	if (!info)
		return is_absent() ? RRDFILE_ABSENT : fail(cached, path, err);
	*out = (struct rrdfile){.last = last};
	take_names(info, out);
	rrd_info_free(info);
	return RRDFILE_READ;
}

int
cached_create(
	struct cached *cached, const struct cached_new *file, struct err *err)
{
	if (file->series->source_count > SOURCES_MAX)
		return err_set(err,
			"%s: more counters than rrdcached can create (%d)",
			file->path, SOURCES_MAX);
	size_t n;
	char **definitions = rrdfile_definitions(file->series, &n);
	const char **argv = mem_zalloc(n, sizeof(*argv));
	for (size_t i = 0; i < n; i++)
		argv[i] = definitions[i];
	struct guard guard;
	guard_enter(&guard);
	int rc = rrdc_create(daemon_path(cached, file->path), STORE_STEP_S,
		file->start, 1, (int)n, argv);
	guard_leave(&guard);
	for (size_t i = 0; i < n; i++)
		free(definitions[i]);
	free(definitions);
	free(argv);
	return rc ? fail(cached, file->path, err) : 0;
}
