/* SPDX-License-Identifier: ISC */
/*
 * journal — a binary heap of lines, and the stamps in front of them.
 */
#include "tests/bench/journal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/mem.h"

enum { SEGMENT_LINES = 5000 }; /* mixed: hosts change their format so often */

struct entry {
	struct journal_line line;
	uint64_t number; /* equal times keep their order */
	char *text;
	size_t len;
};

struct journal {
	FILE *out;
	enum stamp stamp;
	const char *const *hosts;
	uint64_t limit, added, written;
	struct entry *heap;
	size_t count, capacity;
	uint64_t stamp_s; /* the second that the two texts stand for */
	char bsd[32], iso[32];
	struct truth truth;
	struct mails *mails;
};

struct journal *
journal_open(
	FILE *out, enum stamp stamp, const char *const *hosts, uint64_t limit)
{
	struct journal *journal = mem_zalloc(1, sizeof(*journal));
	journal->out = out;
	journal->stamp = stamp;
	journal->hosts = hosts;
	journal->limit = limit;
	journal->mails = mails_new();
	return journal;
}

void
journal_close(struct journal *journal)
{
	for (size_t i = 0; i < journal->count; i++)
		free(journal->heap[i].text);
	free(journal->heap);
	mails_free(journal->mails);
	free(journal);
}

static bool
is_before(const struct entry *a, const struct entry *b)
{
	if (a->line.time_us != b->line.time_us)
		return a->line.time_us < b->line.time_us;
	return a->number < b->number;
}

void
journal_add(struct journal *journal, const struct journal_line *line,
	const char *text, size_t len)
{
	journal->heap = mem_grow(journal->heap, journal->count,
		&journal->capacity, sizeof(*journal->heap));
	struct entry new = {*line, journal->added++, NULL, len};
	new.text = mem_strndup(text, len);
	size_t i = journal->count++;
	for (; i > 0 && is_before(&new, &journal->heap[(i - 1) / 2]);
		i = (i - 1) / 2)
		journal->heap[i] = journal->heap[(i - 1) / 2];
	journal->heap[i] = new;
}

static struct entry
journal_pop(struct journal *journal)
{
	struct entry *heap = journal->heap;
	struct entry first = heap[0];
	struct entry last = heap[--journal->count];
	size_t i = 0;
	for (size_t child = 1; child < journal->count; child = 2 * i + 1) {
		if (child + 1 < journal->count &&
			is_before(&heap[child + 1], &heap[child]))
			child++;
		if (!is_before(&heap[child], &last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return first;
}

static void
stamp_set(struct journal *journal, uint64_t second)
{
	if (journal->stamp_s == second)
		return;
	time_t t = (time_t)second;
	struct tm tm;
	gmtime_r(&t, &tm);
	strftime(journal->bsd, sizeof(journal->bsd), "%b %e %H:%M:%S", &tm);
	strftime(journal->iso, sizeof(journal->iso), "%Y-%m-%dT%H:%M:%S", &tm);
	journal->stamp_s = second;
}

static bool
wants_iso(const struct journal *journal, unsigned host)
{
	if (journal->stamp != STAMP_MIXED)
		return journal->stamp == STAMP_ISO;
	return (journal->written / SEGMENT_LINES + host) % 2 == 1;
}

static void
line_write(struct journal *journal, const struct entry *entry)
{
	char head[96];
	const char *host = journal->hosts[entry->line.host];
	stamp_set(journal, entry->line.time_us / 1000000);
	int len;
	if (wants_iso(journal, entry->line.host))
		len = snprintf(head, sizeof(head), "%s.%06u+00:00 %s ",
			journal->iso, (unsigned)(entry->line.time_us % 1000000),
			host);
	else
		len = snprintf(
			head, sizeof(head), "%s %s ", journal->bsd, host);
	fwrite(head, 1, (size_t)len, journal->out);
	fwrite(entry->text, 1, entry->len, journal->out);
	fputc('\n', journal->out);
	truth_add(&journal->truth, entry->line.host, entry->line.kind,
		entry->line.repeat, (size_t)len + entry->len + 1);
	if (!mails_note(journal->mails, entry->line.mail, entry->line.kind,
		    (int64_t)(entry->line.time_us / 1000000)))
		journal->truth.unheard[entry->line.host][entry->line.kind]++;
	journal->written++;
}

bool
journal_write(struct journal *journal, uint64_t time_us)
{
	while (journal->count > 0 && journal->written < journal->limit &&
		journal->heap[0].line.time_us <= time_us) {
		struct entry entry = journal_pop(journal);
		line_write(journal, &entry);
		free(entry.text);
	}
	return journal->written < journal->limit;
}

struct mails *
journal_mails(const struct journal *journal)
{
	return journal->mails;
}

const struct truth *
journal_end(struct journal *journal)
{
	mails_judge(journal->mails, &journal->truth);
	return &journal->truth;
}
