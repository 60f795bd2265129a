/* SPDX-License-Identifier: ISC */
/*
 * snapshot — see snapshot.h.
 *
 * Two passes over one private copy of the text: the first counts the lines of
 * each kind, so that the arrays never move and trees may point into them; the
 * second cuts the copy into strings where it stands (snapshot_lines.c).
 */
#include "lib/snapshot.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fields.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "lib/snapshot_lines.h"

/* The first pass: room for all that the second will find. */
static void
make_room(struct snapshot_whole *whole, size_t len)
{
	size_t counts[SNAPSHOT_KINDS + 1] = {0}, values = 0;
	const char *end = whole->text + len;
	for (const char *at = whole->text; at < end;) {
		counts[snapshot_kind_of(at)]++;
		const char *next = memchr(at, '\n', (size_t)(end - at));
		next = next != NULL ? next + 1 : end;
		while ((at = memchr(at, '=', (size_t)(next - at))) != NULL) {
			values++;
			at++;
		}
		at = next;
	}
	struct snapshot *all = &whole->snapshot;
	all->counters =
		mem_zalloc(counts[SNAPSHOT_COUNTER], sizeof(*all->counters));
	all->inputs = mem_zalloc(counts[SNAPSHOT_INPUT], sizeof(*all->inputs));
	all->rows = mem_zalloc(counts[SNAPSHOT_ROW], sizeof(*all->rows));
	all->steps = mem_zalloc(counts[SNAPSHOT_STEP], sizeof(*all->steps));
	all->spokes = mem_zalloc(counts[SNAPSHOT_SPOKE], sizeof(*all->spokes));
	all->successes =
		mem_zalloc(counts[SNAPSHOT_SUCCESS], sizeof(*all->successes));
	all->signs = mem_zalloc(counts[SNAPSHOT_SIGNS], sizeof(*all->signs));
	all->signing =
		mem_zalloc(counts[SNAPSHOT_SIGNING], sizeof(*all->signing));
	all->shares = mem_zalloc(counts[SNAPSHOT_SHARE], sizeof(*all->shares));
	all->alerts = mem_zalloc(counts[SNAPSHOT_ALERT], sizeof(*all->alerts));
	all->changes =
		mem_zalloc(counts[SNAPSHOT_CHANGE], sizeof(*all->changes));
	whole->values = mem_zalloc(values, sizeof(*whole->values));
	whole->chains =
		mem_zalloc(counts[SNAPSHOT_ROW], sizeof(*whole->chains));
	whole->next = mem_zalloc(
		counts[SNAPSHOT_STEP], sizeof(struct snapshot_step *));
}

static int
parse_lines(struct snapshot_parser *parser, char *text)
{
	struct fields *fields = &parser->fields;
	fields->line = 1;
	fields->rest = strsep(&text, "\n");
	const char *word = strsep(&fields->rest, " ");
	if (strcmp(word, "mailtally-snapshot") != 0)
		return fields_fail(fields, "not a snapshot");
	if (fields->rest == NULL || strcmp(fields->rest, "1") != 0)
		return fields_fail(fields,
			"version '%.40s' of the format is not known",
			fields->rest != NULL ? fields->rest : "");
	while (*text != '\0') {
		fields->line++;
		if (parser->kind == SNAPSHOT_END)
			return fields_fail(fields, "bytes behind 'end'");
		fields->rest = strsep(&text, "\n");
		if (snapshot_parse_line(parser) != 0)
			return -1;
	}
	fields->line++;
	return parser->kind == SNAPSHOT_END ? 0
					    : fields_fail(fields, "cut short");
}

/* What must hold before the text can be cut into lines and strings. */
static int
check_bytes(struct fields *fields, const char *text, size_t len)
{
	const char *nul = memchr(text, '\0', len);
	const char *end = nul != NULL ? nul : text + len;
	if (nul == NULL && len > 0 && end[-1] == '\n')
		return 0;
	fields->line = 1;
	for (const char *c = text; c < end; c++)
		fields->line += *c == '\n';
	return fields_fail(
		fields, nul != NULL ? "damaged: a NUL byte" : "cut short");
}

