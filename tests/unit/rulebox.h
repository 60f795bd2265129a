/* SPDX-License-Identifier: ISC */
/*
 * rulebox — a small catalogue and a ruleset, for tests of rule files.
 */
#ifndef TESTS_UNIT_RULEBOX_H
#define TESTS_UNIT_RULEBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/rulefile.h"

struct rulebox {
	struct catalogue catalogue;
	struct ruleset set;
};

static inline int
rulebox_setup(void **state)
{
	static const char text[] = "1 dkim.pass message signer m\n"
				   "2 dkim.fail message signer m\n"
				   "3 spf.pass message mailfrom m\n"
				   "4 qmgr.bytes byte none m\n"
				   "5 smtp.sent recipient rcpt m\n"
				   "6 smtp.filter_hop recipient none m\n";
	struct rulebox *box = calloc(1, sizeof(*box));
	*state = box;
	int result = catalogue_add(&box->catalogue,
		&(struct catalogue_file){"catalogue", slice_of(text), false},
		NULL);
	catalogue_sort(&box->catalogue);
	return result;
}

static inline int
rulebox_teardown(void **state)
{
	struct rulebox *box = *state;
	ruleset_free(&box->set);
	catalogue_free(&box->catalogue);
	free(box);
	return 0;
}

static inline int
rulebox_counter(const struct rulebox *box, const char *name)
{
	return catalogue_find(&box->catalogue, slice_of(name));
}

/* Parses a text whose rules are good. */
static inline void
rulebox_load(struct rulebox *box, const char *text)
{
	struct err err = {""};
	struct rulefile file = {"good", slice_of(text), true};
	if (rulefile_parse(&box->set, &box->catalogue, &file, &err) != 0)
		fail_msg("refused: %s", err.text);
}

#define RULEBOX_TEST(name) \
	cmocka_unit_test_setup_teardown(name, rulebox_setup, rulebox_teardown)

#endif
