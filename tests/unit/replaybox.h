/* SPDX-License-Identifier: ISC */
/* replaybox — a tailbox whose log is read in small steps, for replays. */
#ifndef TESTS_UNIT_REPLAYBOX_H
#define TESTS_UNIT_REPLAYBOX_H

#include "tests/unit/tailbox.h"

enum { HOUR_LINES = 3600 / 7 + 1, STEP_LINES = 5 };

/* So many lines in small steps, each of them read at once. */
static inline void
write_and_read(struct tailbox *box, unsigned lines)
{
	for (unsigned i = 0; i < lines; i += STEP_LINES) {
		box_write(box, "mail.log", STEP_LINES);
		box_poll(box);
	}
}

static inline void
begin(struct tailbox *box, unsigned lines)
{
	box->clock = 1700000000;
	box_puts(box, "mail.log", "");
	box_start(box);
	write_and_read(box, lines);
}

/* The next start replays so many lines. */
static inline void
stop_lines_back(struct tailbox *box, unsigned lines)
{
	box->since = box_time(box->written) - (int64_t)lines * 7;
	box_stop(box);
}

static inline void
rotate(struct tailbox *box)
{
	rename(at(box, "mail.log.3"), at(box, "mail.log.4"));
	rename(at(box, "mail.log.2"), at(box, "mail.log.3"));
	rename(at(box, "mail.log.1"), at(box, "mail.log.2"));
	box_rename(box, "mail.log", "mail.log.1");
	box_puts(box, "mail.log", "");
	if (box->tail)
		box_poll(box);
}

static inline void
expect_replay(const struct tailbox *box)
{
	box_expect_replay(box);
	box_expect_all(box);
	assert_int_equal(tail_events(box->tail).lost_bytes, 0);
	assert_int_equal(tail_events(box->tail).truncations, 0);
}

static inline void
start_and_expect_replay(struct tailbox *box)
{
	box_start(box);
	box_poll(box);
	expect_replay(box);
	assert_int_equal(box->replay_backwards, 0);
}

#endif
