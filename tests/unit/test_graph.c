/* SPDX-License-Identifier: ISC */
/* Draws real pictures; what they look like is for eyes, what they are is not.
 */
#include "rrd/graph.c"

#include "tests/unit/history.h"

/* Pango, fontconfig and librrd keep memory to the end. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static struct sheet_request
request_of(struct history *h, const char *name)
{
	return (struct sheet_request){.dir = h->dir,
		.name = name,
		.kind = "total",
		.key = "",
		.range_s = 6 * 3600,
		.end = h->times[DAY - 1]};
}

/* The arguments that librrd would get, one per line. */
static struct buf
arguments(const struct sheet_request *request)
{
	struct picture picture = {0};
	struct err err = {0};
	struct buf text = {0};
	if (sheet_open(&picture.sheet, request, &err) < 0)
		fail_msg("%s", err.text);
	add_frame(&picture, GRAPH_PNG);
	add_items(&picture);
	for (size_t i = 0; i < picture.args.count; i++)
		buf_printf(&text, "%s\n", picture.args.items[i]);
	args_free(&picture.args);
	sheet_close(&picture.sheet);
	return text;
}

static void
a_png_and_an_svg_are_what_they_say(void **state)
{
	struct history *h = *state;
	char path[128], head[8] = "", command[256];
	struct sheet_request request = request_of(h, "dkim");
	assert_int_equal(feed(h, 0, DAY), 0);
	snprintf(path, sizeof(path), "%s/a.png", h->dir);
	request.output = path;
	assert_int_equal(graph_draw(&request, &h->err), 0);
	FILE *file = fopen(path, "r");
	assert_int_equal(fread(head, 1, 8, file), 8);
	fclose(file);
	assert_memory_equal(head, "\x89PNG\r\n\x1a\n", 8);

	snprintf(path, sizeof(path), "%s/a.svg", h->dir);
	assert_int_equal(graph_draw(&request, &h->err), 0);
	snprintf(command, sizeof(command),
		"python3 -c 'import sys, xml.dom.minidom as x; "
		"sys.exit(x.parse(sys.argv[1]).documentElement.tagName != "
		"\"svg\")' %s",
		path);
	assert_int_equal(system(command), 0);
}

static void
the_numbers_in_the_legend_are_those_of_the_counter(void **state)
{
	struct history *h = *state;
	char script[PATH_SIZE + 512];
	assert_int_equal(feed(h, 0, DAY), 0);
	struct sheet_request request = request_of(h, "dkim");
	struct buf text = arguments(&request);
	assert_non_null(strstr(text.data, "VDEF:t0=a0,TOTAL"));
	buf_free(&text);
	/* The same definitions, printed by librrd. */
	size_t from = DAY - 360;
	snprintf(script, sizeof(script),
		"test $(rrdtool graph /dev/null -s %lld -e %lld "
		"DEF:a=%s:pass:AVERAGE VDEF:t=a,TOTAL PRINT:t:%%.0lf "
		"| tail -n 1) = %.0f",
		(long long)h->times[from - 1], (long long)h->times[DAY - 1],
		path_of(h, &SERIES), truth(h, 0, from, DAY));
	assert_int_equal(system(script), 0);
	bool is_known;
	struct sheet sheet;
	assert_int_equal(sheet_open(&sheet, &request, &h->err), 0);
	double total = total_of(&sheet.data, "pass", &is_known);
	assert_true(is_known);
	double wanted = truth(h, 0, from, DAY);
	assert_true(fabs(total - wanted) < wanted / 50);
	sheet_close(&sheet);
}

static void
a_counter_that_no_recipe_names_is_drawn(void **state)
{
	struct history *h = *state;
	assert_int_equal(feed(h, 0, DAY), 0);
	struct sheet_request request = request_of(h, "dkim");
	struct buf text = arguments(&request);
	assert_non_null(strstr(text.data, ":files:AVERAGE"));
	assert_non_null(strstr(text.data, "LINE1.5:c2#"));
	buf_free(&text);
}

static void
a_group_without_a_recipe_is_drawn(void **state)
{
	struct history *h = *state;
	struct store_series series = SERIES;
	series.group = "homemade";
	assert_int_equal(feed_series(h, &series, 0, DAY), 0);
	struct sheet_request request = request_of(h, "homemade");
	struct buf text = arguments(&request), image = {0};
	assert_non_null(strstr(text.data, ":pass:AVERAGE"));
	buf_free(&text);
	assert_int_equal(graph_image(&request, GRAPH_PNG, &image, &h->err), 0);
	buf_free(&image);
	request.name = "homemade.part";
	assert_int_equal(graph_image(&request, GRAPH_PNG, &image, &h->err), -1);
}

