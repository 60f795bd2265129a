/* SPDX-License-Identifier: ISC */
/*
 * check — is the configuration good, with all rules?  Changes nothing.
 */
#ifndef COLLECTOR_CHECK_H
#define COLLECTOR_CHECK_H

#include "lib/buf.h"
#include "lib/err.h"

/* Configuration and rules as `mailtallyd -n` checks them; -1 with a sentence.
 * What was found good is appended to summary, unless that is NULL. */
int check_configuration(
	const char *config_path, struct buf *summary, struct err *err);

#endif
