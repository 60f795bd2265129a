/* SPDX-License-Identifier: ISC */
#include "rrd/fetch.h"

#include <rrd.h>
#include <stdlib.h>
#include <string.h>

#include "rrd/cached.h"
#include "rrd/locked.h"

static void
flush(const struct fetch_request *request)
{
	if (!request->cached)
		return;
	/* What is on the disk is the answer where the daemon is away. */
	struct cached *cached = cached_open(request->cached);
	if (cached_connect(cached, NULL) == 0)
		(void)cached_flush(cached, request->path, NULL);
	cached_close(cached);
}

int
fetch_read(
	const struct fetch_request *request, struct fetch *out, struct err *err)
{
	flush(request);
	time_t from = request->from, to = request->to;
	unsigned long step = request->step ? request->step : 1, count;
	rrd_value_t *values;
	char **names;
	int rc, tries = LOCKED_READER;
	rrd_clear_error();
	do {
		rc = rrd_fetch_r(request->path, "AVERAGE", &from, &to, &step,
			&count, &names, &values);
	} while (rc != 0 && locked_again(&tries));
	if (rc != 0)
		return err_set(err, "%s: %s", request->path, rrd_get_error());
	*out = (struct fetch){.from = from,
		.step = step,
		.source_count = count,
		.sources = names,
		.values = values};
	out->row_count = (size_t)(to - from) / step;
	return 0;
}

void
fetch_free(struct fetch *fetch)
{
	for (size_t i = 0; i < fetch->source_count; i++)
		free(fetch->sources[i]);
	free(fetch->sources);
	free(fetch->values);
	*fetch = (struct fetch){0};
}

long
fetch_source(const struct fetch *fetch, const char *name)
{
	for (size_t i = 0; i < fetch->source_count; i++) {
		if (strcmp(fetch->sources[i], name) == 0)
			return (long)i;
	}
	return -1;
}
