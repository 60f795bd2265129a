/* SPDX-License-Identifier: ISC */
#include "rrd/rrdfile.h"

#include <errno.h>
#include <fcntl.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "rrd/archive.h"
#include "rrd/locked.h"

enum {
	HEAD_SIZE = 128, /* no RRD file is shorter */
	LINES_PER_CALL = 256,
};

/* What librrd says about a file that it could read but not understand; all
 * else (locks, memory, permissions, disk) is no fault of the file. */
static const char *const DAMAGE[] = {
	"is not an RRD file",
	"created on another architecture",
	"can't handle RRD file version",
	"is too small",
	"reached EOF while loading header",
	"short read while reading header",
};

static bool
is_damage(const char *path, const char *text)
{
	struct stat st;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size < HEAD_SIZE)
		return true;
	for (size_t i = 0; i < sizeof(DAMAGE) / sizeof(DAMAGE[0]); i++) {
		if (strstr(text, DAMAGE[i]))
			return true;
	}
	return false;
}

static uint64_t
last_value(const char *text)
{
	char *end;
	errno = 0;
	uint64_t value = strtoull(text, &end, 10);
	return end == text || *end || errno ? STORE_UNKNOWN : value;
}

/* Rows are the end of the file; what stands before them is the head. */
static size_t
head_size(const char *path, off_t file_size, size_t source_count)
{
	uint64_t rows = 0, size = (uint64_t)file_size;
	rrd_clear_error();
	rrd_info_t *info = rrd_info_r(path);
	for (rrd_info_t *i = info; i; i = i->next) {
		if (strncmp(i->key, "rra[", 4) == 0 && strstr(i->key, "].rows"))
			rows += i->value.u_cnt;
	}
	if (info)
		rrd_info_free(info);
	rows *= source_count * sizeof(double);
	return rows < size ? (size_t)(size - rows) : 0;
}

enum rrdfile_state
rrdfile_read(const char *path, struct rrdfile *out, struct err *err)
{
	struct stat st;
	if (stat(path, &st) < 0) {
		if (errno == ENOENT)
			return RRDFILE_ABSENT;
		return err_set(err, "%s: %s", path, strerror(errno));
	}
	struct rrdfile file = {0};
	unsigned long count = 0;
	char **values = NULL;
	int rc, tries = LOCKED_WRITER;
	rrd_clear_error();
	do {
		rc = rrd_lastupdate_r(
			path, &file.last, &count, &file.names, &values);
	} while (rc != 0 && locked_again(&tries));
	if (rc != 0) {
		const char *text = rrd_get_error();
		err_set(err, "%s: %s", path, text);
		return is_damage(path, text) ? RRDFILE_DAMAGED : RRDFILE_ERROR;
	}
	file.count = count;
	file.values = mem_zalloc(count, sizeof(*file.values));
	for (size_t i = 0; i < count; i++) {
		file.values[i] = last_value(values[i]);
		free(values[i]);
	}
	free(values);
	file.head_size = head_size(path, st.st_size, count);
	*out = file;
	return RRDFILE_READ;
}

void
rrdfile_free(struct rrdfile *file)
{
	for (size_t i = 0; i < file->count; i++)
		free(file->names[i]);
	free(file->names);
	free(file->values);
	*file = (struct rrdfile){0};
}

static char *
source_definition(const struct store_source *source)
{
	struct buf buf = {0};
	buf_printf(&buf, "DS:%s:%s:%d:0:U", source->name,
		source->is_gauge ? "GAUGE" : "DERIVE", STORE_HEARTBEAT_S);
	return buf.data;
}

static char *
archive_definition(const struct archive *archive)
{
	struct buf buf = {0};
	/* A row that is more than half unknown is unknown. */
	buf_printf(&buf, "RRA:%s:0.5:%lu:%lu", archive->function,
		archive->steps, archive->rows);
	return buf.data;
}

char **
rrdfile_definitions(const struct store_series *series, size_t *count)
{
	size_t archive_count, n = 0;
	const struct archive *archives = archive_table(&archive_count);
	char **all =
		mem_zalloc(series->source_count + archive_count, sizeof(*all));
	for (size_t i = 0; i < series->source_count; i++)
		all[n++] = source_definition(&series->sources[i]);
	for (size_t i = 0; i < archive_count; i++)
		all[n++] = archive_definition(&archives[i]);
	*count = n;
	return all;
}

