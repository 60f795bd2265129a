/* SPDX-License-Identifier: ISC */
#include "collector/tailbuf.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void
put(struct tailbuf *buf, const char *data, size_t len)
{
	char *out = NULL;

	assert_true(tailbuf_room(buf, &out) >= len);
	memcpy(out, data, len);
	tailbuf_add(buf, len);
}

static void
tailbuf_gives_whole_lines_only(void **state)
{
	struct tailbuf buf = {0};
	struct tail_block block;

	(void)state;
	tailbuf_begin(&buf, 0);
	assert_false(tailbuf_take(&buf, &block));
	put(&buf, "one\ntwo\nthr", 11);
	assert_true(tailbuf_has_block(&buf));
	assert_true(tailbuf_take(&buf, &block));
	assert_int_equal(block.len, 8);
	assert_memory_equal(block.data, "one\ntwo\n", 8);
	assert_int_equal(buf.offset, 8);
	assert_int_equal(buf.end, 11);
	assert_false(tailbuf_take(&buf, &block));
	assert_false(tailbuf_has_block(&buf));
	put(&buf, "ee\n", 3);
	assert_true(tailbuf_take(&buf, &block));
	assert_memory_equal(block.data, "three\n", 6);
	assert_int_equal(tailbuf_hash(&buf), hash64("one\ntwo\nthree\n", 14));
	tailbuf_free(&buf);
}

static void
tailbuf_hashes_the_mark_before_offset_and_end(void **state)
{
	struct tailbuf buf = {0};
	struct tail_block block;
	char *text = mem_zalloc(1, 300000);

	(void)state;
	for (size_t i = 0; i < 300000; i++)
		text[i] = i % 100 == 99 ? '\n' : (char)('a' + i * i % 26);
	tailbuf_begin(&buf, 0);
	for (size_t i = 0; i + 150 < 300000; i += 150) {
		size_t mark;

		put(&buf, text + i, 150);
		while (tailbuf_take(&buf, &block))
			continue;
		mark = tailbuf_mark_size(buf.offset);
		assert_int_equal(buf.end, i + 150);
		assert_int_equal(buf.offset, (i + 150) / 100 * 100);
		assert_int_equal(tailbuf_hash(&buf),
			hash64(text + buf.offset - mark, mark));
		mark = tailbuf_mark_size(buf.end);
		assert_int_equal(tailbuf_end_hash(&buf),
			hash64(text + buf.end - mark, mark));
	}
	tailbuf_free(&buf);
	free(text);
}

static void
tailbuf_keeps_the_place_of_a_long_line_until_it_ends(void **state)
{
	struct tailbuf buf = {0};
	struct tail_block block;
	char text[1000];
	uint64_t hash;

	(void)state;
	memset(text, 'x', sizeof text);
	tailbuf_begin(&buf, 0);
	put(&buf, "first\n", 6);
	assert_true(tailbuf_take(&buf, &block));
	hash = tailbuf_hash(&buf);
	for (int i = 0; i < 5000; i++) {
		put(&buf, text, sizeof text);
		assert_false(tailbuf_take(&buf, &block));
		assert_int_equal(buf.offset, 6);
		assert_int_equal(tailbuf_hash(&buf), hash);
	}
	put(&buf, "yy\nlast\n", 8);
	assert_true(tailbuf_take(&buf, &block));
	assert_int_equal(block.len, TAIL_LINE_MAX + 1);
	assert_int_equal(block.data[TAIL_LINE_MAX - 1], 'x');
	assert_int_equal(block.data[TAIL_LINE_MAX], '\n');
	assert_int_equal(buf.offset, 5000009);
	assert_int_equal(buf.cut, 1);
	assert_true(tailbuf_take(&buf, &block));
	assert_memory_equal(block.data, "last\n", 5);
	tailbuf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tailbuf_gives_whole_lines_only),
		cmocka_unit_test(tailbuf_hashes_the_mark_before_offset_and_end),
		cmocka_unit_test(
			tailbuf_keeps_the_place_of_a_long_line_until_it_ends),
	};

	return cmocka_run_group_tests_name("tailbuf", tests, NULL, NULL);
}
