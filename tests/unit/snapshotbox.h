/* SPDX-License-Identifier: ISC */
/*
 * snapshotbox — a snapshot that holds each kind of line.
 */
#ifndef TESTS_UNIT_SNAPSHOTBOX_H
#define TESTS_UNIT_SNAPSHOTBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/snapshot.h"

/* What stands above and below the lines that a test is about. */
#define SNAPSHOTBOX_HEAD \
	"mailtally-snapshot 1\nstarted 1000\nwritten 2000.5\nboot b-1\n"

static const char snapshotbox_whole[] = SNAPSHOTBOX_HEAD
	"counter 110 dkim.pass message At least one = verified\n"
	"counter 400 spf.pass message\n"
	"gone future kind\n"
	"input /var/log/my%20mail.log 2049 77 123456 00ff00ff00ff00ff 9 8 7\n"
	"input - 0 0 0 ABCDEF0123456789 0 0 0\n"
	"row total 1 - 110=5 400=18446744073709551610\n"
	"row host 1 mx1.example.org 110=3\n"
	"row host 2 %2D\n"
	"row domain 1 100%25%0A\n"
	"step 1200 total 1 110=+1\n"
	"step 1260 total 1 110=+2 400=+5\n"
	"step 1260 host 2 400=+5\n"
	"spoke mx1 dkim opendkim 1199\n"
	"ledger 1200\n"
	"success dkim 1150\n"
	"signs example.org 1100\n"
	"share dkim_failures total 300 0.0125\n"
	"alert a - raised 1000 5 1 critical many words here\n"
	"change 4 1000 a - raised 5 1\n"
	"end 22\n";

static inline struct snapshot *
snapshotbox_read(const char *text)
{
	struct err err = {""};
	struct snapshot *snapshot =
		snapshot_parse(text, strlen(text), "good", &err);
	if (snapshot == NULL)
		fail_msg("refused: %s", err.text);
	return snapshot;
}

#endif
