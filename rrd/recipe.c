/* SPDX-License-Identifier: ISC */
#include "rrd/recipe.h"

#include <stdio.h>
#include <string.h>

/* For counters that no recipe names. */
static const char *const PALETTE[] = {"0072B2", "8A3F6B", "A39A00", "A84A2A",
	"5B7C99", "003F66", "7F3900", "005F46", "CC79A7", "E69F00", "56B4E9",
	"000000"};

const struct recipe *
recipe_find(const char *name)
{
	size_t count;
	const struct recipe *table = recipe_table(&count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}

size_t
recipe_size(const struct recipe *recipe)
{
	size_t n = 0;
	while (recipe->items[n].counter)
		n++;
	return n;
}

void
recipe_group(const char *name, char *out, size_t size)
{
	snprintf(out, size, "%.*s", (int)strcspn(name, "."), name);
}

bool
recipe_names(const char *group, const char *counter)
{
	size_t count;
	const struct recipe *table = recipe_table(&count);
	for (size_t i = 0; i < count; i++) {
		size_t len = strcspn(table[i].name, ".");
		if (strlen(group) != len ||
			strncmp(table[i].name, group, len) != 0)
			continue;
		for (const struct recipe_item *item = table[i].items;
			item->counter; item++) {
			if (strcmp(item->counter, counter) == 0)
				return true;
		}
	}
	return false;
}

static bool
has_colour(const struct recipe *recipe, const char *colour)
{
	for (const struct recipe_item *item = recipe->items;
		item && item->counter; item++) {
		if (strcmp(item->colour, colour) == 0)
			return true;
	}
	return false;
}

const char *
recipe_colour(const struct recipe *recipe, size_t n)
{
	const size_t size = sizeof(PALETTE) / sizeof(PALETTE[0]);
	for (size_t i = 0, left = n; i < size; i++) {
		if (!has_colour(recipe, PALETTE[i]) && left-- == 0)
			return PALETTE[i];
	}
	return PALETTE[n % size];
}
