/* SPDX-License-Identifier: ISC */
/*
 * judgebox — a judge over a ledger and rows of its own, and what it added.
 * Included behind judge.c.
 */
#ifndef TESTS_UNIT_JUDGEBOX_H
#define TESTS_UNIT_JUDGEBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/judge.h"

enum { NOON = 1000000000, ROOM = 16, ADDITIONS_MAX = 64 };
enum { DKIM = 0, SPF = 1 }; /* methods: any number below AUTHORITY_METHODS */
enum {
	OURS = LEDGER_ARRIVED | LEDGER_OWN | LEDGER_ACTIVE | LEDGER_LEFT,
	OWN_LOCAL = LEDGER_SUBMITTED | LEDGER_ACTIVE | LEDGER_LEFT
};

struct judgebox {
	struct catalogue catalogue;
	struct rows *rows;
	struct signs *signs;
	struct row *machine, *domain;
	struct judge judge;
	struct judge_addition added[ADDITIONS_MAX];
	size_t count;
};

static inline void
note_addition(void *arg, const struct judge_addition *addition)
{
	struct judgebox *box = arg;
	assert_true(box->count < ADDITIONS_MAX);
	box->added[box->count++] = *addition;
}

static inline int
judgebox_setup(void **state)
{
	static const char text[] = "1 dkim.signed message signer m\n"
				   "4 dkim.unsigned message mailfrom m\n"
				   "5 dkim.unsigned_local message mailfrom m\n"
				   "10 dkim.pass message signer m\n"
				   "11 dkim.fail message signer m\n"
				   "20 spf.pass message mailfrom m\n"
				   "30 dmarc.disp_quarantine message from m\n"
				   "40 qmgr.accepted message mailfrom m\n"
				   "41 qmgr.bytes byte mailfrom m\n"
				   "50 log.evicted message none m\n";
	struct judgebox *box = calloc(1, sizeof(*box));
	*state = box;
	int result = catalogue_add(&box->catalogue,
		&(struct catalogue_file){"catalogue", slice_of(text), false},
		NULL);
	catalogue_sort(&box->catalogue);
	box->rows = rows_new(&box->catalogue, 4, 4);
	box->signs = signs_new();
	signs_add(box->signs, slice_of("example.net"));
	box->machine = rows_get(box->rows, ROWS_HOST, slice_of("mx1"));
	box->machine->signing_since = NOON - 1000;
	box->domain = rows_get(box->rows, ROWS_DOMAIN, slice_of("example.net"));
	box->judge = (struct judge){
		.ledger = ledger_new(ROOM, judge_end, &box->judge),
		.rows = box->rows,
		.signs = box->signs,
		.add = note_addition,
		.arg = box,
		.arrival = NOON - 1,
	};
	judge_find_counters(&box->judge);
	ledger_advance(box->judge.ledger, NOON);
	ledger_begin_line(box->judge.ledger, NOON);
	return result;
}

static inline int
judgebox_teardown(void **state)
{
	struct judgebox *box = *state;
	ledger_free(box->judge.ledger);
	rows_free(box->rows);
	signs_free(box->signs);
	catalogue_free(&box->catalogue);
	free(box);
	return 0;
}

static inline struct ledger_message *
message(struct judgebox *box, const char *id, uint32_t facts)
{
	struct ledger_message *m =
		ledger_add(box->judge.ledger, 7, slice_of(id));
	m->facts = facts;
	m->born = NOON;
	m->machine = (uint32_t)box->machine->number;
	m->domain = (uint32_t)box->domain->number;
	m->sender = signs_hash(slice_of("example.net"));
	return m;
}

static inline struct judge_addition
addition(struct judgebox *box, const char *name)
{
	return (struct judge_addition){
		catalogue_find(&box->catalogue, slice_of(name)), 1, box->domain,
		box->machine, false};
}

static inline void
once(struct judgebox *box, struct ledger_message *m, unsigned what,
	const char *name)
{
	struct judge_addition a = addition(box, name);
	judge_once(&box->judge, m, what, &a);
}

static inline void
hold(struct judgebox *box, struct ledger_message *m, unsigned what,
	const char *name)
{
	struct judge_addition a = addition(box, name);
	judge_hold(&box->judge, m, what, &a);
}

static inline void
go_to(struct judgebox *box, int64_t seconds)
{
	ledger_advance(box->judge.ledger, NOON + seconds);
	ledger_begin_line(box->judge.ledger, NOON + seconds);
}

/* The names of what was added since the last call. */
static inline void
assert_added(struct judgebox *box, const char *expected)
{
	char text[1024] = "";
	for (size_t i = 0; i < box->count; i++) {
		if (i > 0)
			strcat(text, " ");
		strcat(text,
			box->catalogue.counters[box->added[i].counter].name);
	}
	box->count = 0;
	assert_string_equal(text, expected);
}

/* As many messages as there is room for, that are done. */
static inline void
fill_room(struct judgebox *box)
{
	char id[16];
	for (int i = 0; i < ROOM; i++) {
		snprintf(id, sizeof(id), "4F%d", i);
		message(box, id, 0)->open = 0;
	}
	ledger_begin_line(box->judge.ledger, ledger_now(box->judge.ledger));
}

#define JUDGE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, judgebox_setup, judgebox_teardown)

#endif
