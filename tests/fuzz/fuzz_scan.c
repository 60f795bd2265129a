/* SPDX-License-Identifier: ISC */
/* fuzz_scan — any bytes as a log, counted by the shipped rules: each line is
 * taken for exactly one thing. */
#include <assert.h>

#include "collector/count.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t
value(const struct rows *rows, struct step *step, const char *name)
{
	int counter = catalogue_find(rows->catalogue, slice_of(name));
	return step_vector(step, rows, rows->total)[counter];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue catalogue;
	static struct rules *rules;
	if (rules == NULL)
		rules = rules_load(&catalogue, NULL, NULL);
	struct authority *authority = authority_new();
	struct rows *rows = rows_new(&catalogue, 4, 4);
	struct signs *signs = signs_new();
	struct shares *shares = shares_new(&catalogue);
	struct config *config = config_default();
	struct count *count = count_new(&(struct count_parts){config, rules,
						rows, authority, signs, shares},
		NULL);
	struct step *step = step_new(0);
	struct slice text = {(const char *)data, size}, raw;
	struct stamp stamp;
	uint64_t lines = 0, parts = 0;
	stamp_init(&stamp, 1795298400, 0);
	for (; slice_take_line(&text, &raw); lines++) {
		struct line line;
		bool is_log = line_parse(&stamp, raw, &line);
		count_advance(count, line.time, step);
		count_line(count, &line, is_log, step);
	}
	count_advance(count, INT64_MAX, step);
	for (int s = 0; s < RULES_STATUSES; s++) {
		char name[32] = "log.";
		parts += value(rows, step, strcat(name, rules_status_names[s]));
	}
	assert(parts == lines && value(rows, step, "log.lines") == lines);
	assert(value(rows, step, "log.bytes") <= size + 1);
	step_free(step);
	count_free(count);
	config_free(config);
	signs_free(signs);
	shares_free(shares);
	rows_free(rows);
	authority_free(authority);
	return 0;
}
