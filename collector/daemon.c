/* SPDX-License-Identifier: ISC */
/* daemon — see daemon.h. */
#include "collector/daemon.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "collector/check.h"
#include "collector/checkpoint.h"
#include "collector/follow.h"
#include "collector/record.h"
#include "collector/spool.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	REST_MS = 200, /* between one look at the inputs and the next */
	CHECK_MS = 1000,
	BLOCKS_A_TURN = 16,
	STEPS_MAX = 240,   /* in memory, before they are recorded */
	STEPS_HELD = 1440, /* the same while they cannot be */
	CHUNKS_A_TURN = 8, /* of record_steps(), before signals are looked at */
	BOOT_ID_MAX = 64
};

struct daemon {
	const struct config *config;
	const char *config_path;
	struct tally *tally;
	struct steps steps;
	struct unmatched *unmatched;
	char *unmatched_path;
	struct follow *follow;
	struct record *record;
	struct checkpoint checkpoint;
	struct loop *loop;
	int more_fd; /* readable while there is more to read */
	int rest_fd; /* readable when the rest is over */
	struct buf text;
	struct publish_input *inputs;
	char boot[BOOT_ID_MAX];
	int64_t started, written_us,
		measured; /* measured: minute of the spool */
	bool has_changed, is_resting;
	int64_t record_failed; /* Unix time of the last failure */
	struct log_repeat save_trouble, record_trouble;
	enum daemon_end end;
};

/* Writes the snapshot; written always grows, whatever the clock does. */
static int
publish(struct daemon *daemon, bool durable)
{
	int64_t now = clock_wall_us();
	daemon->written_us =
		now > daemon->written_us ? now : daemon->written_us + 1;
	follow_positions(daemon->follow, daemon->inputs);
	buf_clear(&daemon->text);
	publish_format(
		&(struct publish_state){
			.started = daemon->started,
			.written_us = daemon->written_us,
			.boot = daemon->boot,
			.rows = daemon->tally->rows,
			.steps = daemon->steps.items,
			.step_count = daemon->steps.count,
			.authority = daemon->tally->authority,
			.signs = daemon->tally->signs,
			.shares = daemon->tally->shares,
			.ledger = follow_ledger(daemon->follow),
			.inputs = daemon->inputs,
			.input_count = follow_input_count(daemon->follow),
		},
		&daemon->text);
	struct err err;
	int result = checkpoint_save(
		&daemon->checkpoint, &daemon->text, durable, &err);
	if (err.text[0] != '\0')
		log_repeated(
			&daemon->save_trouble, clock_monotonic_s(), err.text);
	if (durable && unmatched_save(daemon->unmatched, daemon->unmatched_path,
			       &err) != 0)
		log_repeated(
			&daemon->save_trouble, clock_monotonic_s(), err.text);
	daemon->has_changed = false;
	return result;
}

/* Closes what can be closed, and takes it into history.  now is Unix time, from
 * before the inputs were read: what was written by then is counted. */
static void
record_closed(struct daemon *daemon, int64_t now)
{
	steps_close(&daemon->steps, follow_closable(daemon->follow, now));
	struct err err;
	int left = daemon->steps.confirmed < daemon->steps.closed &&
		   daemon->record_failed != now;
	for (int i = 0; i < CHUNKS_A_TURN && left > 0; i++) {
		left = publish(daemon, true);
		if (left == 0)
			left = record_steps(
				daemon->record, &daemon->steps, now, &err);
		else
			err_set(&err, "history waits until a snapshot can be "
				      "written");
		daemon->has_changed = true;
	}
	if (left < 0) {
		log_repeated(
			&daemon->record_trouble, clock_monotonic_s(), err.text);
		daemon->record_failed = now;
		steps_fold(&daemon->steps, daemon->tally->rows, STEPS_HELD);
	}
	for (const char *note; (note = record_note(daemon->record)) != NULL;)
		log_warning("%s", note);
}

