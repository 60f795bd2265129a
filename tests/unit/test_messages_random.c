/* SPDX-License-Identifier: ISC */
/* test_messages_random — the totals are the same in whatever order files are
 * read; each file keeps its own order. */
#include "collector/messages.c"

#include "tests/unit/ledgerlog.h"

enum { FILES = 4, MESSAGES = 400, LINES_MAX = 16 * MESSAGES, ROUNDS = 25 };
enum { POSTFIX, OPENDKIM, OPENDMARC, AMAVIS };

struct entry {
	int file, message;
	int64_t time; /* seconds of the day */
	char text[320];
};

/* The lines of one run, in the order of their making. */
struct logs {
	struct entry entries[LINES_MAX];
	size_t count;
	int message;
	char id[16], copy[16];
};

/* What is true of the messages made. */
enum {
	SIGNED,
	SIGNATURES,
	UNSIGNED,
	UNSIGNED_LOCAL,
	PASS,
	FAIL,
	DMARC_PASS,
	DMARC_FAIL,
	QUARANTINE,
	ACCEPTED,
	BYTES,
	TRUTHS
};
static const char *const truth_names[TRUTHS] = {"dkim.signed",
	"dkim.signatures", "dkim.unsigned", "dkim.unsigned_local", "dkim.pass",
	"dkim.fail", "dmarc.pass", "dmarc.fail", "dmarc.disp_quarantine",
	"qmgr.accepted", "qmgr.bytes"};

__attribute__((format(printf, 4, 5))) static void
put(struct logs *logs, int file, int64_t time, const char *format, ...)
{
	va_list list;
	assert_true(logs->count < LINES_MAX);
	struct entry *entry = &logs->entries[logs->count++];
	*entry = (struct entry){file, logs->message, time, ""};
	va_start(list, format);
	int len = vsnprintf(entry->text, sizeof(entry->text), format, list);
	va_end(list);
	assert_true(len > 0 && (size_t)len < sizeof(entry->text));
}

static void
put_begin(struct logs *logs, int64_t t, const char *how, const char *sender)
{
	put(logs, POSTFIX, t, "postfix/%s", how);
	put(logs, POSTFIX, t, "postfix/cleanup[2]: %s: message-id=<m@x>",
		logs->id);
	put(logs, POSTFIX, t + 2,
		"postfix/qmgr[3]: %s: from=<%s>, size=100, nrcpt=1 "
		"(queue active)",
		logs->id, sender);
}

static void
put_end(struct logs *logs, int64_t t, const char *id)
{
	put(logs, POSTFIX, t,
		"postfix/smtp[4]: %s: to=<b@far.example>, "
		"relay=mx.far.example[203.0.113.9]:25, delay=1, "
		"delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)",
		id);
	put(logs, POSTFIX, t, "postfix/qmgr[3]: %s: removed", id);
}

/* Through a filter; the copy's own lines come in between. */
static void
put_copy(struct logs *logs, int64_t t, const char *sender, bool forwards)
{
	put(logs, POSTFIX, t,
		"postfix/smtpd[5]: %s: client=localhost[127.0.0.1]%s%s%s",
		logs->copy, forwards ? ", orig_queue_id=" : "",
		forwards ? logs->id : "",
		forwards ? ", orig_client=x.example[203.0.113.66]" : "");
	put(logs, POSTFIX, t + 1,
		"postfix/qmgr[3]: %s: from=<%s>, size=150, nrcpt=1 "
		"(queue active)",
		logs->copy, sender);
	put(logs, POSTFIX, t + 2,
		"postfix/smtp[4]: %s: to=<b@far.example>, "
		"relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/1, "
		"dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %s)",
		logs->id, logs->copy);
	put(logs, POSTFIX, t + 2, "postfix/qmgr[3]: %s: removed", logs->id);
	put_end(logs, t + 3, logs->copy);
}

static void
put_verdict(struct logs *logs, int64_t t, const char *id, bool is_good)
{
	put(logs, OPENDKIM, t, "opendkim[6]: %s: %s", id,
		is_good ? "DKIM verification successful"
			: "bad signature data");
}

static void
put_signature(struct logs *logs, int64_t t, const char *id)
{
	put(logs, OPENDKIM, t,
		"opendkim[6]: %s: DKIM-Signature field added (s=s, "
		"d=example.net)",
		id);
}

static void
put_dmarc(struct logs *logs, int64_t t, const char *id, const char *what)
{
	put(logs, OPENDMARC, t, "opendmarc[7]: %s: x.example %s", id, what);
}

