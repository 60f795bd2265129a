/* SPDX-License-Identifier: ISC */
/* columns — see columns.h. */
#include "agent/columns.h"

#include <assert.h>

/* Numbers of collector/rules.d/catalogue, a line for each group. */
/* clang-format off */
static const uint32_t source[] = {
	COLUMNS_NAME,
	102, 103, 110, 111, 112, 113, 114, 115, 116,
	200, 201, 202, 203, 204, 205, 206,
	300, 301, 302, 303, 304, 305, 306,
	400, 401, 402, 403, 404, 405, 406, 407,
	500, 501, 502, 503, 504, 510, 511, 512, 513,
	600, 601, 602, 603, 604, 605, 606, 607,
	720, 721, 722, 723, 724,
	1500, 1501, 1502, 1503, 1504, 1505, 1506, 1510, 1511,
	1700, 1702, 1703, 1704,
};
static const uint32_t host[] = {
	COLUMNS_NAME,
	101, 102, 103, 104, 105, 110, 111, 112, 113, 114, 115, 116,
	400, 401, 402, 403, 404, 405, 406, 407,
	500, 501, 502, 503, 504, 510, 511, 512, 513,
	600, 601, 602, 603, 604, 605, 606, 607,
	700, 701, 702, 703, 704, 705, 706, 707,
	720, 721, 722, 723, 724,
	800, 803, 805, 806, 831, 832,
	901, 902, 904,
	1000, 1002, 1003,
	1100, 1102, 1103,
	1500, 1501, 1503,
	1700, 1704,
};
static const uint32_t domain[] = {
	COLUMNS_NAME,
	101, 102, 103, 104, 105, 110, 111, 112, 113, 114, 115, 116,
	400, 401, 402, 403, 404, 405, 406,
	500, 501, 502, 503, 504, 510, 511, 512, 513,
	700, 701, 702, 703,
	720, 721, 722,
	831, 832,
	901, 902, 904,
	1000, 1002, 1003,
	1501, 1503,
};

/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

size_t
columns_of(enum view_scope scope, const uint32_t **columns)
{
	static const struct {
		const uint32_t *numbers;
		size_t count;
	} tables[] = {
		[VIEW_SOURCE] = {source, COUNT(source)},
		[VIEW_HOST] = {host, COUNT(host)},
		[VIEW_DOMAIN] = {domain, COUNT(domain)},
	};
	assert(scope >= VIEW_SOURCE && scope <= VIEW_DOMAIN);
	*columns = tables[scope].numbers;
	return tables[scope].count;
}
