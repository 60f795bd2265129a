/* SPDX-License-Identifier: ISC */
/* test_standalone — which settings an agent of its own begins with, and what
 * the library is told of them. */
#include "agent/netsnmp.h"

/* What the library would get. */
static char *take_line(char *line);
#define netsnmp_config take_line
#include "agent/standalone.c"
#undef netsnmp_config

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct buf fed;

static char *
take_line(char *line)
{
	buf_printf(&fed, "%s\n", line);
	return NULL;
}

static char community[] = "secret", user[] = "manager";
static char first_sink[] = "127.0.0.1:162", second_sink[] = "[::1]:10162";
static char *sinks[] = {first_sink, second_sink};

static void
check_settings(const struct config *config, const char *address,
	bool is_exposed, const char *expected)
{
	const struct standalone standalone = {
		.config = config,
		.address = address,
		.is_exposed = is_exposed,
	};
	struct err err = {""};
	assert_int_equal(standalone_check(&standalone, &err),
		expected[0] == '\0' ? 0 : -1);
	assert_string_equal(err.text, expected);
}

static void
it_is_not_reached_from_elsewhere_but_by_explicit_choice(void **state)
{
	(void)state;
	const struct config config = {.snmp_community = community};
	check_settings(&config, "127.0.0.1:161", false, "");
	check_settings(&config, "[::1]:161", false, "");
	check_settings(&config, "0.0.0.0:161", true, "");
	check_settings(&config, "192.0.2.1:161", true, "");
	static const char *const others[] = {
		"0.0.0.0:161", "192.0.2.1:161", "[::]:161"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct err expected;
		err_set(&expected,
			"%s can be reached from other machines: if that is "
			"what you want, say --expose",
			others[i]);
		check_settings(&config, others[i], false, expected.text);
	}
}

static void
there_is_nobody_who_may_read_by_default(void **state)
{
	(void)state;
	struct config config = {0};
	check_settings(&config, "127.0.0.1:161", true,
		"--standalone needs a community or a user in the "
		"configuration's snmp section: there is no default");
	config.snmp_user = user;
	check_settings(&config, "127.0.0.1:161", false, "");
}

static void
sinks_are_addresses_and_need_a_community(void **state)
{
	(void)state;
	char name[] = "localhost:162";
	char *names[] = {sinks[0], name};
	struct config config = {.snmp_user = user, .snmp_sinks = {sinks, 2}};
	check_settings(&config, "127.0.0.1:161", false,
		"snmp sinks: notifications need a community");
	config.snmp_community = community;
	check_settings(&config, "127.0.0.1:161", false, "");
	config.snmp_sinks.items = names;
	check_settings(&config, "127.0.0.1:161", false,
		"'localhost:162' is not ADDRESS:PORT or [ADDRESS]:PORT; names "
		"are not looked up");
	check_settings(
		&config, "127.0.0.1", false, "'127.0.0.1' is not ADDRESS:PORT");
}

static void
expect_fed(const struct config *config, const char *expected)
{
	struct standalone standalone = {
		.config = config, .root = "1.3.6.1.4.1.99"};
	assert_int_equal(on_read(0, 0, NULL, &standalone), 0);
	assert_string_equal(fed.data, expected);
	buf_free(&fed);
}

#define VIEWS                                       \
	"view mailtally included .1.3.6.1.4.1.99\n" \
	"view mailtally included .1.3.6.1.2.1.1\n"
#define COMMUNITIES                                 \
	"rocommunity secret default -V mailtally\n" \
	"rocommunity6 secret default -V mailtally\n"

static void
all_that_may_be_read_is_our_mib_and_the_system_group(void **state)
{
	(void)state;
	const struct config config = {0};
	expect_fed(&config, VIEWS);
}

static void
a_community_may_read_that(void **state)
{
	(void)state;
	const struct config config = {.snmp_community = community};
	expect_fed(&config, VIEWS COMMUNITIES);
}

static void
a_user_may_read_that_with_privacy_only(void **state)
{
	(void)state;
	char sha[] = "SHA-256", aes[] = "AES";
	char password[] = "first password", other[] = "second password";
	const struct config config = {
		.snmp_user = user,
		.snmp_auth = sha,
		.snmp_auth_password = password,
		.snmp_privacy = aes,
		.snmp_privacy_password = other,
	};
	expect_fed(&config,
		VIEWS "createUser manager SHA-256 \"first password\" AES "
		      "\"second password\"\n"
		      "rouser manager priv -V mailtally\n");
}

static void
sinks_are_told_with_the_community(void **state)
{
	(void)state;
	const struct config config = {
		.snmp_community = community, .snmp_sinks = {sinks, 2}};
	expect_fed(&config,
		VIEWS COMMUNITIES "trap2sink -s 127.0.0.1 udp:127.0.0.1:162 "
				  "secret\n"
				  "trap2sink -s [::1] udp6:[::1]:10162 "
				  "secret\n");
}

static void
what_was_told_is_wiped(void **state)
{
	(void)state;
	struct buf line = {0};
	buf_adds(&line, "createUser with a password");
	feed(&line);
	assert_int_equal(line.len, 0);
	for (size_t i = 0; i < strlen("createUser with a password"); i++)
		assert_int_equal(line.data[i], '\0');
	buf_free(&line);
	buf_free(&fed);
}

static void
an_address_that_is_taken_is_refused_with_the_reason(void **state)
{
	(void)state;
	struct endpoint endpoint;
	struct err err;
	assert_int_equal(endpoint_parse("127.0.0.1:1", &endpoint, &err), 0);
	struct sockaddr_in *v4 = (void *)&endpoint.address;
	v4->sin_port = 0;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(
		bind(fd, (const void *)&endpoint.address, endpoint.len), 0);
	assert_int_equal(
		getsockname(fd, (void *)&endpoint.address, &endpoint.len), 0);
	const struct standalone standalone = {.address = "A:1"};
	assert_int_equal(try_address(&standalone, &endpoint, &err), -1);
	assert_string_equal(
		err.text, "cannot listen at A:1: Address already in use");
	close(fd);
	assert_int_equal(try_address(&standalone, &endpoint, &err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			it_is_not_reached_from_elsewhere_but_by_explicit_choice),
		cmocka_unit_test(there_is_nobody_who_may_read_by_default),
		cmocka_unit_test(sinks_are_addresses_and_need_a_community),
		cmocka_unit_test(
			all_that_may_be_read_is_our_mib_and_the_system_group),
		cmocka_unit_test(a_community_may_read_that),
		cmocka_unit_test(a_user_may_read_that_with_privacy_only),
		cmocka_unit_test(sinks_are_told_with_the_community),
		cmocka_unit_test(what_was_told_is_wiped),
		cmocka_unit_test(
			an_address_that_is_taken_is_refused_with_the_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