/* Reads for a while; asks to be called again if there is more. */
static void
read_some(void *arg)
{
	struct daemon *daemon = arg;
	uint64_t token;
	ssize_t ignored = read(daemon->more_fd, &token, sizeof(token));
	bool has_more = true;
	for (int i = 0; i < BLOCKS_A_TURN && has_more; i++) {
		int64_t now = clock_wall_us() / 1000000;
		has_more = follow_read(daemon->follow, now);
		daemon->has_changed |= has_more;
		if (daemon->steps.count > STEPS_MAX)
			record_closed(daemon, now);
	}
	token = 1;
	if (has_more)
		ignored = write(daemon->more_fd, &token, sizeof(token));
	(void)ignored;
}

static loop_callback on_event;

/* Events of the inputs are waited for, or not. */
static void
listen_to_inputs(struct daemon *daemon, bool is_wanted)
{
	for (size_t i = 0; i < follow_input_count(daemon->follow); i++) {
		int fd = follow_fd(daemon->follow, i);
		if (fd >= 0 && is_wanted)
			loop_add_fd(daemon->loop, fd, on_event, daemon);
		else if (fd >= 0)
			loop_remove_fd(daemon->loop, fd);
	}
}

static void
look_and_read(struct daemon *daemon)
{
	follow_drain(daemon->follow);
	follow_check(daemon->follow, clock_wall_us() / 1000000);
	read_some(daemon);
}

/* Publishes, and lets events be for a while: however many lines a second come,
 * there are five such turns. */
static void
publish_and_rest(struct daemon *daemon)
{
	const struct itimerspec rest = {
		.it_value = {.tv_nsec = REST_MS * 1000000L}};
	publish(daemon, false);
	timerfd_settime(daemon->rest_fd, 0, &rest, NULL);
	if (!daemon->is_resting)
		listen_to_inputs(daemon, false);
	daemon->is_resting = true;
}

static void
on_event(void *arg)
{
	struct daemon *daemon = arg;
	look_and_read(daemon);
	publish_and_rest(daemon);
}

static void
on_rested(void *arg)
{
	struct daemon *daemon = arg;
	uint64_t times;
	ssize_t ignored = read(daemon->rest_fd, &times, sizeof(times));
	(void)ignored;
	look_and_read(daemon);
	if (daemon->has_changed) {
		publish_and_rest(daemon);
		return;
	}
	daemon->is_resting = false;
	listen_to_inputs(daemon, true);
}

static void
on_check(void *arg)
{
	struct daemon *daemon = arg;
	int64_t now = clock_wall_us() / 1000000;
	look_and_read(daemon);
	if (now / ROWS_STEP_S != daemon->measured) {
		spool_measure(daemon->config->queue_dir, daemon->tally->rows);
		daemon->measured = now / ROWS_STEP_S;
	}
	record_closed(daemon, now);
	daemon->has_changed = true; /* the write is the heartbeat */
	if (!daemon->is_resting)
		publish_and_rest(daemon);
}

static void
on_publish(void *arg)
{
	publish(arg, true);
}

static void
on_stop(void *arg)
{
	struct daemon *daemon = arg;
	daemon->end = DAEMON_STOPPED;
	loop_stop(daemon->loop);
}

/* Would a start with the new configuration go well? */
static int
try_configuration(const char *path, struct err *err)
{
	if (check_configuration(path, NULL, err) != 0)
		return -1;
	struct config *config = config_load(path, err);
	int result = config != NULL ? checkpoint_make_folders(config, err) : -1;
	config_free(config);
	return result;
}

static void
on_reload(void *arg)
{
	struct daemon *daemon = arg;
	struct err err;
	if (try_configuration(daemon->config_path, &err) != 0) {
		log_error("reload refused, the old rules go on: %s", err.text);
		return;
	}
	daemon->end = DAEMON_RELOAD;
	loop_stop(daemon->loop);
}

static void
read_boot_id(struct daemon *daemon)
{
	struct buf text = {0};
	struct err err;
	strcpy(daemon->boot, "-");
	if (file_read("/proc/sys/kernel/random/boot_id", BOOT_ID_MAX - 1, &text,
		    &err) == 0 &&
		text.len > 1)
		memcpy(daemon->boot, text.data, text.len - 1);
	buf_free(&text);
}

