/* SPDX-License-Identifier: ISC */
/* What happens between the opening of the log and the look for others. */
#include "collector/tailchange.c"

#include "tests/unit/tailbox.h"

enum { LINES = 40 };

/* A set whose last file is read, and the one that followed it, just opened. */
static struct tailset
begin(struct tailbox *box, struct tailfile **file)
{
	struct tailset set = tailset_open(at(box, "mail.log"));
	struct tail_block block;

	box->clock = time(NULL) - 1000;
	box_write(box, "mail.log", LINES);
	tailset_insert(&set, 0, tailfile_open(set.path));
	assert_int_equal(tailfile_read(set.files[0], &block), TAILFILE_READY);
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", LINES);
	*file = tailfile_open(set.path);
	return set;
}

/* Another rotation. */
static void
rotate(struct tailbox *box)
{
	box_rename(box, "mail.log.1", "mail.log.2");
	box_rename(box, "mail.log", "mail.log.1");
	box_write(box, "mail.log", LINES);
}

/* Reads what is in the set, like tail. */
static unsigned
lines_of(struct tailset *set)
{
	struct tail_block block;
	unsigned lines = 0;

	for (size_t i = 0; i < set->count; i++)
		while (tailfile_read(set->files[i], &block) == TAILFILE_READY)
			for (size_t k = 0; k < block.len; k++)
				lines += block.data[k] == '\n';
	return lines;
}

static void
file_that_is_renamed_after_it_was_opened_is_read_once(void **state)
{
	struct tailbox *box = *state;
	struct tailfile *file = NULL;
	struct tailset set = begin(box, &file);

	rotate(box);
	tailchange_rotated(&set, file);
	assert_int_equal(set.count, 2);
	assert_ptr_equal(tailset_last(&set), file);
	assert_int_equal(lines_of(&set), LINES);
	assert_int_equal(set.events.rotations, 1);
	tailset_close(&set);
}

static void
file_that_is_packed_after_it_was_opened_is_read_once(void **state)
{
	struct tailbox *box = *state;
	struct tailfile *file = NULL;
	struct tailset set = begin(box, &file);

	rotate(box);
	box_gzip(box, "mail.log.1", "mail.log.1.gz");
	assert_int_equal(remove(at(box, "mail.log.1")), 0);
	tailchange_rotated(&set, file);
	assert_int_equal(set.count, 2);
	assert_ptr_equal(tailset_last(&set), file);
	assert_int_equal(lines_of(&set), LINES);
	tailset_close(&set);
}

/* The one between comes in before it. */
static void
file_that_was_missed_comes_before_the_opened_one(void **state)
{
	struct tailbox *box = *state;
	struct tailfile *file = NULL;
	struct tailset set = begin(box, &file);

	rotate(box);
	tailfile_close(file);
	file = tailfile_open(set.path);
	tailchange_rotated(&set, file);
	assert_int_equal(set.count, 3);
	assert_ptr_equal(tailset_last(&set), file);
	assert_int_equal(lines_of(&set), 2 * LINES);
	assert_int_equal(set.events.rotations, 2);
	tailset_close(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		box_test(file_that_is_renamed_after_it_was_opened_is_read_once),
		box_test(file_that_is_packed_after_it_was_opened_is_read_once),
		box_test(file_that_was_missed_comes_before_the_opened_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
