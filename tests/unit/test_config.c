/* SPDX-License-Identifier: ISC */
/* test_config — every option, every default, every sentence with its line. */
#include "lib/config.c"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define INPUT "input \"/log\" { }\n"

/* A configuration file of the given text, until the test is over. */
static int
make_file(void **state)
{
	char *path = mem_strdup("/tmp/test_config.XXXXXX");
	int fd = mkstemp(path);
	*state = path;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
	int result = unlink(*state);
	free(*state);
	return result;
}

static struct config *
load_text(const char *path, const char *text, size_t len, struct err *err)
{
	struct file_content content = {text, len, 0600, false};
	assert_int_equal(file_replace(path, &content, err), 0);
	return config_load(path, err);
}

static struct config *
load_good(const char *path, const char *text)
{
	struct err err = {""};
	struct config *config = load_text(path, text, strlen(text), &err);
	if (config == NULL)
		fail_msg("refused: %s", err.text);
	return config;
}

/* expected: each text with a blank behind it. */
static void
assert_texts(const struct config_strings *strings, const char *expected)
{
	struct buf text = {0};
	for (size_t i = 0; i < strings->count; i++)
		buf_printf(&text, "%s ", strings->items[i]);
	assert_string_equal(text.data, expected);
	buf_free(&text);
}

static void
assert_defaults(const struct config *config)
{
	assert_string_equal(config->state_dir, "/var/lib/mailtally");
	assert_string_equal(config->run_dir, "/run/mailtally");
	assert_string_equal(config->rules_dir, "/etc/mailtally/rules.d");
	assert_string_equal(config->queue_dir, "/var/spool/postfix");
	assert_int_equal(config->own_domains.count, 0);
	assert_int_equal(config->filters.count, 0);
	assert_int_equal(config->trusted_networks.count, 0);
	assert_texts(&config->internal_relays,
		"127.0.0.0/8 ::1 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 "
		"169.254.0.0/16 fe80::/10 fc00::/7 ");
	assert_int_equal(config->host_alias_count, 0);
	assert_int_equal(config->authority_count, 0);
	assert_int_equal(config->domains_max, 100);
	assert_int_equal(config->hosts_max, 64);
	assert_int_equal(config->ledger_max, 65536);
	assert_string_equal(config->rrd_dir, "/var/lib/mailtally/rrd");
	assert_null(config->rrd_cached);
	assert_int_equal(config->rrd_size_max, 4096);
}

static void
config_has_a_default_for_all_but_the_inputs(void **state)
{
	struct config *config = load_good(*state, INPUT);
	assert_defaults(config);
	assert_int_equal(config->input_count, 1);
	assert_string_equal(config->inputs[0].path, "/log");
	assert_false(config->inputs[0].at_end);
	assert_null(config->inputs[0].program);
	config_free(config);
}

static void
config_default_needs_no_file(void **state)
{
	(void)state;
	struct config *config = config_default();
	assert_defaults(config);
	assert_int_equal(config->input_count, 0);
	config_free(config);
}

