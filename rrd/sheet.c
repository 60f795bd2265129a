/* SPDX-License-Identifier: ISC */
#include "rrd/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"

static const char *
subject(const struct sheet_request *request)
{
	return *request->key ? request->key : request->kind;
}

static void
take_item(struct sheet *sheet, struct recipe_item item)
{
	if (fetch_source(&sheet->data, item.counter) < 0)
		return;
	sheet->items = mem_realloc(
		sheet->items, sheet->item_count + 1, sizeof(*sheet->items));
	sheet->items[sheet->item_count++] = item;
}

/* The recipe's items that the file has; in the group's own graph, also the
 * sources of the file that no recipe of the group names. */
static void
choose_items(struct sheet *sheet)
{
	const struct recipe_item *item = sheet->recipe.items;
	for (; item && item->counter; item++)
		take_item(sheet, *item);
	if (strcmp(sheet->recipe.name, sheet->group) != 0)
		return;
	for (size_t i = 0, n = 0; i < sheet->data.source_count; i++) {
		const char *name = sheet->data.sources[i];
		if (recipe_names(sheet->group, name))
			continue;
		take_item(sheet, (struct recipe_item){name, name,
					 recipe_colour(&sheet->recipe, n++),
					 RECIPE_LINE});
	}
}

void
sheet_list(const struct sheet_request *request, struct buf *out)
{
	size_t count;
	const struct recipe *table = recipe_table(&count);
	for (size_t i = 0; i < count; i++) {
		char group[SHEET_NAME_SIZE], path[PATH_SIZE];
		recipe_group(table[i].name, group, sizeof(group));
		const char *const parts[4] = {
			request->dir, request->kind, request->key, group};
		if (path_series(parts, path, sizeof(path)) == 0 &&
			access(path, F_OK) == 0)
			buf_printf(out, "%s\n", table[i].name);
	}
}

static int
explain_nothing(const struct sheet *sheet, struct err *err)
{
	struct buf list = {0};
	sheet_list(sheet->request, &list);
	for (char *p = list.data; p && *p; p++) {
		if (*p == '\n')
			*p = p[1] ? ' ' : '\0';
	}
	err_set(err,
		"no history of graph '%s' for %s: nothing was counted yet "
		"(%s); there is: %s",
		sheet->request->name, subject(sheet->request), sheet->path,
		list.data && *list.data ? list.data : "none");
	buf_free(&list);
	return -1;
}

int
sheet_open(struct sheet *sheet, const struct sheet_request *request,
	struct err *err)
{
	*sheet = (struct sheet){.request = request};
	recipe_group(request->name, sheet->group, sizeof(sheet->group));
	const char *const parts[4] = {
		request->dir, request->kind, request->key, sheet->group};
	if (path_series(parts, sheet->path, sizeof(sheet->path)) < 0)
		return err_set(err, "%s: path too long", request->dir);
	const struct recipe *recipe = recipe_find(request->name);
	sheet->recipe = (struct recipe){.name = request->name,
		.title = request->name,
		.unit = "events"};
	if (recipe)
		sheet->recipe = *recipe;
	if (access(sheet->path, F_OK) != 0 ||
		(!recipe && strchr(request->name, '.')))
		return explain_nothing(sheet, err);
	sheet->to = request->end ? request->end : time(NULL);
	sheet->from = sheet->to - request->range_s;
	const struct fetch_request fetch = {
		.path = sheet->path,
		.cached = request->cached,
		.from = sheet->from,
		.to = sheet->to,
		.step = (unsigned long)request->range_s / SHEET_WIDTH,
	};
	if (fetch_read(&fetch, &sheet->data, err) < 0)
		return -1;
	choose_items(sheet);
	return sheet->item_count > 0 ? 0 : explain_nothing(sheet, err);
}

void
sheet_close(struct sheet *sheet)
{
	free(sheet->items);
	fetch_free(&sheet->data);
}
