/* SPDX-License-Identifier: ISC */
/*
 * mailtally status — what the collector knows now, from its snapshot.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/plain.h"
#include "cli/report.h"
#include "lib/config.h"
#include "lib/file.h"

#define USAGE                                                 \
	"mailtally status [-c FILE] [--json] [--unmatched]\n" \
	"  -c FILE       configuration (" CONFIG_PATH ")\n"   \
	"  --json        one JSON object instead of tables\n" \
	"  --unmatched   the last lines that no rule knew"

enum { STALE_S = 10, UNMATCHED_MAX = 1 << 20 };

static double
age_of(const struct snapshot *snapshot)
{
	struct timeval now;
	gettimeofday(&now, NULL);
	return (double)now.tv_sec + (double)now.tv_usec / 1e6 -
	       (double)snapshot->written_us / 1e6;
}

static struct json_t *
list_alerts(const struct snapshot *snapshot)
{
	struct json_t *alerts = json_new_array();
	for (size_t i = 0; i < snapshot->alert_count; i++) {
		const struct snapshot_alert *from = &snapshot->alerts[i];
		struct json_t *alert = json_new_object();
		json_set_text(alert, "name", from->name);
		json_set_text(alert, "key", from->key);
		json_set_text(alert, "state", from->state);
		json_set_number(alert, "since", (uint64_t)from->since);
		json_set_text(alert, "value", from->value);
		json_set_text(alert, "threshold", from->threshold);
		json_set_text(alert, "severity", from->severity);
		json_set_text(alert, "text", from->text);
		json_add(alerts, alert);
	}
	return alerts;
}

static void
print_json(const struct snapshot *snapshot)
{
	struct json_t *object = json_new_object();
	double age = age_of(snapshot);
	json_set_number(object, "age", age > 0 ? (uint64_t)age : 0);
	json_set_number(object, "first", (uint64_t)snapshot->started);
	json_set_number(
		object, "last", (uint64_t)snapshot->written_us / 1000000);
	struct json_t *inputs = json_new_array();
	for (size_t i = 0; i < snapshot->input_count; i++) {
		const struct snapshot_input *in = &snapshot->inputs[i];
		if (in->ino == 0)
			continue; /* read to its end and let go */
		struct json_t *input = json_new_object();
		json_set_text(input, "path", in->path);
		json_set_number(input, "inode", in->ino);
		json_set_number(input, "offset", in->offset);
		json_set_number(input, "lag", in->lag);
		json_set_number(input, "rotations", in->rotations);
		json_add(inputs, input);
	}
	json_set(object, "inputs", inputs);
	json_set(object, "alerts", list_alerts(snapshot));
	struct json_t *shares = json_new_array();
	for (size_t i = 0; i < snapshot->share_count; i++) {
		const struct snapshot_share *from = &snapshot->shares[i];
		struct json_t *share = json_new_object();
		json_set_text(share, "name", from->name);
		json_set_text(share, "scope", from->scope);
		json_set_number(share, "window", from->window);
		json_set_real(share, "value", from->value);
		json_add(shares, share);
	}
	json_set(object, "shares", shares);
	report_json(snapshot, object);
	json_print(object, stdout);
}

/* Those that are raised; an alert's words may come from a log. */
static void
print_alerts(const struct snapshot *snapshot)
{
	struct buf line = {0}, tame = {0};
	for (size_t i = 0; i < snapshot->alert_count; i++) {
		const struct snapshot_alert *alert = &snapshot->alerts[i];
		char since[32] = "";
		struct tm tm = {0};
		if (strcmp(alert->state, "raised") != 0 &&
			strcmp(alert->state, "silenced") != 0)
			continue;
		strftime(since, sizeof(since), "%F %T",
			localtime_r(&alert->since, &tm));
		buf_clear(&line);
		buf_clear(&tame);
		buf_printf(&line,
			"Alert %s %s (%s) %s since %s: %s, threshold %s",
			alert->name, alert->key, alert->severity, alert->state,
			since, alert->value, alert->threshold);
		if (*alert->text != '\0')
			buf_printf(&line, ": %s", alert->text);
		plain_add(&tame, (struct slice){line.data, line.len});
		printf("%s\n", tame.data);
	}
	buf_free(&line);
	buf_free(&tame);
}

static void
print_table(const struct snapshot *snapshot)
{
	double age = age_of(snapshot);
	print_alerts(snapshot);
	printf("Snapshot %.1f s old%s\n", age,
		age > STALE_S ? ": the collector does not run" : "");
	for (size_t i = 0; i < snapshot->input_count; i++) {
		const struct snapshot_input *in = &snapshot->inputs[i];
		if (in->ino == 0)
			continue;
		printf("Input %s: read to byte %" PRIu64 ", %" PRIu64
		       " behind, %" PRIu64 " rotations\n",
			in->path, in->offset, in->lag, in->rotations);
	}
	for (size_t i = 0; i < snapshot->share_count; i++) {
		const struct snapshot_share *share = &snapshot->shares[i];
		printf("Share %s of the last %u min: %.1f %%\n", share->name,
			share->window / 60, share->value * 100);
	}
	report_table(snapshot, stdout);
}

static int
print_unmatched(const struct config *config, struct err *err)
{
	struct buf path = {0}, text = {0};
	buf_printf(&path, "%s/unmatched", config->state_dir);
	/* The file is made when there is something to write. */
	bool is_missing = access(path.data, F_OK) != 0 && errno == ENOENT;
	int result = is_missing
			     ? 0
			     : file_read(path.data, UNMATCHED_MAX, &text, err);
	struct slice rest = {text.data, text.len}, line;
	buf_clear(&path);
	while (slice_take_line(&rest, &line)) {
		plain_add(&path, line);
		buf_addc(&path, '\n');
	}
	if (path.len > 0)
		fwrite(path.data, 1, path.len, stdout);
	buf_free(&path);
	buf_free(&text);
	return result;
}

static int
print_status(const struct config *config, bool as_json, struct err *err)
{
	struct buf path = {0};
	buf_printf(&path, "%s/snapshot", config->run_dir);
	struct snapshot *snapshot = snapshot_read(path.data, err);
	buf_free(&path);
	if (snapshot == NULL)
		return -1;
	if (as_json)
		print_json(snapshot);
	else
		print_table(snapshot);
	snapshot_free(snapshot);
	return 0;
}

int
command_status(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"unmatched", no_argument, NULL, 'u'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *config_path = CONFIG_PATH;
	bool as_json = false, only_unmatched = false;
	int option;
	while ((option = getopt_long(argc, argv, "c:", options, NULL)) != -1)
		switch (option) {
		case 'c':
			config_path = optarg;
			break;
		case 'j':
			as_json = true;
			break;
		case 'u':
			only_unmatched = true;
			break;
		case 'h':
			puts("usage: " USAGE);
			return COMMAND_OK;
		default:
			return command_usage(USAGE, "status: see the usage");
		}
	if (optind != argc)
		return command_usage(USAGE, "status takes no file");
	struct err err;
	struct config *config = config_load(config_path, &err);
	int result = -1;
	if (config != NULL)
		result = only_unmatched ? print_unmatched(config, &err)
					: print_status(config, as_json, &err);
	if (result != 0)
		fprintf(stderr, "mailtally: %s\n", err.text);
	config_free(config);
	return result == 0 ? COMMAND_OK : COMMAND_FAILURE;
}
