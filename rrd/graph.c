/* SPDX-License-Identifier: ISC */
#include "rrd/graph.h"

#include <math.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/mem.h"
#include "rrd/args.h"
#include "rrd/locked.h"
#include "rrd/sheet.h"

enum { LEGEND_WIDTH = 30 };

struct picture {
	struct sheet sheet;
	struct args args;
};

/* librrd takes a colon for the end of an argument's part. */
static char *
escaped(const char *text)
{
	struct buf buf = {0};
	buf_adds(&buf, "");
	for (; *text; text++) {
		if (*text == ':' || *text == '\\')
			buf_addc(&buf, '\\');
		buf_addc(&buf, *text);
	}
	return buf.data ? buf.data : mem_strdup("");
}

static double
total_of(const struct fetch *data, const char *source, bool *is_known)
{
	long at = fetch_source(data, source);
	double sum = 0;
	*is_known = false;
	for (size_t i = 0; at >= 0 && i < data->row_count; i++) {
		double rate = data->values[i * data->source_count + (size_t)at];
		if (isnan(rate))
			continue;
		*is_known = true;
		sum += rate;
	}
	return sum * (double)data->step;
}

static const char *
range_words(long seconds, char *out, size_t size)
{
	static const struct {
		long seconds;
		const char *word;
	} units[] = {{365 * 86400L, "year"}, {30 * 86400L, "month"},
		{7 * 86400L, "week"}, {86400, "day"}, {3600, "hour"},
		{60, "minute"}};
	size_t i = 0;
	while (i < 5 && seconds % units[i].seconds != 0)
		i++;
	long n = seconds / units[i].seconds;
	snprintf(out, size, "%ld %s%s", n, units[i].word, n == 1 ? "" : "s");
	return out;
}

/* Keys come from mail logs: only what any font and encoding can show. */
static char *
printable(const char *text)
{
	char *copy = mem_strdup(text);
	for (char *p = copy; *p; p++) {
		if (*p < ' ' || *p > '~')
			*p = '?';
	}
	return copy;
}

static void
add_frame(struct picture *picture, enum graph_format format)
{
	static const char *const look[] = {"--lower-limit", "0", "--border",
		"0", "--alt-autoscale-max", "--disable-rrdtool-tag",
		"--units-length", "6", "--watermark", "mailtally", "--font",
		"DEFAULT:8:DejaVu Sans", "--font", "TITLE:11:DejaVu Sans",
		"--font", "LEGEND:8:DejaVu Sans Mono", "--font",
		"WATERMARK:7:DejaVu Sans", "--color", "BACK#FFFFFF", "--color",
		"CANVAS#FFFFFF", "--color", "FONT#222222", "--color",
		"AXIS#666666", "--color", "ARROW#666666", "--color",
		"GRID#DDDDDD", "--color", "MGRID#BBBBBB"};
	const struct sheet_request *request = picture->sheet.request;
	char range[64];
	char *who = printable(request->key);
	bool has_key = *who && strcmp(request->kind, "total") != 0;
	args_add(&picture->args, "graph");
	args_add(&picture->args, "-");
	args_add(&picture->args, "--imgformat=%s",
		format == GRAPH_SVG ? "SVG" : "PNG");
	args_add(
		&picture->args, "--start=%lld", (long long)picture->sheet.from);
	args_add(&picture->args, "--end=%lld", (long long)picture->sheet.to);
	args_add(&picture->args, "--width=%u",
		request->width ? request->width : SHEET_WIDTH);
	args_add(&picture->args, "--height=%u",
		request->height ? request->height : SHEET_HEIGHT);
	args_add(&picture->args, "--title=%s: %s%s%s, %s",
		picture->sheet.recipe.title, request->kind, has_key ? " " : "",
		has_key ? who : "",
		range_words(request->range_s, range, sizeof(range)));
	args_add(&picture->args, "--vertical-label=%s%s",
		picture->sheet.recipe.unit,
		picture->sheet.recipe.is_gauge ? "" : " per minute");
	/* Bytes are told in k, M, G, which a format of our own would drop. */
	if (strcmp(picture->sheet.recipe.unit, "bytes") != 0) {
		args_add(&picture->args, "--units-exponent=0");
		args_add(&picture->args, "--left-axis-format=%%.6lg");
	}
	for (size_t i = 0; i < sizeof(look) / sizeof(look[0]); i++)
		args_add(&picture->args, "%s", look[i]);
	free(who);
}

/* aN: per second, cN: as drawn, mN: the busiest minutes. */
static void
add_data(struct picture *picture, size_t n)
{
	const char *source = picture->sheet.items[n].counter;
	int factor = picture->sheet.recipe.is_gauge ? 1 : 60;
	char *path = escaped(picture->sheet.path);
	struct args *args = &picture->args;
	args_add(args, "DEF:a%zu=%s:%s:AVERAGE", n, path, source);
	args_add(args, "DEF:m%zu=%s:%s:MAX", n, path, source);
	args_add(args, "CDEF:c%zu=a%zu,%d,*", n, n, factor);
	args_add(args, "CDEF:x%zu=m%zu,%d,*", n, n, factor);
	args_add(args, "VDEF:l%zu=c%zu,LAST", n, n);
	args_add(args, "VDEF:v%zu=c%zu,AVERAGE", n, n);
	args_add(args, "VDEF:h%zu=x%zu,MAXIMUM", n, n);
	args_add(args, "VDEF:t%zu=a%zu,TOTAL", n, n);
	free(path);
}