/* Our own mail, by login or by sendmail(1). */
static void
make_own(struct logs *logs, int kind, int64_t t, uint64_t *truth)
{
	static const char sender[] = "alice@example.net";
	char how[160];
	bool is_local = kind == 5;
	snprintf(how, sizeof(how),
		is_local ? "pickup[1]: %s: uid=7 from=<a@example.net>"
			 : "submission/smtpd[1]: %s: client=pc[198.51.100.7], "
			   "sasl_method=PLAIN, sasl_username=a",
		logs->id);
	put_begin(logs, t, how, sender);
	truth[ACCEPTED]++;
	truth[BYTES] += 100;
	if (kind < 2 || is_local) {
		put_dmarc(logs, t + 1, logs->id, "fail");
		put_end(logs, t + 3, logs->id);
	} else {
		put_copy(logs, t + 3, sender, kind == 2);
		put_dmarc(logs, t + 3, logs->copy, "fail");
	}
	if (kind == 1 || is_local) {
		truth[is_local ? UNSIGNED_LOCAL : UNSIGNED]++;
		return;
	}
	if (kind == 0) {
		put_signature(logs, t + 1, logs->id);
		put_signature(logs, t + 1, logs->id);
	} else if (kind < 4) {
		put_signature(logs, t + 3, logs->copy);
	} else {
		put(logs, AMAVIS, t + 5,
			"amavis[8]: (00008-01) Passed CLEAN {RelayedOutbound}, "
			"ORIGINATING LOCAL [198.51.100.7]:4712 [198.51.100.7] "
			"<a@example.net> -> <b@far.example>, Hits: -, size: 9, "
			"queued_as: %s, dkim_new=s:example.net, 9 ms",
			logs->copy);
	}
	truth[SIGNED]++;
	truth[SIGNATURES] += kind == 0 ? 2 : 1;
}

/* A stranger's. */
static void
make_foreign(struct logs *logs, int kind, int64_t t, uint64_t *truth)
{
	static const char sender[] = "x@x.example";
	char how[160];
	snprintf(how, sizeof(how),
		"smtpd[1]: %s: client=x.example[203.0.113.66]", logs->id);
	if (kind == 3) {
		put(logs, POSTFIX, t, "postfix/%s", how);
		put(logs, POSTFIX, t + 1,
			"postfix/cleanup[2]: %s: milter-hold: END-OF-MESSAGE "
			"from x.example[203.0.113.66]: milter triggers HOLD "
			"action; from=<x@x.example> to=<b@example.net> "
			"proto=ESMTP helo=<x>",
			logs->id);
		put_dmarc(logs, t + 1, logs->id, "fail");
		truth[DMARC_FAIL]++;
		truth[QUARANTINE]++;
		return;
	}
	put_begin(logs, t, how, sender);
	truth[ACCEPTED]++;
	truth[BYTES] += 100;
	put_verdict(logs, t + 1, logs->id, kind == 0);
	truth[kind == 0 ? PASS : FAIL]++;
	if (kind == 0) {
		put_dmarc(logs, t + 1, logs->id, "pass");
		truth[DMARC_PASS]++;
		put_end(logs, t + 3, logs->id);
		return;
	}
	put_copy(logs, t + 3, sender, kind == 1);
	put_verdict(logs, t + 3, logs->copy, true);
}

static void
make_all(struct logs *logs, uint64_t *truth)
{
	int64_t t = 40000;
	for (int i = 0; i < MESSAGES; i++) {
		logs->message = i;
		snprintf(logs->id, sizeof(logs->id), "4A%05X", (unsigned)i);
		snprintf(logs->copy, sizeof(logs->copy), "4B%05X", (unsigned)i);
		t += random() % 6;
		if (random() % 2 == 0)
			make_own(logs, (int)(random() % 6), t, truth);
		else
			make_foreign(logs, (int)(random() % 4), t, truth);
	}
}

/* Merge sort is stable, qsort(3) need not be. */
static void
sort_times(struct entry *entries, size_t count)
{
	struct entry *half = calloc(count, sizeof(*half));
	size_t middle = count / 2, a = 0, b = middle;
	if (count > 1) {
		sort_times(entries, middle);
		sort_times(entries + middle, count - middle);
		for (size_t i = 0; i < count; i++)
			half[i] = b == count || (a < middle &&
							entries[a].time <=
								entries[b].time)
					  ? entries[a++]
					  : entries[b++];
		memcpy(entries, half, count * sizeof(*half));
	}
	free(half);
}

static void
open_log(struct ledgerlog *log)
{
	struct config *config = config_default();
	ledgerlog_set(&config->own_domains, "example.net", NULL);
	ledgerlog_open(log, config);
	count_expect_logs(log->tally->count, FILES);
	/* the host is known to sign */
	ledgerlog_count(log, "Nov 22 11:00:00 mx1 opendkim[6]: 4C0000: "
			     "DKIM-Signature field added (s=s, d=example.net)");
}

