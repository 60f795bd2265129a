/* SPDX-License-Identifier: ISC */
/* areas — see areas.h. */
#include "agent/areas.h"

#include "agent/alerts.h"
#include "agent/counters.h"
#include "agent/health.h"
#include "agent/inputs.h"
#include "agent/scalars.h"
#include "agent/scopes.h"

/* Ascending by prefix. */
static const struct area *const areas[] = {
	&scalars_totals,
	&scalars_queue,
	&scalars_shares,
	&health_area,
	&scopes_source,
	&scopes_host,
	&scopes_domain,
	&counters_area,
	&inputs_area,
	&alerts_area,
};

const struct tree areas_tree = {
	.areas = areas,
	.count = sizeof(areas) / sizeof(areas[0]),
};
