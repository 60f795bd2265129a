/* SPDX-License-Identifier: ISC */
/* config_singles — see config_singles.h. */
#include "lib/config_singles.h"

#include <stdlib.h>

const struct config_single config_singles[CONFIG_SINGLES] = {
#define PLACE(member) offsetof(struct config, member)
	{"state_dir", CONFIG_TEXT, PLACE(state_dir)},
	{"run_dir", CONFIG_TEXT, PLACE(run_dir)},
	{"rules_dir", CONFIG_TEXT, PLACE(rules_dir)},
	{"queue_dir", CONFIG_TEXT, PLACE(queue_dir)},
	{"own_domains", CONFIG_LIST, PLACE(own_domains)},
	{"filters", CONFIG_LIST, PLACE(filters)},
	{"trusted_networks", CONFIG_LIST, PLACE(trusted_networks)},
	{"internal_relays", CONFIG_LIST, PLACE(internal_relays)},
	{"domains_max", CONFIG_NUMBER, PLACE(domains_max)},
	{"hosts_max", CONFIG_NUMBER, PLACE(hosts_max)},
	{"ledger_max", CONFIG_NUMBER, PLACE(ledger_max)},
	{"rrd|dir", CONFIG_TEXT, PLACE(rrd_dir)},
	{"rrd|cached", CONFIG_TEXT, PLACE(rrd_cached)},
	{"rrd|size_max", CONFIG_NUMBER, PLACE(rrd_size_max)},
	{"snmp|socket", CONFIG_TEXT, PLACE(snmp_socket)},
	{"snmp|root", CONFIG_TEXT, PLACE(snmp_root)},
	{"snmp|community", CONFIG_TEXT, PLACE(snmp_community)},
	{"snmp|user", CONFIG_TEXT, PLACE(snmp_user)},
	{"snmp|auth", CONFIG_TEXT, PLACE(snmp_auth)},
	{"snmp|auth_password", CONFIG_TEXT, PLACE(snmp_auth_password)},
	{"snmp|privacy", CONFIG_TEXT, PLACE(snmp_privacy)},
	{"snmp|privacy_password", CONFIG_TEXT, PLACE(snmp_privacy_password)},
	{"snmp|sinks", CONFIG_LIST, PLACE(snmp_sinks)},
#undef PLACE
};

static void
free_strings(struct config_strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		free(strings->items[i]);
	free(strings->items);
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < config->input_count; i++) {
		free(config->inputs[i].path);
		free(config->inputs[i].program);
	}
	for (size_t i = 0; i < config->host_alias_count; i++) {
		free(config->host_aliases[i].name);
		free(config->host_aliases[i].host);
	}
	for (size_t i = 0; i < config->authority_count; i++) {
		free(config->authorities[i].method);
		free_strings(&config->authorities[i].order);
	}
	for (size_t i = 0; i < CONFIG_SINGLES; i++) {
		void *place = (char *)config + config_singles[i].place;
		if (config_singles[i].kind == CONFIG_TEXT)
			free(*(char **)place);
		else if (config_singles[i].kind == CONFIG_LIST)
			free_strings(place);
	}
	free(config->host_aliases);
	free(config->inputs);
	free(config->authorities);
	free(config);
}
