/* SPDX-License-Identifier: ISC */
/*
 * tally — everything that counting needs, put together: catalogue, rules, rows,
 * authority and count.  The daemon and the commands that scan share it.
 */
#ifndef COLLECTOR_TALLY_H
#define COLLECTOR_TALLY_H

#include "collector/count.h"
#include "lib/config.h"

struct tally {
	struct catalogue catalogue;
	struct rules *rules;
	struct rows *rows;
	struct authority *authority;
	struct signs *signs;
	struct shares *shares;
	struct count *count;
};

/* own_rules: folder of own rules, NULL for none.  config is borrowed and must
 * outlive the tally.  NULL with a sentence: "FILE:LINE: …". */
struct tally *tally_new(
	const struct config *config, const char *own_rules, struct err *err);
/* Makes the rows of the configured domains.  After a restore: rows keep their
 * indices. */
void tally_add_own(struct tally *tally, const struct config *config);
void tally_free(struct tally *tally);

#endif