/* Goes on where the last snapshot stands. */
static int
restore(struct daemon *daemon, const struct snapshot *snapshot, struct err *err)
{
	daemon->started = clock_wall_us() / 1000000;
	if (snapshot == NULL)
		return 0;
	struct publish_target target = {
		.rows = daemon->tally->rows,
		.authority = daemon->tally->authority,
		.signs = daemon->tally->signs,
		.shares = daemon->tally->shares,
	};
	int result = publish_restore(snapshot, &target, err);
	if (result == 0) {
		steps_restore(&daemon->steps, target.steps, target.step_count);
		daemon->started = snapshot->started;
		daemon->written_us = snapshot->written_us;
	}
	free(target.steps);
	return result;
}

static int
start(struct daemon *daemon, struct err *err)
{
	const struct config *config = daemon->config;
	if (checkpoint_open(&daemon->checkpoint, config, err) != 0)
		return -1;
	daemon->tally = tally_new(config, config->rules_dir, err);
	if (daemon->tally == NULL ||
		rules_compile(daemon->tally->rules, err) != 0)
		return -1;
	struct snapshot *snapshot = checkpoint_load(&daemon->checkpoint);
	int result = restore(daemon, snapshot, err);
	tally_add_own(daemon->tally, config);
	struct buf path = {0};
	buf_printf(&path, "%s/unmatched", config->state_dir);
	daemon->unmatched_path = path.data;
	daemon->unmatched = unmatched_new();
	unmatched_load(daemon->unmatched, daemon->unmatched_path);
	daemon->follow =
		follow_new(&(struct follow_parts){config, daemon->tally,
				   &daemon->steps, daemon->unmatched},
			snapshot);
	snapshot_free(snapshot);
	daemon->inputs =
		mem_zalloc(config->input_count, sizeof(*daemon->inputs));
	read_boot_id(daemon);
	daemon->more_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	daemon->rest_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (result != 0)
		return -1;
	daemon->record = record_new(config, daemon->tally->rows, err);
	daemon->loop = loop_new(err);
	return daemon->record != NULL && daemon->loop != NULL ? 0 : -1;
}

static void
watch(struct daemon *daemon)
{
	listen_to_inputs(daemon, true);
	loop_add_fd(daemon->loop, daemon->more_fd, read_some, daemon);
	loop_add_fd(daemon->loop, daemon->rest_fd, on_rested, daemon);
	loop_add_timer(daemon->loop, CHECK_MS, on_check, daemon);
	loop_signal(daemon->loop, SIGTERM, on_stop, daemon);
	loop_signal(daemon->loop, SIGINT, on_stop, daemon);
	loop_signal(daemon->loop, SIGHUP, on_reload, daemon);
	loop_signal(daemon->loop, SIGUSR1, on_publish, daemon);
}

static void
stop(struct daemon *daemon)
{
	loop_free(daemon->loop);
	record_free(daemon->record);
	follow_free(daemon->follow);
	unmatched_free(daemon->unmatched);
	steps_free(&daemon->steps);
	tally_free(daemon->tally);
	if (daemon->checkpoint.run_path != NULL)
		checkpoint_close(&daemon->checkpoint);
	if (daemon->more_fd >= 0)
		close(daemon->more_fd);
	if (daemon->rest_fd >= 0)
		close(daemon->rest_fd);
	free(daemon->unmatched_path);
	free(daemon->inputs);
	buf_free(&daemon->text);
}

enum daemon_end
daemon_run(const struct config *config, const char *config_path)
{
	struct daemon daemon = {
		.config = config,
		.config_path = config_path,
		.checkpoint = {.lock_fd = -1},
		.more_fd = -1,
		.rest_fd = -1,
		.end = DAEMON_FAILED,
	};
	struct err err;
	if (start(&daemon, &err) != 0) {
		log_error("%s", err.text);
	} else {
		watch(&daemon);
		log_info("collecting from %zu inputs, %zu counters",
			config->input_count, daemon.tally->catalogue.count);
		on_check(&daemon);
		loop_run(daemon.loop);
		publish(&daemon, true);
		log_info("stopped; all is published");
	}
	enum daemon_end end = daemon.end;
	stop(&daemon);
	return end;
}
