/* SPDX-License-Identifier: ISC */
/* current — see current.h. */
#include "agent/current.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

/* Between two readings of the same sysUpTime, in hundredths of a second: what
 * snmpd says of it now and then is as late as its answer, which is waited for
 * no longer. */
enum { SLACK = 100 };

/* One content of the file; all zero: none. */
struct stamp {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
};

struct current {
	char *path;
	struct view *view;
	struct stamp stamp;
	bool is_locked; /* what has this stamp could not be opened */
	bool has_looked;
	int64_t looked_ms, accepted_ms;
	/* When counting began, on the monotonic clock: may be before 0. */
	int64_t began_ms;
	/* The same on sysUpTime's, as it was said last; below 0: before. */
	int64_t since;
	bool has_since;
	uint64_t refused;
	struct err trouble; /* "": all is well */
};

struct current *
current_new(const char *path)
{
	struct current *current = mem_zalloc(1, sizeof(*current));
	current->path = mem_strdup(path);
	return current;
}

void
current_free(struct current *current)
{
	if (current == NULL)
		return;
	view_free(current->view);
	free(current->path);
	free(current);
}

static void
tell(struct current *current, const struct err *trouble)
{
	if (strcmp(current->trouble.text, trouble->text) == 0)
		return;
	if (trouble->text[0] == '\0')
		log_info("%s can be read again", current->path);
	else
		log_warning("%s%s", trouble->text,
			current->view != NULL ? "; the snapshot before it "
						"stands"
					      : "");
	current->trouble = *trouble;
}

static bool
is_same(const struct stamp *a, const struct stamp *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

/* A view of what was read takes the place of the old one. */
static void
accept(struct current *current, struct snapshot *snapshot, int64_t now_ms)
{
	if (current->view == NULL ||
		current->view->snapshot->started != snapshot->started) {
		int64_t ago_us =
			clock_wall_us() - (int64_t)snapshot->started * 1000000;
		current->began_ms = now_ms - (ago_us > 0 ? ago_us / 1000 : 0);
		current->has_since = false;
	}
	view_free(current->view);
	current->view = view_new(snapshot);
	current->accepted_ms = now_ms;
}

static bool
read_anew(struct current *current, int64_t now_ms, struct err *trouble)
{
	struct stat status;
	if (stat(current->path, &status) != 0) {
		current->stamp = (struct stamp){0};
		err_set(trouble, "cannot read %s: %s", current->path,
			strerror(errno));
		return false;
	}
	struct stamp stamp = {
		status.st_dev, status.st_ino, status.st_size, status.st_mtim};
	/* What is wrong with a file's bytes stays wrong; the right to read them
	 * may come without a trace in it. */
	bool is_locked = access(current->path, R_OK) != 0;
	if (is_same(&stamp, &current->stamp) &&
		is_locked == current->is_locked) {
		*trouble = current->trouble;
		return false;
	}
	current->stamp = stamp;
	current->is_locked = is_locked;
	struct snapshot *snapshot = snapshot_read(current->path, trouble);
	if (snapshot == NULL) {
		current->refused++;
		return false;
	}
	trouble->text[0] = '\0';
	accept(current, snapshot, now_ms);
	return true;
}

bool
current_look(struct current *current, int64_t now_ms)
{
	if (current->has_looked &&
		now_ms - current->looked_ms < CURRENT_REST_MS)
		return false;
	current->has_looked = true;
	current->looked_ms = now_ms;
	struct err trouble = {0};
	bool is_new = read_anew(current, now_ms, &trouble);
	tell(current, &trouble);
	return is_new;
}

/* Managers throw away what they have when this moves: what was said before
 * stands as long as it is about right. */
static uint32_t
counting_since(struct current *current, int64_t now_ms, uint32_t uptime)
{
	if (current->view == NULL)
		return 0;
	int64_t since = uptime - (now_ms - current->began_ms) / 10;
	if (!current->has_since || llabs(since - current->since) > SLACK)
		current->since = since;
	current->has_since = true;
	return current->since > 0 ? (uint32_t)current->since : 0;
}

void
current_moment(struct current *current, int64_t now_ms, uint32_t uptime,
	struct moment *moment)
{
	moment->view = current->view;
	moment->now_us = clock_wall_us();
	moment->held_us = current->view != NULL
				  ? (now_ms - current->accepted_ms) * 1000
				  : 0;
	moment->uptime = uptime;
	moment->counting_since = counting_since(current, now_ms, uptime);
	moment->health.refused = current->refused;
}
