/* SPDX-License-Identifier: ISC */
/*
 * mailtally scan — counts log files once; touches no state.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/logs.h"
#include "cli/report.h"
#include "collector/publish.h"

#define USAGE                                                                   \
	"mailtally scan [-c CONFIG] [--json] [--year YEAR] [--rules DIR] "      \
	"FILE…\n"                                                             \
	"  FILE          a log, plain or .gz; - for standard input\n"           \
	"  -c CONFIG     own domains, trusted networks, filters … as there\n" \
	"  --json        one JSON object instead of tables\n"                   \
	"  --year YEAR   year of the first line, where stamps have none\n"      \
	"  --rules DIR   own rules, tried before the shipped ones"

enum { PROGRESS_LINES = 1 << 16 };

struct scan {
	struct logs logs;
	struct step *step;
	int64_t first, last; /* Unix times, 0: no stamp seen */
};

static void
show_progress(const struct merge *merge, unsigned long lines)
{
	double part = merge_progress(merge);
	if (part >= 0)
		fprintf(stderr, "\rscan: %lu lines, %3.0f %%", lines,
			part * 100);
	else
		fprintf(stderr, "\rscan: %lu lines", lines);
}

static void
count_all(struct scan *scan)
{
	bool is_watched = isatty(STDERR_FILENO) == 1;
	const struct merge_line *at;
	for (unsigned long lines = 1; (at = logs_next(&scan->logs)) != NULL;
		lines++) {
		int64_t time = at->line.time;
		count_advance(scan->logs.tally->count, time, scan->step);
		count_line(scan->logs.tally->count, &at->line, at->is_log,
			scan->step);
		if (time != 0 && (scan->first == 0 || time < scan->first))
			scan->first = time;
		if (time > scan->last)
			scan->last = time;
		if (is_watched && lines % PROGRESS_LINES == 0)
			show_progress(scan->logs.merge, lines);
	}
	count_advance(scan->logs.tally->count, INT64_MAX, scan->step);
	if (is_watched)
		fputs("\r\033[K", stderr);
}

/* What was counted, in the form that everybody reads. */
static struct snapshot *
to_snapshot(const struct scan *scan)
{
	struct buf text = {0};
	publish_format(
		&(struct publish_state){
			.started = scan->first,
			.written_us = scan->last * 1000000,
			.boot = "-",
			.rows = scan->logs.tally->rows,
			.steps = &scan->step,
			.step_count = 1,
			.authority = scan->logs.tally->authority,
		},
		&text);
	struct err err;
	struct snapshot *snapshot =
		snapshot_parse(text.data, text.len, "scan", &err);
	if (snapshot == NULL)
		fprintf(stderr, "mailtally: %s\n", err.text);
	buf_free(&text);
	return snapshot;
}

static void
print_table(const struct scan *scan, const struct snapshot *snapshot)
{
	if (scan->first != 0) {
		struct buf span = {0};
		report_add_time(&span, scan->first);
		buf_adds(&span, " to ");
		report_add_time(&span, scan->last);
		puts(span.data);
		buf_free(&span);
	}
	report_table(snapshot, stdout);
	uint64_t count = report_value(snapshot,
		snapshot_row(snapshot, "total", "all"), "log.unmatched");
	if (count > 0)
		printf("\n%ju lines of known programs were not understood: "
		       "mailtally explain --unmatched FILE shows them\n",
			(uintmax_t)count);
}

static void
print_json(const struct scan *scan, const struct snapshot *snapshot)
{
	struct json_t *object = json_new_object();
	json_set_number(object, "first", (uint64_t)scan->first);
	json_set_number(object, "last", (uint64_t)scan->last);
	report_json(snapshot, object);
	json_print(object, stdout);
}

int
command_scan(int argc, char **argv)
{
	struct scan scan = {0};
	int status = logs_open(&scan.logs, USAGE, argc, argv);
	if (status != LOGS_OPEN)
		return status;
	if (scan.logs.only_unmatched) {
		logs_close(&scan.logs);
		return command_usage(USAGE, "scan has no --unmatched");
	}
	scan.step = step_new(0);
	count_all(&scan);
	struct snapshot *snapshot = to_snapshot(&scan);
	if (snapshot != NULL && scan.logs.as_json)
		print_json(&scan, snapshot);
	else if (snapshot != NULL)
		print_table(&scan, snapshot);
	status = snapshot == NULL || scan.logs.has_failed ? COMMAND_FAILURE
							  : COMMAND_OK;
	snapshot_free(snapshot);
	step_free(scan.step);
	logs_close(&scan.logs);
	return status;
}
