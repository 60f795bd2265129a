/* SPDX-License-Identifier: ISC */
/*
 * folder — a temporary folder for each test, which is its working folder.
 */
#ifndef TESTS_UNIT_FOLDER_H
#define TESTS_UNIT_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static inline int
folder_enter(void **state)
{
	char *path = strdup("/tmp/mailtally-unit.XXXXXX");
	*state = path;
	return mkdtemp(path) != NULL ? chdir(path) : -1;
}

static inline int
folder_remove(
	const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

static inline int
folder_leave(void **state)
{
	int result = chdir("/") |
		     nftw(*state, folder_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return result;
}

static inline void
folder_put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

#define FOLDER_TEST(name) \
	cmocka_unit_test_setup_teardown(name, folder_enter, folder_leave)

#endif
