/* SPDX-License-Identifier: ISC */
/*
 * config — see config.h.
 *
 * libconfuse reads the file and asks the check_…() functions about each value
 * as soon as it is read, so that an error carries the line; for the title of a
 * section this is the line of its closing brace.
 */
#include "lib/config.h"

#include <confuse.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/config_singles.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "lib/option.h"

enum { FILE_SIZE_MAX = 1 << 20 };

/* Where report() puts what is wrong: libconfuse hands it no pointer of ours. */
static _Thread_local struct {
	const char *path;
	struct err *err;
} reporting;

static void report(cfg_t *cfg, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void
report(cfg_t *cfg, const char *fmt, va_list args)
{
	char why[384];
	vsnprintf(why, sizeof(why), fmt, args);
	err_set(reporting.err, "%s:%d: %s", reporting.path, cfg->line, why);
}

/* The value that was just read. */
static const char *
last_string(cfg_opt_t *opt)
{
	return cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
}

static int
check_text(cfg_t *cfg, cfg_opt_t *opt)
{
	struct err why;
	if (option_check_text(cfg_opt_name(opt), last_string(opt), &why) == 0)
		return 0;
	cfg_error(cfg, "%s", why.text);
	return -1;
}

static int
check_number(cfg_t *cfg, cfg_opt_t *opt)
{
	struct err why;
	long number = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);
	if (option_check_number(cfg_opt_name(opt), number, &why) == 0)
		return 0;
	cfg_error(cfg, "%s", why.text);
	return -1;
}

static int
check_source(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *source = last_string(opt);
	if (check_text(cfg, opt) != 0)
		return -1;
	for (unsigned int i = 0; i + 1 < cfg_opt_size(opt); i++)
		if (strcmp(cfg_opt_getnstr(opt, i), source) == 0) {
			cfg_error(cfg, "order is '%s': must be named once",
				source);
			return -1;
		}
	return 0;
}

/* What a section may not be without. */
static const char *
find_missing(cfg_t *section, const char *name)
{
	static const struct {
		const char *section, *with, *needed;
	} needs[] = {
		{"authority", NULL, "order"},
		{"host_alias", NULL, "host"},
		{"snmp", "user", "auth_password"},
		{"snmp", "user", "privacy_password"},
	};
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (strcmp(needs[i].section, name) == 0 &&
			(needs[i].with == NULL ||
				cfg_getstr(section, needs[i].with) != NULL) &&
			cfg_getstr(section, needs[i].needed) == NULL)
			return needs[i].needed;
	return NULL;
}

static int
check_section(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *name = cfg_opt_name(opt), *title = cfg_title(section);
	const char *missing = find_missing(section, name);
	struct err why;
	if (title != NULL && option_check_text(name, title, &why) != 0)
		cfg_error(cfg, "%s", why.text);
	else if (missing != NULL && title == NULL)
		cfg_error(cfg, "%s with a user has no %s", name, missing);
	else if (missing != NULL)
		cfg_error(cfg, "%s '%s' has no %s", name, title, missing);
	else
		return 0;
	return -1;
}

/* Every value is checked by the name of its option. */
static void
set_checks(cfg_opt_t *opts)
{
	for (; opts->name != NULL; opts++) {
		opts->validcb = opts->type == CFGT_SEC   ? check_section
				: opts->type == CFGT_INT ? check_number
							 : check_text;
		if (opts->type == CFGT_SEC)
			set_checks(opts->subopts);
	}
}

static cfg_t *
init_reader(cfg_opt_t *options)
{
	set_checks(options);
	cfg_t *reader = cfg_init(options, CFGF_NONE);
	if (reader == NULL)
		abort(); /* out of memory */
	/* Not as text: to read it, libconfuse's scanner would go on where
	 * the last file was cut. */
	cfg_setlist(reader, "internal_relays", 8, "127.0.0.0/8", "::1",
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
		"169.254.0.0/16", "fe80::/10", "fc00::/7");
	cfg_set_validate_func(reader, "authority|order", check_source);
	cfg_set_error_function(reader, report);
	return reader;
}

