/* SPDX-License-Identifier: ISC */
#include "collector/tailwatch.h"

#include <errno.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "lib/mem.h"

enum {
	TAILWATCH_FOLDER = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
			   IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
			   IN_ONLYDIR,
	TAILWATCH_FILE = IN_MODIFY | IN_ATTRIB
};

struct tailwatch
tailwatch_open(void)
{
	return (struct tailwatch){
		.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK),
		.folders = {-1, -1},
	};
}

void
tailwatch_close(struct tailwatch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

void
tailwatch_drain(const struct tailwatch *watch)
{
	char events[4096];
	ssize_t n = 0;

	if (watch->fd < 0)
		return;
	do
		n = read(watch->fd, events, sizeof events);
	while (n > 0 || (n < 0 && errno == EINTR));
}

/* Adding what is watched already gives the same number again; a folder that
 * was replaced gives another. */
static int
watch_folder(const struct tailwatch *watch, const char *name)
{
	char *copy = NULL;
	int folder = -1;

	if (!name)
		return -1;
	copy = mem_strdup(name);
	folder = inotify_add_watch(watch->fd, dirname(copy), TAILWATCH_FOLDER);
	free(copy);
	return folder;
}

void
tailwatch_folders(struct tailwatch *watch, const char *path)
{
	char *real = NULL;
	int now[2];

	if (watch->fd < 0)
		return;
	real = realpath(path, NULL);
	now[0] = watch_folder(watch, path);
	now[1] = watch_folder(watch, real);
	free(real);
	for (int i = 0; i < 2; i++) {
		int old = watch->folders[i];

		if (old >= 0 && old != now[0] && old != now[1])
			inotify_rm_watch(watch->fd, old);
		watch->folders[i] = now[i];
	}
}

int
tailwatch_file(const struct tailwatch *watch, int fd)
{
	char name[32];

	if (watch->fd < 0)
		return -1;
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	return inotify_add_watch(watch->fd, name, TAILWATCH_FILE);
}

void
tailwatch_forget(const struct tailwatch *watch, int file)
{
	if (watch->fd >= 0 && file >= 0)
		inotify_rm_watch(watch->fd, file);
}
