/* SPDX-License-Identifier: ISC */
/*
 * report — what was counted, for people and for programs.
 *
 * Reads a snapshot and nothing else: that of the collector, or one that a scan
 * has made in memory.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include "cli/json.h"
#include "lib/buf.h"
#include "lib/snapshot.h"

/* The tables: totals by group with shares, then sources, hosts and domains.
 * Colours only where out is a terminal. */
void report_table(const struct snapshot *snapshot, FILE *out);

/* Sets "total", "source", "host", "domain", and "lines" to "malformed", in
 * object.  Counters that are 0 are left out. */
void report_json(const struct snapshot *snapshot, struct json_t *object);

/* The row's value of a counter by its name; 0 if there is no such counter. */
uint64_t report_value(const struct snapshot *snapshot,
	const struct snapshot_row *row, const char *counter);

/* Appends a Unix time as "2026-11-21 10:00:00 UTC", in local time. */
void report_add_time(struct buf *text, int64_t time);

/* 1234567 as 1,234,567. */
const char *report_number(uint64_t number, char *text, size_t size);

#endif