/* Counts a line; the clock is that of the file that is furthest behind. */
static void
count_entry(struct ledgerlog *log, const struct entry *entry, int64_t time,
	int64_t clock)
{
	char text[400];
	struct line line;
	snprintf(text, sizeof(text), "Nov 22 %02d:%02d:%02d mx1 %s",
		(int)(time / 3600), (int)(time / 60 % 60), (int)(time % 60),
		entry->text);
	assert_true(line_parse(&log->stamp, slice_of(text), &line));
	count_advance(log->tally->count, line.time - time + clock, log->step);
	if (count_line(log->tally->count, &line, true, log->step)->status >
		RULES_IGNORED)
		fail_msg("not understood: %s", text);
}

static void
assert_truth(struct ledgerlog *log, const uint64_t *truth, const char *order)
{
	ledgerlog_end(log);
	for (int i = 0; i < TRUTHS; i++) {
		uint64_t first = i == SIGNED || i == SIGNATURES;
		uint64_t value = ledgerlog_total(log, truth_names[i]) - first;
		if (value != truth[i])
			fail_msg("%s: %s is %ju, not %ju", order,
				truth_names[i], (uintmax_t)value,
				(uintmax_t)truth[i]);
	}
	ledgerlog_close(log);
}

/* As scan does: by stamps; where they are equal, by the order of the files. */
static void
files_may_be_named_in_any_order(void **state)
{
	(void)state;
	struct logs *logs = calloc(1, sizeof(*logs));
	uint64_t truth[TRUTHS] = {0};
	srandom(11);
	make_all(logs, truth);
	sort_times(logs->entries, logs->count);
	for (int round = 0; round < ROUNDS; round++) {
		struct ledgerlog log;
		int first = (int)(random() % FILES), step = 1;
		if (random() % 2 == 0)
			step = FILES - 1;
		open_log(&log);
		for (size_t i = 0, end; i < logs->count; i = end) {
			int64_t time = logs->entries[i].time;
			for (end = i; end < logs->count &&
				      logs->entries[end].time == time;)
				end++;
			for (int f = 0; f < FILES; f++)
				for (size_t j = i; j < end; j++)
					if (logs->entries[j].file ==
						(first + f * step) % FILES)
						count_entry(&log,
							&logs->entries[j], time,
							time);
		}
		assert_truth(&log, truth, "by stamps");
	}
	free(logs);
}

/* As the daemon does when some inputs are behind. */
static void
files_may_be_read_by_turns_of_any_length(void **state)
{
	(void)state;
	struct logs *logs = calloc(1, sizeof(*logs));
	uint64_t truth[TRUTHS] = {0};
	srandom(12);
	make_all(logs, truth);
	sort_times(logs->entries, logs->count);
	for (int round = 0; round < ROUNDS; round++) {
		struct ledgerlog log;
		size_t at[FILES] = {0};
		int64_t reached[FILES] = {0};
		open_log(&log);
		for (int open = FILES; open > 0;) {
			int f = (int)(random() % FILES);
			long turn = random() % (round * 10 + 2);
			for (; turn >= 0 && at[f] < logs->count; at[f]++) {
				struct entry *entry = &logs->entries[at[f]];
				if (entry->file != f)
					continue;
				turn--;
				reached[f] = entry->time;
				int64_t clock = INT64_MAX;
				for (int g = 0; g < FILES; g++)
					if (reached[g] < clock)
						clock = reached[g];
				count_entry(&log, entry, entry->time, clock);
			}
			if (at[f] == logs->count &&
				reached[f] < INT64_MAX / 2) {
				reached[f] = INT64_MAX / 2;
				open--;
			}
		}
		assert_truth(&log, truth, "by turns");
	}
	free(logs);
}

/* Each message keeps its order, all happens in one second. */
static void
messages_may_be_mixed_in_any_way(void **state)
{
	(void)state;
	struct logs *logs = calloc(1, sizeof(*logs));
	uint64_t truth[TRUTHS] = {0};
	srandom(13);
	make_all(logs, truth);
	sort_times(logs->entries, logs->count);
	for (int round = 0; round < ROUNDS; round++) {
		struct ledgerlog log;
		static size_t at[MESSAGES];
		memset(at, 0, sizeof(at));
		open_log(&log);
		for (size_t done = 0; done < logs->count;) {
			int m = (int)(random() % MESSAGES);
			while (at[m] < logs->count &&
				logs->entries[at[m]].message != m)
				at[m]++;
			if (at[m] == logs->count)
				continue;
			count_entry(
				&log, &logs->entries[at[m]++], 45000, 45000);
			done++;
		}
		assert_truth(&log, truth, "mixed");
	}
	free(logs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_may_be_named_in_any_order),
		cmocka_unit_test(files_may_be_read_by_turns_of_any_length),
		cmocka_unit_test(messages_may_be_mixed_in_any_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
