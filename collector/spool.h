/* SPDX-License-Identifier: ISC */
/*
 * spool — how many files lie in Postfix's queues.
 */
#ifndef COLLECTOR_SPOOL_H
#define COLLECTOR_SPOOL_H

#include "collector/rows.h"

/* Sets the gauges queue.* of the total row; ROWS_GAUGE_UNKNOWN where a queue's
 * folder cannot be read: absent is not 0. */
void spool_measure(const char *queue_dir, struct rows *rows);

#endif
