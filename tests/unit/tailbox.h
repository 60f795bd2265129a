/* SPDX-License-Identifier: ISC */
/*
 * tailbox — a folder with a log in it, a writer and a tail.
 *
 * The writer numbers its lines over all files; the box counts how often each
 * one came out of the tail, and how often in the replay of the present life.  A
 * line's number says its log time, too.
 */
#ifndef TESTS_UNIT_TAILBOX_H
#define TESTS_UNIT_TAILBOX_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>

#include "collector/tail.h"

enum { TAILBOX_LINES = 60000 };

struct tailbox {
	char folder[64];
	struct tail *tail;
	unsigned written;                  /* number of the next line */
	unsigned char seen[TAILBOX_LINES]; /* how often, by number */
	unsigned last;                     /* number seen last */
	unsigned lines;                    /* all that came out */
	unsigned backwards; /* lines with a smaller number than before */
	unsigned strange;   /* lines that the writer did not write */
	unsigned char before[TAILBOX_LINES];   /* seen when it stopped */
	unsigned char replayed[TAILBOX_LINES]; /* how often, since the start */
	unsigned replays;                      /* all that were replayed */
	unsigned replay_last;
	unsigned replay_backwards;
	unsigned char gone[TAILBOX_LINES]; /* not to be found any more */
	bool is_past_replay;               /* a new line came since the start */
	int64_t now; /* log time of the line that came last */
	struct tail_position saved[TAIL_FILES_MAX];
	size_t saved_count;
	time_t saved_at;
	int64_t since; /* what the next start replays; at first nothing */
	unsigned seed; /* of a random test, to be named when it fails */
	time_t clock;  /* if not 0, the mtime of the next file written */
};

/* The path of a file in the folder; good for four calls. */
static inline const char *
at(const struct tailbox *box, const char *name)
{
	static char names[4][256];
	static unsigned next;
	char *out = names[next++ % 4];

	snprintf(out, sizeof names[0], "%s/%s", box->folder, name);
	return out;
}

static inline int
box_setup(void **state)
{
	struct tailbox *box = calloc(1, sizeof *box);
	const char *tmp = getenv("TMPDIR");

	snprintf(box->folder, sizeof box->folder, "%.40s/tail-XXXXXX",
		tmp ? tmp : "/tmp");
	box->since = INT64_MAX;
	*state = box;
	return mkdtemp(box->folder) ? 0 : -1;
}

static inline int
box_remove(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(name);
}

static inline int
box_teardown(void **state)
{
	struct tailbox *box = *state;

	tail_close(box->tail);
	nftw(box->folder, box_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(box);
	return 0;
}

/* Gives a file a mtime of its own, a second after the last one's. */
static inline void
box_stamp(struct tailbox *box, const char *name)
{
	struct timespec when = {.tv_sec = box->clock};

	if (box->clock == 0)
		return;
	box->clock++;
	utimensat(AT_FDCWD, at(box, name), (struct timespec[]){when, when}, 0);
}

static inline void
box_put(struct tailbox *box, const char *name, const char *data, size_t len)
{
	int fd = open(at(box, name), O_WRONLY | O_APPEND | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	close(fd);
	box_stamp(box, name);
}

static inline void
box_puts(struct tailbox *box, const char *name, const char *text)
{
	box_put(box, name, text, strlen(text));
}

/* The writer's line of that number. */
static inline void
box_line(char *out, unsigned number)
{
	sprintf(out, "%08u mx postfix/smtp[%u]: status=sent\n", number,
		number * 7919 % 32768);
}

/* The next count lines to a file. */
static inline void
box_write(struct tailbox *box, const char *name, unsigned count)
{
	char line[80];
	char *text = calloc(count + 1, sizeof line);
	size_t len = 0;

	for (unsigned i = 0; i < count; i++) {
		box_line(line, box->written++);
		memcpy(text + len, line, strlen(line));
		len += strlen(line);
	}
	box_put(box, name, text, len);
	free(text);
}

static inline void
box_rename(const struct tailbox *box, const char *from, const char *to)
{
	assert_int_equal(rename(at(box, from), at(box, to)), 0);
}

/* A plain copy, without mtime. */
static inline void
box_copy(struct tailbox *box, const char *from, const char *to)
{
	char data[65536];
	int in = open(at(box, from), O_RDONLY);
	int out = open(at(box, to), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, data, sizeof data)) > 0)
		assert_int_equal(write(out, data, (size_t)n), n);
	close(in);
	close(out);
	box_stamp(box, to);
}

/* The lines of a file are gone now. */
static inline void
box_forget(struct tailbox *box, const char *name)
{
	char line[256];
	FILE *file = fopen(at(box, name), "r");

	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		box->gone[strtoul(line, NULL, 10)] = 1;
	fclose(file);
}

static inline void
box_truncate(struct tailbox *box, const char *name)
{
	assert_int_equal(truncate(at(box, name), 0), 0);
	box_stamp(box, name);
}

