/* SPDX-License-Identifier: ISC */
/* option — see option.h. */
#include "lib/option.h"

#include <string.h>

#include "lib/cidr.h"
#include "lib/shape.h"

static bool
is_first(const char *text)
{
	return strcmp(text, "start") == 0 || strcmp(text, "end") == 0;
}

/* One of the words of a list that NULL ends. */
static bool
is_among(const char *text, const char *const *words)
{
	while (*words != NULL && strcmp(text, *words) != 0)
		words++;
	return *words != NULL;
}

static bool
is_method(const char *text)
{
	static const char *const methods[] = {
		"dkim", "spf", "dmarc", "arc", "domainkeys", "adsp", NULL};
	return is_among(text, methods);
}

static bool
is_auth(const char *text)
{
	static const char *const hashes[] = {
		"SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512", NULL};
	return is_among(text, hashes);
}

static bool
is_privacy(const char *text)
{
	static const char *const ciphers[] = {
		"AES", "AES-192", "AES-256", NULL};
	return is_among(text, ciphers);
}

/* What an error does not show. */
static bool
is_secret(const char *option)
{
	static const char *const secrets[] = {
		"community", "auth_password", "privacy_password", NULL};
	return is_among(option, secrets);
}

#define TOKEN                                                                  \
	" visible characters of ASCII but quotes, '\\' and '#', the first no " \
	"'-'"

/* Those without a shape are networks. */
static const struct {
	const char *option;
	bool (*is_good)(const char *text);
	const char *must;
} texts[] = {
	{"state_dir", shape_is_path, "an absolute path"},
	{"run_dir", shape_is_path, "an absolute path"},
	{"rules_dir", shape_is_path, "an absolute path"},
	{"queue_dir", shape_is_path, "an absolute path"},
	{"input", shape_is_path, "an absolute path"},
	{"first", is_first, "\"start\" or \"end\""},
	{"program", shape_is_program, "a program's name as in a log"},
	{"own_domains", shape_is_domain, "domain names, xn--… if not ASCII"},
	{"filters", shape_is_endpoint, "ADDRESS:PORT or [ADDRESS]:PORT"},
	{"trusted_networks", NULL, NULL},
	{"internal_relays", NULL, NULL},
	{"host_alias", shape_is_label, "the first label of a host's name"},
	{"host", shape_is_label, "the first label of a host's name"},
	{"authority", is_method, "dkim, spf, dmarc, arc, domainkeys or adsp"},
	{"order", shape_is_source, "names of sources"},
	{"dir", shape_is_path, "an absolute path"},
	{"cached", shape_is_filled, "an address"},
	{"socket", shape_is_agentx, "unix:/PATH or tcp:ADDRESS:PORT, no name"},
	{"root", shape_is_root, "1.3.6.1.4.1 and 1 to 14 numbers more"},
	{"community", shape_is_community, "up to 128" TOKEN},
	{"user", shape_is_user, "up to 32" TOKEN},
	{"auth", is_auth, "SHA, SHA-224, SHA-256, SHA-384 or SHA-512"},
	{"auth_password", shape_is_password, "8 to 128" TOKEN},
	{"privacy", is_privacy, "AES, AES-192 or AES-256"},
	{"privacy_password", shape_is_password, "8 to 128" TOKEN},
	{"sinks", shape_is_listener, "ADDRESS:PORT or [ADDRESS]:PORT, no name"},
};

static const struct {
	const char *option;
	long min, max;
} ranges[] = {
	{"domains_max", 0, 10000},
	{"hosts_max", 1, 10000},
	{"ledger_max", 1024, 1 << 20},
	{"size_max", 0, 1 << 20},
};

static int
check_network(const char *option, const char *text, struct err *err)
{
	struct cidr cidr;
	struct err why;
	if (cidr_parse(text, &cidr, &why) == 0)
		return 0;
	return err_set(err, "%s is '%s': %s", option, text, why.text);
}

int
option_check_text(const char *option, const char *text, struct err *err)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].option, option) != 0)
			continue;
		if (texts[i].is_good == NULL)
			return check_network(option, text, err);
		if (texts[i].is_good(text))
			return 0;
		if (is_secret(option))
			return err_set(
				err, "%s must be %s", option, texts[i].must);
		return err_set(err, "%s is '%s': must be %s", option, text,
			texts[i].must);
	}
	return err_set(err, "%s: unknown option", option);
}

int
option_check_number(const char *option, long number, struct err *err)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (strcmp(ranges[i].option, option) != 0)
			continue;
		if (number >= ranges[i].min && number <= ranges[i].max)
			return 0;
		return err_set(err, "%s is %ld: must be %ld to %ld", option,
			number, ranges[i].min, ranges[i].max);
	}
	return err_set(err, "%s: unknown option", option);
}
