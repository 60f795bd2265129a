/* SPDX-License-Identifier: ISC */
/*
 * config — the one configuration file of all programs, mailtally.conf(5).
 *
 * Everything but the inputs has a default.  The only file that includes
 * confuse.h.
 */
#ifndef LIB_CONFIG_H
#define LIB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

#define CONFIG_PATH "/etc/mailtally/mailtally.conf"

struct config_strings {
	char **items;
	size_t count;
};

struct config_input {
	char *path;
	char *program; /* the name of lines that have none, or NULL */
	bool at_end;   /* first = "end" */
};

/* Lines of the host with this first label speak of messages on that one. */
struct config_alias {
	char *name, *host; /* lower case */
};

/* One method's sources in the order of their authority. */
struct config_authority {
	char *method; /* dkim, spf, dmarc, arc, domainkeys, adsp */
	struct config_strings order;
};

struct config {
	char *state_dir, *run_dir, *rules_dir, *queue_dir;
	struct config_input *inputs;
	size_t input_count;
	struct config_strings own_domains; /* lower case */
	struct config_strings filters;     /* content filters: ADDRESS:PORT */
	/* Each is good for cidr_parse(). */
	struct config_strings trusted_networks, internal_relays;
	struct config_alias *host_aliases;
	size_t host_alias_count;
	struct config_authority *authorities;
	size_t authority_count;
	long domains_max, hosts_max, ledger_max;
	char *rrd_dir;     /* rrd { dir } */
	char *rrd_cached;  /* rrd { cached }: address of rrdcached, or NULL */
	long rrd_size_max; /* rrd { size_max }: cap on the whole store, MiB */
	/* snmp { socket, root, … }: NULL where there is no default. */
	char *snmp_socket; /* of AgentX: unix:PATH or tcp:ADDRESS:PORT */
	char *snmp_root;   /* the MIB's root, as 1.3.6.1.4.1.N */
	char *snmp_community, *snmp_user;
	char *snmp_auth, *snmp_auth_password; /* not NULL if there is a user */
	char *snmp_privacy, *snmp_privacy_password; /* likewise */
	struct config_strings snmp_sinks;           /* ADDRESS:PORT, no names */
};

/* NULL with "FILE:LINE: what and why".  Values are checked: absolute paths,
 * sizes in range, no input twice, at least one input. */
struct config *config_load(const char *path, struct err *err);
/* What stands where no file is read (scan, explain): all defaults, no input. */
struct config *config_default(void);
void config_free(struct config *config);

#endif
