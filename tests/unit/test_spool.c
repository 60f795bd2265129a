/* SPDX-License-Identifier: ISC */
/* test_spool — files in the queues, and folders that cannot be read. */
#include "collector/spool.c"

#include <sys/wait.h>

#include "tests/unit/folder.h"
#include "tests/unit/rowbox.h"

static void *box_state;

static int
setup(void **state)
{
	return rowbox_setup(&box_state) | folder_enter(state);
}

static int
teardown(void **state)
{
	return rowbox_teardown(&box_state) | folder_leave(state);
}

/* The gauge queue.active, by its name in the small catalogue. */
static uint64_t
measure(const char *queue_dir)
{
	struct rowbox *box = box_state;
	int active = catalogue_find(&box->catalogue, slice_of("queue.active"));
	box->rows->total->base[active] = 12345;
	spool_measure(queue_dir, box->rows);
	return box->rows->total->base[active];
}

static void
files_are_counted_in_hashed_folders_too(void **state)
{
	(void)state;
	mkdir("active", 0700);
	assert_int_equal(measure("."), 0);
	folder_put("active/4F1", "");
	folder_put("active/4F2", "");
	folder_put("active/.hidden", "");
	mkdir("active/A", 0700);
	mkdir("active/A/B", 0700);
	folder_put("active/A/A4F", "");
	folder_put("active/A/B/AB4", "");
	assert_int_equal(measure("."), 4);
	assert_int_equal(unlink("active/4F1"), 0);
	assert_int_equal(measure("."), 3);
}

static void
other_gauges_and_counters_are_left_alone(void **state)
{
	(void)state;
	struct rowbox *box = box_state;
	mkdir("active", 0700);
	box->rows->total->base[0] = 77;
	measure(".");
	assert_int_equal(box->rows->total->base[0], 77);
}

static void
queue_that_is_missing_is_unknown_not_empty(void **state)
{
	(void)state;
	assert_true(measure(".") == ROWS_GAUGE_UNKNOWN);
	assert_true(measure("no-such-folder") == ROWS_GAUGE_UNKNOWN);
	folder_put("active", "a file");
	assert_true(measure(".") == ROWS_GAUGE_UNKNOWN);
}

static void
folders_that_go_too_deep_are_not_followed(void **state)
{
	(void)state;
	char path[64] = "active";
	mkdir(path, 0700);
	for (int i = 0; i < DEPTH_MAX; i++) {
		strcat(path, "/d");
		mkdir(path, 0700);
	}
	assert_int_equal(measure("."), 0);
	strcat(path, "/d");
	mkdir(path, 0700);
	assert_true(measure(".") == ROWS_GAUGE_UNKNOWN);
}

static void
queue_that_cannot_be_read_is_unknown(void **state)
{
	(void)state;
	mkdir("active", 0755);
	for (char name[] = "active/1"; name[7] <= '9'; name[7]++)
		folder_put(name, "");
	mkdir("active/A", 0000);
	assert_int_equal(chmod(".", 0755), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 &&
			(setegid(65534) != 0 || seteuid(65534) != 0))
			_exit(77);
		_exit(measure(".") == ROWS_GAUGE_UNKNOWN ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	chmod("active/A", 0700);
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_are_counted_in_hashed_folders_too),
		TEST(other_gauges_and_counters_are_left_alone),
		TEST(queue_that_is_missing_is_unknown_not_empty),
		TEST(folders_that_go_too_deep_are_not_followed),
		TEST(queue_that_cannot_be_read_is_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