static void
config_reads_every_option(void **state)
{
	struct config *config = load_good(*state,
		"# a comment\n"
		"state_dir = '/s'\n"
		"run_dir = \"/r\" rules_dir = /u\n"
		"queue_dir = \"/q r\"\n"
		"input \"/a\" { first = \"end\" }\n"
		"input \"/b\" { first = start program = \"a/b-1\" }\n"
		"own_domains = { Example.ORG, \"xn--bcher-kva.example\" }\n"
		"filters = { \"127.0.0.1:10024\", \"[::1]:1\", mx_1:65535 }\n"
		"trusted_networks = { \"192.0.2.0/24\", \"[::1]\" }\n"
		"internal_relays = { \"2001:db8::/32\" }\n"
		"host_alias \"Milter1\" { host = MX1 }\n"
		"host_alias m2 { host = mx1 }\n"
		"authority \"dkim\" { order = { rspamd, opendkim } }\n"
		"authority \"spf\" { order = { policyd-spf } }\n"
		"rrd {\n  dir = /d\n  cached = \"unix:/x\"\n"
		"  size_max = 0\n}\n"
		"domains_max = 0\nhosts_max = 10000\n"
		"ledger_max = 1024\n");
	assert_string_equal(config->state_dir, "/s");
	assert_string_equal(config->run_dir, "/r");
	assert_string_equal(config->rules_dir, "/u");
	assert_string_equal(config->queue_dir, "/q r");
	assert_int_equal(config->input_count, 2);
	assert_true(config->inputs[0].at_end);
	assert_string_equal(config->inputs[1].path, "/b");
	assert_false(config->inputs[1].at_end);
	assert_null(config->inputs[0].program);
	assert_string_equal(config->inputs[1].program, "a/b-1");
	assert_texts(&config->trusted_networks, "192.0.2.0/24 [::1] ");
	assert_texts(&config->internal_relays, "2001:db8::/32 ");
	assert_int_equal(config->host_alias_count, 2);
	assert_string_equal(config->host_aliases[0].name, "milter1");
	assert_string_equal(config->host_aliases[0].host, "mx1");
	assert_string_equal(config->host_aliases[1].name, "m2");
	assert_int_equal(config->own_domains.count, 2);
	assert_string_equal(config->own_domains.items[0], "example.org");
	assert_int_equal(config->filters.count, 3);
	assert_string_equal(config->filters.items[1], "[::1]:1");
	assert_int_equal(config->authority_count, 2);
	assert_string_equal(config->authorities[0].method, "dkim");
	assert_int_equal(config->authorities[0].order.count, 2);
	assert_string_equal(config->authorities[0].order.items[1], "opendkim");
	assert_string_equal(config->authorities[1].method, "spf");
	assert_string_equal(config->rrd_dir, "/d");
	assert_string_equal(config->rrd_cached, "unix:/x");
	assert_int_equal(config->rrd_size_max, 0);
	assert_int_equal(config->domains_max, 0);
	assert_int_equal(config->hosts_max, 10000);
	assert_int_equal(config->ledger_max, 1024);
	config_free(config);
}

static void
config_keeps_the_rrd_files_below_state_dir(void **state)
{
	struct config *config = load_good(*state, "state_dir = /s\n" INPUT);
	assert_string_equal(config->rrd_dir, "/s/rrd");
	config_free(config);
}