static cfg_t *
new_reader(void)
{
	cfg_opt_t input[] = {
		CFG_STR("first", "start", CFGF_NONE),
		CFG_STR("program", NULL, CFGF_NONE),
		CFG_END(),
	};
	cfg_opt_t alias[] = {
		CFG_STR("host", NULL, CFGF_NONE),
		CFG_END(),
	};
	cfg_opt_t authority[] = {
		CFG_STR_LIST("order", NULL, CFGF_NONE),
		CFG_END(),
	};
	cfg_opt_t rrd[] = {
		CFG_STR("dir", NULL, CFGF_NONE),
		CFG_STR("cached", NULL, CFGF_NONE),
		CFG_INT("size_max", 4096, CFGF_NONE),
		CFG_END(),
	};
	cfg_opt_t snmp[] = {
		CFG_STR("socket", "unix:/run/agentx/master", CFGF_NONE),
		CFG_STR("root", "1.3.6.1.4.1.8072.9999.9999.25", CFGF_NONE),
		CFG_STR("community", NULL, CFGF_NONE),
		CFG_STR("user", NULL, CFGF_NONE),
		CFG_STR("auth", "SHA-256", CFGF_NONE),
		CFG_STR("auth_password", NULL, CFGF_NONE),
		CFG_STR("privacy", "AES", CFGF_NONE),
		CFG_STR("privacy_password", NULL, CFGF_NONE),
		CFG_STR_LIST("sinks", NULL, CFGF_NONE),
		CFG_END(),
	};
	const cfg_flag_t titled = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t options[] = {
		CFG_STR("state_dir", "/var/lib/mailtally", CFGF_NONE),
		CFG_STR("run_dir", "/run/mailtally", CFGF_NONE),
		CFG_STR("rules_dir", "/etc/mailtally/rules.d", CFGF_NONE),
		CFG_STR("queue_dir", "/var/spool/postfix", CFGF_NONE),
		CFG_SEC("input", input, titled),
		CFG_STR_LIST("own_domains", NULL, CFGF_NONE),
		CFG_STR_LIST("filters", NULL, CFGF_NONE),
		CFG_STR_LIST("trusted_networks", NULL, CFGF_NONE),
		CFG_STR_LIST("internal_relays", NULL, CFGF_NONE),
		CFG_SEC("host_alias", alias, titled),
		CFG_SEC("authority", authority, titled),
		CFG_SEC("rrd", rrd, CFGF_NONE),
		CFG_SEC("snmp", snmp, CFGF_NONE),
		CFG_INT("domains_max", 100, CFGF_NONE),
		CFG_INT("hosts_max", 64, CFGF_NONE),
		CFG_INT("ledger_max", 65536, CFGF_NONE),
		CFG_END(),
	};
	return init_reader(options);
}

static struct config_strings
copy_strings(cfg_t *reader, const char *option)
{
	struct config_strings strings = {.count = cfg_size(reader, option)};
	strings.items = mem_zalloc(strings.count, sizeof(*strings.items));
	for (unsigned int i = 0; i < strings.count; i++)
		strings.items[i] = mem_strdup(cfg_getnstr(reader, option, i));
	return strings;
}

static char *
copy_text(cfg_t *section, const char *option)
{
	const char *text = cfg_getstr(section, option);
	return text != NULL ? mem_strdup(text) : NULL;
}

