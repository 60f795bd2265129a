/* SPDX-License-Identifier: ISC */
/*
 * test_changes_random — a collector, an agent and a manager at random: in the
 * end the manager knows how every alert stands.
 */
#include "agent/changes.c"

#include "tests/unit/changesbox.h"

enum { ALERTS = 6, KEPT = 7, SEQS = 4096, RUNS = 400, TURNS = 250 };

enum state { CLEAR, PENDING, RAISED, SILENCED };

static const char *const words[] = {"clear", "pending", "raised", "silenced"};

struct alert {
	enum state state;
	long since;
	bool is_known_raised; /* the manager was told so last */
};

struct world {
	unsigned int seed;
	bool has_trouble; /* crashes, and connections lost */
	bool has_restarts;
	long now;
	struct alert alerts[ALERTS];
	struct {
		size_t alert;
		bool is_raised;
		long time;
	} changes[SEQS];
	uint64_t newest, first; /* first: what was there at the first start */
	struct view *view;
	struct changes *agent;
	unsigned int told[SEQS];
	bool seen[SEQS], swept[SEQS];
};

static unsigned int
draw(struct world *world, unsigned int below)
{
	return (unsigned int)rand_r(&world->seed) % below;
}

static bool
is_raised(const struct alert *alert)
{
	return alert->state >= RAISED;
}

static void
change_alert(struct world *world)
{
	size_t which = draw(world, ALERTS);
	struct alert *alert = &world->alerts[which];
	bool before = is_raised(alert);
	world->now += draw(world, 3);
	enum state state = (enum state)draw(world, 4);
	if (state == alert->state || (state == PENDING && before) ||
		(state == SILENCED && !before) || world->newest + 1 == SEQS)
		return;
	alert->state = state;
	alert->since = world->now;
	if (is_raised(alert) == before)
		return;
	world->newest++;
	world->changes[world->newest].alert = which;
	world->changes[world->newest].is_raised = !before;
	world->changes[world->newest].time = world->now;
}

static void
publish(struct world *world)
{
	struct buf text = {0};
	for (size_t i = 0; i < ALERTS; i++)
		buf_printf(&text, "alert a %zu %s %ld 1 2 info\n", i,
			words[world->alerts[i].state], world->alerts[i].since);
	uint64_t oldest = world->newest > KEPT ? world->newest - KEPT + 1 : 1;
	for (uint64_t seq = oldest; seq <= world->newest; seq++)
		buf_printf(&text, "change %" PRIu64 " %ld a %zu %s\n", seq,
			world->changes[seq].time, world->changes[seq].alert,
			world->changes[seq].is_raised ? "raised" : "cleared");
	view_free(world->view);
	world->view = areabox_view(text.data);
	buf_free(&text);
}

static bool
take(struct world *world)
{
	const struct snapshot *snapshot = world->view->snapshot;
	struct place before = world->agent->handed;
	struct change_told told;
	bool is_there = changes_next(world->agent, world->view, &told);
	const struct place *after = &world->agent->handed;
	for (size_t i = 0; i < snapshot->change_count; i++)
		world->seen[snapshot->changes[i].seq] = true;
	bool is_change = is_there && !after->is_sweeping;
	for (uint64_t seq = before.told + 1; seq <= after->told; seq++)
		if (!is_change || seq < after->told)
			world->swept[seq] = true;
	if (!before.is_known && after->is_known)
		world->first = is_change ? after->told - 1 : after->told;
	if (!is_there)
		return false;
	long key = strtol(told.key, NULL, 10);
	world->alerts[key].is_known_raised = told.is_raised;
	if (!is_change)
		return true;
	assert_int_equal(told.number, after->told);
	assert_int_equal(key, world->changes[told.number].alert);
	assert_int_equal(told.is_raised, world->changes[told.number].is_raised);
	world->told[told.number]++;
	return true;
}

/* Who has no file yet begins as if nothing had been told. */
static void
crash(struct world *world)
{
	changes_free(world->agent);
	world->agent = changesbox_open();
	if (!world->agent->handed.is_known)
		for (size_t i = 0; i < ALERTS; i++)
			world->alerts[i].is_known_raised = false;
}

/* A collector that has lost its memory. */
static void
restart(struct world *world)
{
	world->now++;
	world->newest = 0;
	for (size_t i = 0; i < ALERTS; i++) {
		world->alerts[i].state = CLEAR;
		world->alerts[i].since = world->now;
	}
	publish(world);
}

static void
turn(struct world *world)
{
	unsigned int what = draw(world, 100);
	if (what < 30)
		change_alert(world);
	else if (what < 32)
		for (int n = 0; n < 40; n++)
			change_alert(world);
	else if (what < 50)
		publish(world);
	else if (what < 80)
		take(world);
	else if (what < 90)
		changes_confirm(world->agent);
	else if (what < 96)
		changesbox_save(world->agent);
	else if (what < 98 && world->has_trouble)
		changes_again(world->agent);
	else if (what == 98 && world->has_trouble)
		crash(world);
	else if (what == 99 && world->has_restarts)
		restart(world);
}

static void
settle(struct world *world)
{
	publish(world);
	while (take(world))
		if (draw(world, 3) == 0)
			changes_confirm(world->agent);
	changes_confirm(world->agent);
	changesbox_save(world->agent);
}

static void
check_each_change(const struct world *world)
{
	uint64_t unseen = 0, swept = 0;
	for (uint64_t seq = world->first + 1; seq <= world->newest; seq++) {
		assert_true(world->told[seq] > 0 || world->swept[seq]);
		if (!world->has_trouble)
			assert_int_equal(
				world->told[seq] + world->swept[seq], 1);
		unseen += !world->seen[seq];
		swept += world->swept[seq];
	}
	if (world->has_trouble)
		return;
	assert_true(changes_dropped(world->agent) >= unseen);
	assert_true(changes_dropped(world->agent) <= swept);
}

static void
run(struct world *world)
{
	unlink("told");
	world->agent = changesbox_open();
	for (unsigned int n = draw(world, 12); n > 0; n--)
		change_alert(world);
	publish(world);
	for (int n = 0; n < TURNS; n++)
		turn(world);
	settle(world);
	for (size_t i = 0; i < ALERTS; i++)
		assert_int_equal(world->alerts[i].is_known_raised,
			is_raised(&world->alerts[i]));
	if (!world->has_restarts)
		check_each_change(world);
	assert_int_equal(world->agent->saved, world->newest);
	assert_false(take(world));
	/* and after a start with nothing new */
	crash(world);
	assert_false(take(world));
	changes_free(world->agent);
	view_free(world->view);
}

static void
whatever_happens_the_manager_knows_in_the_end(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < RUNS; n++) {
		struct world *world = mem_zalloc(1, sizeof(*world));
		world->seed = n;
		world->has_trouble = n % 2 != 0;
		world->has_restarts = n % 4 / 2 != 0;
		run(world);
		free(world);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(whatever_happens_the_manager_knows_in_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
