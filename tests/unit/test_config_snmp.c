/* SPDX-License-Identifier: ISC */
/* test_config_snmp — the section of the SNMP agent. */
#include "lib/config.c"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define INPUT "input \"/log\" { }\n"

static int
make_file(void **state)
{
	char *path = mem_strdup("/tmp/test_config_snmp.XXXXXX");
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
load_text(const char *path, const char *text, struct err *err)
{
	struct file_content content = {text, strlen(text), 0600, false};
	assert_int_equal(file_replace(path, &content, err), 0);
	return config_load(path, err);
}

static struct config *
load_good(const char *path, const char *text)
{
	struct err err = {""};
	struct config *config = load_text(path, text, &err);
	if (config == NULL)
		fail_msg("refused: %s", err.text);
	return config;
}

static void
assert_defaults(const struct config *config)
{
	assert_string_equal(config->snmp_socket, "unix:/run/agentx/master");
	assert_string_equal(config->snmp_root, "1.3.6.1.4.1.8072.9999.9999.25");
	assert_string_equal(config->snmp_auth, "SHA-256");
	assert_string_equal(config->snmp_privacy, "AES");
	assert_null(config->snmp_community);
	assert_null(config->snmp_user);
	assert_null(config->snmp_auth_password);
	assert_null(config->snmp_privacy_password);
	assert_int_equal(config->snmp_sinks.count, 0);
}

static void
without_the_section_there_are_defaults_and_no_secret(void **state)
{
	static const char *const texts[] = {INPUT, INPUT "snmp { }\n"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct config *config = load_good(*state, texts[i]);
		assert_defaults(config);
		config_free(config);
	}
	struct config *config = config_default();
	assert_defaults(config);
	config_free(config);
}

static void
every_option_of_the_section_is_read(void **state)
{
	struct config *config = load_good(*state,
		INPUT "snmp {\n"
		      " socket = \"tcp:[::1]:705\"\n root = 1.3.6.1.4.1.7.1\n"
		      " community = 'c$mmunity'\n"
		      " user = u privacy_password = 'pass$word'\n"
		      " auth = SHA-512\n auth_password = \"pass,word\"\n"
		      " privacy = AES-256\n"
		      " sinks = { \"127.0.0.1:162\", \"[::1]:163\" }\n}\n");
	assert_string_equal(config->snmp_socket, "tcp:[::1]:705");
	assert_string_equal(config->snmp_root, "1.3.6.1.4.1.7.1");
	assert_string_equal(config->snmp_community, "c$mmunity");
	assert_string_equal(config->snmp_user, "u");
	assert_string_equal(config->snmp_auth, "SHA-512");
	assert_string_equal(config->snmp_auth_password, "pass,word");
	assert_string_equal(config->snmp_privacy, "AES-256");
	assert_string_equal(config->snmp_privacy_password, "pass$word");
	assert_int_equal(config->snmp_sinks.count, 2);
	assert_string_equal(config->snmp_sinks.items[0], "127.0.0.1:162");
	assert_string_equal(config->snmp_sinks.items[1], "[::1]:163");
	config_free(config);
}

#define TOKEN_MUST                                                             \
	" visible characters of ASCII but quotes, '\\' and '#', the first no " \
	"'-'"

/* The sentence follows the file's name. */
static const struct {
	const char *text, *sentence;
} refusals[] = {
	{"\nsnmp {\n communty = x }\n", ":3: no such option 'communty'"},
	{"snmp {\n socket = /run/agentx/master }\n",
		":2: socket is '/run/agentx/master': must be unix:/PATH or "
		"tcp:ADDRESS:PORT, no name"},
	{"snmp { root = 1.3.6.1.2.1 }\n",
		":1: root is '1.3.6.1.2.1': must be 1.3.6.1.4.1 and 1 to 14 "
		"numbers more"},
	{"snmp { community = '' }\n",
		":1: community must be up to 128" TOKEN_MUST},
	{"snmp { user = \"a b\" }\n",
		":1: user is 'a b': must be up to 32" TOKEN_MUST},
	{"snmp { auth = MD5 }\n", ":1: auth is 'MD5': must be SHA, SHA-224, "
				  "SHA-256, SHA-384 or SHA-512"},
	{"snmp { privacy = DES }\n",
		":1: privacy is 'DES': must be AES, AES-192 or AES-256"},
	{"snmp {\n auth_password = secret7 }\n",
		":2: auth_password must be 8 to 128" TOKEN_MUST},
	{"snmp {\n privacy_password = \"secret\n7\" }\n",
		":3: privacy_password must be 8 to 128" TOKEN_MUST},
	{"snmp { sinks = { \"127.0.0.1:162\",\n localhost:162 } }\n",
		":2: sinks is 'localhost:162': must be ADDRESS:PORT or "
		"[ADDRESS]:PORT, no name"},
	{"snmp {\n user = u\n}\n", ":3: snmp with a user has no auth_password"},
	{"snmp {\n user = u auth_password = 12345678\n}\n",
		":3: snmp with a user has no privacy_password"},
	{"snmp { user = u privacy_password = 12345678 }\n",
		":1: snmp with a user has no auth_password"},
};

static void
what_is_wrong_is_said_with_its_line(void **state)
{
	const char *path = *state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct err err = {""};
		assert_null(load_text(path, refusals[i].text, &err));
		assert_string_equal(
			err.text + strlen(path), refusals[i].sentence);
	}
}

/* No way round the rule that a user has both passwords. */
static void
a_section_that_stands_twice_is_one(void **state)
{
	struct config *config = load_good(*state,
		INPUT "snmp { auth_password = 12345678 "
		      "privacy_password = 23456789 }\nsnmp { user = u }\n");
	assert_string_equal(config->snmp_user, "u");
	assert_string_equal(config->snmp_auth_password, "12345678");
	assert_string_equal(config->snmp_privacy_password, "23456789");
	config_free(config);
}

/* What the sample calls a default is the default. */
static void
the_sample_is_as_it_says(void **state)
{
	struct buf sample = {0}, text = {0};
	struct err err = {""};
	assert_int_equal(
		file_read("dist/mailtally.conf", 65536, &sample, &err), 0);
	buf_adds(&text, INPUT);
	char *next = strstr(sample.data, "# snmp {");
	assert_non_null(next);
	for (char *line; (line = strsep(&next, "\n"));)
		buf_printf(&text, "%s\n", line + strspn(line, "# \t"));
	struct config *config = load_good(*state, text.data);
	struct config *defaults = config_default();
	assert_string_equal(config->snmp_socket, defaults->snmp_socket);
	assert_string_equal(config->snmp_root, defaults->snmp_root);
	assert_string_equal(config->snmp_auth, defaults->snmp_auth);
	assert_string_equal(config->snmp_privacy, defaults->snmp_privacy);
	assert_non_null(config->snmp_user);
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
		TEST(without_the_section_there_are_defaults_and_no_secret),
		TEST(every_option_of_the_section_is_read),
		TEST(what_is_wrong_is_said_with_its_line),
		TEST(a_section_that_stands_twice_is_one),
		TEST(the_sample_is_as_it_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
