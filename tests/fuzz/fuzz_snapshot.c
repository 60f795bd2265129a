/* SPDX-License-Identifier: ISC */
/* fuzz_snapshot — any bytes as a snapshot: refused, or every look-up works. */
#include <assert.h>

#include "lib/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	snapshot_free(snapshot);
	return 0;
}
