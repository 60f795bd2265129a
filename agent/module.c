/* SPDX-License-Identifier: ISC */
/* module — see module.h. */
#include "agent/module.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/shape.h"

/* Made by collector/shipped.sh from one file. */
extern const struct module_file {
	const char *name;
	const char *data, *end;
} module_files[];

/* The three places that know the root, in the order of the file. */
static const char smi[] = "\n        FROM SNMPv2-SMI\n";
static const char playpen[] =
	"\n    netSnmpPlaypen\n        FROM NET-SNMP-MIB;\n";
static const char place[] = "    ::= { netSnmpPlaypen 25 }\n";

static const char enterprises[] = "1.3.6.1.4.1.";

/* Adds the text up to mark and moves *at behind mark. */
static void
add_until(struct buf *buf, const char **at, const char *mark)
{
	const char *end = module_files[0].end;
	size_t len = strlen(mark);
	const char *found = memmem(*at, (size_t)(end - *at), mark, len);
	assert(found != NULL); /* the file is ours, and has them all */
	buf_add(buf, *at, (size_t)(found - *at));
	*at = found + len;
}

/* Adds the root's place: `{ enterprises 32473 }`, or the last arc and, behind
 * it, a definition for each arc before: a module begins with its identity. */
static void
add_place(struct buf *buf, const char *arcs)
{
	struct buf chain = {0};
	int number = 0;
	for (const char *dot; (dot = strchr(arcs, '.')) != NULL;
		arcs = dot + 1) {
		buf_printf(&chain, "mtRoot%d OBJECT IDENTIFIER ::= { ",
			number + 1);
		if (number == 0)
			buf_adds(&chain, "enterprises ");
		else
			buf_printf(&chain, "mtRoot%d ", number);
		buf_add(&chain, arcs, (size_t)(dot - arcs));
		buf_adds(&chain, " }\n");
		number++;
	}
	if (number == 0)
		buf_printf(buf, "    ::= { enterprises %s }\n", arcs);
	else
		buf_printf(buf, "    ::= { mtRoot%d %s }\n\n%s", number, arcs,
			chain.data);
	buf_free(&chain);
}

static void
add_module(struct buf *buf, const char *root)
{
	const char *at = module_files[0].data, *end = module_files[0].end;
	if (strcmp(root, MODULE_ROOT) != 0) {
		add_until(buf, &at, smi);
		buf_printf(buf, ",\n    enterprises%s", smi);
		add_until(buf, &at, playpen);
		buf_adds(buf, ";\n");
		add_until(buf, &at, place);
		add_place(buf, root + strlen(enterprises));
	}
	buf_add(buf, at, (size_t)(end - at));
}

int
module_print(FILE *out, const char *root, struct err *err)
{
	if (!shape_is_root(root))
		return err_set(err,
			"root '%s': must be 1.3.6.1.4.1 and 1 to 14 numbers "
			"more",
			root);
	struct buf buf = {0};
	add_module(&buf, root);
	size_t written = fwrite(buf.data, 1, buf.len, out);
	bool is_whole = written == buf.len && fflush(out) == 0;
	int error = errno;
	buf_free(&buf);
	if (!is_whole)
		return err_set(err, "the module could not be written: %s",
			strerror(error));
	return 0;
}
