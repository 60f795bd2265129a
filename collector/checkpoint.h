/* SPDX-License-Identifier: ISC */
/*
 * checkpoint — the two places where the snapshot lies.
 *
 *   run_dir/snapshot    on change: for readers, and to go on after kill -9
 *   state_dir/snapshot  when a step closes, with fsync: after a power failure
 *
 * Only one collector may write them: a lock in state_dir sees to that.
 */
#ifndef COLLECTOR_CHECKPOINT_H
#define COLLECTOR_CHECKPOINT_H

#include "lib/buf.h"
#include "lib/config.h"
#include "lib/snapshot.h"

struct checkpoint {
	char *run_path, *state_path;
	int lock_fd;
};

/* Makes state_dir and run_dir where they are missing (last part only). */
int checkpoint_make_folders(const struct config *config, struct err *err);

/* Makes the folders and takes the lock.  -1 if a folder
 * cannot be made or another collector runs. */
int checkpoint_open(struct checkpoint *checkpoint, const struct config *config,
	struct err *err);
void checkpoint_close(struct checkpoint *checkpoint);

/* The newer valid snapshot, or NULL if there is none.  A damaged one is set
 * aside as NAME.damaged and said in the log. */
struct snapshot *checkpoint_load(const struct checkpoint *checkpoint);

/* durable: also to state_dir, with fsync.  0 if at least one place has it
 * now; err is filled whenever one has not (else empty). */
int checkpoint_save(const struct checkpoint *checkpoint, const struct buf *text,
	bool durable, struct err *err);

#endif
