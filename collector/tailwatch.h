/* SPDX-License-Identifier: ISC */
/*
 * tailwatch — inotify on the folders and the open files of one log.
 *
 * Says only that something may have happened, never what: whoever asks looks
 * for himself.  Where inotify is not to be had, everything here does nothing.
 */
#ifndef COLLECTOR_TAILWATCH_H
#define COLLECTOR_TAILWATCH_H

struct tailwatch {
	int fd; /* readable when something happened; -1: no inotify */
	int folders[2];
};

struct tailwatch tailwatch_open(void);
void tailwatch_close(struct tailwatch *watch);
/* Takes all that was reported. */
void tailwatch_drain(const struct tailwatch *watch);

/* Watches the folder of path and that of its target, the ones that have these
 * names now. */
void tailwatch_folders(struct tailwatch *watch, const char *path);
/* Watches an open file, whatever its name; -1 if that is not possible. */
int tailwatch_file(const struct tailwatch *watch, int fd);
void tailwatch_forget(const struct tailwatch *watch, int file);

#endif
