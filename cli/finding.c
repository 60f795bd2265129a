/* SPDX-License-Identifier: ISC */
/* finding — see finding.h. */
#include "cli/finding.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/mem.h"

const char *const finding_kind_names[FINDING_KINDS] = {
	[FINDING_SETTING] = "setting",
	[FINDING_FILE] = "file",
	[FINDING_STAMP] = "stamp",
	[FINDING_DOUBLE] = "double",
};

struct finding *
finding_add(
	struct findings *findings, enum finding_kind kind, const char *fmt, ...)
{
	struct finding finding = {.kind = kind};
	va_list args;
	va_start(args, fmt);
	if (vasprintf(&finding.text, fmt, args) < 0)
		abort(); /* out of memory */
	va_end(args);
	findings->items = mem_grow(findings->items, findings->count,
		&findings->capacity, sizeof(*findings->items));
	findings->items[findings->count] = finding;
	return &findings->items[findings->count++];
}

void
finding_free_all(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->items[i].text);
		free(findings->items[i].advice);
	}
	free(findings->items);
	*findings = (struct findings){0};
}

char *
finding_title(const char *group)
{
	char *upper = mem_strdup(group);
	for (char *c = upper; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return upper;
}
