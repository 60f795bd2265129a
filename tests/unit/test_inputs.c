/* SPDX-License-Identifier: ISC */
/* test_inputs — how far each log is read. */
#include "agent/inputs.c"

#include "tests/unit/areabox.h"

static const struct view_input *
input_named(const struct view *view, const char *path)
{
	for (size_t i = 0; i < view->input_count; i++)
		if (strcmp(view->inputs[i].path, path) == 0)
			return &view->inputs[i];
	fail_msg("no input %s", path);
	return NULL;
}

static void
files_of_one_log_are_one_row(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"input /var/log/mail.log 0 0 900 00ff00ff00ff00ff 800 0 6\n"
		"input /var/log/mail.log 1 76 500 00ff00ff00ff00ff 0 40 6\n"
		"input /var/log/mail.log 1 77 123 00ff00ff00ff00ff 0 2 7\n"
		"input /var/log/my%20own 1 78 5 00ff00ff00ff00ff 0 0 0\n");
	assert_int_equal(view->input_count, 2);
	const struct view_input *mail = input_named(view, "/var/log/mail.log");
	assert_int_equal(mail->offset, 123);
	assert_int_equal(mail->lag, 42);
	assert_int_equal(mail->rotations, 7);
	assert_int_equal(input_named(view, "/var/log/my own")->offset, 5);
	view_free(view);
}

static void
an_index_stays_whatever_else_is_read(void **state)
{
	(void)state;
	struct view *one =
		areabox_view("input /b 1 2 3 00ff00ff00ff00ff 0 0 0\n");
	struct view *more =
		areabox_view("input /a 1 9 3 00ff00ff00ff00ff 0 0 0\n"
			     "input /b 1 2 3 00ff00ff00ff00ff 0 0 0\n"
			     "input /c 1 8 3 00ff00ff00ff00ff 0 0 0\n");
	assert_int_equal(
		input_named(one, "/b")->index, input_named(more, "/b")->index);
	for (size_t i = 1; i < more->input_count; i++)
		assert_true(more->inputs[i - 1].index < more->inputs[i].index);
	view_free(one);
	view_free(more);
}

static void
each_row_has_its_columns(void **state)
{
	(void)state;
	struct view *view = areabox_view(
		"input /b 1 2 18446744073709551615 00ff00ff00ff00ff "
		"0 5 1\n");
	view->inputs[0].index = 4;
	const struct moment moment = {.view = view};
	areabox_check(&inputs_area, &moment,
		"2.4 string /b\n3.4 counter64 18446744073709551615\n"
		"4.4 counter64 5\n5.4 counter64 1\n");
	view_free(view);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_one_log_are_one_row),
		cmocka_unit_test(an_index_stays_whatever_else_is_read),
		cmocka_unit_test(each_row_has_its_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
