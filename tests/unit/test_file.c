/* SPDX-License-Identifier: ISC */
/* test_file — read whole, replace whole, and leave no trace of a failure. */
#include "lib/file.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <cmocka.h>

/* Each test works in a folder of its own, which is also its working folder. */
struct place {
	char folder[32];
	int before;
};

static int
enter(void **state)
{
	static struct place place;
	place = (struct place){.folder = "/tmp/test_file.XXXXXX"};
	place.before = open(".", O_RDONLY | O_DIRECTORY);
	*state = &place;
	return mkdtemp(place.folder) != NULL ? chdir(place.folder) : -1;
}

static int
leave(void **state)
{
	struct place *place = *state;
	chmod(place->folder, 0700);
	DIR *dir = opendir(place->folder);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 &&
			strcmp(entry->d_name, "..") != 0)
			remove(entry->d_name);
	closedir(dir);
	int result = fchdir(place->before);
	close(place->before);
	return rmdir(place->folder) | result;
}

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
assert_holds(const char *path, const char *text)
{
	struct buf buf = {0};
	struct err err;
	assert_int_equal(file_read(path, 1 << 20, &buf, &err), 0);
	assert_int_equal(buf.len, strlen(text));
	assert_string_equal(buf.data, text);
	buf_free(&buf);
}

static int
count_entries(void)
{
	int count = 0;
	DIR *dir = opendir(".");
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}

static int
replace(const char *path, const char *text, bool durable, struct err *err)
{
	struct file_content content = {text, strlen(text), 0640, durable};
	return file_replace(path, &content, err);
}

static void
file_read_puts_the_bytes_in_place_of_the_old(void **state)
{
	(void)state;
	struct buf buf = {0};
	struct err err;
	put("a", "new");
	buf_adds(&buf, "old and longer");
	assert_int_equal(file_read("a", 3, &buf, &err), 0);
	assert_int_equal(buf.len, 3);
	assert_string_equal(buf.data, "new");
	buf_free(&buf);
}

static void
file_read_gives_an_empty_text_for_an_empty_file(void **state)
{
	(void)state;
	struct buf buf = {0};
	struct err err;
	put("a", "");
	assert_int_equal(file_read("a", 0, &buf, &err), 0);
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf.data, "");
	buf_free(&buf);
}

static void
file_read_reads_more_than_a_chunk(void **state)
{
	(void)state;
	struct buf buf = {0}, large = {0};
	struct err err;
	for (unsigned int i = 0; i < 50000; i++)
		buf_addu(&large, i);
	put("a", large.data);
	assert_int_equal(file_read("a", large.len, &buf, &err), 0);
	assert_int_equal(buf.len, large.len);
	assert_memory_equal(buf.data, large.data, large.len);
	assert_int_equal(file_read("a", large.len - 1, &buf, &err), -1);
	buf_free(&buf);
	buf_free(&large);
}

static void
assert_unreadable(const char *path, size_t max, const char *sentence)
{
	struct buf buf = {0};
	struct err err = {""};
	buf_adds(&buf, "old");
	assert_int_equal(file_read(path, max, &buf, &err), -1);
	assert_string_equal(err.text, sentence);
	assert_string_equal(buf.data, "old");
	buf_free(&buf);
}

static void
file_read_says_why_it_cannot(void **state)
{
	(void)state;
	put("a", "four");
	assert_unreadable("a", 3, "cannot read a: larger than 3 bytes");
	assert_unreadable("b", 3, "cannot read b: No such file or directory");
	assert_unreadable(".", 3, "cannot read .: not a regular file");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_unreadable("pipe", 3, "cannot read pipe: not a regular file");
}

static void
file_replace_makes_and_replaces(void **state)
{
	const struct place *place = *state;
	struct err err;
	assert_int_equal(replace("a", "one", false, &err), 0);
	assert_holds("a", "one");
	assert_int_equal(replace("a", "", true, &err), 0);
	assert_holds("a", "");
	struct buf path = {0};
	buf_printf(&path, "%s/a", place->folder);
	assert_int_equal(replace(path.data, "three", true, &err), 0);
	buf_free(&path);
	assert_holds("a", "three");
	assert_int_equal(count_entries(), 1);
}

static void
file_replace_leaves_the_old_to_its_readers(void **state)
{
	(void)state;
	struct err err;
	put("a", "old");
	int fd = open("a", O_RDONLY);
	assert_int_equal(replace("a", "new", false, &err), 0);
	char text[4] = "";
	assert_int_equal(read(fd, text, 3), 3);
	assert_string_equal(text, "old");
	close(fd);
}

