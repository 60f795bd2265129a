/* SPDX-License-Identifier: ISC */
#include "collector/gunzip.c"

#include "tests/unit/tailbox.h"

static size_t
read_file(const struct tailbox *box, const char *name, char *out, size_t size)
{
	int fd = open(at(box, name), O_RDONLY);
	ssize_t n = read(fd, out, size);

	close(fd);
	return (size_t)n;
}

/* All the text that comes, and the state behind it. */
static enum gunzip_state
drain(struct gunzip *gunzip, char *out, size_t *len, size_t step)
{
	enum gunzip_state state;
	size_t got = 0;

	while ((state = gunzip_read(gunzip, out + *len, step, &got)) ==
		GUNZIP_DATA) {
		assert_in_range(got, 1, step);
		*len += got;
	}
	return state;
}

static void
gunzip_gives_the_text_however_small_the_steps(void **state)
{
	struct tailbox *box = *state;
	char text[50000], out[60000];
	size_t size;

	box_write(box, "a", 1000);
	box_gzip(box, "a", "a.gz");
	size = read_file(box, "a", text, sizeof text);
	for (size_t step = 1; step < 10000; step *= 7) {
		int fd = open(at(box, "a.gz"), O_RDONLY);
		struct gunzip *gunzip = gunzip_open(fd);
		size_t len = 0;

		assert_int_equal(drain(gunzip, out, &len, step), GUNZIP_END);
		assert_int_equal(drain(gunzip, out, &len, step), GUNZIP_END);
		assert_int_equal(len, size);
		assert_memory_equal(out, text, size);
		gunzip_close(gunzip);
		close(fd);
	}
}

static void
gunzip_goes_on_when_the_file_grows(void **state)
{
	struct tailbox *box = *state;
	char text[50000], out[60000], packed[60000];
	struct gunzip *gunzip;
	size_t size, packed_size, len = 0;
	int fd;

	box_write(box, "a", 300);
	box_gzip(box, "a", "a.gz");
	size = read_file(box, "a", text, sizeof text);
	packed_size = read_file(box, "a.gz", packed, sizeof packed);
	box_puts(box, "b.gz", "");
	fd = open(at(box, "b.gz"), O_RDONLY);
	gunzip = gunzip_open(fd);
	for (size_t i = 0; i < packed_size; i++) {
		assert_int_equal(drain(gunzip, out, &len, 999), GUNZIP_SHORT);
		box_put(box, "b.gz", packed + i, 1);
	}
	assert_int_equal(drain(gunzip, out, &len, 999), GUNZIP_END);
	assert_int_equal(len, size);
	assert_memory_equal(out, text, size);
	assert_int_equal(gunzip_taken(gunzip), packed_size);
	gunzip_close(gunzip);
	close(fd);
}

static void
gunzip_refuses_what_is_no_gzip(void **state)
{
	struct tailbox *box = *state;
	struct gunzip *gunzip;
	char out[100];
	size_t len = 0;
	int fd;

	box_write(box, "a", 3);
	fd = open(at(box, "a"), O_RDONLY);
	gunzip = gunzip_open(fd);
	assert_int_equal(drain(gunzip, out, &len, 10), GUNZIP_BAD);
	assert_int_equal(drain(gunzip, out, &len, 10), GUNZIP_BAD);
	gunzip_close(gunzip);
	close(fd);
	gunzip = gunzip_open(fd);
	assert_int_equal(drain(gunzip, out, &len, 10), GUNZIP_ERROR);
	assert_int_equal(len, 0);
	gunzip_close(gunzip);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(gunzip_gives_the_text_however_small_the_steps),
		box_test(gunzip_goes_on_when_the_file_grows),
		box_test(gunzip_refuses_what_is_no_gzip),
	};

	return cmocka_run_group_tests_name("gunzip", tests, NULL, NULL);
}
