/* SPDX-License-Identifier: ISC */
/*
 * kinds — adds up kinds of lines, and turns them into named counters.
 *
 * Counter names are collected in the order of their first appearance in the
 * table; a table of a few hundred names needs no hash.
 */
#include "tests/bench/kinds.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

struct kind_info {
	const char *source, *counters;
};

#define KIND_INFO(kind, source, counters) {source, counters},
static const struct kind_info infos[] = {KINDS(KIND_INFO)};
#undef KIND_INFO

#define MAIL_COUNTER(sum, counter) counter,
static const char *const mail_counters[] = {MAIL_SUMS(MAIL_COUNTER)};
#undef MAIL_COUNTER

static const char *const sources[] = {
	KIND_POSTFIX, KIND_OPENDKIM, KIND_OPENDMARC, KIND_PYTHON, KIND_PERL};

enum { NAMES_MAX = 256, NAME_SIZE = 32, ALL = -1 };

/* Named sums of one row. */
struct sums {
	char names[NAMES_MAX][NAME_SIZE];
	uint64_t values[NAMES_MAX];
	size_t count;
};

void
truth_add(struct truth *truth, unsigned host, enum kind kind, unsigned repeat,
	size_t len)
{
	truth->lines[host][kind]++;
	truth->times[host][kind] += repeat > 0 ? repeat : 1;
	truth->repeated += repeat > 0;
	truth->bytes += len;
}

static void
sum_add(struct sums *sums, const char *name, size_t len, uint64_t value)
{
	size_t i = 0;
	while (i < sums->count &&
		(strlen(sums->names[i]) != len ||
			memcmp(sums->names[i], name, len) != 0))
		i++;
	if (i == sums->count) {
		if (i == NAMES_MAX || len >= NAME_SIZE)
			return;
		memcpy(sums->names[i], name, len);
		sums->names[i][len] = '\0';
		sums->count++;
	}
	sums->values[i] += value;
}

static void
sum_kind(struct sums *sums, const char *counters, uint64_t value)
{
	while (*counters) {
		size_t len = strcspn(counters, " ");
		sum_add(sums, counters, len, value);
		counters += len + (counters[len] == ' ');
	}
}

/* What a host (or ALL) and a source (or NULL for all) counted. */
static void
sum_row(struct sums *sums, const struct truth *truth, int host,
	const char *source)
{
	for (int h = 0; h < HOST_COUNT; h++) {
		if (host != ALL && host != h)
			continue;
		for (int k = 0; k < KIND_COUNT; k++) {
			const char *from = infos[k].source;
			if (from && (!source || strcmp(from, source) == 0))
				sum_kind(sums, infos[k].counters,
					truth->times[h][k] -
						(source ? 0
							: truth->unheard[h]
									[k]));
		}
		for (int m = 0; !source && m < MAIL_SUM_COUNT; m++)
			sum_kind(sums, mail_counters[m], truth->mails[h][m]);
	}
}

static void
sum_log(struct sums *sums, const struct truth *truth)
{
	uint64_t foreign = 0, ignored = 0, matched = 0;
	for (int h = 0; h < HOST_COUNT; h++) {
		for (int k = 0; k < KIND_COUNT; k++) {
			uint64_t n = truth->lines[h][k];
			if (!infos[k].source)
				foreign += n;
			else if (!infos[k].counters[0])
				ignored += n;
			else
				matched += n;
		}
	}
	sum_kind(sums, "log.lines", foreign + ignored + matched);
	sum_kind(sums, "log.bytes", truth->bytes);
	sum_kind(sums, "log.matched", matched);
	sum_kind(sums, "log.ignored", ignored);
	sum_kind(sums, "log.foreign", foreign);
	sum_kind(sums, "log.repeated", truth->repeated);
}

static void
row_write(const struct sums *sums, FILE *out)
{
	const char *comma = "";
	fputc('{', out);
	for (size_t i = 0; i < sums->count; i++) {
		if (sums->values[i] == 0)
			continue;
		fprintf(out, "%s\"%s\": %" PRIu64, comma, sums->names[i],
			sums->values[i]);
		comma = ", ";
	}
	fputc('}', out);
}

void
truth_write(const struct truth *truth, const char *const *hosts, FILE *out)
{
	struct sums sums = {0};
	sum_row(&sums, truth, ALL, NULL);
	sum_log(&sums, truth);
	fputs("{\"total\": ", out);
	row_write(&sums, out);
	fputs(",\n\"source\": {", out);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		sums = (struct sums){0};
		sum_row(&sums, truth, ALL, sources[i]);
		fprintf(out, "%s\"%s\": ", i > 0 ? ",\n" : "", sources[i]);
		row_write(&sums, out);
	}
	fputs("},\n\"host\": {", out);
	for (int i = 0; i < HOST_COUNT; i++) {
		sums = (struct sums){0};
		sum_row(&sums, truth, i, NULL);
		fprintf(out, "%s\"%s\": ", i > 0 ? ",\n" : "", hosts[i]);
		row_write(&sums, out);
	}
	fputs("}}\n", out);
}
