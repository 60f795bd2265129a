/* SPDX-License-Identifier: ISC */
/*
 * relay — what a delivery line says about who took the message.
 */
#ifndef COLLECTOR_RELAY_H
#define COLLECTOR_RELAY_H

#include "lib/slice.h"

/* What stands between the brackets of name[address]:port; absent if there are
 * none. */
struct slice relay_address(struct slice relay);

/* The queue id that a content filter's reply ends with: `… Ok: queued as ID)`;
 * absent if it ends otherwise.  A reply is a stranger's unless the relay is a
 * filter. */
struct slice relay_queued_as(struct slice message);

#endif