static char *
lowered(char *text)
{
	for (char *c = text; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return text;
}

static void
copy_aliases(struct config *config, cfg_t *reader)
{
	config->host_alias_count = cfg_size(reader, "host_alias");
	config->host_aliases = mem_zalloc(
		config->host_alias_count, sizeof(*config->host_aliases));
	for (unsigned int i = 0; i < config->host_alias_count; i++) {
		cfg_t *alias = cfg_getnsec(reader, "host_alias", i);
		config->host_aliases[i] = (struct config_alias){
			.name = lowered(mem_strdup(cfg_title(alias))),
			.host = lowered(copy_text(alias, "host")),
		};
	}
}

static void
copy_sections(struct config *config, cfg_t *reader)
{
	config->input_count = cfg_size(reader, "input");
	config->inputs =
		mem_zalloc(config->input_count, sizeof(*config->inputs));
	for (unsigned int i = 0; i < config->input_count; i++) {
		cfg_t *input = cfg_getnsec(reader, "input", i);
		config->inputs[i] = (struct config_input){
			.path = mem_strdup(cfg_title(input)),
			.program = copy_text(input, "program"),
			.at_end =
				strcmp(cfg_getstr(input, "first"), "end") == 0,
		};
	}
	config->authority_count = cfg_size(reader, "authority");
	config->authorities = mem_zalloc(
		config->authority_count, sizeof(*config->authorities));
	for (unsigned int i = 0; i < config->authority_count; i++) {
		cfg_t *authority = cfg_getnsec(reader, "authority", i);
		config->authorities[i] = (struct config_authority){
			.method = mem_strdup(cfg_title(authority)),
			.order = copy_strings(authority, "order"),
		};
	}
}

static struct config *
copy_all(cfg_t *reader)
{
	struct config *config = mem_zalloc(1, sizeof(*config));
	for (size_t i = 0; i < CONFIG_SINGLES; i++) {
		const char *option = config_singles[i].option;
		void *place = (char *)config + config_singles[i].place;
		if (config_singles[i].kind == CONFIG_TEXT)
			*(char **)place = copy_text(reader, option);
		else if (config_singles[i].kind == CONFIG_NUMBER)
			*(long *)place = cfg_getint(reader, option);
		else
			*(struct config_strings *)place =
				copy_strings(reader, option);
	}
	for (size_t i = 0; i < config->own_domains.count; i++)
		lowered(config->own_domains.items[i]);
	if (config->rrd_dir == NULL) {
		struct buf beside = {0};
		buf_printf(&beside, "%s/rrd", config->state_dir);
		config->rrd_dir = beside.data;
	}
	copy_sections(config, reader);
	copy_aliases(config, reader);
	return config;
}

static int
parse(cfg_t *reader, const struct buf *text)
{
	FILE *file = fmemopen(text->data, text->len, "r");
	if (file == NULL)
		return err_set(reporting.err, "cannot read %s: %s",
			reporting.path, strerror(errno));
	int result = cfg_parse_fp(reader, file);
	fclose(file);
	return result;
}

/* libconfuse takes the end of the file for the end of any section.  With one
 * brace more, a good text must become a bad one. */
static int
check_braces(struct buf *text, struct err *err)
{
	cfg_t *reader = new_reader();
	buf_adds(text, "}\n");
	reporting.err = NULL;
	int result = parse(reader, text);
	cfg_free(reader);
	return result != CFG_SUCCESS ? 0
				     : err_set(err,
					       "%s: the last section or "
					       "comment is not closed",
					       reporting.path);
}

static struct config *
load(cfg_t *reader, struct buf *text, struct err *err)
{
	buf_adds(text, "\n");
	if (strlen(text->data) < text->len)
		err_set(err, "%s: holds a NUL byte", reporting.path);
	else if (parse(reader, text) != CFG_SUCCESS ||
		 check_braces(text, err) != 0)
		return NULL;
	else if (cfg_size(reader, "input") == 0)
		err_set(err, "%s: no input: say which log to read",
			reporting.path);
	else
		return copy_all(reader);
	return NULL;
}

struct config *
config_load(const char *path, struct err *err)
{
	struct buf text = {0};
	if (file_read(path, FILE_SIZE_MAX, &text, err) != 0)
		return NULL;
	cfg_t *reader = new_reader();
	reporting.path = path;
	reporting.err = err;
	struct config *config = load(reader, &text, err);
	cfg_free(reader);
	buf_free(&text);
	return config;
}

struct config *
config_default(void)
{
	cfg_t *reader = new_reader();
	struct config *config = copy_all(reader);
	cfg_free(reader);
	return config;
}
