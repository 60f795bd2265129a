/* SPDX-License-Identifier: ISC */
/*
 * changesbox — what changes tell of a snapshot, and the file they leave.
 */
#ifndef TESTS_UNIT_CHANGESBOX_H
#define TESTS_UNIT_CHANGESBOX_H

#include "agent/changes.h"
#include "lib/file.h"
#include "tests/unit/areabox.h"
#include "tests/unit/folder.h"

#define ALERT(key, state, since) \
	"alert a " key " " state " " since " 5 1 critical some words\n"
#define CHANGE(seq, key, direction)                                      \
	"change " seq " 10" seq " a " key " " direction " 5 1 critical " \
	"words\n"

static inline struct changes *
changesbox_open(void)
{
	struct err err = {"not touched"};
	struct changes *changes = changes_open("told", &err);
	assert_string_equal(err.text, "");
	return changes;
}

/* As after a file that says so. */
static inline struct changes *
changesbox_open_at(const char *number_and_time)
{
	struct buf text = {0};
	buf_printf(&text, "mailtally-told 1 %s\n", number_and_time);
	folder_put("told", text.data);
	buf_free(&text);
	return changesbox_open();
}

static inline void
changesbox_save(struct changes *changes)
{
	struct err err = {""};
	if (changes_save(changes, &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
changesbox_expect_file(const char *expected)
{
	struct err err = {""};
	struct buf text = {0};
	if (file_read("told", 1000, &text, &err) != 0)
		assert_string_equal(expected, "none");
	else
		assert_string_equal(text.data, expected);
	buf_free(&text);
}

/* Takes up to max; each "NUMBER:KEY+" or "NUMBER:KEY-" with a blank behind. */
static inline void
changesbox_expect_up_to(struct changes *changes, const struct view *view,
	size_t max, const char *expected)
{
	struct buf text = {0};
	struct change_told told = {0};
	for (size_t n = 0; n < max && changes_next(changes, view, &told); n++)
		buf_printf(&text, "%" PRIu32 ":%s%c ", told.number, told.key,
			told.is_raised ? '+' : '-');
	assert_string_equal(text.data != NULL ? text.data : "", expected);
	buf_free(&text);
}

/* The view is freed. */
static inline void
changesbox_expect(
	struct changes *changes, struct view *view, const char *expected)
{
	changesbox_expect_up_to(changes, view, 100, expected);
	view_free(view);
}

#endif