/* Takes text over, which has a '\0' behind its len bytes. */
static struct snapshot *
parse(char *text, size_t len, const char *name, struct err *err)
{
	struct snapshot_whole *whole = mem_zalloc(1, sizeof(*whole));
	whole->text = text;
	struct snapshot_parser parser = {
		.whole = whole,
		.fields = {.name = name, .err = err},
		.kind = -1,
	};
	if (check_bytes(&parser.fields, text, len) == 0) {
		make_room(whole, len);
		if (parse_lines(&parser, text) == 0)
			return &whole->snapshot;
	}
	snapshot_free(&whole->snapshot);
	return NULL;
}

struct snapshot *
snapshot_parse(const char *text, size_t len, const char *name, struct err *err)
{
	struct buf copy = {0};
	buf_add(&copy, text, len);
	return parse(copy.data, len, name, err);
}

struct snapshot *
snapshot_read(const char *path, struct err *err)
{
	struct buf text = {0};
	if (file_read(path, SNAPSHOT_SIZE_MAX, &text, err) != 0)
		return NULL;
	return parse(text.data, text.len, path, err);
}

static void
keep(void *item)
{
	(void)item; /* the trees only point into arrays */
}

void
snapshot_free(struct snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	struct snapshot_whole *whole = (struct snapshot_whole *)snapshot;
	tdestroy(whole->counters_by_number, keep);
	tdestroy(whole->counters_by_name, keep);
	tdestroy(whole->rows_by_index, keep);
	tdestroy(whole->rows_by_key, keep);
	free(snapshot->counters);
	free(snapshot->inputs);
	free(snapshot->rows);
	free(snapshot->steps);
	free(snapshot->spokes);
	free(snapshot->successes);
	free(snapshot->signs);
	free(snapshot->signing);
	free(snapshot->shares);
	free(snapshot->alerts);
	free(snapshot->changes);
	free(whole->values);
	free(whole->chains);
	free(whole->next);
	free(whole->text);
	free(whole);
}

const struct snapshot_counter *
snapshot_counter(const struct snapshot *snapshot, const char *name)
{
	const struct snapshot_whole *whole =
		(const struct snapshot_whole *)snapshot;
	struct snapshot_counter like = {.name = name};
	const void *const *node =
		tfind(&like, &whole->counters_by_name, snapshot_by_name);
	return node != NULL ? *node : NULL;
}

const struct snapshot_row *
snapshot_row(const struct snapshot *snapshot, const char *kind, const char *key)
{
	const struct snapshot_whole *whole =
		(const struct snapshot_whole *)snapshot;
	struct snapshot_row like = {.kind = kind, .key = key};
	const void *const *node =
		tfind(&like, &whole->rows_by_key, snapshot_by_key);
	return node != NULL ? *node : NULL;
}

static int
by_value_number(const void *a, const void *b)
{
	const struct snapshot_value *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

static uint64_t
value_in(const struct snapshot_value *values, size_t count, uint32_t number)
{
	struct snapshot_value like = {.number = number};
	const struct snapshot_value *found =
		bsearch(&like, values, count, sizeof(*values), by_value_number);
	return found != NULL ? found->value : 0;
}

uint64_t
snapshot_value(const struct snapshot *snapshot, const struct snapshot_row *row,
	uint32_t number)
{
	const struct snapshot_whole *whole =
		(const struct snapshot_whole *)snapshot;
	uint64_t sum = value_in(row->values, row->count, number);
	const struct snapshot_step *step =
		whole->chains[row - snapshot->rows].first;
	for (; step != NULL; step = whole->next[step - snapshot->steps])
		sum += value_in(step->values, step->count, number);
	return sum;
}

void
snapshot_escape(struct buf *buf, const char *text)
{
	if (*text == '\0' || strcmp(text, "-") == 0) {
		buf_adds(buf, *text == '\0' ? "-" : "%2D");
		return;
	}
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c <= ' ' || c == 0x7f || c == '%')
			buf_printf(buf, "%%%02X", c);
		else
			buf_addc(buf, *text);
	}
}
