/* SPDX-License-Identifier: ISC */
/*
 * A writer and a rotation that do anything a writer and a rotation do, in any
 * order, with the tail looking in or being down at any moment: each line comes
 * exactly once.  After each start the lines of the time before the stop come
 * once more, as far as they are in some file.  What no reader could know is
 * left out: a copytruncate while somebody writes, a truncation without a copy
 * of what was not read, and a stop between a truncation and the next look.
 *
 * TAIL_SEED=N runs that seed only and says what is done.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/tailbox.h"

enum { SEEDS = 300, STEPS = 60, KEPT = 60, CHILDREN = 10 };

struct world {
	struct tailbox *box;
	uint64_t random;
	bool by_date;        /* how rotated files are named */
	unsigned date;       /* the next such name */
	bool has_old_writer; /* still writes to the file rotated last */
	char old[64];        /* that file */
	char half[80];       /* what is missing of the line begun last */
	bool half_is_old;    /* and whether it is in old */
	bool is_replaced;    /* by a copy, and the tail has not seen it yet */
	bool is_rewritten;   /* and the tail has not seen it yet */
	bool is_loud;
	unsigned lag; /* so many lines are replayed */
	bool is_full; /* as many files were saved as can be */
};

static unsigned
roll(struct world *world, unsigned sides)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return (unsigned)(world->random >> 20) % sides;
}

static bool
exists(const struct world *world, const char *name)
{
	return access(at(world->box, name), F_OK) == 0;
}

static void
end_line(struct world *world)
{
	if (world->half[0] == '\0')
		return;
	box_puts(world->box, world->half_is_old ? world->old : "mail.log",
		world->half);
	world->half[0] = '\0';
}

static void
do_write(struct world *world)
{
	end_line(world);
	box_write(world->box, "mail.log",
		roll(world, 12) ? roll(world, 90) : 3000);
}

static void
do_write_half(struct world *world)
{
	char line[80];
	size_t len;

	end_line(world);
	world->half_is_old = world->has_old_writer && roll(world, 2);
	box_line(line, world->box->written++);
	len = 1 + roll(world, (unsigned)strlen(line) - 1);
	box_put(world->box, world->half_is_old ? world->old : "mail.log", line,
		len);
	strcpy(world->half, line + len);
}

static void
do_write_old(struct world *world)
{
	struct stat st;

	end_line(world);
	/* Down and empty: see is_all_begun(). */
	if (world->has_old_writer &&
		(world->box->tail ||
			(stat(at(world->box, world->old), &st) == 0 &&
				st.st_size > 0)))
		box_write(world->box, world->old, 1 + roll(world, 30));
	world->has_old_writer &= roll(world, 4) > 0;
}

/* Where the log goes now; makes room there. */
static void
name_rotated(struct world *world, char *out)
{
	if (world->by_date) {
		sprintf(out, "mail.log-%08u", world->date++);
		return;
	}
	for (int i = KEPT; i > 0; i--) {
		char from[32], to[32];

		for (int gz = 0; gz <= 1; gz++) {
			sprintf(from, "mail.log.%d%s", i, gz ? ".gz" : "");
			sprintf(to, "mail.log.%d%s", i + 1, gz ? ".gz" : "");
			rename(at(world->box, from), at(world->box, to));
		}
	}
	strcpy(out, "mail.log.1");
}

static void
do_rename(struct world *world)
{
	if (world->half_is_old || !exists(world, "mail.log"))
		end_line(world);
	if (!exists(world, "mail.log"))
		return;
	name_rotated(world, world->old);
	box_rename(world->box, "mail.log", world->old);
	world->has_old_writer = !world->is_replaced;
	world->half_is_old = true;
	if (roll(world, 3))
		box_puts(world->box, "mail.log", "");
}

static void
do_copytruncate(struct world *world)
{
	end_line(world);
	if (!exists(world, "mail.log"))
		return;
	if (world->box->tail) {
		box_poll(world->box);
		do_write(world);
	}
	name_rotated(world, world->old);
	box_copy(world->box, "mail.log", world->old);
	box_truncate(world->box, "mail.log");
	world->is_rewritten = true;
	world->has_old_writer = false;
	if (world->box->tail && roll(world, 2))
		box_poll(world->box);
}

static void
do_rewrite(struct world *world)
{
	end_line(world);
	if (!world->box->tail || !exists(world, "mail.log"))
		return;
	box_poll(world->box);
	box_forget(world->box, "mail.log");
	box_truncate(world->box, "mail.log");
	world->is_rewritten = true;
	do_write(world);
}

static void
do_replace(struct world *world)
{
	const struct tailbox *box = world->box;

	end_line(world);
	if (!exists(world, "mail.log"))
		return;
	/* Or its inode, all that is known of an empty file, means another. */
	if (!box->tail && box->saved[box->saved_count - 1].offset == 0)
		return;
	box_copy(world->box, "mail.log", "new");
	box_rename(world->box, "new", "mail.log");
	world->has_old_writer = false;
	world->is_replaced = true;
}

static void
expect_replay(const struct world *world)
{
	const struct tailbox *box = world->box;

	if (!world->is_full)
		box_expect_replay(box);
	/* In each file in order. */
	assert_true(
		box->replays == 0 || box->replay_backwards < box->saved_count);
}

