/* SPDX-License-Identifier: ISC */
/* shares — see shares.h. */
#include "collector/shares.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { MINUTE = 60, MINUTES = SHARES_WINDOW_MAX / MINUTE };

const char *const shares_names[SHARES] = {
	"dkim_failures", "spf_failures", "dmarc_failures", "dkim_unsigned"};
const char *const shares_methods[SHARES] = {"dkim", "spf", "dmarc", "signed"};

/* Which counters stand above the line, and which only below it. */
static const struct {
	const char *name;
	int share;
	bool is_failure;
} parts[] = {
	{"dkim.pass", 0, false},
	{"dkim.fail", 0, true},
	{"dkim.permerror", 0, true},
	{"spf.pass", 1, false},
	{"spf.fail", 1, true},
	{"dmarc.pass", 2, false},
	{"dmarc.fail", 2, true},
	{"dkim.signed", 3, false},
	{"dkim.unsigned", 3, true},
};
enum { PARTS = sizeof(parts) / sizeof(*parts) };

struct minute {
	int64_t end;
	uint64_t good[SHARES], bad[SHARES];
};

struct shares {
	signed char *part_of; /* by counter; -1: of none */
	struct minute minutes[MINUTES];
	int64_t last; /* end of the youngest minute that has any */
	int64_t success[SHARES];
};

struct shares *
shares_new(const struct catalogue *catalogue)
{
	struct shares *shares = mem_zalloc(1, sizeof(*shares));
	shares->part_of = mem_zalloc(catalogue->count, 1);
	memset(shares->part_of, -1, catalogue->count);
	for (int p = 0; p < PARTS; p++) {
		int counter =
			catalogue_find(catalogue, slice_of(parts[p].name));
		if (counter >= 0)
			shares->part_of[counter] = (signed char)p;
	}
	return shares;
}

void
shares_free(struct shares *shares)
{
	if (shares == NULL)
		return;
	free(shares->part_of);
	free(shares);
}

void
shares_add(struct shares *shares, int counter, uint64_t amount, int64_t end)
{
	int p = shares->part_of[counter];
	if (p < 0 || end <= shares->last - SHARES_WINDOW_MAX)
		return;
	int share = parts[p].share;
	struct minute *minute = &shares->minutes[end / MINUTE % MINUTES];
	if (minute->end != end)
		*minute = (struct minute){.end = end};
	if (end > shares->last)
		shares->last = end;
	if (parts[p].is_failure)
		minute->bad[share] += amount;
	else
		minute->good[share] += amount;
	if (!parts[p].is_failure && end > shares->success[share])
		shares->success[share] = end;
}

double
shares_value(
	const struct shares *shares, int share, int64_t window, int64_t until)
{
	uint64_t good = 0, bad = 0;
	for (int m = 0; m < MINUTES; m++) {
		const struct minute *minute = &shares->minutes[m];
		if (minute->end <= until - window || minute->end > until)
			continue;
		good += minute->good[share];
		bad += minute->bad[share];
	}
	if (good + bad < SHARES_LEAST || shares->success[share] == 0 ||
		shares->success[share] < until - SHARES_SUCCESS_S)
		return -1;
	return (double)bad / (double)(good + bad);
}

int64_t
shares_success(const struct shares *shares, int share)
{
	return shares->success[share];
}

void
shares_restore(struct shares *shares, const char *method, int64_t time)
{
	for (int s = 0; s < SHARES; s++)
		if (strcmp(shares_methods[s], method) == 0 &&
			time > shares->success[s])
			shares->success[s] = time;
}
