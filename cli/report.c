/* SPDX-License-Identifier: ISC */
/* report — see report.h. */
#include "cli/report.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/plain.h"

enum { BAR_WIDTH = 24, NUMBER_SIZE = 32 };

/* Groups in the order in which people ask for them.  Where the counters of a
 * group are the results of one check, each is shown with its share. */
static const struct group {
	const char *name, *title;
	const char *shares; /* words that are results; NULL: no shares */
} groups[] = {
	{"dkim", "DKIM", " pass fail none neutral policy temperror permerror "},
	{"spf", "SPF", " pass fail softfail neutral none temperror permerror "},
	{"dmarc", "DMARC", " pass fail none temperror permerror "},
	{"arc", "ARC", " pass fail none invalid temperror "},
	{"domainkeys", "DomainKeys",
		" pass fail none neutral temperror permerror "},
	{"adsp", "ADSP", NULL},
	{"milter", "Milters", NULL},
	{"policy", "Policy services", NULL},
	{"smtpd", "SMTP server", NULL},
	{"postscreen", "postscreen", NULL},
	{"cleanup", "Header and body checks", NULL},
	{"pickup", "Local submission", NULL},
	{"qmgr", "Queue manager", NULL},
	{"smtp", "SMTP client", NULL},
	{"lmtp", "LMTP client", NULL},
	{"local", "Local delivery", NULL},
	{"error", "Error transport", NULL},
	{"content", "Content filters", NULL},
	{"postfix", "Postfix trouble", NULL},
	{"queue", "Queue files now", NULL},
	{"log", "The log", NULL},
};
enum { GROUPS = sizeof(groups) / sizeof(*groups) };

static const char *const line_counters[] = {"log.lines", "log.matched",
	"log.ignored", "log.unmatched", "log.foreign", "log.malformed"};

void
report_add_time(struct buf *text, int64_t time)
{
	char stamp[64];
	struct tm tm;
	time_t t = (time_t)time;
	strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S %Z",
		localtime_r(&t, &tm));
	buf_adds(text, stamp);
}

const char *
report_number(uint64_t number, char *text, size_t size)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, number);
	size_t out = 0;
	for (int i = 0; i < len && out + 2 < size; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			text[out++] = ',';
		text[out++] = digits[i];
	}
	text[out] = '\0';
	return text;
}

static bool
in_group(const struct snapshot_counter *counter, const char *group)
{
	size_t len = strlen(group);
	return strncmp(counter->name, group, len) == 0 &&
	       counter->name[len] == '.';
}

static bool
is_known_group(const struct snapshot_counter *counter)
{
	for (size_t g = 0; g < GROUPS; g++)
		if (in_group(counter, groups[g].name))
			return true;
	return false;
}

static bool
has_share(const struct group *group, const char *word)
{
	char padded[32];
	snprintf(padded, sizeof(padded), " %s ", word);
	return group->shares != NULL && strstr(group->shares, padded) != NULL;
}

static const char *
colour_of(const char *word)
{
	static const struct {
		const char *word, *colour;
	} colours[] = {
		{"pass", "\033[32m"},
		{"fail", "\033[31m"},
		{"permerror", "\033[31m"},
		{"temperror", "\033[33m"},
		{"softfail", "\033[33m"},
	};
	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++)
		if (strcmp(colours[i].word, word) == 0)
			return colours[i].colour;
	return "";
}

struct table {
	const struct snapshot *snapshot;
	const struct snapshot_row *row;
	FILE *out;
	bool has_colours;
};

static void
print_bar(const struct table *table, const char *word, double share)
{
	int filled = (int)(share * BAR_WIDTH + 0.5);
	fprintf(table->out, " %5.1f %%  %s", share * 100,
		table->has_colours ? colour_of(word) : "");
	for (int i = 0; i < BAR_WIDTH; i++)
		fputs(i < filled ? "█" : " ", table->out);
	fputs(table->has_colours ? "\033[0m" : "", table->out);
}

/* Sum of the results of the group's check. */
static uint64_t
sum_shares(const struct table *table, const struct group *group)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < table->snapshot->counter_count; i++) {
		const struct snapshot_counter *c =
			&table->snapshot->counters[i];
		if (in_group(c, group->name) &&
			has_share(group, strchr(c->name, '.') + 1))
			sum += snapshot_value(
				table->snapshot, table->row, c->number);
	}
	return sum;
}

static void
print_counter(const struct table *table, const struct group *group,
	const struct snapshot_counter *counter, uint64_t sum)
{
	char text[NUMBER_SIZE];
	uint64_t value =
		snapshot_value(table->snapshot, table->row, counter->number);
	const char *word = strchr(counter->name, '.') + 1;
	fprintf(table->out, "  %-18s %12s", word,
		report_number(value, text, sizeof(text)));
	if (sum > 0 && has_share(group, word))
		print_bar(table, word, (double)value / (double)sum);
	fprintf(table->out, "  %s\n", counter->meaning);
}

