/* SPDX-License-Identifier: ISC */
#include "collector/tailfind.c"

#include "tests/unit/tailbox.h"

static const char *
name_of(const struct tailfind *list, size_t index)
{
	assert_true(index < list->count);
	return strrchr(list->entries[index].name, '/') + 1;
}

static void
tailfind_lists_oldest_first_and_twins_once(void **state)
{
	struct tailbox *box = *state;
	struct timespec when[] = {
		{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
	static const char *const names[] = {"mail.log", "mail.log.1",
		"mail.log.2.gz", "mail.log.2", "mail.log.10.gz", "mail.log.bak",
		"other.log.1"};
	struct tailfind *list;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		box_puts(box, names[i], names[i]);
		/* All alike: then the names tell. */
		utimensat(AT_FDCWD, at(box, names[i]), when, 0);
	}
	mkdir(at(box, "mail.log.3"), 0755);
	mkfifo(at(box, "mail.log.4"), 0644);
	list = tailfind_open(at(box, "mail.log"));
	assert_int_equal(list->count, 4);
	assert_string_equal(name_of(list, 0), "mail.log.10.gz");
	assert_string_equal(name_of(list, 1), "mail.log.2");
	assert_string_equal(name_of(list, 3), "mail.log");
	assert_true(list->entries[3].is_path);
	assert_true(tailfind_has_path(list));
	tailfind_close(list);
	assert_int_equal(link(at(box, "mail.log.1"), at(box, "mail.log.5")), 0);
	list = tailfind_open(at(box, "mail.log"));
	assert_int_equal(list->count, 4);
	tailfind_close(list);
}

static void
tailfind_finds_a_position_by_inode_then_by_content(void **state)
{
	struct tailbox *box = *state;
	struct tail_position position = {.offset = 88};
	struct tailfile *file = NULL;
	struct tailfind *list;
	bool is_short = true;

	box_write(box, "mail.log.1", 10);
	box_copy(box, "mail.log.1", "mail.log.2");
	list = tailfind_open(at(box, "mail.log"));
	file = tailfind_take(list, 0);
	tailfile_seek(file, 88);
	position = tailfile_position(file);
	tailfile_close(file);
	for (size_t i = 0; i < 3; i++) {
		list->entries[0].is_taken = i == 1;
		list->entries[1].is_taken = false;
		position.hash += i == 2;
		file = tailfind_position(list, &position, &is_short);
		assert_false(is_short);
		if (i == 2) {
			assert_null(file);
			continue;
		}
		assert_int_equal(file->ino, list->entries[i].ino);
		assert_int_equal(file->buf.offset, 88);
		assert_true(list->entries[i].is_taken);
		tailfile_close(file);
	}
	tailfind_close(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(tailfind_lists_oldest_first_and_twins_once),
		box_test(tailfind_finds_a_position_by_inode_then_by_content),
	};

	return cmocka_run_group_tests_name("tailfind", tests, NULL, NULL);
}
