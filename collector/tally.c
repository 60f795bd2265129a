/* SPDX-License-Identifier: ISC */
/* tally — see tally.h. */
#include "collector/tally.h"

#include <stdlib.h>

#include "lib/mem.h"

static int
tally_start(struct tally *tally, const struct config *config,
	const char *own_rules, struct err *err)
{
	tally->rules = rules_load(&tally->catalogue, own_rules, err);
	if (tally->rules == NULL)
		return -1;
	rules_set_filters(tally->rules,
		(struct filters){(const char *const *)config->filters.items,
			config->filters.count});
	tally->authority = authority_new();
	for (size_t i = 0; i < config->authority_count; i++) {
		const struct config_authority *a = &config->authorities[i];
		if (authority_set_order(tally->authority, a->method,
			    (struct authority_order){
				    (const char *const *)a->order.items,
				    a->order.count},
			    err) != 0)
			return -1;
	}
	tally->rows = rows_new(&tally->catalogue, (size_t)config->hosts_max,
		(size_t)config->domains_max);
	tally->shares = shares_new(&tally->catalogue);
	tally->signs = signs_new();
	for (size_t i = 0; i < config->own_domains.count; i++)
		signs_add(tally->signs, slice_of(config->own_domains.items[i]));
	tally->count = count_new(
		&(struct count_parts){config, tally->rules, tally->rows,
			tally->authority, tally->signs, tally->shares},
		err);
	return tally->count != NULL ? 0 : -1;
}

struct tally *
tally_new(const struct config *config, const char *own_rules, struct err *err)
{
	struct tally *tally = mem_zalloc(1, sizeof(*tally));
	if (tally_start(tally, config, own_rules, err) == 0)
		return tally;
	tally_free(tally);
	return NULL;
}

void
tally_add_own(struct tally *tally, const struct config *config)
{
	for (size_t i = 0; i < config->own_domains.count; i++)
		rows_get_own(tally->rows, ROWS_DOMAIN,
			slice_of(config->own_domains.items[i]));
}

void
tally_free(struct tally *tally)
{
	if (tally == NULL)
		return;
	count_free(tally->count);
	signs_free(tally->signs);
	shares_free(tally->shares);
	rows_free(tally->rows);
	authority_free(tally->authority);
	rules_free(tally->rules);
	catalogue_free(&tally->catalogue);
	free(tally);
}
