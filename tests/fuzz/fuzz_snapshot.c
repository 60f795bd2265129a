/* SPDX-License-Identifier: ISC */
/* fuzz_snapshot — any bytes as a snapshot: refused, or every look-up works. */
#include <assert.h>
#include <string.h>

#include "lib/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Words are words, and changes ascend. */
static void
check_alerts(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->alert_count; i++) {
		const struct snapshot_alert *alert = &snapshot->alerts[i];
		assert(*alert->name != '\0' && *alert->state != '\0');
		assert(*alert->value != '\0' && *alert->threshold != '\0');
		assert(*alert->severity != '\0' && alert->since >= 0);
		assert(strchr(alert->text, '\n') == NULL);
		assert(strchr(alert->name, ' ') == NULL);
	}
	uint64_t before = 0;
	for (size_t i = 0; i < snapshot->change_count; i++) {
		const struct snapshot_change *change = &snapshot->changes[i];
		assert(change->seq > before && change->time >= 0);
		assert(*change->name != '\0' && change->key != NULL);
		assert(*change->value != '\0' || *change->threshold == '\0');
		assert(*change->threshold != '\0' || *change->severity == '\0');
		assert(*change->severity != '\0' || *change->text == '\0');
		before = change->seq;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {""};
	struct snapshot *snapshot =
		snapshot_parse((const char *)data, size, "fuzz", &err);
	assert((snapshot == NULL) == (err.text[0] != '\0'));
	if (snapshot == NULL)
		return 0;
	for (size_t i = 0; i < snapshot->counter_count; i++)
		assert(snapshot_counter(snapshot, snapshot->counters[i].name) ==
			&snapshot->counters[i]);
	for (size_t i = 0; i < snapshot->row_count; i++) {
		const struct snapshot_row *row = &snapshot->rows[i];
		assert(snapshot_row(snapshot, row->kind, row->key) == row);
		for (size_t v = 0; v < row->count; v++)
			snapshot_value(snapshot, row, row->values[v].number);
	}
	check_alerts(snapshot);
	snapshot_free(snapshot);
	return 0;
}
