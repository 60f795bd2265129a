/* SPDX-License-Identifier: ISC */
/*
 * signs — the domains whose mail we sign: those of the configuration, and those
 * that we were seen to sign for.
 *
 * At most SIGNS_MAX are learned; the one learned first gives way.
 */
#ifndef COLLECTOR_SIGNS_H
#define COLLECTOR_SIGNS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/slice.h"

enum { SIGNS_MAX = 4096, SIGNS_DOMAIN_MAX = 253 };

struct signs;

struct signs *signs_new(void);
void signs_free(struct signs *signs);

/* A domain stands for itself, whatever the case; 0 if it is none. */
uint64_t signs_hash(struct slice domain);

/* One of the configuration; it never gives way. */
void signs_add(struct signs *signs, struct slice domain);
/* We signed for it at this time (log time); the earliest time is kept. */
void signs_learn(struct signs *signs, struct slice domain, int64_t time);
/* Was it known before this time? */
bool signs_has(const struct signs *signs, uint64_t hash, int64_t time);

/* Calls visit for each learned domain, in an order that a restart keeps. */
void signs_each(const struct signs *signs,
	void (*visit)(const char *domain, int64_t time, void *arg), void *arg);

#endif