static void
add_item(struct picture *picture, size_t n)
{
	const struct recipe_item *item = &picture->sheet.items[n];
	struct args *args = &picture->args;
	char padded[2 * LEGEND_WIDTH];
	snprintf(padded, sizeof(padded), "%-*s", LEGEND_WIDTH, item->legend);
	char *legend = escaped(padded);
	bool is_line = item->shape == RECIPE_LINE;
	/* Areas stand on the areas before them, lines on the floor. */
	args_add(args, "%s:c%zu#%s:%s%s", is_line ? "LINE1.5" : "AREA", n,
		item->colour, legend, is_line ? "" : ":STACK");
	args_add(args, "GPRINT:l%zu:%%10.1lf", n);
	args_add(args, "GPRINT:v%zu:%%10.2lf", n);
	if (picture->sheet.recipe.is_gauge) {
		args_add(args, "GPRINT:h%zu:%%10.0lf\\l", n);
	} else {
		args_add(args, "GPRINT:h%zu:%%10.1lf", n);
		args_add(args, "GPRINT:t%zu:%%12.0lf\\l", n);
	}
	free(legend);
}

static void
add_header(struct picture *picture)
{
	static const char *const columns[] = {
		"Last", "Average", "Maximum", "       Total"};
	size_t count = picture->sheet.recipe.is_gauge ? 3 : 4;
	/* The colour box of an item is as wide as two letters. */
	args_add(&picture->args, "COMMENT:%*s", LEGEND_WIDTH + 2, "");
	for (size_t i = 0; i < count; i++)
		args_add(&picture->args, "COMMENT:%10s%s", columns[i],
			i + 1 == count ? "\\l" : "");
}

/* What counted nothing is named in lines of its own. */
static void
add_zeros(struct picture *picture, const bool *is_shown)
{
	enum { LINE_LEN = 76 };
	struct buf line = {0};
	for (size_t i = 0; i < picture->sheet.item_count; i++) {
		if (is_shown[i])
			continue;
		const char *legend = picture->sheet.items[i].legend;
		if (line.len > 0 && line.len + strlen(legend) > LINE_LEN) {
			char *text = escaped(line.data);
			args_add(&picture->args, "COMMENT:%s,\\l", text);
			free(text);
			buf_clear(&line);
			buf_adds(&line, "  ");
		} else {
			buf_adds(&line, line.len ? ", " : "counted nothing: ");
		}
		buf_adds(&line, legend);
	}
	if (line.len > 0) {
		char *text = escaped(line.data);
		args_add(&picture->args, "COMMENT:%s\\l", text);
		free(text);
	}
	buf_free(&line);
}

static void
add_items(struct picture *picture)
{
	/* A few counters are all shown; of many, those that counted. */
	enum { SHOW_ALL_UP_TO = 8 };
	bool *is_shown =
		mem_zalloc(picture->sheet.item_count, sizeof(*is_shown));
	add_header(picture);
	for (size_t i = 0; i < picture->sheet.item_count; i++) {
		bool is_known;
		double total = total_of(&picture->sheet.data,
			picture->sheet.items[i].counter, &is_known);
		is_shown[i] = picture->sheet.item_count <= SHOW_ALL_UP_TO ||
			      !is_known || total > 0;
		add_data(picture, i);
	}
	for (size_t i = 0; i < picture->sheet.item_count; i++) {
		if (is_shown[i])
			add_item(picture, i);
	}
	add_zeros(picture, is_shown);
	free(is_shown);
}

static int
render(struct picture *picture, struct buf *out, struct err *err)
{
	int tries = LOCKED_READER;
	rrd_info_t *info;
	rrd_clear_error();
	do {
		info = rrd_graph_v(
			(int)picture->args.count, picture->args.items);
	} while (info == NULL && locked_again(&tries));
	for (rrd_info_t *i = info; i; i = i->next) {
		if (strcmp(i->key, "image") == 0)
			buf_add(out, (const char *)i->value.u_blo.ptr,
				i->value.u_blo.size);
	}
	if (info)
		rrd_info_free(info);
	if (out->len == 0)
		return err_set(err, "cannot draw %s: %s", picture->sheet.path,
			rrd_get_error());
	return 0;
}

int
graph_image(const struct sheet_request *request, enum graph_format format,
	struct buf *out, struct err *err)
{
	struct picture picture = {0};
	int rc = sheet_open(&picture.sheet, request, err);
	if (rc == 0) {
		add_frame(&picture, format);
		add_items(&picture);
		rc = render(&picture, out, err);
	}
	args_free(&picture.args);
	sheet_close(&picture.sheet);
	return rc;
}

static bool
ends_in(const char *text, const char *suffix)
{
	size_t len = strlen(text), n = strlen(suffix);
	return len > n && strcmp(text + len - n, suffix) == 0;
}

int
graph_draw(const struct sheet_request *request, struct err *err)
{
	struct buf image = {0};
	bool is_stdout = strcmp(request->output, "-") == 0;
	bool is_svg = ends_in(request->output, ".svg");
	if (!is_stdout && !is_svg && !ends_in(request->output, ".png"))
		return err_set(err, "%s: the name must end in .png or .svg",
			request->output);
	int rc = graph_image(
		request, is_svg ? GRAPH_SVG : GRAPH_PNG, &image, err);
	if (rc == 0 && is_stdout) {
		if (fwrite(image.data, 1, image.len, stdout) != image.len ||
			fflush(stdout) != 0)
			rc = err_set(err, "cannot write the picture");
	} else if (rc == 0) {
		const struct file_content content = {
			.data = image.data, .len = image.len, .mode = 0644};
		rc = file_replace(request->output, &content, err);
	}
	buf_free(&image);
	return rc;
}
