/* SPDX-License-Identifier: ISC */
/*
 * test_current — which snapshot requests are answered from, and what is said
 * of one that is no good.
 */
#include <unistd.h>

#include "lib/snapshot.h"

/* root may read all: that a file is forbidden is played. */
static int look_at_rights(const char *path, int mode);
static struct snapshot *read_snapshot(const char *path, struct err *err);
#define access look_at_rights
#define snapshot_read read_snapshot
#include "agent/current.c"
#undef access
#undef snapshot_read

#include "tests/unit/stderrbox.h"

#define END "end 3\n"
#define SNAPSHOT(started)                                           \
	"mailtally-snapshot 1\nstarted " started "\nwritten 2000\n" \
	"boot b-1\n" END

#define BEFORE_STANDS "; the snapshot before it stands\n"
#define TRUNCATED "warning: snapshot:5: cut short"
#define FORBIDDEN "warning: cannot read snapshot: Permission denied"
#define MISSING "warning: cannot read snapshot: No such file or directory"
#define AGAIN "snapshot can be read again\n"

static bool is_forbidden;
static int reads;

static int
look_at_rights(const char *path, int mode)
{
	if (!is_forbidden)
		return access(path, mode);
	errno = EACCES;
	return -1;
}

static struct snapshot *
read_snapshot(const char *path, struct err *err)
{
	reads++;
	if (!is_forbidden)
		return snapshot_read(path, err);
	err_set(err, "cannot read %s: Permission denied", path);
	return NULL;
}

static int64_t now_ms;

static int
begin(void **state)
{
	is_forbidden = false;
	reads = 0;
	now_ms = 50000;
	return folder_enter(state);
}

#define CURRENT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, begin, folder_leave)

/* As the collector does: another file takes the place. */
static void
put(const char *text)
{
	folder_put("snapshot.new", text);
	assert_int_equal(rename("snapshot.new", "snapshot"), 0);
}

/* When it looks next. */
static bool
look(struct current *current)
{
	now_ms += CURRENT_REST_MS;
	return current_look(current, now_ms);
}

static uint64_t
refused(const struct current *current)
{
	return current->refused;
}

static void
the_first_snapshot_is_taken_without_a_word(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	assert_null(current->view);
	put(SNAPSHOT("1000"));
	stderrbox_open();
	assert_true(current_look(current, now_ms));
	stderrbox_expect("");
	assert_int_equal(current->view->snapshot->started, 1000);
	assert_int_equal(refused(current), 0);
	current_free(current);
}

static void
the_same_file_is_not_read_again(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put(SNAPSHOT("1000"));
	assert_true(look(current));
	const struct view *view = current->view;
	for (int i = 0; i < 5; i++)
		assert_false(look(current));
	assert_int_equal(reads, 1);
	assert_ptr_equal(current->view, view);
	put(SNAPSHOT("1001"));
	assert_true(look(current));
	assert_int_equal(reads, 2);
	assert_int_equal(current->view->snapshot->started, 1001);
	current_free(current);
}

static void
it_looks_at_most_each_200_ms(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put(SNAPSHOT("1000"));
	assert_true(current_look(current, now_ms));
	put(SNAPSHOT("1001"));
	assert_false(current_look(current, now_ms));
	assert_false(current_look(current, now_ms + 199));
	assert_int_equal(current->view->snapshot->started, 1000);
	assert_true(current_look(current, now_ms + 200));
	put(SNAPSHOT("1002"));
	assert_false(current_look(current, now_ms + 399));
	assert_true(current_look(current, now_ms + 400));
	current_free(current);
}

static void
a_missing_file_is_told_once_and_nothing_was_refused(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	stderrbox_open();
	for (int i = 0; i < 3; i++)
		assert_false(look(current));
	stderrbox_expect(MISSING "\n");
	assert_null(current->view);
	assert_int_equal(refused(current), 0);
	put(SNAPSHOT("1000"));
	stderrbox_open();
	assert_true(look(current));
	assert_false(look(current));
	stderrbox_expect(AGAIN);
	current_free(current);
}

static void
a_file_that_goes_leaves_the_old_view_even_if_it_comes_back(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put(SNAPSHOT("1000"));
	look(current);
	assert_int_equal(rename("snapshot", "elsewhere"), 0);
	stderrbox_open();
	assert_false(look(current));
	assert_false(look(current));
	assert_int_equal(current->view->snapshot->started, 1000);
	assert_int_equal(rename("elsewhere", "snapshot"), 0);
	look(current);
	look(current);
	stderrbox_expect(MISSING BEFORE_STANDS AGAIN);
	assert_int_equal(current->view->snapshot->started, 1000);
	assert_int_equal(refused(current), 0);
	current_free(current);
}

static void
a_damaged_file_is_refused_once_and_the_old_view_stays(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put(SNAPSHOT("1000"));
	look(current);
	const struct view *view = current->view;
	stderrbox_open();
	put("mailtally-snapshot 1\nstarted 1000\nwritten 2000\nboot b-1\n");
	for (int i = 0; i < 3; i++)
		assert_false(look(current));
	assert_ptr_equal(current->view, view);
	assert_int_equal(refused(current), 1);
	/* Another file with the same damage: counted, not told again. */
	put("mailtally-snapshot 1\nstarted 1000\nwritten 2001\nboot b-1\n");
	assert_false(look(current));
	assert_false(look(current));
	assert_int_equal(refused(current), 2);
	put(SNAPSHOT("1000"));
	assert_true(look(current));
	assert_int_equal(refused(current), 2);
	stderrbox_expect(TRUNCATED BEFORE_STANDS AGAIN);
	current_free(current);
}

