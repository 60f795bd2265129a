/* SPDX-License-Identifier: ISC */
/* test_module — the MIB for any root. */
#include "agent/module.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "agent/MAILTALLY-MIB.txt";

/* What is written for the root; to be freed. */
static char *
print(const char *root)
{
	char *text = NULL;
	size_t len = 0;
	struct err err;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	assert_int_equal(module_print(out, root, &err), 0);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

static char *
shipped(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *in = fopen(path, "r"), *out = open_memstream(&text, &len);
	assert_non_null(in);
	for (int c; (c = getc(in)) != EOF;)
		putc(c, out);
	fclose(in);
	fclose(out);
	return text;
}

static size_t
times(const char *text, const char *what)
{
	size_t found = 0;
	while ((text = strstr(text, what)) != NULL) {
		found++;
		text += strlen(what);
	}
	return found;
}

static void
default_root_gives_the_shipped_file(void **state)
{
	(void)state;
	char *text = print(MODULE_ROOT), *file = shipped();
	assert_string_equal(text, file);
	free(text);
	free(file);
}

static void
enterprise_number_is_imported_in_the_place_of_the_playpen(void **state)
{
	(void)state;
	char *text = print("1.3.6.1.4.1.32473");
	assert_int_equal(times(text, "    ::= { enterprises 32473 }\n"), 1);
	assert_int_equal(times(text, ",\n    enterprises\n        FROM "
				     "SNMPv2-SMI\n"),
		1);
	assert_int_equal(times(text, "netSnmpPlaypen"), 0);
	assert_int_equal(times(text, "NET-SNMP-MIB"), 0);
	assert_int_equal(times(text, "HCNUM-TC;\n"), 1);
	assert_int_equal(times(text, "mtRoot"), 0);
	free(text);
}

static void
every_arc_gets_a_name(void **state)
{
	(void)state;
	char *text = print("1.3.6.1.4.1.32473.1.20.2147483647");
	assert_int_equal(
		times(text,
			"    ::= { mtRoot3 2147483647 }\n\n"
			"mtRoot1 OBJECT IDENTIFIER ::= { enterprises 32473 }\n"
			"mtRoot2 OBJECT IDENTIFIER ::= { mtRoot1 1 }\n"
			"mtRoot3 OBJECT IDENTIFIER ::= { mtRoot2 20 }\n\n"),
		1);
	free(text);
}

/* What a root changes: the rest is the shipped file's. */
static void
objects_are_the_same_for_every_root(void **state)
{
	(void)state;
	static const char first[] = "\nmtNotifications OBJECT IDENTIFIER";
	char *text = print("1.3.6.1.4.1.32473.7"), *file = shipped();
	const char *mine = strstr(text, first), *theirs = strstr(file, first);
	assert_non_null(mine);
	assert_non_null(theirs);
	assert_string_equal(mine, theirs);
	free(text);
	free(file);
}

static void
what_is_no_root_is_refused_by_name(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "1.3.6.1.4.1", "1.3.6.1.4.1.",
		"1.3.6.1.2.1.25", "1.3.6.1.4.1.x", "1.3.6.1.4.1.2147483648",
		"1.3.6.1.4.1.1 }", "1.3.6.1.4.1..2", "1.3.6.1.4.1.2."};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char *text = NULL;
		size_t len = 0;
		struct err err = {""};
		FILE *out = open_memstream(&text, &len);
		assert_int_equal(module_print(out, wrong[i], &err), -1);
		fclose(out);
		assert_int_equal(len, 0);
		assert_non_null(strstr(err.text, wrong[i]));
		free(text);
	}
}

/* All that smilint says about the module with this root: at its strictest it
 * exits with 0 for every kind of fault. */
static void
assert_lint_is_silent(const char *root)
{
	char name[] = "/tmp/mailtally-module-XXXXXX", command[512];
	char *text = print(root);
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	free(text);
	snprintf(command, sizeof(command),
		"SMIPATH=dist/snmp/mibs:/usr/share/snmp/mibs "
		"smilint -c /dev/null -l 6 -s -m %s 2>&1",
		name);
	FILE *in = popen(command, "r");
	assert_non_null(in);
	char said[512];
	size_t len = fread(said, 1, sizeof(said) - 1, in);
	said[len] = '\0';
	int status = pclose(in);
	unlink(name);
	assert_string_equal(said, "");
	assert_int_equal(status, 0);
}

static void
smilint_says_nothing_whatever_the_root(void **state)
{
	(void)state;
	static const char *const roots[] = {MODULE_ROOT, "1.3.6.1.4.1.32473",
		"1.3.6.1.4.1.32473.7", "1.3.6.1.4.1.32473.1.2.3"};
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		assert_lint_is_silent(roots[i]);
}

static void
full_disk_is_an_error(void **state)
{
	(void)state;
	struct err err = {""};
	FILE *out = fopen("/dev/full", "w");
	assert_non_null(out);
	assert_int_equal(module_print(out, MODULE_ROOT, &err), -1);
	assert_non_null(strstr(err.text, strerror(ENOSPC)));
	fclose(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_root_gives_the_shipped_file),
		cmocka_unit_test(
			enterprise_number_is_imported_in_the_place_of_the_playpen),
		cmocka_unit_test(every_arc_gets_a_name),
		cmocka_unit_test(objects_are_the_same_for_every_root),
		cmocka_unit_test(what_is_no_root_is_refused_by_name),
		cmocka_unit_test(smilint_says_nothing_whatever_the_root),
		cmocka_unit_test(full_disk_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
