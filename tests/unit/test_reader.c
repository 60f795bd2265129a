/* SPDX-License-Identifier: ISC */
/* test_reader — the lines of one finished log, whatever kind of file it is. */
#include "cli/reader.c"

#include <endian.h>
#include <zlib.h>

#include "lib/buf.h"
#include "tests/unit/folder.h"

/* What a file has: its lines, each with '\n' behind it, and how it ended. */
struct found {
	struct buf text;
	size_t lines, longest;
	int end; /* 0, or -1 with a sentence in err */
	struct err err;
};

static struct found
read_all(const char *path)
{
	struct found found = {0};
	struct reader *reader = reader_open(path, &found.err);
	if (reader == NULL)
		fail_msg("%s", found.err.text);
	assert_string_equal(reader_path(reader), path);
	struct slice line;
	while ((found.end = reader_next(reader, &line, &found.err)) > 0) {
		buf_add(&found.text, line.data, line.len);
		buf_addc(&found.text, '\n');
		found.lines++;
		if (line.len > found.longest)
			found.longest = line.len;
	}
	reader_close(reader);
	return found;
}

static void
assert_lines(const char *path, const char *expected)
{
	struct found found = read_all(path);
	assert_int_equal(found.end, 0);
	assert_string_equal(
		found.text.len > 0 ? found.text.data : "", expected);
	buf_free(&found.text);
}

/* Lines of many lengths, more than the reader's buffer holds. */
static void
add_lines(struct buf *text, int count)
{
	for (int i = 0; i < count; i++)
		buf_printf(text, "%d %0*d\n", i, 1 + i * 37 % 900, i);
}

static void
put(const char *path, const char *data, size_t len)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* Appends a gzip member. */
static void
pack(const char *path, const char *text)
{
	gzFile file = gzopen(path, "ab");
	assert_non_null(file);
	assert_int_equal(gzputs(file, text), strlen(text));
	assert_int_equal(gzclose(file), Z_OK);
}

static void
plain_lines_come_whole(void **state)
{
	(void)state;
	struct buf text = {0};
	add_lines(&text, 3000);
	assert_true(text.len > 4 * BUFFER_SIZE);
	put("log", text.data, text.len);
	assert_lines("log", text.data);
	buf_free(&text);
}

static void
last_line_needs_no_newline(void **state)
{
	(void)state;
	folder_put("log", "one\n\nthree");
	assert_lines("log", "one\n\nthree\n");
}

static void
empty_file_has_no_line(void **state)
{
	(void)state;
	folder_put("log", "");
	assert_lines("log", "");
}

static void
nul_bytes_are_bytes_of_a_line(void **state)
{
	(void)state;
	put("log", "a\0b\n\0\n", 6);
	struct found found = read_all("log");
	assert_int_equal(found.lines, 2);
	assert_int_equal(found.text.len, 6);
	assert_memory_equal(found.text.data, "a\0b\n\0\n", 6);
	buf_free(&found.text);
}

static void
gzip_members_are_one_text(void **state)
{
	(void)state;
	struct buf text = {0};
	add_lines(&text, 2000);
	pack("log.gz", text.data);
	pack("log.gz", "half a li");
	pack("log.gz", "ne\nlast\n");
	buf_adds(&text, "half a line\nlast\n");
	assert_lines("log.gz", text.data);
	buf_free(&text);
}

static void
cut_gzip_file_gives_its_whole_lines_and_a_sentence(void **state)
{
	(void)state;
	struct buf text = {0};
	srandom(11);
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "%d %ld\n", i, random());
	pack("log.gz", text.data);
	struct stat status;
	assert_int_equal(stat("log.gz", &status), 0);
	assert_int_equal(truncate("log.gz", status.st_size * 2 / 3), 0);
	struct found found = read_all("log.gz");
	assert_int_equal(found.end, -1);
	assert_string_equal(
		found.err.text, "log.gz: the gzip file is cut short");
	assert_true(found.lines > 2000 && found.lines < 5000);
	assert_memory_equal(found.text.data, text.data, found.text.len);
	buf_free(&found.text);
	buf_free(&text);
}

static void
file_that_only_is_named_gz_is_refused(void **state)
{
	(void)state;
	folder_put("log.gz", "no gzip at all\n");
	struct found found = read_all("log.gz");
	assert_int_equal(found.end, -1);
	assert_int_equal(found.lines, 0);
	assert_string_equal(found.err.text, "log.gz: damaged gzip data");
	buf_free(&found.text);
}

static void
dash_is_standard_input(void **state)
{
	(void)state;
	folder_put("log", "one\ntwo\n");
	int saved = dup(STDIN_FILENO), fd = open("log", O_RDONLY);
	assert_true(saved >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	assert_lines("-", "one\ntwo\n");
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), 0); /* still open */
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(fd);
}

static void
pipe_of_the_shell_is_read_like_a_file(void **state)
{
	(void)state;
	int ends[2];
	char path[32];
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(write(ends[1], "one\ntwo", 7), 7);
	close(ends[1]);
	assert_lines(path, "one\ntwo\n");
	close(ends[0]);
}

