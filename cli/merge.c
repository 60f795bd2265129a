/* SPDX-License-Identifier: ISC */
/* merge — see merge.h. */
#include "cli/merge.h"

#include <stdlib.h>

#include "cli/reader.h"
#include "lib/mem.h"

struct source {
	struct reader *reader; /* NULL: read to its end */
	struct stamp stamp;
	struct merge_line next; /* the line that waits, if has_next */
	bool has_next;
	uint64_t size; /* of a file that is read to its end */
};

struct merge {
	struct source *sources;
	size_t count;
	struct source *taken; /* the one whose line was handed out last */
};

struct merge *
merge_open(char *const *paths, size_t count, int first_year, struct err *err)
{
	struct merge *merge = mem_zalloc(1, sizeof(*merge));
	merge->sources = mem_zalloc(count, sizeof(*merge->sources));
	merge->count = count;
	for (size_t i = 0; i < count; i++) {
		struct source *source = &merge->sources[i];
		source->reader = reader_open(paths[i], err);
		if (source->reader == NULL) {
			merge_close(merge);
			return NULL;
		}
		source->next.file = paths[i];
		stamp_init(&source->stamp, reader_mtime(source->reader),
			first_year);
	}
	return merge;
}

void
merge_close(struct merge *merge)
{
	if (merge == NULL)
		return;
	for (size_t i = 0; i < merge->count; i++)
		reader_close(merge->sources[i].reader);
	free(merge->sources);
	free(merge);
}

static void
finish(struct source *source)
{
	uint64_t done;
	reader_progress(source->reader, &done, &source->size);
	reader_close(source->reader);
	source->reader = NULL;
}

static int
read_line(struct source *source, struct err *err)
{
	struct slice raw;
	int result = reader_next(source->reader, &raw, err);
	source->has_next = result > 0;
	if (result <= 0) {
		finish(source);
		return result;
	}
	source->next.number++;
	source->next.is_log =
		line_parse(&source->stamp, raw, &source->next.line);
	return 1;
}

/* The same without comparing. */
static int
next_of_one(
	struct source *source, const struct merge_line **line, struct err *err)
{
	int result = source->reader != NULL ? read_line(source, err) : 0;
	*line = &source->next;
	return result;
}

int
merge_next(struct merge *merge, const struct merge_line **line, struct err *err)
{
	if (merge->count == 1)
		return next_of_one(&merge->sources[0], line, err);
	struct source *first = NULL;
	for (size_t i = 0; i < merge->count; i++) {
		struct source *source = &merge->sources[i];
		if (source == merge->taken)
			source->has_next = false;
		if (!source->has_next && source->reader != NULL &&
			read_line(source, err) < 0)
			return -1;
		if (source->has_next &&
			(first == NULL ||
				source->next.line.time < first->next.line.time))
			first = source;
	}
	merge->taken = first;
	if (first == NULL)
		return 0;
	*line = &first->next;
	return 1;
}

double
merge_progress(const struct merge *merge)
{
	uint64_t done = 0, size = 0;
	for (size_t i = 0; i < merge->count; i++) {
		const struct source *source = &merge->sources[i];
		uint64_t file_done = source->size, file_size = source->size;
		if (source->reader != NULL)
			reader_progress(source->reader, &file_done, &file_size);
		if (file_done > 0 && file_size == 0)
			return -1;
		done += file_done < file_size ? file_done : file_size;
		size += file_size;
	}
	return size > 0 ? (double)done / (double)size : -1;
}
