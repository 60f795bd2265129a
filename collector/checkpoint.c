/* SPDX-License-Identifier: ISC */
/* checkpoint — see checkpoint.h. */
#include "collector/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/log.h"

static char *
join(const char *dir, const char *name)
{
	struct buf path = {0};
	buf_printf(&path, "%s/%s", dir, name);
	return path.data;
}

static int
make_folder(const char *dir, struct err *err)
{
	if (mkdir(dir, 0750) == 0 || errno == EEXIST)
		return 0;
	return err_set(err, "%s: %s", dir, strerror(errno));
}

static int
take_lock(struct checkpoint *checkpoint, const char *state_dir, struct err *err)
{
	char *path = join(state_dir, "lock");
	int result = 0;
	checkpoint->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (checkpoint->lock_fd < 0)
		result = err_set(err, "%s: %s", path, strerror(errno));
	else if (flock(checkpoint->lock_fd, LOCK_EX | LOCK_NB) != 0)
		result = err_set(err, "%s: another mailtallyd runs", path);
	free(path);
	return result;
}

int
checkpoint_make_folders(const struct config *config, struct err *err)
{
	return make_folder(config->state_dir, err) == 0
		       ? make_folder(config->run_dir, err)
		       : -1;
}

int
checkpoint_open(struct checkpoint *checkpoint, const struct config *config,
	struct err *err)
{
	*checkpoint = (struct checkpoint){
		.run_path = join(config->run_dir, "snapshot"),
		.state_path = join(config->state_dir, "snapshot"),
		.lock_fd = -1,
	};
	if (checkpoint_make_folders(config, err) == 0 &&
		take_lock(checkpoint, config->state_dir, err) == 0)
		return 0;
	checkpoint_close(checkpoint);
	return -1;
}

void
checkpoint_close(struct checkpoint *checkpoint)
{
	if (checkpoint->lock_fd >= 0)
		close(checkpoint->lock_fd);
	free(checkpoint->run_path);
	free(checkpoint->state_path);
	*checkpoint = (struct checkpoint){.lock_fd = -1};
}

static struct snapshot *
load(const char *path)
{
	struct err err;
	if (access(path, F_OK) != 0)
		return NULL;
	struct snapshot *snapshot = snapshot_read(path, &err);
	if (snapshot != NULL)
		return snapshot;
	struct buf name = {0};
	buf_printf(&name, "%s.damaged", path);
	bool is_moved = rename(path, name.data) == 0;
	log_warning("snapshot refused%s: %s", is_moved ? " and set aside" : "",
		err.text);
	buf_free(&name);
	return NULL;
}

struct snapshot *
checkpoint_load(const struct checkpoint *checkpoint)
{
	struct snapshot *run = load(checkpoint->run_path);
	struct snapshot *state = load(checkpoint->state_path);
	if (run == NULL || state == NULL)
		return run != NULL ? run : state;
	bool is_run_newer = run->written_us >= state->written_us;
	snapshot_free(is_run_newer ? state : run);
	return is_run_newer ? run : state;
}

int
checkpoint_save(const struct checkpoint *checkpoint, const struct buf *text,
	bool durable, struct err *err)
{
	err->text[0] = '\0';
	struct file_content content = {
		.data = text->data, .len = text->len, .mode = 0640};
	int run = file_replace(checkpoint->run_path, &content, err);
	if (!durable)
		return run;
	content.durable = true;
	int state = file_replace(checkpoint->state_path, &content, err);
	return run == 0 || state == 0 ? 0 : -1;
}
