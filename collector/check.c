/* SPDX-License-Identifier: ISC */
/* check — see check.h. */
#include "collector/check.h"

#include "collector/tally.h"

int
check_configuration(
	const char *config_path, struct buf *summary, struct err *err)
{
	struct config *config = config_load(config_path, err);
	struct tally *tally =
		config != NULL ? tally_new(config, config->rules_dir, err)
			       : NULL;
	int result = tally != NULL ? rules_compile(tally->rules, err) : -1;
	for (size_t i = 0;
		result == 0 && summary != NULL && i < config->input_count; i++)
		buf_printf(summary, "input %s, first read from its %s\n",
			config->inputs[i].path,
			config->inputs[i].at_end ? "end" : "start");
	if (result == 0 && summary != NULL)
		buf_printf(summary,
			"%zu counters, %zu sources, own rules in %s\n"
			"history in %s\n",
			tally->catalogue.count,
			rules_source_count(tally->rules), config->rules_dir,
			config->rrd_dir);
	tally_free(tally);
	config_free(config);
	return result;
}
