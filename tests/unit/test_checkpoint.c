/* SPDX-License-Identifier: ISC */
/* test_checkpoint — two places, one truth, one writer. */
#include "collector/checkpoint.c"

#include <sys/wait.h>

#include "tests/unit/folder.h"

static char run_dir[] = "run", state_dir[] = "state";
static const struct config config = {
	.run_dir = run_dir, .state_dir = state_dir};

static struct checkpoint
open_good(void)
{
	struct checkpoint checkpoint;
	struct err err = {""};
	if (checkpoint_open(&checkpoint, &config, &err) != 0)
		fail_msg("%s", err.text);
	return checkpoint;
}

static void
format_snapshot(char *text, size_t size, int written)
{
	snprintf(text, size,
		"mailtally-snapshot 1\nstarted 1\nwritten %d.5\nboot -\n"
		"end 3\n",
		written);
}

static int
save(const struct checkpoint *checkpoint, int written, bool durable)
{
	char text[128];
	struct err err = {""};
	format_snapshot(text, sizeof(text), written);
	int result = checkpoint_save(checkpoint,
		&(struct buf){.data = text, .len = strlen(text)}, durable,
		&err);
	if (result != 0)
		assert_string_not_equal(err.text, "");
	return result;
}

static void
put_snapshot(const char *path, int written)
{
	char text[128];
	format_snapshot(text, sizeof(text), written);
	folder_put(path, text);
}

/* Seconds of the snapshot that is loaded, -1 for none. */
static int64_t
loaded(const struct checkpoint *checkpoint)
{
	struct snapshot *snapshot = checkpoint_load(checkpoint);
	int64_t written =
		snapshot != NULL ? snapshot->written_us / 1000000 : -1;
	snapshot_free(snapshot);
	return written;
}

static void
missing_folders_are_made_and_hold_nothing(void **state)
{
	(void)state;
	struct checkpoint checkpoint = open_good();
	assert_int_equal(access("run", F_OK), 0);
	assert_int_equal(access("state/lock", F_OK), 0);
	assert_int_equal(loaded(&checkpoint), -1);
	checkpoint_close(&checkpoint);
	checkpoint_close(&checkpoint);
}

static void
newer_of_two_wins(void **state)
{
	(void)state;
	struct checkpoint checkpoint = open_good();
	put_snapshot("run/snapshot", 200);
	assert_int_equal(loaded(&checkpoint), 200);
	put_snapshot("state/snapshot", 100);
	assert_int_equal(loaded(&checkpoint), 200);
	put_snapshot("state/snapshot", 300);
	assert_int_equal(loaded(&checkpoint), 300);
	assert_int_equal(unlink("run/snapshot"), 0);
	assert_int_equal(loaded(&checkpoint), 300);
	checkpoint_close(&checkpoint);
}

static void
damaged_one_is_set_aside_and_the_other_taken(void **state)
{
	(void)state;
	struct checkpoint checkpoint = open_good();
	folder_put("run/snapshot", "mailtally-snapshot 1\nstarted 1\n");
	put_snapshot("state/snapshot", 100);
	assert_int_equal(loaded(&checkpoint), 100);
	assert_int_equal(access("run/snapshot", F_OK), -1);
	assert_int_equal(access("run/snapshot.damaged", F_OK), 0);
	folder_put("state/snapshot", "");
	assert_int_equal(loaded(&checkpoint), -1);
	assert_int_equal(access("state/snapshot.damaged", F_OK), 0);
	checkpoint_close(&checkpoint);
}

static void
saved_one_is_loaded_from_either_place(void **state)
{
	(void)state;
	struct checkpoint checkpoint = open_good();
	assert_int_equal(save(&checkpoint, 100, true), 0);
	assert_int_equal(save(&checkpoint, 200, false), 0);
	assert_int_equal(loaded(&checkpoint), 200);
	/* a reboot empties run_dir */
	assert_int_equal(unlink("run/snapshot"), 0);
	assert_int_equal(loaded(&checkpoint), 100);
	struct stat info;
	assert_int_equal(stat("state/snapshot", &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	checkpoint_close(&checkpoint);
}

static void
one_place_is_enough_but_the_other_is_complained_about(void **state)
{
	(void)state;
	struct checkpoint checkpoint = open_good();
	assert_int_equal(rmdir("run"), 0);
	char text[128];
	struct err err = {""};
	format_snapshot(text, sizeof(text), 100);
	struct buf buf = {.data = text, .len = strlen(text)};
	assert_int_equal(checkpoint_save(&checkpoint, &buf, true, &err), 0);
	assert_string_not_equal(err.text, "");
	assert_int_equal(loaded(&checkpoint), 100);
	assert_int_equal(save(&checkpoint, 200, false), -1);
	mkdir("run", 0700);
	assert_int_equal(checkpoint_save(&checkpoint, &buf, true, &err), 0);
	assert_string_equal(err.text, "");
	checkpoint_close(&checkpoint);
}

/* In a process of its own: 0 opened, 1 refused with the right sentence. */
static int
open_elsewhere(void)
{
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct checkpoint second;
		struct err err = {""};
		if (checkpoint_open(&second, &config, &err) == 0)
			_exit(0);
		_exit(strcmp(err.text, "state/lock: another mailtallyd runs") ==
					0
				? 1
				: 2);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
lock_refuses_a_second_collector_until_the_first_is_gone(void **state)
{
	(void)state;
	struct checkpoint checkpoint = open_good();
	assert_int_equal(open_elsewhere(), 1);
	checkpoint_close(&checkpoint);
	assert_int_equal(open_elsewhere(), 0);
	assert_int_equal(open_elsewhere(), 0); /* a kill let go of it */
}

static void
folder_that_cannot_be_made_is_named(void **state)
{
	(void)state;
	struct checkpoint checkpoint;
	struct err err = {""};
	char deep[] = "no/such";
	assert_int_equal(checkpoint_open(&checkpoint,
				 &(struct config){.run_dir = deep,
					 .state_dir = state_dir},
				 &err),
		-1);
	assert_string_equal(err.text, "no/such: No such file or directory");
	folder_put("file", "");
	char file[] = "file";
	assert_int_equal(
		checkpoint_open(&checkpoint,
			&(struct config){.run_dir = run_dir, .state_dir = file},
			&err),
		-1);
	assert_string_equal(err.text, "file/lock: Not a directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(missing_folders_are_made_and_hold_nothing),
		FOLDER_TEST(newer_of_two_wins),
		FOLDER_TEST(damaged_one_is_set_aside_and_the_other_taken),
		FOLDER_TEST(saved_one_is_loaded_from_either_place),
		FOLDER_TEST(
			one_place_is_enough_but_the_other_is_complained_about),
		FOLDER_TEST(
			lock_refuses_a_second_collector_until_the_first_is_gone),
		FOLDER_TEST(folder_that_cannot_be_made_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
