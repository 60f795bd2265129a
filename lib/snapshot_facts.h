/* SPDX-License-Identifier: ISC */
/*
 * snapshot_facts — reads those lines of a snapshot that say how things stand:
 * all behind the rows and steps; a part of snapshot_lines.c.
 */
#ifndef LIB_SNAPSHOT_FACTS_H
#define LIB_SNAPSHOT_FACTS_H

#include "lib/snapshot_lines.h"

/* Each reads what stands behind the first word; -1 with err set. */
int snapshot_parse_spoke(struct snapshot_parser *parser);
int snapshot_parse_ledger(struct snapshot_parser *parser);
int snapshot_parse_success(struct snapshot_parser *parser);
int snapshot_parse_signs(struct snapshot_parser *parser);
int snapshot_parse_signing(struct snapshot_parser *parser);
int snapshot_parse_share(struct snapshot_parser *parser);
int snapshot_parse_alert(struct snapshot_parser *parser);
int snapshot_parse_change(struct snapshot_parser *parser);

#endif
