/* SPDX-License-Identifier: ISC */
#include "collector/tailresume.h"

#include <unistd.h>

#include "collector/tailset.h"

/* Finds what each position belongs to.  Returns the last one's file. */
static struct tailfile *
find_positions(const struct tailresume *resume, struct tailfind *list,
	struct tailset *set, bool *is_any_short)
{
	struct tailfile *last = NULL;

	/* The present file first: an old one that it was copied from would be
	 * found in it as well. */
	for (size_t i = resume->count; i-- > 0;) {
		bool is_short = false;
		struct tailfile *file =
			tailfind_position(list, &resume->saved[i], &is_short);

		if (file)
			tailset_insert_by_age(set, file, list);
		else
			*is_any_short |= is_short;
		if (i + 1 == resume->count)
			last = file;
	}
	return last;
}

/* Adds what is younger than all that was found. */
static void
add_younger(const struct tailresume *resume, struct tailfind *list,
	struct tailset *set)
{
	struct tailfile *newest = NULL;

	/* One that was empty tells nothing: it may have been filled, copied and
	 * truncated meanwhile. */
	for (size_t i = 0; i < set->count; i++) {
		if (set->files[i]->buf.offset > 0)
			newest = set->files[i];
	}
	if (newest && tailfind_is_path(list, newest))
		return;
	tailfind_keep_younger(
		list, newest, (struct timespec){resume->saved_at, 0});
	tailset_gather(set, set->count, list);
}

enum tailresume_state
tailresume_find(const struct tailresume *resume, const char *path,
	bool is_patient, struct tailset *set)
{
	struct tailfind *list = tailfind_open(path);
	enum tailresume_state state = TAILRESUME_DONE;
	bool is_short = false;
	struct tailfile *last = find_positions(resume, list, set, &is_short);

	/* What cannot be seen now is not gone for good. */
	if (!last && !tailfind_has_path(list) &&
		(set->count == 0 || access(path, F_OK) == 0))
		state = TAILRESUME_LATER;
	else if (is_short && is_patient)
		state = TAILRESUME_SHORT;
	if (state == TAILRESUME_DONE)
		add_younger(resume, list, set);
	else
		tailset_clear(set);
	tailfind_close(list);
	return state;
}
