/* SPDX-License-Identifier: ISC */
/* tell — see tell.h. */
#include "agent/tell.h"

#include <stdlib.h>

#include "agent/notification.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/mem.h"

struct tell {
	struct changes *changes;
	const struct agentx *agentx;
	const struct tree_name *root;
	unsigned long connects; /* of the session that has what is under way */
	bool is_waiting, is_finishing;
	struct log_repeat trouble;
};

struct tell *
tell_new(const char *path, const struct agentx *agentx,
	const struct tree_name *root)
{
	struct tell *tell = mem_zalloc(1, sizeof(*tell));
	struct err err;
	tell->changes = changes_open(path, &err);
	tell->agentx = agentx;
	tell->root = root;
	if (err.text[0] != '\0')
		log_warning("%s; telling what is raised now", err.text);
	return tell;
}

void
tell_free(struct tell *tell)
{
	if (tell == NULL)
		return;
	changes_free(tell->changes);
	free(tell);
}

/* Whether the next batch may go. */
static bool
may_send(struct tell *tell)
{
	if (tell->agentx == NULL)
		return true;
	unsigned long connects = agentx_connects(tell->agentx);
	bool is_connected = agentx_is_connected(tell->agentx);
	if (tell->is_waiting && (connects != tell->connects || !is_connected)) {
		changes_again(tell->changes);
		tell->is_waiting = false;
	}
	tell->connects = connects;
	return is_connected && agentx_unread(tell->agentx) == 0;
}

static void
save(struct tell *tell)
{
	struct err err;
	if (changes_save(tell->changes, &err) != 0)
		log_repeated(&tell->trouble, clock_monotonic_s(), err.text);
}

bool
tell_turn(struct tell *tell, const struct view *view)
{
	struct change_told told;
	if (!may_send(tell))
		return false;
	if (tell->is_waiting)
		changes_confirm(tell->changes);
	int count = 0, max = tell->is_finishing ? 0 : TELL_BATCH;
	while (count < max && changes_next(tell->changes, view, &told)) {
		notification_send(tell->root, &told);
		count++;
	}
	tell->is_waiting = count > 0;
	save(tell);
	return count > 0 && tell->agentx == NULL;
}

void
tell_finish(struct tell *tell)
{
	tell->is_finishing = true;
}

bool
tell_is_waiting(const struct tell *tell)
{
	return tell->is_waiting;
}

void
tell_health(const struct tell *tell, struct health *health)
{
	health->sent = changes_sent(tell->changes);
	health->dropped = changes_dropped(tell->changes);
}