static void
rates_are_drawn_per_minute_and_gauges_as_they_are(void **state)
{
	struct history *h = *state;
	const struct store_source sources[] = {
		{"active", true}, {"deferred", true}, {"hold", true}};
	struct store_series series = SERIES;
	assert_int_equal(feed(h, 0, DAY), 0);
	series.group = "queue";
	series.sources = sources;
	assert_int_equal(feed_series(h, &series, 0, DAY), 0);
	struct sheet_request request = request_of(h, "dkim");
	struct buf text = arguments(&request);
	assert_non_null(strstr(text.data, "CDEF:c0=a0,60,*"));
	assert_non_null(strstr(text.data, "messages per minute"));
	assert_non_null(strstr(text.data, "Total"));
	buf_free(&text);
	request.name = "queue";
	text = arguments(&request);
	assert_non_null(strstr(text.data, "CDEF:c0=a0,1,*"));
	assert_non_null(strstr(text.data, "--vertical-label=files\n"));
	assert_null(strstr(text.data, "Total"));
	buf_free(&text);
}

static void
an_axis_of_bytes_says_k_or_M(void **state)
{
	struct history *h = *state;
	const struct store_source sources[] = {
		{"bytes", false}, {"accepted", false}, {"removed", false}};
	struct store_series series = SERIES;
	series.group = "qmgr";
	series.sources = sources;
	assert_int_equal(feed_series(h, &series, 0, DAY), 0);
	struct sheet_request request = request_of(h, "qmgr");
	struct buf text = arguments(&request);
	assert_non_null(strstr(text.data, "--units-exponent=0\n"));
	assert_non_null(strstr(text.data, "--left-axis-format=%.6lg\n"));
	buf_free(&text);
	request.name = "qmgr.bytes";
	text = arguments(&request);
	assert_null(strstr(text.data, "--units-exponent"));
	assert_null(strstr(text.data, "--left-axis-format"));
	buf_free(&text);
}

static void
what_was_never_counted_is_one_sentence(void **state)
{
	struct history *h = *state;
	struct buf image = {0};
	assert_int_equal(feed(h, 0, 10), 0);
	struct sheet_request request = request_of(h, "arc");
	assert_int_equal(graph_image(&request, GRAPH_PNG, &image, &h->err), -1);
	assert_non_null(strstr(h->err.text,
		"no history of graph 'arc' for total: nothing was counted "
		"yet"));
	assert_non_null(strstr(h->err.text, "/total/total/arc.rrd"));
	assert_non_null(strstr(h->err.text, "there is: dkim"));
	request.name = "dkim";
	request.kind = "domain";
	request.key = "nowhere.example";
	assert_int_equal(graph_image(&request, GRAPH_PNG, &image, &h->err), -1);
	assert_non_null(strstr(h->err.text, "for nowhere.example"));
}

static void
a_stranger_s_key_in_the_title_harms_nothing(void **state)
{
	struct history *h = *state;
	struct buf image = {0};
	struct store_series series = SERIES;
	series.kind = "domain";
	series.key = "a:b\\l<b>%s\xff\n.example";
	assert_int_equal(feed_series(h, &series, 0, DAY), 0);
	struct sheet_request request = request_of(h, "dkim");
	request.kind = series.kind;
	request.key = series.key;
	assert_int_equal(graph_image(&request, GRAPH_SVG, &image, &h->err), 0);
	assert_true(image.len > 1000);
	buf_free(&image);
}

static void
a_name_without_png_or_svg_is_refused(void **state)
{
	struct history *h = *state;
	struct sheet_request request = request_of(h, "dkim");
	request.output = "/tmp/a.gif";
	assert_int_equal(graph_draw(&request, &h->err), -1);
	assert_non_null(strstr(h->err.text, ".png or .svg"));
}

static void
what_counted_nothing_is_named_below_when_there_is_much(void **state)
{
	struct history *h = *state;
	static struct store_source many[12];
	static uint64_t values[DAY][12];
	struct store_series series = SERIES;
	size_t n = 0;
	const struct recipe *recipe = recipe_find("smtpd.rejects");
	for (; n < 12; n++)
		many[n].name = recipe->items[n].counter;
	for (size_t i = 0; i < DAY; i++)
		values[i][0] = i;
	series.group = "smtpd";
	series.sources = many;
	series.source_count = n;
	const struct store_steps steps = {h->times, DAY, values[0], values[0]};
	assert_int_equal(store_feed(h->store, &series, &steps, &h->err), 0);
	struct sheet_request request = request_of(h, "smtpd.rejects");
	struct buf text = arguments(&request);
	char *below = strstr(text.data, "COMMENT:counted nothing");
	assert_non_null(below);
	for (size_t i = 1; i < n; i++) {
		char *legend = escaped(recipe->items[i].legend);
		assert_non_null(strstr(below, legend));
		free(legend);
	}
	assert_null(strstr(below, recipe->items[0].legend));
	buf_free(&text);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_png_and_an_svg_are_what_they_say),
		TEST(the_numbers_in_the_legend_are_those_of_the_counter),
		TEST(a_counter_that_no_recipe_names_is_drawn),
		TEST(a_group_without_a_recipe_is_drawn),
		TEST(rates_are_drawn_per_minute_and_gauges_as_they_are),
		TEST(an_axis_of_bytes_says_k_or_M),
		TEST(what_was_never_counted_is_one_sentence),
		TEST(a_stranger_s_key_in_the_title_harms_nothing),
		TEST(a_name_without_png_or_svg_is_refused),
		TEST(what_counted_nothing_is_named_below_when_there_is_much),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
