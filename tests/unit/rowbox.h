/* SPDX-License-Identifier: ISC */
/*
 * rowbox — a small catalogue and rows over it, for tests of counting.
 */
#ifndef TESTS_UNIT_ROWBOX_H
#define TESTS_UNIT_ROWBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/rows.h"

enum { ROWBOX_HOSTS = 4, ROWBOX_DOMAINS = 3, ROWBOX_COUNTERS = 4 };

struct rowbox {
	struct catalogue catalogue;
	struct rows *rows;
};

static inline int
rowbox_setup(void **state)
{
	static const char text[] = "10 dkim.pass message signer m\n"
				   "20 dkim.fail message signer m\n"
				   "30 queue.active file none m\n"
				   "40 qmgr.bytes byte none m\n";
	struct rowbox *box = calloc(1, sizeof(*box));
	*state = box;
	int result = catalogue_add(&box->catalogue,
		&(struct catalogue_file){"catalogue", slice_of(text), false},
		NULL);
	catalogue_sort(&box->catalogue);
	box->rows = rows_new(&box->catalogue, ROWBOX_HOSTS, ROWBOX_DOMAINS);
	return result;
}

static inline int
rowbox_teardown(void **state)
{
	struct rowbox *box = *state;
	rows_free(box->rows);
	catalogue_free(&box->catalogue);
	free(box);
	return 0;
}

#define ROWBOX_TEST(name) \
	cmocka_unit_test_setup_teardown(name, rowbox_setup, rowbox_teardown)

#endif
