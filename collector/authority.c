/* SPDX-License-Identifier: ISC */
/*
 * authority — see authority.h.
 *
 * Per method an order of sources; a source that the order does not name comes
 * last, in the order of appearance.  Per host, method and place in the order,
 * the log time of the last verdict.
 */
#include "collector/authority.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { SOURCES_MAX = 32, NEVER = INT32_MIN };

const char *const authority_methods[AUTHORITY_METHODS] = {
	"dkim", "spf", "dmarc", "arc", "domainkeys", "adsp"};

static const char *const shipped_orders[AUTHORITY_METHODS][SOURCES_MAX] = {
	{"opendkim", "dkim-filter", "dkimpy-milter", "rspamd",
		"authentication_milter", "amavis", "spamd"},
	{"policyd-spf", "policyd-spf-perl", "pyspf-milter", "smf-spf",
		"milter-greylist", "rspamd", "authentication_milter",
		"cluebringer", "opendmarc", "spamd"},
	{"opendmarc", "rspamd", "authentication_milter", "spamd"},
	{"authentication_milter", "rspamd", "dkimpy-milter", "openarc"},
	{"dk-filter", "authentication_milter", "spamd"},
	{"opendkim", "dkim-filter", "authentication_milter", "spamd"},
};

/* RFC 8601's result words, and those of ADSP and of skipped checks. */
static const char *const verdict_words[] = {"pass", "fail", "none", "neutral",
	"policy", "softfail", "temperror", "permerror", "skipped", "invalid",
	"unknown", "discard", "nxdomain"};

struct spoken {
	int64_t time[AUTHORITY_METHODS][SOURCES_MAX];
};

struct authority {
	char *orders[AUTHORITY_METHODS][SOURCES_MAX];
	size_t order_count[AUTHORITY_METHODS];
	struct spoken *hosts;
	size_t host_count;
};

int
authority_method_find(const char *name)
{
	for (int m = 0; m < AUTHORITY_METHODS; m++)
		if (strcmp(authority_methods[m], name) == 0)
			return m;
	return -1;
}

int
authority_method_of(const char *group, const char *word)
{
	size_t words = sizeof(verdict_words) / sizeof(*verdict_words);
	for (size_t i = 0; i < words; i++)
		if (strcmp(verdict_words[i], word) == 0)
			return authority_method_find(group);
	return -1;
}

struct authority *
authority_new(void)
{
	struct authority *a = mem_zalloc(1, sizeof(*a));
	for (int m = 0; m < AUTHORITY_METHODS; m++)
		for (size_t i = 0; shipped_orders[m][i] != NULL; i++) {
			a->orders[m][i] = mem_strdup(shipped_orders[m][i]);
			a->order_count[m]++;
		}
	return a;
}

static void
clear_order(struct authority *a, int method)
{
	for (size_t i = 0; i < a->order_count[method]; i++)
		free(a->orders[method][i]);
	a->order_count[method] = 0;
}

void
authority_free(struct authority *a)
{
	if (a == NULL)
		return;
	for (int m = 0; m < AUTHORITY_METHODS; m++)
		clear_order(a, m);
	free(a->hosts);
	free(a);
}

int
authority_set_order(struct authority *a, const char *method,
	struct authority_order order, struct err *err)
{
	int m = authority_method_find(method);
	if (m < 0)
		return err_set(err, "authority: no method '%s'", method);
	if (order.count >= SOURCES_MAX)
		return err_set(err, "authority of %s: more than %d sources",
			method, SOURCES_MAX - 1);
	clear_order(a, m);
	for (size_t i = 0; i < order.count; i++)
		a->orders[m][i] = mem_strdup(order.sources[i]);
	a->order_count[m] = order.count;
	return 0;
}

/* The source's place in the order; appended when new, the last place shared by
 * those that find no room. */
static size_t
place_of(struct authority *a, int method, const char *source)
{
	size_t count = a->order_count[method];
	for (size_t i = 0; i < count; i++)
		if (strcmp(a->orders[method][i], source) == 0)
			return i;
	if (count == SOURCES_MAX)
		return count - 1;
	a->orders[method][count] = mem_strdup(source);
	a->order_count[method]++;
	return count;
}

static struct spoken *
spoken_on(struct authority *a, unsigned host)
{
	if (host >= a->host_count) {
		a->hosts = mem_realloc(a->hosts, host + 1, sizeof(*a->hosts));
		for (size_t h = a->host_count; h <= host; h++)
			for (int m = 0; m < AUTHORITY_METHODS; m++)
				for (size_t i = 0; i < SOURCES_MAX; i++)
					a->hosts[h].time[m][i] = NEVER;
		a->host_count = host + 1;
	}
	return &a->hosts[host];
}

bool
authority_counts(struct authority *a, const struct authority_spoke *spoke)
{
	size_t place = place_of(a, spoke->method, spoke->source);
	const int64_t *times = spoken_on(a, spoke->host)->time[spoke->method];
	for (size_t i = 0; i < place; i++)
		if (times[i] != NEVER &&
			spoke->time - times[i] <= AUTHORITY_WINDOW_S)
			return false;
	return true;
}

bool
authority_speak(struct authority *a, const struct authority_spoke *spoke)
{
	size_t place = place_of(a, spoke->method, spoke->source);
	int64_t *times = spoken_on(a, spoke->host)->time[spoke->method];
	if (spoke->time > times[place])
		times[place] = spoke->time;
	return authority_counts(a, spoke);
}

void
authority_each(const struct authority *a,
	void (*visit)(const struct authority_spoke *spoke, void *arg),
	void *arg)
{
	/* Hosts innermost: sources come in the order of their authority, so
	 * that those which no order names get their places back. */
	for (int m = 0; m < AUTHORITY_METHODS; m++)
		for (size_t i = 0; i < a->order_count[m]; i++)
			for (size_t h = 0; h < a->host_count; h++) {
				int64_t time = a->hosts[h].time[m][i];
				if (time == NEVER)
					continue;
				visit(&(struct authority_spoke){(unsigned)h, m,
					      a->orders[m][i], time},
					arg);
			}
}

void
authority_restore(struct authority *a, const struct authority_spoke *spoke)
{
	if (spoke->method < 0 || spoke->method >= AUTHORITY_METHODS)
		return;
	size_t place = place_of(a, spoke->method, spoke->source);
	spoken_on(a, spoke->host)->time[spoke->method][place] = spoke->time;
}
