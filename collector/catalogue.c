/* SPDX-License-Identifier: ISC */
/* catalogue — see catalogue.h. */
#include "collector/catalogue.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/authority.h"
#include "lib/mem.h"

const char *const catalogue_domain_names[CATALOGUE_DOMAINS] = {
	[CATALOGUE_NONE] = "none",
	[CATALOGUE_SIGNER] = "signer",
	[CATALOGUE_FROM] = "from",
	[CATALOGUE_MAILFROM] = "mailfrom",
	[CATALOGUE_RCPT] = "rcpt",
};

static bool
parse_number(struct slice field, uint32_t *number)
{
	uint64_t n = 0;
	if (field.len == 0 || field.len > 9)
		return false;
	for (size_t i = 0; i < field.len; i++) {
		if (!isdigit((unsigned char)field.data[i]))
			return false;
		n = n * 10 + (uint64_t)(field.data[i] - '0');
	}
	*number = (uint32_t)n;
	return n > 0;
}

static bool
is_word(const char *text, size_t len)
{
	if (len == 0 || len > CATALOGUE_WORD_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!islower((unsigned char)text[i]) &&
			!isdigit((unsigned char)text[i]) && text[i] != '_')
			return false;
	return true;
}

static int
parse_domain(struct slice field)
{
	for (int d = 0; d < CATALOGUE_DOMAINS; d++)
		if (slice_is(field, catalogue_domain_names[d]))
			return d;
	return -1;
}

/* One declaration; the sentence, without file and line, in why. */
static int
add_line(struct catalogue *catalogue, struct slice line, bool is_own,
	struct err *why)
{
	struct slice number_field = slice_take_word(&line);
	struct slice name = slice_take_word(&line);
	struct slice unit = slice_take_word(&line);
	struct slice domain_field = slice_take_word(&line);
	uint32_t number;
	if (!parse_number(number_field, &number))
		return err_set(why, "'%.*s' is not a counter number",
			(int)number_field.len, number_field.data);
	if ((number >= CATALOGUE_OWN_FIRST) != is_own)
		return err_set(why, "number %u: your own begin at %d", number,
			CATALOGUE_OWN_FIRST);
	const char *dot = memchr(name.data, '.', name.len);
	size_t group_len = dot != NULL ? (size_t)(dot - name.data) : 0;
	if (dot == NULL || !is_word(name.data, group_len) ||
		!is_word(dot + 1, name.len - group_len - 1))
		return err_set(why,
			"'%.*s' is not group.word of 1 to %d of [a-z0-9_] each",
			(int)name.len, name.data, CATALOGUE_WORD_MAX);
	int domain = parse_domain(domain_field);
	if (domain < 0)
		return err_set(why,
			"'%.*s' is not one of none signer from mailfrom rcpt",
			(int)domain_field.len, domain_field.data);
	slice_skip_blanks(&line);
	if (line.len == 0)
		return err_set(
			why, "'%.*s' has no meaning", (int)name.len, name.data);
	if (catalogue_find(catalogue, name) >= 0)
		return err_set(why, "counter %.*s is declared twice",
			(int)name.len, name.data);
	if (catalogue_find_number(catalogue, number) >= 0)
		return err_set(why, "number %u is given twice", number);
	if (catalogue->count == CATALOGUE_COUNTERS_MAX)
		return err_set(
			why, "more than %d counters", CATALOGUE_COUNTERS_MAX);
	catalogue->counters = mem_grow(catalogue->counters, catalogue->count,
		&catalogue->capacity, sizeof(*catalogue->counters));
	struct catalogue_counter *c = &catalogue->counters[catalogue->count++];
	*c = (struct catalogue_counter){
		.number = number,
		.name = mem_strndup(name.data, name.len),
		.group = mem_strndup(name.data, group_len),
		.unit = mem_strndup(unit.data, unit.len),
		.meaning = mem_strndup(line.data, line.len),
		.domain = (enum catalogue_domain)domain,
	};
	c->word = c->name + group_len + 1;
	c->method = authority_method_of(c->group, c->word);
	c->is_gauge = strcmp(c->group, "queue") == 0;
	return 0;
}

int
catalogue_add(struct catalogue *catalogue, const struct catalogue_file *file,
	struct err *err)
{
	unsigned line_number = 0;
	struct slice text = file->text, line;
	while (slice_take_line(&text, &line)) {
		line_number++;
		while (line.len > 0 &&
			isspace((unsigned char)line.data[line.len - 1]))
			line.len--;
		struct slice rest = line;
		struct slice first = slice_take_word(&rest);
		if (first.len == 0 || *first.data == '#')
			continue;
		struct err why;
		if (add_line(catalogue, line, file->is_own, &why) != 0)
			return err_set(err, "%s:%u: %s", file->name,
				line_number, why.text);
	}
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct catalogue_counter *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

void
catalogue_sort(struct catalogue *catalogue)
{
	if (catalogue->count > 0)
		qsort(catalogue->counters, catalogue->count,
			sizeof(*catalogue->counters), by_number);
}

void
catalogue_free(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		struct catalogue_counter *c = &catalogue->counters[i];
		free(c->name);
		free(c->group);
		free(c->unit);
		free(c->meaning);
	}
	free(catalogue->counters);
	*catalogue = (struct catalogue){0};
}

int
catalogue_find(const struct catalogue *catalogue, struct slice name)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (slice_is(name, catalogue->counters[i].name))
			return (int)i;
	return -1;
}

int
catalogue_find_number(const struct catalogue *catalogue, uint32_t number)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (catalogue->counters[i].number == number)
			return (int)i;
	return -1;
}
