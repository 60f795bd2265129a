/* SPDX-License-Identifier: ISC */
/*
 * generate — a mail log of any length, and the truth about it.
 *
 * The same seed writes the same bytes.  The log holds Postfix, OpenDKIM,
 * OpenDMARC and both SPF policy services on three hosts, about 14 lines a
 * message and 15 lines a second; the truth says what each counter must be.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/flows.h"

struct options {
	const char *out, *truth;
	uint64_t lines, seed;
	enum stamp stamp;
};

enum { GAP_US = 540000 /* mean */ };

static const char usage[] =
	"Usage: generate --lines N --out FILE --truth FILE.json\n"
	"                [--seed S] [--format bsd|iso|mixed]\n";

static int
stamp_of(const char *name)
{
	static const char *const names[] = {"bsd", "iso", "mixed"};
	for (int i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static bool
options_read(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{"lines", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 's'},
		{"format", required_argument, NULL, 'f'},
		{"out", required_argument, NULL, 'o'},
		{"truth", required_argument, NULL, 't'}, {0}};
	int letter;
	while ((letter = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (letter == 'n')
			options->lines = strtoull(optarg, NULL, 10);
		else if (letter == 's')
			options->seed = strtoull(optarg, NULL, 10);
		else if (letter == 'o')
			options->out = optarg;
		else if (letter == 't')
			options->truth = optarg;
		else if (letter == 'f' && stamp_of(optarg) >= 0)
			options->stamp = (enum stamp)stamp_of(optarg);
		else
			return false;
	}
	return optind == argc && options->lines > 0 && options->out &&
	       options->truth;
}

static void
run_any(struct session *s)
{
	static const struct {
		unsigned weight;
		void (*run)(struct session *);
	} flows[] = {{44, inbound_run}, {26, outbound_run}, {4, local_run},
		{26, attack_run}, {40, noise_run}};
	unsigned dice = session_chance(s, 140);
	size_t i = 0;
	while (dice >= flows[i].weight)
		dice -= flows[i++].weight;
	flows[i].run(s);
}

static void
generate(struct journal *journal, uint64_t seed)
{
	uint64_t now_us = (uint64_t)SESSION_START_S * 1000000;
	while (journal_write(journal, now_us)) {
		struct session s = {
			.journal = journal, .seed = &seed, .now_us = now_us};
		run_any(&s);
		now_us += session_chance(&s, 2 * GAP_US);
	}
}

int
main(int argc, char **argv)
{
	struct options options = {.seed = 1};
	if (!options_read(&options, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	FILE *out = fopen(options.out, "we");
	FILE *truth = fopen(options.truth, "we");
	if (!out || !truth) {
		perror("generate: cannot write");
		return 1;
	}
	struct journal *journal =
		journal_open(out, options.stamp, session_hosts, options.lines);
	generate(journal, options.seed);
	truth_write(journal_end(journal), session_hosts, truth);
	journal_close(journal);
	if (fclose(out) != 0 || fclose(truth) != 0) {
		perror("generate: cannot write");
		return 1;
	}
	return 0;
}
