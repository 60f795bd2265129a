/* SPDX-License-Identifier: ISC */
/* publish — see publish.h. */
#include "collector/publish.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/steps.h"
#include "lib/mem.h"

static void
format_head(const struct publish_state *state, struct buf *buf)
{
	buf_printf(buf,
		"mailtally-snapshot 1\nstarted %" PRId64 "\nwritten %" PRId64
		".%06" PRId64 "\nboot %s\n",
		state->started, state->written_us / 1000000,
		state->written_us % 1000000, state->boot);
	const struct catalogue *catalogue = state->rows->catalogue;
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogue_counter *c = &catalogue->counters[i];
		const char *const words[] = {c->name, c->unit, c->meaning};
		buf_adds(buf, "counter ");
		buf_addu(buf, c->number);
		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
			buf_addc(buf, ' ');
			buf_adds(buf, words[w]);
		}
		buf_addc(buf, '\n');
	}
}

static void
format_input(const struct publish_input *input, struct buf *buf)
{
	for (size_t i = 0; i < input->position_count; i++) {
		const struct tail_position *p = &input->positions[i];
		buf_adds(buf, "input ");
		snapshot_escape(buf, input->path);
		buf_printf(buf,
			" %ju %ju %" PRIu64 " %016" PRIx64 " %" PRIu64
			" %" PRIu64 " %" PRIu64 "\n",
			(uintmax_t)p->dev, (uintmax_t)p->ino, p->offset,
			p->hash, p->replay, input->lag, input->rotations);
	}
}

static void
format_pair(struct buf *buf, uint32_t number, const char *sign, uint64_t value)
{
	buf_addc(buf, ' ');
	buf_addu(buf, number);
	buf_adds(buf, sign);
	buf_addu(buf, value);
}

static void
format_row(const struct rows *rows, const struct row *row, struct buf *buf)
{
	buf_printf(buf, "row %s %u ", rows_kind_names[row->kind], row->index);
	snapshot_escape(buf, row->key);
	for (size_t i = 0; i < rows->catalogue->count; i++) {
		const struct catalogue_counter *c =
			&rows->catalogue->counters[i];
		bool is_shown = c->is_gauge && row == rows->total
					? row->base[i] != ROWS_GAUGE_UNKNOWN
					: row->base[i] != 0;
		if (is_shown)
			format_pair(buf, c->number, "=", row->base[i]);
	}
	buf_addc(buf, '\n');
}

static void
format_step(const struct rows *rows, const struct step *step, struct buf *buf)
{
	for (size_t r = 0; r < rows->count; r++) {
		const struct row *row = rows->items[r];
		const uint64_t *added = r < step->size ? step->added[r] : NULL;
		if (added == NULL && row != rows->total)
			continue;
		buf_printf(buf, "step %" PRId64 " %s %u", step->end,
			rows_kind_names[row->kind], row->index);
		for (size_t i = 0; added != NULL && i < rows->catalogue->count;
			i++)
			if (added[i] != 0)
				format_pair(buf,
					rows->catalogue->counters[i].number,
					"=+", added[i]);
		buf_addc(buf, '\n');
	}
}

struct spoke_arg {
	const struct rows *rows;
	struct buf *buf;
};

static void
format_spoke(const struct authority_spoke *spoke, void *arg)
{
	const struct spoke_arg *to = arg;
	const char *host = "";
	for (size_t r = 0; r < to->rows->count; r++)
		if (to->rows->items[r]->kind == ROWS_HOST &&
			to->rows->items[r]->index == spoke->host)
			host = to->rows->items[r]->key;
	buf_adds(to->buf, "spoke ");
	snapshot_escape(to->buf, host);
	buf_printf(to->buf, " %s %s %" PRId64 "\n",
		authority_methods[spoke->method], spoke->source, spoke->time);
}

static void
format_signs(const char *domain, int64_t time, void *arg)
{
	struct buf *buf = arg;
	buf_adds(buf, "signs ");
	snapshot_escape(buf, domain);
	buf_printf(buf, " %" PRId64 "\n", time);
}

static void
format_shares(const struct publish_state *state, struct buf *buf)
{
	static const int windows[] = {300, SHARES_WINDOW_MAX};
	int64_t until = steps_end_of(state->ledger);
	for (int s = 0; s < SHARES; s++)
		for (size_t w = 0; w < sizeof(windows) / sizeof(*windows);
			w++) {
			double value = shares_value(
				state->shares, s, windows[w], until);
			if (value >= 0)
				buf_printf(buf, "share %s total %d %.4f\n",
					shares_names[s], windows[w], value);
		}
}

static void
format_ledger(const struct publish_state *state, struct buf *buf)
{
	if (state->ledger > 0)
		buf_printf(buf, "ledger %" PRId64 "\n", state->ledger);
	for (int s = 0; s < SHARES; s++)
		if (shares_success(state->shares, s) > 0)
			buf_printf(buf, "success %s %" PRId64 "\n",
				shares_methods[s],
				shares_success(state->shares, s));
	signs_each(state->signs, format_signs, buf);
	for (size_t r = 0; r < state->rows->count; r++) {
		const struct row *row = state->rows->items[r];
		if (row->signing_since == 0)
			continue;
		buf_adds(buf, "signing ");
		snapshot_escape(buf, row->key);
		buf_printf(buf, " %" PRId64 "\n", row->signing_since);
	}
	format_shares(state, buf);
}

