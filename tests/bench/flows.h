/* SPDX-License-Identifier: ISC */
/*
 * flows — which lines follow which: the life of a message, from the first
 * connection to "removed", and what is no message at all.
 *
 * Every line's kind is beyond doubt from its text alone.
 */
#ifndef TESTS_BENCH_FLOWS_H
#define TESTS_BENCH_FLOWS_H

#include "tests/bench/session.h"

/* A stranger's message: postscreen, SPF, DKIM, DMARC, content filter, mailbox;
 * may be refused or greylisted on the way. */
void inbound_run(struct session *s);
/* One of us writes: login, signing, delivery with retries, bounces. */
void outbound_run(struct session *s);
/* An accepted message goes to the content filter and comes back. */
void filter_run(struct session *s);
/* Submitted on the machine itself, delivered there or far away. */
void local_run(struct session *s);
/* Refused clients, password guessers, port scans. */
void attack_run(struct session *s);
/* Warnings, statistics, and programs that are none of ours. */
void noise_run(struct session *s);

#endif
