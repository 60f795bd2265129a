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
#include "lib/file.h"
#include "lib/mem.h"
#include "lib/shape.h"

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
refuse(cfg_t *cfg, cfg_opt_t *opt, const char *must)
{
	cfg_error(cfg, "%s is '%s': must be %s", cfg_opt_name(opt),
		last_string(opt), must);
	return -1;
}

static int
check_path(cfg_t *cfg, cfg_opt_t *opt)
{
	if (shape_is_path(last_string(opt)))
		return 0;
	return refuse(cfg, opt, "an absolute path");
}

static int
check_filled(cfg_t *cfg, cfg_opt_t *opt)
{
	if (last_string(opt)[0] != '\0')
		return 0;
	return refuse(cfg, opt, "an address");
}

static int
check_first(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *first = last_string(opt);
	if (strcmp(first, "start") == 0 || strcmp(first, "end") == 0)
		return 0;
	return refuse(cfg, opt, "\"start\" or \"end\"");
}

static int
check_domain(cfg_t *cfg, cfg_opt_t *opt)
{
	if (shape_is_domain(last_string(opt)))
		return 0;
	return refuse(cfg, opt, "domain names, xn--… if not ASCII");
}

static int
check_filter(cfg_t *cfg, cfg_opt_t *opt)
{
	if (shape_is_endpoint(last_string(opt)))
		return 0;
	return refuse(cfg, opt, "ADDRESS:PORT or [ADDRESS]:PORT");
}

static int
check_source(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *source = last_string(opt);
	if (!shape_is_source(source))
		return refuse(cfg, opt, "names of sources");
	for (unsigned int i = 0; i + 1 < cfg_opt_size(opt); i++)
		if (strcmp(cfg_opt_getnstr(opt, i), source) == 0)
			return refuse(cfg, opt, "named once");
	return 0;
}

static int
check_number(cfg_t *cfg, cfg_opt_t *opt)
{
	static const struct {
		const char *name;
		long min, max;
	} ranges[] = {
		{"domains_max", 0, 10000},
		{"hosts_max", 1, 10000},
		{"size_max", 0, 1 << 20},
	};
	long number = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (strcmp(ranges[i].name, cfg_opt_name(opt)) != 0)
			continue;
		if (number >= ranges[i].min && number <= ranges[i].max)
			return 0;
		cfg_error(cfg, "%s is %ld: must be %ld to %ld", ranges[i].name,
			number, ranges[i].min, ranges[i].max);
	}
	return -1;
}

static int
check_input(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *input = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *path = cfg_title(input);
	if (shape_is_path(path))
		return 0;
	cfg_error(cfg, "input is '%s': must be an absolute path", path);
	return -1;
}

static int
check_authority(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const methods[] = {"dkim", "spf", "dmarc", "arc"};
	cfg_t *authority = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *method = cfg_title(authority);
	size_t i = 0, count = sizeof(methods) / sizeof(methods[0]);
	while (i < count && strcmp(methods[i], method) != 0)
		i++;
	if (i == count)
		cfg_error(cfg,
			"authority is '%s': must be dkim, spf, dmarc or arc",
			method);
	else if (cfg_size(authority, "order") == 0)
		cfg_error(cfg, "authority '%s' has no order", method);
	else
		return 0;
	return -1;
}

static const struct {
	const char *option;
	cfg_validate_callback_t check;
} checks[] = {
	{"state_dir", check_path},
	{"run_dir", check_path},
	{"rules_dir", check_path},
	{"queue_dir", check_path},
	{"input|first", check_first},
	{"input", check_input},
	{"own_domains", check_domain},
	{"filters", check_filter},
	{"authority|order", check_source},
	{"authority", check_authority},
	{"rrd|dir", check_path},
	{"rrd|cached", check_filled},
	{"rrd|size_max", check_number},
	{"domains_max", check_number},
	{"hosts_max", check_number},
};

static cfg_t *
new_reader(void)
{
	cfg_opt_t input[] = {
		CFG_STR("first", "start", CFGF_NONE),
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
	const cfg_flag_t titled = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t options[] = {
		CFG_STR("state_dir", "/var/lib/mailtally", CFGF_NONE),
		CFG_STR("run_dir", "/run/mailtally", CFGF_NONE),
		CFG_STR("rules_dir", "/etc/mailtally/rules.d", CFGF_NONE),
		CFG_STR("queue_dir", "/var/spool/postfix", CFGF_NONE),
		CFG_SEC("input", input, titled),
		CFG_STR_LIST("own_domains", NULL, CFGF_NONE),
		CFG_STR_LIST("filters", NULL, CFGF_NONE),
		CFG_SEC("authority", authority, titled),
		CFG_SEC("rrd", rrd, CFGF_NONE),
		CFG_INT("domains_max", 100, CFGF_NONE),
		CFG_INT("hosts_max", 64, CFGF_NONE),
		CFG_END(),
	};
	cfg_t *reader = cfg_init(options, CFGF_NONE);
	if (reader == NULL)
		abort(); /* out of memory */
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		cfg_set_validate_func(
			reader, checks[i].option, checks[i].check);
	cfg_set_error_function(reader, report);
	return reader;
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
	config->state_dir = mem_strdup(cfg_getstr(reader, "state_dir"));
	config->run_dir = mem_strdup(cfg_getstr(reader, "run_dir"));
	config->rules_dir = mem_strdup(cfg_getstr(reader, "rules_dir"));
	config->queue_dir = mem_strdup(cfg_getstr(reader, "queue_dir"));
	config->domains_max = cfg_getint(reader, "domains_max");
	config->hosts_max = cfg_getint(reader, "hosts_max");
	config->filters = copy_strings(reader, "filters");
	config->own_domains = copy_strings(reader, "own_domains");
	for (size_t i = 0; i < config->own_domains.count; i++)
		for (char *c = config->own_domains.items[i]; *c != '\0'; c++)
			*c = (char)tolower((unsigned char)*c);

	const char *dir = cfg_getstr(reader, "rrd|dir");
	const char *cached = cfg_getstr(reader, "rrd|cached");
	struct buf beside = {0};
	buf_printf(&beside, "%s/rrd", config->state_dir);
	config->rrd_dir = mem_strdup(dir != NULL ? dir : beside.data);
	config->rrd_cached = cached != NULL ? mem_strdup(cached) : NULL;
	config->rrd_size_max = cfg_getint(reader, "rrd|size_max");
	buf_free(&beside);
	copy_sections(config, reader);
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
	for (size_t i = 0; i < config->input_count; i++)
		free(config->inputs[i].path);
	for (size_t i = 0; i < config->authority_count; i++) {
		free(config->authorities[i].method);
		free_strings(&config->authorities[i].order);
	}
	free_strings(&config->own_domains);
	free_strings(&config->filters);
	free(config->inputs);
	free(config->authorities);
	free(config->state_dir);
	free(config->run_dir);
	free(config->rules_dir);
	free(config->queue_dir);
	free(config->rrd_dir);
	free(config->rrd_cached);
	free(config);
}