static void
file_replace_sets_the_mode_whatever_the_umask(void **state)
{
	(void)state;
	struct err err;
	struct stat st;
	mode_t before = umask(0077);
	assert_int_equal(replace("a", "x", false, &err), 0);
	umask(before);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
file_replace_takes_over_what_a_kill_left_behind(void **state)
{
	(void)state;
	struct err err;
	put(".a.new", "half written and much longer");
	assert_int_equal(replace("a", "new", false, &err), 0);
	assert_holds("a", "new");
	assert_int_equal(count_entries(), 1);
}

static void
file_replace_does_not_write_through_a_link(void **state)
{
	(void)state;
	struct err err;
	put("precious", "mine");
	assert_int_equal(symlink("precious", ".a.new"), 0);
	assert_int_equal(replace("a", "new", false, &err), 0);
	assert_holds("precious", "mine");
	assert_holds("a", "new");
}

static void
file_replace_removes_the_temporary_when_it_cannot_rename(void **state)
{
	(void)state;
	struct err err;
	assert_int_equal(mkdir("a", 0700), 0);
	assert_int_equal(replace("a", "new", false, &err), -1);
	assert_string_equal(err.text, "cannot write a: Is a directory");
	assert_int_equal(count_entries(), 1);
}

static void
file_replace_says_why_it_cannot(void **state)
{
	(void)state;
	struct err err;
	assert_int_equal(replace("no/a", "new", false, &err), -1);
	assert_string_equal(
		err.text, "cannot write no/a: No such file or directory");
}

/* Runs body in a child; its exit status, or 77 when it had to skip. */
static int
in_child(int (*body)(void))
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(body());
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* As somebody to whom the folder's mode means something. */
static int
write_to_a_read_only_folder(void)
{
	struct err err = {""};
	if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
		return 77;
	if (replace("a", "new", false, &err) != -1)
		return 1;
	return strcmp(err.text, "cannot write a: Permission denied") == 0 ? 0
									  : 2;
}

static void
file_replace_keeps_the_old_in_a_read_only_folder(void **state)
{
	const struct place *place = *state;
	put("a", "old");
	assert_int_equal(chmod(place->folder, 0555), 0);
	int status = in_child(write_to_a_read_only_folder);
	if (status == 77) {
		print_message("skipped: root that may not become nobody\n");
		skip();
	}
	assert_int_equal(status, 0);
	assert_holds("a", "old");
	assert_int_equal(count_entries(), 1);
}

/* On a file system of 64 KiB that only the child sees. */
static int
write_to_a_full_disk(void)
{
	static char large[256 * 1024];
	struct err err = {""};
	if (unshare(CLONE_NEWNS) != 0 ||
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", ".", "tmpfs", 0, "size=64k") != 0)
		return 77;
	char *here = get_current_dir_name();
	if (here == NULL || chdir(here) != 0) /* into the new file system */
		return 77;
	free(here);
	if (replace("a", "old", false, &err) != 0)
		return 1;
	memset(large, 'x', sizeof(large) - 1);
	if (replace("a", large, false, &err) != -1)
		return 2;
	if (strcmp(err.text, "cannot write a: No space left on device") != 0)
		return 3;
	struct buf buf = {0};
	if (file_read("a", 10, &buf, &err) != 0 || strcmp(buf.data, "old") != 0)
		return 4;
	buf_free(&buf);
	return count_entries() == 1 ? 0 : 5;
}

static void
file_replace_keeps_the_old_when_the_disk_is_full(void **state)
{
	(void)state;
	int status = in_child(write_to_a_full_disk);
	if (status == 77) {
		print_message("skipped: no right to mount a tmpfs\n");
		skip();
	}
	assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(file_read_puts_the_bytes_in_place_of_the_old),
		TEST(file_read_gives_an_empty_text_for_an_empty_file),
		TEST(file_read_reads_more_than_a_chunk),
		TEST(file_read_says_why_it_cannot),
		TEST(file_replace_makes_and_replaces),
		TEST(file_replace_leaves_the_old_to_its_readers),
		TEST(file_replace_sets_the_mode_whatever_the_umask),
		TEST(file_replace_takes_over_what_a_kill_left_behind),
		TEST(file_replace_does_not_write_through_a_link),
		TEST(file_replace_removes_the_temporary_when_it_cannot_rename),
		TEST(file_replace_says_why_it_cannot),
		TEST(file_replace_keeps_the_old_in_a_read_only_folder),
		TEST(file_replace_keeps_the_old_when_the_disk_is_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
