/* SPDX-License-Identifier: ISC */
/*
 * survey — what a log has: which sources said what, which programs and lines
 * are not known, from when to when, on which hosts.
 *
 * Counts what the lines themselves say, as source rows do.  Bounded: what finds
 * no room counts as "(other)".  Judges nothing; that is diagnose's.
 */
#ifndef CLI_SURVEY_H
#define CLI_SURVEY_H

#include "cli/merge.h"
#include "collector/tally.h"

enum {
	SURVEY_PROGRAMS_MAX = 256,
	SURVEY_HOSTS_MAX = 64,
	SURVEY_EXAMPLE_MAX = 240 /* bytes kept of a line */
};

/* Lines of one program that are not understood, and the first of them as the
 * log has it. */
struct survey_program {
	char *name; /* as logged */
	int source; /* -1: of no source, foreign */
	uint64_t lines;
	char *example, *file;
	unsigned long number;
};

struct survey_source {
	const char *name;
	uint64_t lines, matched, ignored, unmatched;
	uint64_t *counters; /* one per counter of the catalogue */
};

struct survey_host {
	char *name;
	uint64_t lines;
};

struct survey {
	const struct tally *tally; /* borrowed; its authority is told */
	int64_t now;               /* stamps later than this are odd */
	int64_t first, last;       /* Unix times, 0: no stamp seen */
	uint64_t lines, future;
	uint64_t dropped; /* "lines were lost", says the logging program */
	struct survey_program malformed;
	struct survey_source *sources; /* by source number */
	size_t source_count;
	/* The same by host, where there is anything: parts[host], host from 1
	 * on, 0 for lines without one; counters may be NULL. */
	struct survey_source *parts[SURVEY_HOSTS_MAX + 2];
	struct survey_host hosts[SURVEY_HOSTS_MAX + 1];
	size_t host_count;
	struct survey_program programs[SURVEY_PROGRAMS_MAX + 1];
	size_t program_count;
};

struct survey *survey_new(const struct tally *tally, int64_t now);
void survey_free(struct survey *survey);

void survey_line(struct survey *survey, const struct merge_line *at);

/* A source's counter; 0 for a counter that does not exist. */
uint64_t survey_value(const struct survey *survey,
	const struct survey_source *source, const char *counter);
/* NULL if it wrote no line. */
const struct survey_source *survey_source(
	const struct survey *survey, const char *name);

#endif