int
rrdfile_create(const char *path, time_t start,
	const struct store_series *series, struct err *err)
{
	size_t n;
	char **definitions = rrdfile_definitions(series, &n);
	const char **argv = mem_zalloc(n, sizeof(*argv));
	for (size_t i = 0; i < n; i++)
		argv[i] = definitions[i];
	rrd_clear_error();
	int rc = 0;
	errno = 0;
	if (rrd_create_r(path, STORE_STEP_S, start, (int)n, argv)) {
		/* librrd has no words for a full disk. */
		int why = errno != 0 ? errno : ENOSPC;
		const char *text = rrd_get_error();
		rc = err_set(err, "cannot create %s: %s", path,
			text[0] != '\0' ? text : strerror(why));
	}
	for (size_t i = 0; i < n; i++)
		free(definitions[i]);
	free(definitions);
	free(argv);
	return rc;
}

static bool
has_source(const struct rrdfile *file, const char *name)
{
	for (size_t i = 0; i < file->count; i++) {
		if (strcmp(file->names[i], name) == 0)
			return true;
	}
	return false;
}

int
rrdfile_extend(const char *path, const struct store_series *series,
	size_t *added, struct err *err)
{
	struct rrdfile file = {0};
	if (rrdfile_read(path, &file, err) != RRDFILE_READ)
		return -1;
	size_t n = 0;
	char **argv = mem_zalloc(series->source_count + 3, sizeof(*argv));
	argv[n++] = mem_strdup("tune");
	argv[n++] = mem_strdup(path);
	for (size_t i = 0; i < series->source_count; i++) {
		if (!has_source(&file, series->sources[i].name))
			argv[n++] = source_definition(&series->sources[i]);
	}
	rrdfile_free(&file);
	rrd_clear_error();
	int rc = 0;
	/* rrd_tune() returns 0 even where adding failed. */
	if (n > 2 && (rrd_tune((int)n, argv) || rrd_test_error()))
		rc = err_set(err, "%s: cannot add data sources: %s", path,
			rrd_get_error());
	if (rc == 0)
		*added += n - 2;
	for (size_t i = 0; i < n; i++)
		free(argv[i]);
	free(argv);
	return rc;
}

int
rrdfile_update(
	const char *path, const struct rrdfile_lines *lines, struct err *err)
{
	for (size_t i = 0; i < lines->count; i += LINES_PER_CALL) {
		size_t n = lines->count - i;
		if (n > LINES_PER_CALL)
			n = LINES_PER_CALL;
		int rc, tries = LOCKED_WRITER;
		rrd_clear_error();
		do {
			rc = rrd_update_r(path, NULL, (int)n, lines->items + i);
		} while (rc != 0 && locked_again(&tries));
		if (rc != 0)
			return err_set(err, "%s", rrd_get_error());
	}
	return 0;
}

static int
copy_bytes(int in, int out)
{
	for (;;) {
		ssize_t n = sendfile(out, in, NULL, 1 << 30);
		if (n <= 0)
			return (int)n;
	}
}

int
rrdfile_copy(const char *from, const char *to, struct err *err)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, rc = -1;
	struct stat st;
	if (in < 0 || fstat(in, &st) < 0)
		goto done;
	unlink(to);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		goto done;
	/* Owner and group are kept as far as we may. */
	if (fchown(out, st.st_uid, st.st_gid) < 0)
		errno = 0;
	if (fchmod(out, st.st_mode & 07777) < 0)
		goto done;
	rc = copy_bytes(in, out);
done:
	if (rc < 0)
		err_set(err, "cannot copy %s to %s: %s", from, to,
			strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return rc;
}

int
rrdfile_set_aside(const char *path, char *to, size_t size, struct err *err)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", &tm);
	snprintf(to, size, "%s.damaged-%s", path, stamp);
	if (rename(path, to) < 0)
		return err_set(err, "cannot rename %s to %s: %s", path, to,
			strerror(errno));
	return 0;
}
