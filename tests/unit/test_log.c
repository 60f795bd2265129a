/* SPDX-License-Identifier: ISC */
/* test_log — what reaches standard error. */
#include "lib/log.c"

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char said[8192];

/* Runs `speak` in a child; puts what it wrote to standard error into said and
 * returns its exit status. */
static int
listen_to(void (*speak)(void))
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		speak();
		_exit(0);
	}
	close(ends[1]);
	size_t len = 0;
	ssize_t n;
	while ((n = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(ends[0]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
speak_before_opening(void)
{
	log_info("hello %d", 1);
}

static void
speak_on_all_levels(void)
{
	log_open("prog", false);
	log_error("e");
	log_warning("w");
	log_info("i");
	log_debug("d");
}

static void
speak_on_all_levels_in_debug_mode(void)
{
	log_set_level(LOG_LEVEL_DEBUG);
	speak_on_all_levels();
}

static void
speak_only_errors(void)
{
	log_set_level(LOG_LEVEL_ERROR);
	speak_on_all_levels();
}

static void
speak_hostile_text(void)
{
	log_warning("%s", "a\nprog: forged\r\x1b[2J\x7f\tz\xc3\xa9");
}

static void
speak_too_much(void)
{
	char text[4000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_info("%s", text);
}

static void
speak_and_die(void)
{
	log_open("prog", false);
	log_die("no memory for %s", "it");
}

static void
speak_again_and_again(void)
{
	struct log_repeat repeat = {0};
	for (long long now = 0; now < 3 * REPEAT_S; now++)
		log_repeated(&repeat, now, "disk full");
}

static void
log_writes_without_a_name_before_it_is_opened(void **state)
{
	(void)state;
	listen_to(speak_before_opening);
	assert_string_equal(said, "hello 1\n");
}

static void
log_names_the_program_and_the_level(void **state)
{
	(void)state;
	listen_to(speak_on_all_levels);
	assert_string_equal(
		said, "prog: error: e\nprog: warning: w\nprog: i\n");
}

static void
log_drops_what_is_above_the_level(void **state)
{
	(void)state;
	listen_to(speak_only_errors);
	assert_string_equal(said, "prog: error: e\n");
	listen_to(speak_on_all_levels_in_debug_mode);
	assert_non_null(strstr(said, "prog: debug: d\n"));
}

static void
log_replaces_control_characters(void **state)
{
	(void)state;
	listen_to(speak_hostile_text);
	assert_string_equal(said, "warning: a?prog: forged??[2J??z\xc3\xa9\n");
}

static void
log_cuts_a_long_line_and_still_ends_it(void **state)
{
	(void)state;
	listen_to(speak_too_much);
	assert_int_equal(strlen(said), 1024);
	assert_int_equal(said[1023], '\n');
}

static void
log_die_says_one_line_and_exits_with_1(void **state)
{
	(void)state;
	assert_int_equal(listen_to(speak_and_die), EXIT_FAILURE);
	assert_string_equal(said, "prog: error: no memory for it\n");
}

static void
log_repeated_speaks_once_a_minute_and_counts_the_rest(void **state)
{
	(void)state;
	listen_to(speak_again_and_again);
	char again[128], expected[512];
	snprintf(again, sizeof(again),
		"warning: disk full (and %d times more in the last minute)\n",
		REPEAT_S - 1);
	snprintf(expected, sizeof(expected), "warning: disk full\n%s%s", again,
		again);
	assert_string_equal(said, expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_writes_without_a_name_before_it_is_opened),
		cmocka_unit_test(log_names_the_program_and_the_level),
		cmocka_unit_test(log_drops_what_is_above_the_level),
		cmocka_unit_test(log_replaces_control_characters),
		cmocka_unit_test(log_cuts_a_long_line_and_still_ends_it),
		cmocka_unit_test(log_die_says_one_line_and_exits_with_1),
		cmocka_unit_test(
			log_repeated_speaks_once_a_minute_and_counts_the_rest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