static void
each_trouble_is_told_in_its_own_words(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	stderrbox_open();
	look(current);
	put("mailtally-snapshot 2\n");
	look(current);
	look(current);
	put("");
	look(current);
	struct buf text = {0};
	struct err err;
	assert_int_equal(file_read("stderr", 65536, &text, &err), 0);
	int lines = 0;
	for (const char *c = text.data; *c != '\0'; c++)
		lines += *c == '\n';
	stderrbox_expect(text.data);
	assert_int_equal(lines, 3);
	assert_non_null(strstr(text.data, "version '2'"));
	assert_null(strstr(text.data, "the snapshot before it"));
	assert_int_equal(refused(current), 2);
	buf_free(&text);
	current_free(current);
}

static void
a_file_that_may_not_be_read_is_refused_once_until_it_may(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put(SNAPSHOT("1000"));
	is_forbidden = true;
	stderrbox_open();
	for (int i = 0; i < 3; i++)
		assert_false(look(current));
	assert_null(current->view);
	assert_int_equal(refused(current), 1);
	/* The file is the same: only the right has come. */
	is_forbidden = false;
	assert_true(look(current));
	stderrbox_expect(FORBIDDEN "\n" AGAIN);
	assert_int_equal(current->view->snapshot->started, 1000);
	assert_int_equal(refused(current), 1);
	current_free(current);
}

static void
a_right_that_goes_leaves_the_old_view(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put(SNAPSHOT("1000"));
	look(current);
	is_forbidden = true;
	stderrbox_open();
	assert_false(look(current));
	assert_false(look(current));
	stderrbox_expect(FORBIDDEN BEFORE_STANDS);
	assert_int_equal(refused(current), 1);
	assert_int_equal(current->view->snapshot->started, 1000);
	current_free(current);
}

static void
a_moment_has_the_view_the_time_and_what_was_refused(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	put("damaged");
	stderrbox_open();
	look(current);
	put(SNAPSHOT("1000"));
	look(current);
	dup2(stderrbox_before, STDERR_FILENO);
	close(stderrbox_before);
	struct moment moment = {.health = {.sent = 7, .dropped = 8}};
	int64_t before = clock_wall_us();
	current_moment(current, now_ms, 12, &moment);
	assert_true(moment.now_us >= before);
	assert_true(moment.now_us <= clock_wall_us());
	assert_ptr_equal(moment.view, current->view);
	assert_int_equal(moment.held_us, 0);
	assert_int_equal(moment.health.refused, 1);
	assert_int_equal(moment.health.sent, 7);
	assert_int_equal(moment.health.dropped, 8);
	/* A file that is no good leaves the one before as old as it is. */
	put("damaged");
	stderrbox_open();
	look(current);
	stderrbox_expect("warning: snapshot:1: cut short" BEFORE_STANDS);
	current_moment(current, now_ms + 1, 12, &moment);
	assert_int_equal(moment.held_us, (CURRENT_REST_MS + 1) * 1000);
	put(SNAPSHOT("1000"));
	look(current);
	current_moment(current, now_ms + 1, 12, &moment);
	assert_int_equal(moment.held_us, 1000);
	current_free(current);
}

/* Each with rows, one in ten of them cut short.  That nothing is left behind is
 * for LeakSanitizer to say. */
static void
a_thousand_snapshots_take_each_other_s_place(void **state)
{
	(void)state;
	struct current *current = current_new("snapshot");
	int good = 0;
	for (int i = 1; i <= 1000; i++) {
		char text[512];
		int len = snprintf(text, sizeof(text),
			"mailtally-snapshot 1\nstarted 1000\nwritten %d\n"
			"boot b-1\ncounter 110 dkim.pass message\n"
			"row total 1 all 110=%d\nrow domain %d d%d%%1B 110=1\n"
			"alert a %d raised %d 1 2 critical t%%1B\nend 7\n",
			i, i, i, i, i, i);
		if (i % 10 == 0)
			text[len - 2] = '\0';
		put(text);
		good += look(current);
		uint64_t value;
		const struct view *view = current->view;
		assert_true(view_value(view, &view->rows[0], 110, &value));
		assert_int_equal(value, i % 10 == 0 ? i - 1 : i);
	}
	assert_int_equal(good, 900);
	assert_int_equal(refused(current), 100);
	current_free(current);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CURRENT_TEST(the_first_snapshot_is_taken_without_a_word),
		CURRENT_TEST(the_same_file_is_not_read_again),
		CURRENT_TEST(it_looks_at_most_each_200_ms),
		CURRENT_TEST(
			a_missing_file_is_told_once_and_nothing_was_refused),
		CURRENT_TEST(
			a_file_that_goes_leaves_the_old_view_even_if_it_comes_back),
		CURRENT_TEST(
			a_damaged_file_is_refused_once_and_the_old_view_stays),
		CURRENT_TEST(each_trouble_is_told_in_its_own_words),
		CURRENT_TEST(
			a_file_that_may_not_be_read_is_refused_once_until_it_may),
		CURRENT_TEST(a_right_that_goes_leaves_the_old_view),
		CURRENT_TEST(
			a_moment_has_the_view_the_time_and_what_was_refused),
		CURRENT_TEST(a_thousand_snapshots_take_each_other_s_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
