/* SPDX-License-Identifier: ISC */
/* endpoint — see endpoint.h. */
#include "agent/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

enum { PORT_MAX = 65535, PORT_DIGITS = 5 };

/* 0: no port. */
static in_port_t
parse_port(const char *text)
{
	size_t len = strspn(text, "0123456789");
	if (len == 0 || len > PORT_DIGITS || text[len] != '\0')
		return 0;
	long port = strtol(text, NULL, 10);
	return port <= PORT_MAX ? (in_port_t)port : 0;
}

static bool
parse_address(const char *text, in_port_t port, struct endpoint *endpoint)
{
	struct sockaddr_in *v4 = (void *)&endpoint->address;
	struct sockaddr_in6 *v6 = (void *)&endpoint->address;
	memset(endpoint, 0, sizeof(*endpoint));
	size_t len = strlen(text);
	char bare[INET6_ADDRSTRLEN];
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		endpoint->len = sizeof(*v4);
		return true;
	}
	if (len < 2 || text[0] != '[' || text[len - 1] != ']' ||
		len - 2 >= sizeof(bare))
		return false;
	memcpy(bare, text + 1, len - 2);
	bare[len - 2] = '\0';
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	endpoint->len = sizeof(*v6);
	return inet_pton(AF_INET6, bare, &v6->sin6_addr) == 1;
}

int
endpoint_parse(const char *text, struct endpoint *endpoint, struct err *err)
{
	char address[INET6_ADDRSTRLEN + 2];
	const char *colon = strrchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	in_port_t port = colon != NULL ? parse_port(colon + 1) : 0;
	struct endpoint parsed;
	if (port == 0 || len >= sizeof(address))
		return err_set(err, "'%s' is not ADDRESS:PORT", text);
	memcpy(address, text, len);
	address[len] = '\0';
	if (!parse_address(address, port, &parsed))
		return err_set(err,
			"'%s' is not ADDRESS:PORT or [ADDRESS]:PORT; "
			"names are not looked up",
			text);
	*endpoint = parsed;
	return 0;
}

static int
parse_path(const char *path, struct endpoint *endpoint, struct err *err)
{
	struct sockaddr_un *un = (void *)&endpoint->address;
	if (path[0] != '/')
		return err_set(err, "'unix:%s' is not an absolute path", path);
	if (strlen(path) >= sizeof(un->sun_path))
		return err_set(err, "'unix:%s' is too long for a socket", path);
	memset(endpoint, 0, sizeof(*endpoint));
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, path);
	endpoint->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				    strlen(path) + 1);
	return 0;
}

int
endpoint_parse_socket(
	const char *text, struct endpoint *endpoint, struct err *err)
{
	if (strncmp(text, "unix:", 5) == 0)
		return parse_path(text + 5, endpoint, err);
	if (strncmp(text, "tcp:", 4) == 0)
		return endpoint_parse(text + 4, endpoint, err);
	return err_set(
		err, "'%s' is neither unix:/PATH nor tcp:ADDRESS:PORT", text);
}

bool
endpoint_is_loopback(const struct endpoint *endpoint)
{
	const struct sockaddr_in *v4 = (const void *)&endpoint->address;
	const struct sockaddr_in6 *v6 = (const void *)&endpoint->address;
	if (endpoint->address.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return endpoint->address.ss_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

void
endpoint_format(
	const struct endpoint *endpoint, const char *protocol, struct buf *buf)
{
	const struct sockaddr_un *un = (const void *)&endpoint->address;
	const struct sockaddr_in *v4 = (const void *)&endpoint->address;
	const struct sockaddr_in6 *v6 = (const void *)&endpoint->address;
	char text[INET6_ADDRSTRLEN];
	switch (endpoint->address.ss_family) {
	case AF_UNIX:
		buf_printf(buf, "unix:%s", un->sun_path);
		break;
	case AF_INET:
		inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
		buf_printf(buf, "%s:%s:%u", protocol, text,
			(unsigned)ntohs(v4->sin_port));
		break;
	default:
		inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
		buf_printf(buf, "%s6:[%s]:%u", protocol, text,
			(unsigned)ntohs(v6->sin6_port));
	}
}