static void
do_read(struct world *world)
{
	struct tailbox *box = world->box;
	unsigned half = world->half[0] != '\0';

	if (!box->tail)
		return;
	box_poll(box);
	world->is_rewritten = world->is_replaced = false;
	/* Without the name it may have to wait. */
	if (!exists(world, "mail.log"))
		return;
	box->written -= half;
	box_expect_all(box);
	expect_replay(world);
	box->written += half;
}

static void
do_gzip(struct world *world)
{
	char plain[64], gz[80];
	unsigned back = 1 + roll(world, 3);

	if (world->by_date)
		sprintf(plain, "mail.log-%08u", world->date - back);
	else
		sprintf(plain, "mail.log.%u", back);
	end_line(world);
	if (!exists(world, plain))
		return;
	if (strcmp(plain, world->old) == 0) {
		if (world->has_old_writer || !world->box->tail)
			return;
		do_read(world);
	}
	sprintf(gz, "%s.gz", plain);
	box_gzip(world->box, plain, gz);
	unlink(at(world->box, plain));
}

/* Not all that there is. */
static void
do_read_some(struct world *world)
{
	struct tail_block block;

	if (!world->box->tail)
		return;
	tail_check(world->box->tail);
	if (tail_read(world->box->tail, &block, NULL) == 1)
		box_take(world->box, &block);
}

/* Of what nothing was read there is no mark to find it again by. */
static bool
is_all_begun(const struct world *world)
{
	struct tail_position out[TAIL_FILES_MAX];
	size_t count = tail_positions(
		world->box->tail, INT64_MAX, out, TAIL_FILES_MAX);

	for (size_t i = 0; i < count; i++) {
		if (out[i].offset == 0)
			return false;
	}
	return true;
}

static void
stop(struct world *world)
{
	struct tailbox *box = world->box;

	if (!tail_is_replaying(box->tail) && box->written > world->lag)
		box->since = box_time(box->written - world->lag);
	box_stop(box);
	world->is_full |= box->saved_count == TAIL_FILES_MAX;
}

static void
do_stop_or_start(struct world *world)
{
	if (world->box->tail) {
		if (world->is_rewritten || world->is_replaced ||
			!is_all_begun(world)) {
			end_line(world);
			do_read(world);
		}
		if (tail_positions(world->box->tail, INT64_MAX,
			    world->box->saved, 1) > 0)
			stop(world);
		return;
	}
	box_start(world->box);
}

static const struct {
	const char *name;
	void (*act)(struct world *world);
	unsigned weight;
} steps[] = {
	{"write", do_write, 8},
	{"write half a line", do_write_half, 4},
	{"write to the old file", do_write_old, 4},
	{"rename", do_rename, 4},
	{"copytruncate", do_copytruncate, 2},
	{"rewrite", do_rewrite, 1},
	{"replace by a copy", do_replace, 1},
	{"gzip", do_gzip, 2},
	{"read", do_read, 8},
	{"read some", do_read_some, 2},
	{"stop or start", do_stop_or_start, 4},
};

static void
step(struct world *world)
{
	unsigned total = 0, i = 0, pick;

	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
		total += steps[k].weight;
	pick = roll(world, total);
	while (pick >= steps[i].weight)
		pick -= steps[i++].weight;
	if (world->is_loud)
		print_message("%s (line %u)%s\n", steps[i].name,
			world->box->written, world->box->tail ? "" : " down");
	steps[i].act(world);
}

static void
run_seed(unsigned seed, bool is_loud)
{
	struct world world = {
		.random = seed * 0x9e3779b97f4a7c15 + 1,
		.by_date = seed % 2,
		.date = 20260101,
		.is_loud = is_loud,
		.lag = seed % 2 ? TAILBOX_LINES : seed % 5 * 60,
	};
	void *state;

	assert_int_equal(box_setup(&state), 0);
	world.box = state;
	world.box->clock = 1700000000;
	world.box->since = INT64_MIN;
	world.box->seed = seed;
	box_write(world.box, "mail.log", 5);
	box_start(world.box);
	box_poll(world.box);
	for (int i = 0; i < STEPS; i++)
		step(&world);
	end_line(&world);
	if (!world.box->tail)
		do_stop_or_start(&world);
	box_puts(world.box, "mail.log", "");
	box_poll(world.box);
	box_poll(world.box);
	box_expect_all(world.box);
	expect_replay(&world);
	assert_int_equal(tail_events(world.box->tail).lost_bytes, 0);
	box_teardown(&state);
}

/* Several processes, because closing inotify sleeps in the kernel.  One that
 * fails says so itself and ends with another status. */
static void
tail_gives_each_line_once_whatever_happens(void **state)
{
	const char *one = getenv("TAIL_SEED");
	pid_t children[CHILDREN];

	(void)state;
	if (one) {
		run_seed((unsigned)atoi(one), true);
		return;
	}
	for (unsigned i = 0; i < CHILDREN; i++) {
		fflush(NULL);
		children[i] = fork();
		if (children[i] != 0)
			continue;
		for (unsigned seed = i + 1; seed <= SEEDS; seed += CHILDREN)
			run_seed(seed, false);
		_exit(0);
	}
	for (unsigned i = 0; i < CHILDREN; i++) {
		int status = -1;

		waitpid(children[i], &status, 0);
		assert_int_equal(status, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tail_gives_each_line_once_whatever_happens),
	};

	return cmocka_run_group_tests_name("tail_random", tests, NULL, NULL);
}
