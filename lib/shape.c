/* SPDX-License-Identifier: ISC */
/* shape — see shape.h. */
#include "lib/shape.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "lib/fields.h"

enum { DOMAIN_LEN_MAX = 253, SOURCE_LEN_MAX = 32, PROGRAM_LEN_MAX = 128 };
enum { USER_LEN_MAX = 32, SECRET_LEN_MIN = 8, SECRET_LEN_MAX = 128 };
enum { OID_ARCS_MAX = 20 };

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool
shape_is_path(const char *text)
{
	return text[0] == '/';
}

static bool
is_domain(const char *text, size_t len)
{
	if (len == 0 || len > DOMAIN_LEN_MAX ||
		strspn(text, LETTERS CAPITALS DIGITS "-_.") < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '.' &&
			(i == 0 || i + 1 == len || text[i - 1] == '.'))
			return false;
	return true;
}

bool
shape_is_domain(const char *text)
{
	return is_domain(text, strlen(text));
}

bool
shape_is_label(const char *text)
{
	return shape_is_domain(text) && strchr(text, '.') == NULL;
}

static bool
is_port(const char *text)
{
	size_t len = strlen(text);
	if (len == 0 || len > 5 || strspn(text, DIGITS) < len)
		return false;
	long port = strtol(text, NULL, 10);
	return port >= 1 && port <= 65535;
}

bool
shape_is_endpoint(const char *text)
{
	const char *colon = strrchr(text, ':');
	if (colon == NULL || !is_port(colon + 1))
		return false;
	size_t len = (size_t)(colon - text);
	if (is_domain(text, len))
		return true;
	return len > 2 && text[0] == '[' && colon[-1] == ']' &&
	       strspn(text + 1, DIGITS "abcdefABCDEF:.") == len - 2;
}

bool
shape_is_listener(const char *text)
{
	const char *colon = strrchr(text, ':');
	char address[INET6_ADDRSTRLEN + 2];
	unsigned char bytes[16];
	if (colon == NULL || !is_port(colon + 1) ||
		(size_t)(colon - text) >= sizeof(address))
		return false;
	size_t len = (size_t)(colon - text);
	memcpy(address, text, len);
	address[len] = '\0';
	if (len < 2 || address[0] != '[' || address[len - 1] != ']')
		return inet_pton(AF_INET, address, bytes) == 1;
	address[len - 1] = '\0';
	return inet_pton(AF_INET6, address + 1, bytes) == 1;
}

bool
shape_is_agentx(const char *text)
{
	const size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);
	if (strncmp(text, "tcp:", 4) == 0)
		return shape_is_listener(text + 4);
	return strncmp(text, "unix:/", 6) == 0 && strlen(text + 5) < room;
}

bool
shape_is_root(const char *text)
{
	static const char above[] = "1.3.6.1.4.1.";
	size_t arcs = 6;
	if (strncmp(text, above, strlen(above)) != 0)
		return false;
	const char *at = text + strlen(above);
	for (uint64_t arc; fields_digits(&at, INT32_MAX, &arc); at++) {
		if (++arcs > OID_ARCS_MAX)
			return false;
		if (*at != '.')
			return *at == '\0';
	}
	return false;
}

/* What a line of snmpd's configuration takes for one word, whatever stands
 * there. */
static bool
is_token(const char *text, size_t max)
{
	size_t len = 0;
	while (text[len] > ' ' && text[len] < 0x7f &&
		strchr("\"'\\#", text[len]) == NULL)
		len++;
	return text[len] == '\0' && len > 0 && len <= max && text[0] != '-';
}

bool
shape_is_community(const char *text)
{
	return is_token(text, SECRET_LEN_MAX);
}

bool
shape_is_user(const char *text)
{
	return is_token(text, USER_LEN_MAX);
}

bool
shape_is_password(const char *text)
{
	return is_token(text, SECRET_LEN_MAX) && strlen(text) >= SECRET_LEN_MIN;
}

bool
shape_is_source(const char *text)
{
	size_t len = strlen(text);
	return len > 0 && len <= SOURCE_LEN_MAX &&
	       strspn(text, LETTERS DIGITS "-_") == len;
}

bool
shape_is_program(const char *text)
{
	size_t len = 0;
	while (text[len] > ' ' && text[len] < 0x7f &&
		strchr(":[]", text[len]) == NULL)
		len++;
	return text[len] == '\0' && len > 0 && len <= PROGRAM_LEN_MAX;
}

bool
shape_is_filled(const char *text)
{
	return text[0] != '\0';
}