/* The sentence follows the file's name. */
static const struct {
	const char *text, *sentence;
} refusals[] = {
	/* the file as a whole */
	{"", ": no input: say which log to read"},
	{"domains_max = 1\n", ": no input: say which log to read"},
	/* what libconfuse finds */
	{"\n\nsmtp { }\n", ":3: no such option 'smtp'"},
	{"\ninput \"/a\" {\n last = x }\n", ":3: no such option 'last'"},
	{"\nrrd {\n\n dirs = /x }\n", ":4: no such option 'dirs'"},
	{"\nstate_dir /x\n", ":2: missing equal sign after option 'state_dir'"},
	{"\nhosts_max = many\n",
		":2: invalid integer value for option 'hosts_max'"},
	{"\nhosts_max = 99999999999999999999\n",
		":2: integer value for option 'hosts_max' is out of range"},
	{"\ninput { }\n", ":2: missing title for section 'input'"},
	{"input \"/a\" { }\ninput \"/a\" { }\n",
		":2: found duplicate title '/a'"},
	{"authority spf { order = { a } }\nauthority spf { }\n",
		":2: found duplicate title 'spf'"},
	{INPUT "rrd {\n", ": the last section or comment is not closed"},
	{INPUT "/* x", ": the last section or comment is not closed"},
	{"input /x {", ": the last section or comment is not closed"},
	{"\nstate_dir = \n", ":4: premature end of file"},
	{"\n}\n", ":2: unexpected closing brace"},
	{"\nstate_dir = \"/x\n", ":4: premature end of file"},
	/* what we find */
	{"\nstate_dir = x\n", ":2: state_dir is 'x': must be an absolute path"},
	{"\nrun_dir = ''\n", ":2: run_dir is '': must be an absolute path"},
	{"\nrules_dir = ./r\n",
		":2: rules_dir is './r': must be an absolute path"},
	{"\nqueue_dir = q\n", ":2: queue_dir is 'q': must be an absolute path"},
	{"\ninput mail.log { }\n",
		":2: input is 'mail.log': must be an absolute path"},
	{"\ninput \"/a\" {\n first = 'middle'\n}\n",
		":3: first is 'middle': must be \"start\" or \"end\""},
	{"own_domains = { a.example,\n \"b..example\" }\n",
		":2: own_domains is 'b..example': must be domain names, "
		"xn--… if not ASCII"},
	{"own_domains = { \"b\xc3\xbc.example\" }\n",
		":1: own_domains is 'b\xc3\xbc.example': must be domain names, "
		"xn--… if not ASCII"},
	{"own_domains = { .a }\n", ":1: own_domains is '.a': must be domain "
				   "names, xn--… if not ASCII"},
	{"own_domains = { a. }\n", ":1: own_domains is 'a.': must be domain "
				   "names, xn--… if not ASCII"},
	{"filters = { localhost }\n", ":1: filters is 'localhost': must be "
				      "ADDRESS:PORT or [ADDRESS]:PORT"},
	{"filters = { \"::1:25\" }\n", ":1: filters is '::1:25': must be "
				       "ADDRESS:PORT or [ADDRESS]:PORT"},
	{"filters = { \"a:0\" }\n", ":1: filters is 'a:0': must be "
				    "ADDRESS:PORT or [ADDRESS]:PORT"},
	{"filters = { \"a:65536\" }\n", ":1: filters is 'a:65536': must be "
					"ADDRESS:PORT or [ADDRESS]:PORT"},
	{"filters = { \"a:+5\" }\n", ":1: filters is 'a:+5': must be "
				     "ADDRESS:PORT or [ADDRESS]:PORT"},
	{"filters = { \":25\" }\n", ":1: filters is ':25': must be "
				    "ADDRESS:PORT or [ADDRESS]:PORT"},
	{"trusted_networks = { \"::1\",\n \"192.0.2.7/24\" }\n",
		":2: trusted_networks is '192.0.2.7/24': has a host part: "
		"the network is 192.0.2.0/24"},
	{"\ninternal_relays = { \"10.0.0.0/33\" }\n",
		":2: internal_relays is '10.0.0.0/33': must have 0 to 32 "
		"behind the '/'"},
	{"trusted_networks = { localhost }\n",
		":1: trusted_networks is 'localhost': must be an address or a "
		"network, as 192.0.2.0/24 or 2001:db8::/32"},
	{"host_alias a {\n}\n", ":2: host_alias 'a' has no host"},
	{"host_alias a.example { host = b }\n",
		":1: host_alias is 'a.example': must be the first label of a "
		"host's name"},
	{"host_alias a {\n host = 'b.c' }\n",
		":2: host is 'b.c': must be the first label of a host's name"},
	{"host_alias a { host = b }\nhost_alias a { host = c }\n",
		":2: found duplicate title 'a'"},
	{"\ninput \"/a\" {\n program = 'x:'\n}\n",
		":3: program is 'x:': must be a program's name as in a log"},
	{"authority dnssec { order = { a } }\n",
		":1: authority is 'dnssec': must be dkim, spf, dmarc, arc, "
		"domainkeys or adsp"},
	{"authority arc { }\n", ":1: authority 'arc' has no order"},
	{"authority arc { order = { } }\n", ":1: authority 'arc' has no order"},
	{"authority arc {\n order = { a,\n b, a } }\n",
		":3: order is 'a': must be named once"},
	{"authority arc { order = { \"a b\" } }\n",
		":1: order is 'a b': must be names of sources"},
	{"rrd { dir = x }\n", ":1: dir is 'x': must be an absolute path"},
	{"rrd { cached = '' }\n", ":1: cached is '': must be an address"},
	{"rrd { size_max = -1 }\n", ":1: size_max is -1: must be 0 to 1048576"},
	{"\ndomains_max = 10001\n",
		":2: domains_max is 10001: must be 0 to 10000"},
	{"\nledger_max = 1023\n",
		":2: ledger_max is 1023: must be 1024 to 1048576"},
	{"\nhosts_max = 0\n", ":2: hosts_max is 0: must be 1 to 10000"},
};

static void
config_says_what_is_wrong_and_where(void **state)
{
	const char *path = *state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct err err = {""};
		const char *text = refusals[i].text;
		assert_null(load_text(path, text, strlen(text), &err));
		assert_string_equal(
			err.text + strlen(path), refusals[i].sentence);
		err.text[strlen(path)] = '\0';
		assert_string_equal(err.text, path);
	}
}

