/* SPDX-License-Identifier: ISC */
/* health — see health.h. */
#include "agent/health.h"

#include "agent/cell.h"

enum { STATE_RUNNING = 1, STATE_STALE, STATE_MISSING };

enum { US_PER_S = 1000000 };

/* Whole seconds since a Unix time; none where the clock was set back. */
static uint64_t
age_s(const struct moment *moment, int64_t time_us)
{
	int64_t age = (moment->now_us - time_us) / US_PER_S;
	return age > 0 ? (uint64_t)age : 0;
}

/* A clock that was set back must not make an old snapshot young. */
static uint64_t
snapshot_age_s(const struct moment *moment)
{
	uint64_t age = age_s(moment, moment->view->snapshot->written_us);
	uint64_t held = (uint64_t)(moment->held_us / US_PER_S);
	return age > held ? age : held;
}

static bool
collector_state(const struct moment *moment, struct value *value)
{
	if (moment->view == NULL)
		return cell_integer(value, STATE_MISSING);
	return cell_integer(value, snapshot_age_s(moment) > HEALTH_STALE_S
					   ? STATE_STALE
					   : STATE_RUNNING);
}

static bool
snapshot_age(const struct moment *moment, struct value *value)
{
	return cell_gauge(value, snapshot_age_s(moment));
}

static bool
snapshot_time(const struct moment *moment, struct value *value)
{
	return cell_date(
		value, (time_t)(moment->view->snapshot->written_us / US_PER_S));
}

static bool
counting_since(const struct moment *moment, struct value *value)
{
	return cell_date(value, moment->view->snapshot->started);
}

static bool
discontinuity(const struct moment *moment, struct value *value)
{
	return cell_ticks(value, moment->counting_since);
}

static bool
last_line_time(const struct moment *moment, struct value *value)
{
	time_t last = moment->view->snapshot->ledger;
	return last > 0 && cell_date(value, last);
}

static bool
last_line_age(const struct moment *moment, struct value *value)
{
	time_t last = moment->view->snapshot->ledger;
	return last > 0 &&
	       cell_gauge(value, age_s(moment, (int64_t)last * US_PER_S));
}

static bool
lag(const struct moment *moment, struct value *value)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < moment->view->input_count; i++)
		sum += moment->view->inputs[i].lag;
	return cell_gauge(value, sum);
}

static bool
inputs(const struct moment *moment, struct value *value)
{
	return cell_gauge(value, moment->view->input_count);
}

static bool
version(const struct moment *moment, struct value *value)
{
	(void)moment;
	return cell_text(value, VERSION);
}

static bool
refused(const struct moment *moment, struct value *value)
{
	return cell_counter32(value, moment->health.refused);
}

static bool
sent(const struct moment *moment, struct value *value)
{
	return cell_counter32(value, moment->health.sent);
}

static bool
dropped(const struct moment *moment, struct value *value)
{
	return cell_counter32(value, moment->health.dropped);
}

static bool
row_count(
	const struct moment *moment, enum view_scope scope, struct value *value)
{
	const size_t *scopes = moment->view->scopes;
	return cell_gauge(value, scopes[scope + 1] - scopes[scope]);
}

static bool
source_rows(const struct moment *moment, struct value *value)
{
	return row_count(moment, VIEW_SOURCE, value);
}

static bool
host_rows(const struct moment *moment, struct value *value)
{
	return row_count(moment, VIEW_HOST, value);
}

static bool
domain_rows(const struct moment *moment, struct value *value)
{
	return row_count(moment, VIEW_DOMAIN, value);
}

/* By arc. */
static const struct {
	bool (*show)(const struct moment *moment, struct value *value);
	bool is_always; /* without a snapshot, too */
} objects[] = {
	[1] = {collector_state, true},
	[2] = {snapshot_age, false},
	[3] = {snapshot_time, false},
	[4] = {counting_since, false},
	[5] = {discontinuity, false},
	[6] = {last_line_time, false},
	[7] = {last_line_age, false},
	[8] = {lag, false},
	[9] = {inputs, false},
	[10] = {version, true},
	[11] = {refused, true},
	[12] = {sent, true},
	[13] = {dropped, true},
	[14] = {source_rows, false},
	[15] = {host_rows, false},
	[16] = {domain_rows, false},
};
static const uint32_t arcs[] = {
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static bool
cell(const struct moment *moment, uint32_t column, size_t row,
	struct value *value)
{
	(void)row;
	return (objects[column].is_always || moment->view != NULL) &&
	       objects[column].show(moment, value);
}

const struct area health_area = {
	.prefix = {1, 4},
	.prefix_len = 2,
	.index_len = 1,
	.arcs = arcs,
	.arc_count = sizeof(arcs) / sizeof(arcs[0]),
	.rows = cell_one_row,
	.index = cell_row_zero,
	.cell = cell,
};