static void
print_group(const struct table *table, const struct group *group)
{
	uint64_t sum = sum_shares(table, group);
	bool has_title = false;
	for (size_t i = 0; i < table->snapshot->counter_count; i++) {
		const struct snapshot_counter *c =
			&table->snapshot->counters[i];
		bool is_member = in_group(c, group->name) ||
				 (group->name[0] == '\0' && !is_known_group(c));
		if (!is_member || snapshot_value(table->snapshot, table->row,
					  c->number) == 0)
			continue;
		if (!has_title)
			fprintf(table->out, "\n%s%s%s\n",
				table->has_colours ? "\033[1m" : "",
				group->title,
				table->has_colours ? "\033[0m" : "");
		has_title = true;
		print_counter(table, group, c, sum);
	}
}

uint64_t
report_value(const struct snapshot *snapshot, const struct snapshot_row *row,
	const char *counter)
{
	const struct snapshot_counter *c = snapshot_counter(snapshot, counter);
	return c != NULL ? snapshot_value(snapshot, row, c->number) : 0;
}

/* One line a row with the numbers that tell most. */
static void
print_rows(const struct table *table, const char *kind, const char *title)
{
	static const struct {
		const char *head, *counter;
	} columns[] = {
		{"lines", "log.lines"},
		{"unmatched", "log.unmatched"},
		{"dkim pass", "dkim.pass"},
		{"dkim fail", "dkim.fail"},
		{"signatures", "dkim.signatures"},
		{"spf pass", "spf.pass"},
		{"spf fail", "spf.fail"},
		{"dmarc pass", "dmarc.pass"},
		{"dmarc fail", "dmarc.fail"},
	};
	enum { COLUMNS = sizeof(columns) / sizeof(*columns) };
	const struct snapshot *s = table->snapshot;
	bool has_title = false;
	for (size_t r = 0; r < s->row_count; r++) {
		const struct snapshot_row *row = &s->rows[r];
		if (strcmp(row->kind, kind) != 0)
			continue;
		if (!has_title) {
			fprintf(table->out, "\n%s%-24s",
				table->has_colours ? "\033[1m" : "", title);
			for (size_t c = 0; c < COLUMNS; c++)
				fprintf(table->out, " %10s", columns[c].head);
			fprintf(table->out, "%s\n",
				table->has_colours ? "\033[0m" : "");
		}
		has_title = true;
		struct buf key = {0};
		plain_add(&key, slice_of(row->key));
		fprintf(table->out, "%-24s", key.len > 0 ? key.data : "");
		buf_free(&key);
		for (size_t c = 0; c < COLUMNS; c++) {
			char text[NUMBER_SIZE];
			uint64_t value =
				report_value(s, row, columns[c].counter);
			fprintf(table->out, " %10s",
				value > 0 ? report_number(
						    value, text, sizeof(text))
					  : "·");
		}
		fputc('\n', table->out);
	}
}

void
report_table(const struct snapshot *snapshot, FILE *out)
{
	struct table table = {
		.snapshot = snapshot,
		.row = snapshot_row(snapshot, "total", "all"),
		.out = out,
		.has_colours = isatty(fileno(out)) == 1,
	};
	if (table.row == NULL)
		return;
	for (size_t g = 0; g < GROUPS; g++)
		print_group(&table, &groups[g]);
	print_group(&table, &(struct group){"", "Your own counters", NULL});
	print_rows(&table, "source", "Sources");
	print_rows(&table, "host", "Hosts");
	print_rows(&table, "domain", "Domains");
}

static struct json_t *
row_json(const struct snapshot *snapshot, const struct snapshot_row *row)
{
	struct json_t *object = json_new_object();
	for (size_t i = 0; i < snapshot->counter_count; i++) {
		const struct snapshot_counter *c = &snapshot->counters[i];
		uint64_t value = snapshot_value(snapshot, row, c->number);
		if (value > 0)
			json_set_number(object, c->name, value);
	}
	return object;
}

void
report_json(const struct snapshot *snapshot, struct json_t *object)
{
	static const char *const kinds[] = {"source", "host", "domain"};
	const struct snapshot_row *total =
		snapshot_row(snapshot, "total", "all");
	for (size_t i = 0; total != NULL &&
			   i < sizeof(line_counters) / sizeof(*line_counters);
		i++)
		json_set_number(object, line_counters[i] + strlen("log."),
			report_value(snapshot, total, line_counters[i]));
	json_set(object, "total",
		total != NULL ? row_json(snapshot, total) : json_new_object());
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		struct json_t *rows = json_new_object();
		for (size_t r = 0; r < snapshot->row_count; r++)
			if (strcmp(snapshot->rows[r].kind, kinds[k]) == 0)
				json_set(rows, snapshot->rows[r].key,
					row_json(snapshot, &snapshot->rows[r]));
		json_set(object, kinds[k], rows);
	}
}
