/* SPDX-License-Identifier: ISC */
/*
 * fuzz_mutate — what strangers write, in lines of tests/golden/carriers.
 *
 * An input line "N TEXT" is TEXT in the places of carrier N, as its daemon
 * would write it: the line counts what the carrier says, or less.  Any other
 * input line is a log line of its own.  Both take bounded time (no match limit
 * is hit) and no memory.  Runs from the root folder.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/rules.h"
#include "lib/buf.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "tests/fuzz/escapes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CARRIERS_MAX = 1000,
	OWN_MAX = 8,
	WARM_RUNS = 70,      /* until patterns are machine code */
	PLAIN_MAX = 16 << 10 /* longer lines may hit a limit */
};

struct carrier {
	struct slice how, flags, line;
	int own[OWN_MAX]; /* counters */
	size_t own_count;
};

struct setup {
	struct catalogue catalogue;
	struct rules *rules;
	struct buf text;
	struct carrier carriers[CARRIERS_MAX];
	size_t count;
};

/* ---- memory: every allocation is seen ----------------------------------- */

static unsigned long allocations;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(HAS_ASAN)
int __sanitizer_install_malloc_and_free_hooks(
	void (*on_malloc)(const volatile void *, size_t),
	void (*on_free)(const volatile void *));

static void
on_malloc(const volatile void *p, size_t size)
{
	(void)p;
	(void)size;
	allocations++;
}

static void
on_free(const volatile void *p)
{
	(void)p;
}

static void
watch_memory(void)
{
	__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}
#else
void *__libc_malloc(size_t size);

void *
malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

static void
watch_memory(void)
{
}
#endif

/* ---- lines ----------------------------------------------------------------
 */

static escape *
escape_of(const struct carrier *carrier)
{
	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++)
		if (slice_is(carrier->how, escapes[i].how))
			return escapes[i].add;
	fprintf(stderr, "tests/golden/carriers: %.*s?\n", (int)carrier->how.len,
		carrier->how.data);
	abort();
}

/* The line with the text in its places. */
static void
fill(struct buf *out, const struct carrier *carrier, struct slice text)
{
	struct slice rest = carrier->line;
	buf_clear(out);
	buf_adds(out, "Nov 21 21:00:00 mx1 ");
	for (const char *at;
		(at = memmem(rest.data, rest.len, "@@", 2)) != NULL;
		rest = slice_from(rest, at + 2)) {
		buf_add(out, rest.data, (size_t)(at - rest.data));
		escape_of(carrier)(out, text);
	}
	buf_add(out, rest.data, rest.len);
}

/* ---- the check ------------------------------------------------------------
 */

static void
look(const struct setup *setup, struct slice raw, struct rules_outcome *outcome)
{
	struct stamp stamp;
	struct line line;
	stamp_init(&stamp, 1795298400, 0);
	*outcome = (struct rules_outcome){.status = RULES_MALFORMED};
	if (line_parse(&stamp, raw, &line))
		rules_apply(setup->rules, &line, outcome);
}

static bool
has(struct slice flags, const char *flag)
{
	return memmem(flags.data, flags.len, flag, strlen(flag)) != NULL;
}

/* Lines that nobody can tell apart; see excused() of tests/golden/planted.py.
 */
static bool
is_excused(const struct carrier *carrier, const char *name, size_t count)
{
	if (strcmp(name, "smtpd.reject_other") == 0)
		return true;
	if (has(carrier->flags, "reason") && count == carrier->own_count)
		return strncmp(name, "smtpd.", 6) == 0;
	return has(carrier->flags, "symbols") &&
	       strncmp(name, "content.", 8) != 0 &&
	       strcmp(name, "spf.pass") != 0 &&
	       strcmp(name, "dmarc.pass") != 0 && strcmp(name, "arc.pass") != 0;
}