static inline void
box_gzip(const struct tailbox *box, const char *from, const char *to)
{
	char data[65536];
	int in = open(at(box, from), O_RDONLY);
	gzFile out = gzopen(at(box, to), "wb1");
	struct stat st;
	ssize_t n;

	assert_true(in >= 0 && out);
	while ((n = read(in, data, sizeof data)) > 0)
		assert_int_equal(gzwrite(out, data, (unsigned)n), n);
	fstat(in, &st);
	close(in);
	gzclose(out);
	utimensat(AT_FDCWD, at(box, to),
		(struct timespec[]){st.st_atim, st.st_mtim}, 0);
}

/* The log time of a line. */
static inline int64_t
box_time(unsigned number)
{
	return 1700000000 + (int64_t)number * 7;
}

/* A line that came in an earlier life, and before all new ones. */
static inline void
box_take_replayed(struct tailbox *box, unsigned number)
{
	if (number < box->replay_last)
		box->replay_backwards++;
	box->replay_last = number;
	box->replays++;
	box->replayed[number]++;
	if (box->is_past_replay || !box->before[number])
		fail_msg("line %u is no replay (seed %u)", number, box->seed);
}

static inline void
box_take_line(struct tailbox *box, const char *line, size_t len, bool is_replay)
{
	unsigned number = (unsigned)strtoul(line, NULL, 10);
	char right[80] = "";

	if (number < box->written)
		box_line(right, number);
	if (len != strlen(right) || memcmp(line, right, len) != 0) {
		box->strange++;
		return;
	}
	box->now = box_time(number);
	if (is_replay) {
		box_take_replayed(box, number);
		return;
	}
	box->is_past_replay = true;
	if (number < box->last)
		box->backwards++;
	box->last = number;
	box->lines++;
	box->seen[number]++;
}

static inline void
box_take(struct tailbox *box, const struct tail_block *block)
{
	size_t done = 0;

	assert_true(block->len > 0 && block->len <= TAIL_BLOCK_SIZE);
	assert_int_equal(block->data[block->len - 1], '\n');
	while (done < block->len) {
		const char *line = block->data + done;
		const char *end = memchr(line, '\n', block->len - done);
		size_t len = (size_t)(end - line) + 1;

		box_take_line(box, line, len, block->is_replay);
		done += len;
	}
	tail_note_time(box->tail, box->now);
}

/* Reads all that there is. */
static inline void
box_read(struct tailbox *box)
{
	struct tail_block block;
	struct err err;
	int result;

	while ((result = tail_read(box->tail, &block, &err)) == 1)
		box_take(box, &block);
	if (result != 0)
		fail_msg("%s", err.text);
}

static inline void
box_poll(struct tailbox *box)
{
	tail_check(box->tail);
	box_read(box);
}

static inline void
box_start(struct tailbox *box)
{
	struct tail_start start = {
		.saved = box->saved,
		.saved_count = box->saved_count,
		.saved_at = box->saved_at,
	};

	memset(box->replayed, 0, sizeof box->replayed);
	box->replays = box->replay_last = box->replay_backwards = 0;
	box->is_past_replay = false;
	box->tail = tail_open(at(box, "mail.log"), &start);
}

static inline void
box_stop(struct tailbox *box)
{
	box->saved_count = tail_positions(
		box->tail, box->since, box->saved, TAIL_FILES_MAX);
	if (!tail_is_replaying(box->tail))
		memcpy(box->before, box->seen, sizeof box->before);
	box->saved_at = box->clock ? box->clock++ : time(NULL);
	tail_close(box->tail);
	box->tail = NULL;
}

/* Each line that was written came exactly once. */
static inline void
box_expect_all(const struct tailbox *box)
{
	assert_int_equal(box->strange, 0);
	for (unsigned i = 0; i < box->written; i++) {
		if (box->seen[i] != 1)
			fail_msg("line %u of %u came %u times (seed %u)", i,
				box->written, box->seen[i], box->seed);
	}
	assert_int_equal(box->lines, box->written);
}

/* And in the order of writing. */
static inline void
box_expect_all_in_order(const struct tailbox *box)
{
	box_expect_all(box);
	assert_int_equal(box->backwards, 0);
}

/* Of the lines of since and later that came before the stop each was replayed
 * once, but those that are gone; no other one more than once. */
static inline void
box_expect_replay(const struct tailbox *box)
{
	assert_false(tail_is_replaying(box->tail));
	for (unsigned i = 0; i < box->written; i++) {
		bool is_due = box->before[i] && !box->gone[i] &&
			      box_time(i) >= box->since;

		if (box->replayed[i] > 1 || (is_due && !box->replayed[i]))
			fail_msg("line %u of %u was replayed %u times "
				 "(seed %u)",
				i, box->written, box->replayed[i], box->seed);
	}
}

#define box_test(name) \
	cmocka_unit_test_setup_teardown(name, box_setup, box_teardown)

#endif