static void
config_takes_an_empty_list_for_none(void **state)
{
	struct config *config =
		load_good(*state, INPUT "internal_relays = { }\n");
	assert_int_equal(config->internal_relays.count, 0);
	config_free(config);
}

static void
config_refuses_a_nul_byte(void **state)
{
	struct err err = {""};
	static const char text[] = INPUT "\0";
	assert_null(load_text(*state, text, sizeof(text) - 1, &err));
	assert_non_null(strstr(err.text, ": holds a NUL byte"));
}

static void
config_names_a_file_that_is_missing(void **state)
{
	(void)state;
	struct err err = {""};
	assert_null(config_load("/nonexistent.conf", &err));
	assert_string_equal(err.text,
		"cannot read /nonexistent.conf: No such file or directory");
}

/* Every prefix is good or refused with the file's name, and frees all. */
static void
config_survives_a_file_that_is_cut(void **state)
{
	const char *path = *state;
	static const char text[] = INPUT
		"authority arc { order = { a, 'b' } }\n"
		"host_alias a { host = b }\n"
		"trusted_networks = { \"192.0.2.0/24\" }\n"
		"own_domains = { \"example.org\" }\nrrd { size_max = 5 }\n";
	for (size_t len = 0; len < strlen(text); len++) {
		struct err err = {""};
		struct config *config = load_text(path, text, len, &err);
		if (config == NULL)
			assert_memory_equal(err.text, path, strlen(path));
		config_free(config);
	}
}

/* Run from the root of the source tree, as `make unit` does. */
static void
config_accepts_the_sample_as_shipped(void **state)
{
	(void)state;
	struct err err = {""};
	struct config *config = config_load("dist/mailtally.conf", &err);
	if (config == NULL)
		fail_msg("%s", err.text);
	assert_defaults(config);
	assert_int_equal(config->input_count, 1);
	assert_string_equal(config->inputs[0].path, "/var/log/mail.log");
	config_free(config);
}

/* The comment lines of the sample are options: without the '#' it still
 * loads, and what it calls a default is the default. */
static void
config_accepts_the_sample_with_all_options(void **state)
{
	struct buf sample = {0}, text = {0};
	struct err err = {""};
	assert_int_equal(
		file_read("dist/mailtally.conf", 65536, &sample, &err), 0);
	for (char *next = sample.data, *line; (line = strsep(&next, "\n"));) {
		const char *option = line + strspn(line, "#\t ");
		size_t word = strspn(option, "abcdefghijklmnopqrstuvwxyz_");
		const char *behind = option + word;
		bool is_option = strncmp(behind, " = ", 3) == 0 ||
				 strncmp(behind, " {", 2) == 0 ||
				 strncmp(behind, " \"", 2) == 0 ||
				 option[0] == '}';
		buf_adds(&text, is_option ? option : "");
		buf_addc(&text, '\n');
	}
	struct config *config = load_good(*state, text.data);
	struct config *defaults = config_default();
	assert_int_equal(config->authority_count, 1);
	assert_int_equal(config->host_alias_count, 1);
	assert_string_equal(config->rrd_cached, "unix:/run/rrdcached.sock");
	config->host_alias_count = 0;
	free(config->rrd_cached);
	config->rrd_cached = NULL;
	config->authority_count = 0;
	assert_defaults(config);
	config->authority_count = 1;
	config->host_alias_count = 1;
	config_free(config);
	config_free(defaults);
	buf_free(&text);
	buf_free(&sample);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_file, remove_file)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(config_has_a_default_for_all_but_the_inputs),
		TEST(config_default_needs_no_file),
		TEST(config_reads_every_option),
		TEST(config_keeps_the_rrd_files_below_state_dir),
		TEST(config_says_what_is_wrong_and_where),
		TEST(config_takes_an_empty_list_for_none),
		TEST(config_refuses_a_nul_byte),
		TEST(config_names_a_file_that_is_missing),
		TEST(config_survives_a_file_that_is_cut),
		TEST(config_accepts_the_sample_as_shipped),
		TEST(config_accepts_the_sample_with_all_options),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