static void
check(const struct setup *setup, const struct carrier *carrier,
	const struct rules_outcome *outcome, struct slice line)
{
	for (size_t i = 0; i < outcome->count; i++) {
		const struct rules_addition *a = &outcome->additions[i];
		const char *name = setup->catalogue.counters[a->counter].name;
		size_t own = 0, times = 0;
		for (size_t o = 0; o < carrier->own_count; o++)
			own += carrier->own[o] == a->counter;
		for (size_t o = 0; o < outcome->count; o++)
			times += outcome->additions[o].counter == a->counter;
		if ((times <= own && a->amount == 1) ||
			is_excused(carrier, name, outcome->count))
			continue;
		fprintf(stderr, "counts %s (%s:%u):\n%.*s\n", name,
			outcome->rule->file, outcome->rule->line, (int)line.len,
			line.data);
		abort();
	}
}

/* Sections that were not looked at yet build what stays. */
static void
look_bounded(const struct setup *setup, struct slice raw,
	struct rules_outcome *outcome)
{
	unsigned long before = allocations;
	look(setup, raw, outcome);
	if (allocations != before) {
		for (int run = 0; run < WARM_RUNS; run++)
			look(setup, raw, outcome);
		before = allocations;
		look(setup, raw, outcome);
		assert(allocations == before);
	}
	if (!outcome->hit_limit || raw.len > PLAIN_MAX)
		return;
	fprintf(stderr, "a match limit:\n%.*s\n", (int)raw.len, raw.data);
	abort();
}

/* ---- carriers -------------------------------------------------------------
 */

static struct slice
take_field(struct slice *line)
{
	const char *tab = memchr(line->data, '\t', line->len);
	assert(tab != NULL);
	struct slice field = slice_before(*line, tab);
	*line = slice_from(*line, tab + 1);
	return field;
}

static void
take_carrier(struct setup *setup, struct slice line)
{
	struct carrier *c = &setup->carriers[setup->count++];
	assert(setup->count < CARRIERS_MAX);
	c->how = take_field(&line);
	c->flags = take_field(&line);
	struct slice own = take_field(&line), word;
	c->line = line;
	while ((word = slice_take_word(&own)).len > 0 && !slice_is(word, "-")) {
		int counter = catalogue_find(&setup->catalogue, word);
		assert(counter >= 0 && c->own_count < OWN_MAX);
		c->own[c->own_count++] = counter;
		slice_skip_blanks(&own);
	}
}

static struct setup *
set_up(void)
{
	struct setup *setup = mem_zalloc(1, sizeof(*setup));
	struct err err = {""};
	struct slice line;
	struct buf filled = {0};
	setup->rules = rules_load(&setup->catalogue, NULL, &err);
	assert(setup->rules != NULL);
	if (file_read("tests/golden/carriers", 1 << 20, &setup->text, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	struct slice text = {setup->text.data, setup->text.len};
	while (slice_take_line(&text, &line))
		take_carrier(setup, line);
	watch_memory();
	for (int run = 0; run < WARM_RUNS; run++)
		for (size_t i = 0; i < setup->count; i++) {
			struct rules_outcome outcome;
			fill(&filled, &setup->carriers[i], slice_of("x"));
			look(setup, (struct slice){filled.data, filled.len},
				&outcome);
		}
	buf_free(&filled);
	return setup;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct setup *setup;
	if (setup == NULL)
		setup = set_up();
	struct slice input = {(const char *)data, size}, line;
	struct buf filled = {0};
	while (slice_take_line(&input, &line)) {
		struct rules_outcome outcome;
		const char *blank = memchr(line.data, ' ', line.len);
		size_t number = rules_to_number(line);
		bool is_plant = blank != NULL && line.data[0] >= '0' &&
				line.data[0] <= '9';
		if (!is_plant) {
			look_bounded(setup, line, &outcome);
			continue;
		}
		const struct carrier *carrier =
			&setup->carriers[number % setup->count];
		fill(&filled, carrier, slice_from(line, blank + 1));
		struct slice raw = {filled.data, filled.len};
		look_bounded(setup, raw, &outcome);
		check(setup, carrier, &outcome, raw);
	}
	buf_free(&filled);
	return 0;
}