void
publish_format(const struct publish_state *state, struct buf *buf)
{
	size_t start = buf->len;
	format_head(state, buf);
	for (size_t i = 0; i < state->input_count; i++)
		format_input(&state->inputs[i], buf);
	for (size_t i = 0; i < state->rows->count; i++)
		format_row(state->rows, state->rows->items[i], buf);
	for (size_t i = 0; i < state->step_count; i++)
		format_step(state->rows, state->steps[i], buf);
	authority_each(state->authority, format_spoke,
		&(struct spoke_arg){state->rows, buf});
	if (state->shares != NULL)
		format_ledger(state, buf);
	size_t lines = 0;
	for (const char *p = buf->data + start; (p = strchr(p, '\n')) != NULL;
		p++)
		lines++;
	buf_printf(buf, "end %zu\n", lines - 1);
}

static int
kind_of(const char *name)
{
	for (int kind = 0; kind < ROWS_KINDS; kind++)
		if (strcmp(rows_kind_names[kind], name) == 0)
			return kind;
	return -1;
}

static void
take_values(uint64_t *vector, const struct catalogue *catalogue,
	const struct snapshot_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int counter =
			catalogue_find_number(catalogue, values[i].number);
		if (counter >= 0)
			vector[counter] = values[i].value;
	}
}

static int
restore_row(const struct snapshot_row *from, struct rows *rows, struct err *err)
{
	int kind = kind_of(from->kind);
	struct slice key = {from->key, strlen(from->key)};
	struct row *row = kind < 0 ? NULL
				   : rows_restore(rows, (enum rows_kind)kind,
					     from->index, key);
	if (row == NULL)
		return err_set(err, "row %s %u '%s' cannot be taken back",
			from->kind, from->index, from->key);
	take_values(row->base, rows->catalogue, from->values, from->count);
	return 0;
}

static struct row *
row_of_step(const struct rows *rows, const struct snapshot_step *step)
{
	int kind = kind_of(step->kind);
	for (size_t i = 0; i < rows->count; i++)
		if ((int)rows->items[i]->kind == kind &&
			rows->items[i]->index == step->index)
			return rows->items[i];
	return NULL;
}

static void
restore_step(const struct snapshot_step *from, struct publish_target *target)
{
	struct step *last = target->step_count > 0
				    ? target->steps[target->step_count - 1]
				    : NULL;
	if (last == NULL || last->end != from->time) {
		last = step_new(from->time);
		target->steps[target->step_count++] = last;
	}
	const struct row *row = row_of_step(target->rows, from);
	if (row != NULL && from->count > 0)
		take_values(step_vector(last, target->rows, row),
			target->rows->catalogue, from->values, from->count);
}

/* A domain that we sign for is our own, and a host that signed does sign, as it
 * was when it was counted. */
static void
mark_signing(struct publish_target *target, struct row *row)
{
	const struct catalogue *catalogue = target->rows->catalogue;
	for (size_t i = 0; i < catalogue->count; i++) {
		if (!catalogue_is_signing(&catalogue->counters[i]))
			continue;
		uint64_t value = row->base[i];
		for (size_t s = 0; s < target->step_count; s++) {
			const struct step *step = target->steps[s];
			if (row->number < step->size &&
				step->added[row->number] != NULL)
				value += step->added[row->number][i];
		}
		if (value > 0 && row->kind == ROWS_DOMAIN)
			rows_mark_own(target->rows, row);
		else if (value > 0 && strcmp(catalogue->counters[i].name,
					      "dkim.signed") == 0)
			row->signing_since = 1; /* long ago */
	}
}

int
publish_restore(const struct snapshot *snapshot, struct publish_target *target,
	struct err *err)
{
	for (size_t i = 0; i < snapshot->row_count; i++)
		if (restore_row(&snapshot->rows[i], target->rows, err) != 0)
			return -1;
	target->steps =
		mem_zalloc(snapshot->step_count, sizeof(*target->steps));
	for (size_t i = 0; i < snapshot->step_count; i++)
		restore_step(&snapshot->steps[i], target);
	for (size_t r = 0; r < target->rows->count; r++)
		if (target->rows->items[r]->kind == ROWS_DOMAIN ||
			target->rows->items[r]->kind == ROWS_HOST)
			mark_signing(target, target->rows->items[r]);
	for (size_t i = 0; i < snapshot->signs_count; i++)
		signs_learn(target->signs, slice_of(snapshot->signs[i].domain),
			snapshot->signs[i].time);
	for (size_t i = 0; i < snapshot->signing_count; i++) {
		struct row *host = rows_find(target->rows, ROWS_HOST,
			slice_of(snapshot->signing[i].host));
		if (host != NULL)
			host->signing_since = snapshot->signing[i].time;
	}
	for (size_t i = 0; i < snapshot->success_count; i++)
		shares_restore(target->shares, snapshot->successes[i].method,
			snapshot->successes[i].time);
	for (size_t i = 0; i < snapshot->spoke_count; i++) {
		const struct snapshot_spoke *spoke = &snapshot->spokes[i];
		const struct row *host = rows_find(
			target->rows, ROWS_HOST, slice_of(spoke->host));
		authority_restore(target->authority,
			&(struct authority_spoke){
				.host = host != NULL ? host->index : 0,
				.method = authority_method_find(spoke->method),
				.source = spoke->source,
				.time = spoke->time,
			});
	}
	return 0;
}
