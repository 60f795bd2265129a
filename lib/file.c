/* SPDX-License-Identifier: ISC */
/* file — see file.h. */
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_regular(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		err_set(err, "cannot read %s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		err_set(err, "cannot read %s: not a regular file", path);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* All that fd has, but hardly more than max bytes. */
static int
read_up_to(int fd, size_t max, struct buf *all)
{
	char chunk[65536];
	while (all->len <= max) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n == 0)
			break;
		if (n > 0)
			buf_add(all, chunk, (size_t)n);
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}

int
file_read(const char *path, size_t max, struct buf *buf, struct err *err)
{
	int fd = open_regular(path, err);
	if (fd < 0)
		return -1;
	struct buf all = {0};
	int result = 0;
	if (read_up_to(fd, max, &all) != 0)
		result = err_set(
			err, "cannot read %s: %s", path, strerror(errno));
	else if (all.len > max)
		result = err_set(err, "cannot read %s: larger than %zu bytes",
			path, max);
	close(fd);
	if (result == 0) {
		buf_add(&all, "", 0); /* an empty file is "", not NULL */
		buf_free(buf);
		*buf = all;
	} else {
		buf_free(&all);
	}
	return result;
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
write_new(const char *path, const struct file_content *content)
{
	unlink(path); /* what a kill left behind */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	int result = write_all(fd, content->data, content->len);
	if (result == 0)
		result = fchmod(fd, content->mode);
	if (result == 0 && content->durable)
		result = fsync(fd);
	int why = errno;
	if (close(fd) != 0 && result == 0)
		return -1;
	errno = why;
	return result;
}

static int
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int result = fsync(fd);
	int why = errno;
	close(fd);
	errno = why;
	return result;
}

int
file_replace(
	const char *path, const struct file_content *content, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct buf temporary = {0}, folder = {0};
	buf_add(&folder, path, (size_t)(name - path));
	buf_printf(&temporary, "%s.%s.new", folder.data, name);

	int result = 0;
	if (write_new(temporary.data, content) != 0 ||
		rename(temporary.data, path) != 0) {
		result = err_set(
			err, "cannot write %s: %s", path, strerror(errno));
		unlink(temporary.data);
	} else if (content->durable) {
		if (sync_folder(slash != NULL ? folder.data : ".") != 0)
			result =
				err_set(err, "cannot sync the folder of %s: %s",
					path, strerror(errno));
	}
	buf_free(&temporary);
	buf_free(&folder);
	return result;
}
