/* SPDX-License-Identifier: ISC */
/*
 * args — an argument vector that grows.
 */
#ifndef RRD_ARGS_H
#define RRD_ARGS_H

#include <stddef.h>

struct args {
	char **items;
	size_t count, capacity;
};

void args_add(struct args *args, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void args_free(struct args *args);

#endif
