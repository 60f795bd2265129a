/* SPDX-License-Identifier: ISC */
/*
 * snapshot — the one text file through which everybody sees the counters.
 *
 * This is its strict reader, for every program; the collector writes it
 * (mailtally-snapshot(5) is the format).  Line kinds, in this order:
 *
 *   mailtally-snapshot 1
 *   started T
 *   written T
 *   boot ID
 *   counter NUMBER NAME UNIT MEANING
 *   input PATH DEV INODE OFFSET HASH REPLAY LAG ROTATIONS
 *   row KIND INDEX KEY NUMBER=VALUE …
 *   step T KIND INDEX NUMBER=+N …
 *   spoke HOST METHOD SOURCE T
 *   ledger T
 *   success METHOD T
 *   signs DOMAIN T
 *   signing HOST T
 *   share NAME SCOPE WINDOW VALUE
 *   alert NAME KEY STATE SINCE VALUE THRESHOLD SEVERITY TEXT
 *   change SEQ T NAME KEY raised|cleared VALUE THRESHOLD SEVERITY TEXT
 *   end COUNT
 *
 * Fields are separated by one blank.  In PATH, KEY, HOST, DOMAIN, every byte
 * up to 0x20, 0x7f and '%' stands as %XX; an empty one stands as "-" and a
 * lone "-" as %2D.  T is Unix time in seconds, with up to six decimals in
 * `written`.  HASH is 16 hex digits.  COUNT is the number of lines between
 * the first and `end`; a short file is refused whatever the cause.  Lines of an
 * unknown kind are skipped.
 *
 * Strings and arrays belong to the snapshot and live until snapshot_free().
 */
#ifndef LIB_SNAPSHOT_H
#define LIB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "lib/buf.h"
#include "lib/err.h"

enum { SNAPSHOT_SIZE_MAX = 64 << 20 };

struct snapshot_counter {
	uint32_t number; /* SNMP index, for ever the same */
	const char *name, *unit, *meaning;
};

struct snapshot_input {
	const char *path;
	dev_t dev;
	ino_t ino;
	uint64_t offset, hash, replay, lag, rotations;
};

struct snapshot_value {
	uint32_t number;
	uint64_t value;
};

/* What a row of counters is about, and its cumulative values: kind is total,
 * source, host or domain.  INDEX is unique within a kind. */
struct snapshot_row {
	const char *kind, *key;
	uint32_t index;
	const struct snapshot_value *values; /* ascending by number */
	size_t count;
};

/* What one open or unconfirmed step adds to a row.  time is the step's end. */
struct snapshot_step {
	time_t time;
	const char *kind;
	uint32_t index;
	const struct snapshot_value *values;
	size_t count;
};

struct snapshot_spoke {
	const char *host, *method, *source;
	time_t time;
};

/* When a verdict of success, or a signature, was last counted. */
struct snapshot_success {
	const char *method;
	time_t time;
};

struct snapshot_signs {
	const char *domain;
	time_t time;
};

struct snapshot_signing {
	const char *host;
	time_t time;
};

/* A ratio of 0 to 1 over the last `window` seconds of log time. */
struct snapshot_share {
	const char *name, *scope;
	uint32_t window;
	double value;
};

/* VALUE and THRESHOLD are decimal numbers; TEXT is the rest of the line, as it
 * stands there. */
struct snapshot_alert {
	const char *name, *key;
	const char *state; /* clear, pending, raised, silenced */
	time_t since;
	const char *value, *threshold;
	const char *severity; /* info, warning, critical */
	const char *text;
};

/* What is missing at the end of the line is "". */
struct snapshot_change {
	uint64_t seq; /* from 1 on, strictly ascending */
	time_t time;
	const char *name, *key;
	bool is_raised; /* cleared if not */
	const char *value, *threshold, *severity, *text;
};

struct snapshot {
	time_t started;
	int64_t written_us; /* Unix time in microseconds */
	const char *boot;
	struct snapshot_counter *counters;
	struct snapshot_input *inputs;
	struct snapshot_row *rows;
	struct snapshot_step *steps;
	struct snapshot_spoke *spokes;
	time_t ledger; /* log time up to which messages are settled; 0: none */
	struct snapshot_success *successes;
	struct snapshot_signs *signs;
	struct snapshot_signing *signing;
	struct snapshot_share *shares;
	struct snapshot_alert *alerts;
	struct snapshot_change *changes;
	size_t counter_count, input_count, row_count, step_count, spoke_count;
	size_t success_count, signs_count, signing_count, share_count;
	size_t alert_count, change_count;
};

/* NULL with a sentence that names the file and line: missing, unreadable,
 * larger than SNAPSHOT_SIZE_MAX, damaged, cut short, or of another version. */
struct snapshot *snapshot_read(const char *path, struct err *err);
/* The same from memory; name stands for the path in errors. */
struct snapshot *snapshot_parse(
	const char *text, size_t len, const char *name, struct err *err);
void snapshot_free(struct snapshot *snapshot);

const struct snapshot_counter *snapshot_counter(
	const struct snapshot *snapshot, const char *name);
const struct snapshot_row *snapshot_row(
	const struct snapshot *snapshot, const char *kind, const char *key);
/* The value now: the row's plus what its steps add. */
uint64_t snapshot_value(const struct snapshot *snapshot,
	const struct snapshot_row *row, uint32_t number);

/* Appends text with the escapes that PATH, KEY, HOST and DOMAIN need. */
void snapshot_escape(struct buf *buf, const char *text);

#endif
