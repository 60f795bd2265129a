/* SPDX-License-Identifier: ISC */
#include "rrd/locked.h"

#include <rrd.h>
#include <string.h>
#include <time.h>

bool
locked_again(int *tries)
{
	if (strstr(rrd_get_error(), "could not lock RRD") == NULL ||
		--*tries <= 0)
		return false;
	const struct timespec rest = {.tv_nsec = LOCKED_REST_MS * 1000000};
	nanosleep(&rest, NULL);
	rrd_clear_error();
	return true;
}