/* Lines around the limit, then one that must come whole. */
static void
longer_lines_are_cut_and_the_next_is_whole(void **state)
{
	(void)state;
	for (int more = -1; more < 3; more++)
		for (int blocks = 0; blocks < 9; blocks += 4) {
			size_t len =
				(size_t)(TAIL_LINE_MAX * (1 + blocks) + more);
			char *text = mem_zalloc(len + 8, 1);
			memset(text, 'x', len);
			memcpy(text + len, "\nnext\n", 6);
			put("log", text, len + 6);
			struct found found = read_all("log");
			size_t kept = len < TAIL_LINE_MAX ? len : TAIL_LINE_MAX;
			assert_int_equal(found.end, 0);
			assert_int_equal(found.lines, 2);
			assert_int_equal(found.longest, kept);
			assert_string_equal(found.text.data + kept, "\nnext\n");
			buf_free(&found.text);
			/* The same without an end. */
			put("log", text, len);
			found = read_all("log");
			assert_int_equal(found.lines, 1);
			assert_int_equal(found.longest, kept);
			buf_free(&found.text);
			free(text);
		}
}

static void
what_cannot_be_opened_is_said_with_its_name(void **state)
{
	(void)state;
	struct err err;
	assert_null(reader_open("missing", &err));
	assert_string_equal(err.text, "missing: No such file or directory");
	assert_int_equal(mkdir("folder.gz", 0700), 0);
	assert_null(reader_open("folder.gz", &err));
	assert_string_equal(err.text, "folder.gz: Is a directory");
}

static void
set_mtime(const char *path, time_t time)
{
	struct timespec times[2] = {{.tv_sec = time}, {.tv_sec = time}};
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int64_t
mtime_of(const char *path)
{
	struct err err;
	struct reader *reader = reader_open(path, &err);
	assert_non_null(reader);
	int64_t time = reader_mtime(reader);
	reader_close(reader);
	return time;
}

/* An empty gzip file that says when its text last changed. */
static void
put_packed(const char *path, uint32_t time)
{
	unsigned char bytes[20] = {0x1f, 0x8b, 8, [9] = 3, 3};
	time = htole32(time);
	memcpy(bytes + 4, &time, sizeof(time));
	put(path, (const char *)bytes, sizeof(bytes));
	assert_lines(path, "");
}

static void
reference_time_is_the_earlier_of_file_and_gzip(void **state)
{
	(void)state;
	enum { EARLIER = 1600000000, LATER = 1700000000 };
	folder_put("log", "");
	set_mtime("log", EARLIER);
	assert_int_equal(mtime_of("log"), EARLIER);
	put_packed("copied.gz", EARLIER);
	set_mtime("copied.gz", LATER);
	assert_int_equal(mtime_of("copied.gz"), EARLIER);
	put_packed("kept.gz", LATER);
	set_mtime("kept.gz", EARLIER);
	assert_int_equal(mtime_of("kept.gz"), EARLIER);
	put_packed("silent.gz", 0);
	set_mtime("silent.gz", LATER);
	assert_int_equal(mtime_of("silent.gz"), LATER);
	int64_t before = time(NULL);
	assert_true(mtime_of("/dev/null") >= before);
}

static void
progress_ends_at_the_size_of_the_file(void **state)
{
	(void)state;
	struct buf text = {0};
	add_lines(&text, 3000);
	put("log", text.data, text.len);
	pack("log.gz", text.data);
	static const char *const paths[] = {"log", "log.gz"};
	for (int i = 0; i < 2; i++) {
		struct stat status;
		struct err err;
		struct slice line;
		uint64_t done = 0, size, before = 0;
		assert_int_equal(stat(paths[i], &status), 0);
		struct reader *reader = reader_open(paths[i], &err);
		assert_non_null(reader);
		while (reader_next(reader, &line, &err) > 0) {
			reader_progress(reader, &done, &size);
			assert_true(done >= before && done <= size);
			before = done;
		}
		reader_progress(reader, &done, &size);
		assert_int_equal(size, status.st_size);
		assert_int_equal(done, size);
		reader_close(reader);
	}
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(plain_lines_come_whole),
		FOLDER_TEST(last_line_needs_no_newline),
		FOLDER_TEST(empty_file_has_no_line),
		FOLDER_TEST(nul_bytes_are_bytes_of_a_line),
		FOLDER_TEST(gzip_members_are_one_text),
		FOLDER_TEST(cut_gzip_file_gives_its_whole_lines_and_a_sentence),
		FOLDER_TEST(file_that_only_is_named_gz_is_refused),
		FOLDER_TEST(dash_is_standard_input),
		FOLDER_TEST(pipe_of_the_shell_is_read_like_a_file),
		FOLDER_TEST(longer_lines_are_cut_and_the_next_is_whole),
		FOLDER_TEST(what_cannot_be_opened_is_said_with_its_name),
		FOLDER_TEST(reference_time_is_the_earlier_of_file_and_gzip),
		FOLDER_TEST(progress_ends_at_the_size_of_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
