/* SPDX-License-Identifier: ISC */
#include "cli/rrd/where.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/config.h"
#include "lib/mem.h"
#include "rrd/range.h"

int
where_check(struct where *where, struct err *err)
{
	static const char *const kinds[] = {
		"total", "source", "host", "domain"};
	bool is_kind = !where->kind;
	for (size_t i = 0; !is_kind && i < sizeof(kinds) / sizeof(*kinds); i++)
		is_kind = strcmp(kinds[i], where->kind) == 0;
	if (!is_kind)
		return err_set(err,
			"scope '%s' is none: total, source, host or domain",
			where->kind);
	if (!where->kind)
		where->kind = where->key ? "domain" : "total";
	bool is_total = strcmp(where->kind, "total") == 0;
	if (!is_total && !where->key)
		return err_set(err, "--scope %s needs --key", where->kind);
	if (is_total || !where->key)
		where->key = "";
	return 0;
}

int
where_find(struct where *where, struct err *err)
{
	if (where->rrd) {
		where->dir = mem_strdup(where->rrd);
		return 0;
	}
	struct config *config =
		config_load(where->config ? where->config : CONFIG_PATH, err);
	if (!config)
		return -1;
	where->dir = mem_strdup(config->rrd_dir);
	if (config->rrd_cached)
		where->cached = mem_strdup(config->rrd_cached);
	config_free(config);
	return 0;
}

void
where_free(struct where *where)
{
	free(where->dir);
	free(where->cached);
	where->dir = where->cached = NULL;
}

/* RFC 3339: 2026-11-21T14:00:00Z, +01:00; also without zone (local time), with
 * a blank for the T, and the date alone. */
static bool
parse_date(const char *text, time_t *out)
{
	static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
		"%Y-%m-%d"};
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct tm tm = {.tm_isdst = -1}, zone = {0};
		const char *rest = strptime(text, formats[i], &tm);
		if (!rest)
			continue;
		if (*rest == '.')
			rest += 1 + strspn(rest + 1, "0123456789");
		if (!*rest) {
			*out = mktime(&tm);
			return true;
		}
		rest = strptime(rest, "%z", &zone);
		if (!rest || *rest)
			continue;
		*out = timegm(&tm) - zone.tm_gmtoff;
		return true;
	}
	return false;
}

int
where_time(const char *text, time_t now, time_t *out, struct err *err)
{
	long back;
	char *end;
	if (strcmp(text, "now") == 0) {
		*out = now;
		return 0;
	}
	if (text[0] == '-' && range_parse(text + 1, &back, NULL) == 0) {
		*out = now - back;
		return 0;
	}
	errno = 0;
	long long seconds = strtoll(text, &end, 10);
	if (isdigit((unsigned char)*text) && !*end && !errno &&
		seconds <= 1LL << 40) {
		*out = (time_t)seconds;
		return 0;
	}
	if (parse_date(text, out))
		return 0;
	return err_set(err,
		"'%s' is no time: say Unix seconds, 2026-01-31T12:00:00Z, "
		"-1d or now",
		text);
}
