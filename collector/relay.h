/* SPDX-License-Identifier: ISC */
/*
 * relay — what a delivery line says about who took the message.
 */
#ifndef COLLECTOR_RELAY_H
#define COLLECTOR_RELAY_H

#include <stdbool.h>

#include "lib/slice.h"

/* What stands between the brackets of name[address]:port; absent if there are
 * none. */
struct slice relay_address(struct slice relay);

/* What follows is for a delivery to a content filter; the reply of anybody else
 * is a stranger's.
 *
 * The queue id that the reply ends with: `… Ok: queued as ID)`, or `ID, but 1
 * BOUNCE)` where some recipients get none; absent if it ends otherwise. */
struct slice relay_queued_as(struct slice message);

/* Did the filter give nothing back?  It discarded the message, and then tells
 * why in words that strangers may have chosen, or it sends a bounce. */
bool relay_kept(struct slice message);

#endif
