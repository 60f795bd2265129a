/* SPDX-License-Identifier: ISC */
/*
 * ledgerbox — a small ledger, and what it showed.  Included behind ledger.c.
 */
#ifndef TESTS_UNIT_LEDGERBOX_H
#define TESTS_UNIT_LEDGERBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger.h"

enum { NOON = 1000000000, ROOM = 8, LEDGERBOX_ENDS = 4096 };

/* What the ledger showed, in order. */
struct shown {
	char id[LEDGER_ID_MAX + 1];
	enum ledger_end end;
};

struct ledgerbox {
	struct ledger *ledger;
	struct shown shown[LEDGERBOX_ENDS];
	size_t count;
};

static inline void
note_end(void *arg, struct ledger_message *m, enum ledger_end end)
{
	struct ledgerbox *box = arg;
	assert_true(box->count < LEDGERBOX_ENDS);
	assert_ptr_equal(ledger_original(m), m);
	struct shown *shown = &box->shown[box->count++];
	snprintf(shown->id, sizeof(shown->id), "%.*s", (int)m->id_len, m->id);
	shown->end = end;
}

static inline int
ledgerbox_setup(void **state)
{
	struct ledgerbox *box = calloc(1, sizeof(*box));
	box->ledger = ledger_new(ROOM, note_end, box);
	ledger_advance(box->ledger, NOON);
	ledger_begin_line(box->ledger, NOON);
	*state = box;
	return 0;
}

static inline int
ledgerbox_teardown(void **state)
{
	struct ledgerbox *box = *state;
	ledger_free(box->ledger);
	free(box);
	ledger_free(NULL);
	return 0;
}

static inline uint32_t
host(const char *name)
{
	return ledger_host(slice_of(name));
}

static inline struct ledger_message *
add(struct ledgerbox *box, const char *id)
{
	return ledger_add(box->ledger, host("mx1"), slice_of(id));
}

static inline struct ledger_message *
find(const struct ledgerbox *box, const char *id)
{
	return ledger_find(box->ledger, host("mx1"), slice_of(id));
}

static inline void
go_to(struct ledgerbox *box, int64_t seconds)
{
	ledger_advance(box->ledger, NOON + seconds);
	ledger_begin_line(box->ledger, NOON + seconds);
}

static inline void
begin_line(struct ledgerbox *box)
{
	ledger_begin_line(box->ledger, ledger_now(box->ledger));
}

static inline void
assert_shown(const struct ledgerbox *box, size_t at, const char *id,
	enum ledger_end end)
{
	assert_true(at < box->count);
	assert_string_equal(box->shown[at].id, id);
	assert_int_equal(box->shown[at].end, end);
}

#define LEDGER_TEST(name)                \
	cmocka_unit_test_setup_teardown( \
		name, ledgerbox_setup, ledgerbox_teardown)

#endif
