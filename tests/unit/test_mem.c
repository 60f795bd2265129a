/* SPDX-License-Identifier: ISC */
/* test_mem — memory that never returns NULL. */
#include "lib/mem.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
mem_zalloc_gives_zeroed_memory_even_for_nothing(void **state)
{
	(void)state;
	unsigned char *bytes = mem_zalloc(1000, 3);
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(bytes[i], 0);
	free(bytes);
	void *nothing = mem_zalloc(0, 8);
	assert_non_null(nothing);
	free(nothing);
}

static void
mem_realloc_keeps_what_was_there(void **state)
{
	(void)state;
	int *numbers = mem_realloc(NULL, 4, sizeof(*numbers));
	for (int i = 0; i < 4; i++)
		numbers[i] = i;
	numbers = mem_realloc(numbers, 4096, sizeof(*numbers));
	for (int i = 0; i < 4; i++)
		assert_int_equal(numbers[i], i);
	numbers = mem_realloc(numbers, 0, sizeof(*numbers));
	assert_non_null(numbers);
	free(numbers);
}

static void
mem_strndup_copies_bytes_and_ends_them(void **state)
{
	(void)state;
	char *copy = mem_strndup("a\0bc", 3);
	assert_memory_equal(copy, "a\0b", 4);
	free(copy);
	copy = mem_strndup("", 0);
	assert_string_equal(copy, "");
	free(copy);
	copy = mem_strdup("whole");
	assert_string_equal(copy, "whole");
	free(copy);
}

static void
mem_grow_makes_room_for_one_more_each_time(void **state)
{
	(void)state;
	size_t *items = NULL, capacity = 0, moves = 0;
	for (size_t count = 0; count < 10000; count++) {
		size_t before = capacity;
		items = mem_grow(items, count, &capacity, sizeof(*items));
		assert_true(capacity > count);
		moves += capacity != before;
		items[count] = count;
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(items[i], i);
	assert_true(moves < 20);
	free(items);
}

/* Exit status of a child that asks for more than there can be. */
static int
ask_for_too_much(bool again)
{
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		volatile size_t huge = SIZE_MAX / 2;
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(9);
		free(again ? mem_realloc(NULL, huge, 8) : mem_zalloc(huge, 8));
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
mem_ends_the_program_when_the_product_overflows(void **state)
{
	(void)state;
	assert_int_equal(ask_for_too_much(false), EXIT_FAILURE);
	assert_int_equal(ask_for_too_much(true), EXIT_FAILURE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			mem_zalloc_gives_zeroed_memory_even_for_nothing),
		cmocka_unit_test(mem_realloc_keeps_what_was_there),
		cmocka_unit_test(mem_strndup_copies_bytes_and_ends_them),
		cmocka_unit_test(mem_grow_makes_room_for_one_more_each_time),
		cmocka_unit_test(
			mem_ends_the_program_when_the_product_overflows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
