/* SPDX-License-Identifier: ISC */
/* snapshot_lines — see snapshot_lines.h. */
#include "lib/snapshot_lines.h"

#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/snapshot_facts.h"

/* The rest of the line: NUMBER=VALUE or NUMBER=+N, ascending. */
static int
take_values(struct snapshot_parser *parser, const char *equals, size_t *count)
{
	struct fields *fields = &parser->fields;
	struct snapshot_whole *whole = parser->whole;
	struct snapshot_value *first = &whole->values[whole->value_count];
	size_t n = 0;
	while (fields->rest != NULL) {
		const char *word = strsep(&fields->rest, " ");
		const char *at = word;
		uint64_t number, value;
		bool is_good = fields_digits(&at, UINT32_MAX, &number) &&
			       strncmp(at, equals, strlen(equals)) == 0;
		at += is_good ? strlen(equals) : 0;
		if (!is_good || !fields_digits(&at, UINT64_MAX, &value) ||
			*at != '\0')
			return fields_fail(fields,
				"value '%.60s' is not NUMBER%sN", word, equals);
		if (n > 0 && number <= first[n - 1].number)
			return fields_fail(fields,
				"value of %" PRIu64 " stands behind that of "
				"%" PRIu32,
				number, first[n - 1].number);
		first[n++] = (struct snapshot_value){(uint32_t)number, value};
	}
	whole->value_count += n;
	*count = n;
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct snapshot_counter *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

int
snapshot_by_name(const void *a, const void *b)
{
	const struct snapshot_counter *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static int
by_index(const void *a, const void *b)
{
	const struct snapshot_row *x = a, *y = b;
	if (x->index != y->index)
		return x->index > y->index ? 1 : -1;
	return strcmp(x->kind, y->kind);
}

int
snapshot_by_key(const void *a, const void *b)
{
	const struct snapshot_row *x = a, *y = b;
	int order = strcmp(x->key, y->key);
	return order != 0 ? order : strcmp(x->kind, y->kind);
}

/* False when the tree has its like already. */
static bool
tree_add(
	void **tree, const void *item, int (*order)(const void *, const void *))
{
	const void *const *node = tsearch(item, tree, order);
	return node != NULL && *node == item;
}

static int
parse_started(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	return fields_time(fields, &parser->whole->snapshot.started);
}

static int
parse_written(struct snapshot_parser *parser)
{
	return fields_time_us(
		&parser->fields, &parser->whole->snapshot.written_us);
}

static int
parse_boot(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	return fields_word(fields, "boot id", &parser->whole->snapshot.boot);
}

static int
parse_counter(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot_whole *whole = parser->whole;
	struct snapshot *all = &whole->snapshot;
	struct snapshot_counter *counter = &all->counters[all->counter_count++];
	if (fields_u32(fields, "number", &counter->number) != 0 ||
		fields_word(fields, "name", &counter->name) != 0 ||
		fields_word(fields, "unit", &counter->unit) != 0)
		return -1;
	counter->meaning = fields->rest != NULL ? fields->rest : "";
	fields->rest = NULL;
	if (!tree_add(&whole->counters_by_number, counter, by_number))
		return fields_fail(fields, "counter %" PRIu32 " stands twice",
			counter->number);
	if (!tree_add(&whole->counters_by_name, counter, snapshot_by_name))
		return fields_fail(
			fields, "counter %.64s stands twice", counter->name);
	return 0;
}

static int
parse_input(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot *all = &parser->whole->snapshot;
	struct snapshot_input *input = &all->inputs[all->input_count++];
	uint64_t dev, ino;
	const char *hash;
	if (fields_text(fields, "path", &input->path) != 0 ||
		fields_number(fields, "device", UINT64_MAX, &dev) != 0 ||
		fields_number(fields, "inode", UINT64_MAX, &ino) != 0 ||
		fields_number(fields, "offset", UINT64_MAX, &input->offset) !=
			0 ||
		fields_word(fields, "hash", &hash) != 0)
		return -1;
	if (strlen(hash) != 16 || strspn(hash, "0123456789abcdefABCDEF") != 16)
		return fields_fail(
			fields, "hash '%.40s' is not 16 hex digits", hash);
	input->dev = (dev_t)dev;
	input->ino = (ino_t)ino;
	input->hash = strtoull(hash, NULL, 16);
	if (fields_number(fields, "replay", input->offset, &input->replay) !=
			0 ||
		fields_number(fields, "lag", UINT64_MAX, &input->lag) != 0)
		return -1;
	return fields_number(
		fields, "rotations", UINT64_MAX, &input->rotations);
}

static int
parse_row(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot_whole *whole = parser->whole;
	struct snapshot *all = &whole->snapshot;
	struct snapshot_row *row = &all->rows[all->row_count++];
	if (fields_word(fields, "kind", &row->kind) != 0 ||
		fields_u32(fields, "index", &row->index) != 0 ||
		fields_text(fields, "key", &row->key) != 0)
		return -1;
	row->values = &whole->values[whole->value_count];
	if (!tree_add(&whole->rows_by_index, row, by_index))
		return fields_fail(fields, "row %.40s %" PRIu32 " stands twice",
			row->kind, row->index);
	if (!tree_add(&whole->rows_by_key, row, snapshot_by_key))
		return fields_fail(fields, "row %.40s '%.80s' stands twice",
			row->kind, row->key);
	return take_values(parser, "=", &row->count);
}

static int
parse_step(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	struct snapshot_whole *whole = parser->whole;
	struct snapshot *all = &whole->snapshot;
	struct snapshot_step *step = &all->steps[all->step_count];
	if (fields_time(fields, &step->time) != 0 ||
		fields_word(fields, "kind", &step->kind) != 0 ||
		fields_u32(fields, "index", &step->index) != 0)
		return -1;
	if (all->step_count > 0 && step->time < step[-1].time)
		return fields_fail(fields, "step %jd stands behind step %jd",
			(intmax_t)step->time, (intmax_t)step[-1].time);
	struct snapshot_row like = {.kind = step->kind, .index = step->index};
	const struct snapshot_row *const *node =
		tfind(&like, &whole->rows_by_index, by_index);
	if (node == NULL)
		return fields_fail(fields, "no row %.40s %" PRIu32, step->kind,
			step->index);
	struct snapshot_chain *chain = &whole->chains[*node - all->rows];
	if (chain->last != NULL && chain->last->time == step->time)
		return fields_fail(fields,
			"step %jd of row %.40s %" PRIu32 " stands twice",
			(intmax_t)step->time, step->kind, step->index);
	if (chain->last == NULL)
		chain->first = step;
	else
		whole->next[chain->last - all->steps] = step;
	chain->last = step;
	all->step_count++;
	step->values = &whole->values[whole->value_count];
	return take_values(parser, "=+", &step->count);
}

static int
parse_end(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	uint64_t count;
	if (fields_number(fields, "count", UINT64_MAX, &count) != 0)
		return -1;
	if (count != fields->line - 2)
		return fields_fail(fields,
			"damaged: %" PRIu64 " lines announced, %zu there",
			count, fields->line - 2);
	return 0;
}

static const struct {
	const char *word;
	int (*parse)(struct snapshot_parser *);
	bool is_single;
} kinds[SNAPSHOT_KINDS] = {
	[SNAPSHOT_STARTED] = {"started", .parse = parse_started,
		.is_single = true},
	[SNAPSHOT_WRITTEN] = {"written", .parse = parse_written,
		.is_single = true},
	[SNAPSHOT_BOOT] = {"boot", .parse = parse_boot, .is_single = true},
	[SNAPSHOT_COUNTER] = {"counter", .parse = parse_counter},
	[SNAPSHOT_INPUT] = {"input", .parse = parse_input},
	[SNAPSHOT_ROW] = {"row", .parse = parse_row},
	[SNAPSHOT_STEP] = {"step", .parse = parse_step},
	[SNAPSHOT_SPOKE] = {"spoke", .parse = snapshot_parse_spoke},
	[SNAPSHOT_LEDGER] = {"ledger", .parse = snapshot_parse_ledger},
	[SNAPSHOT_SUCCESS] = {"success", .parse = snapshot_parse_success},
	[SNAPSHOT_SIGNS] = {"signs", .parse = snapshot_parse_signs},
	[SNAPSHOT_SIGNING] = {"signing", .parse = snapshot_parse_signing},
	[SNAPSHOT_SHARE] = {"share", .parse = snapshot_parse_share},
	[SNAPSHOT_ALERT] = {"alert", .parse = snapshot_parse_alert},
	[SNAPSHOT_CHANGE] = {"change", .parse = snapshot_parse_change},
	[SNAPSHOT_END] = {"end", .parse = parse_end, .is_single = true},
};

/* Of a line or its first word. */
int
snapshot_kind_of(const char *line)
{
	size_t len = strcspn(line, " \n");
	int kind = 0;
	while (kind < SNAPSHOT_KINDS &&
		(strlen(kinds[kind].word) != len ||
			memcmp(kinds[kind].word, line, len) != 0))
		kind++;
	return kind;
}

int
snapshot_parse_line(struct snapshot_parser *parser)
{
	struct fields *fields = &parser->fields;
	const char *word;
	if (fields_word(fields, "kind of line", &word) != 0)
		return -1;
	int kind = snapshot_kind_of(word);
	if (kind == SNAPSHOT_KINDS)
		return 0;
	if (kind < parser->kind ||
		(kind == parser->kind && kinds[kind].is_single))
		return fields_fail(fields, "'%s' stands behind '%s'", word,
			kinds[parser->kind].word);
	for (int before = parser->kind + 1; before < kind; before++)
		if (kinds[before].is_single)
			return fields_fail(fields,
				"'%s' is missing before '%s'",
				kinds[before].word, word);
	parser->kind = kind;
	return kinds[kind].parse(parser) != 0 ? -1 : fields_end(fields);
}
