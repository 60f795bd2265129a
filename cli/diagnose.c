/* SPDX-License-Identifier: ISC */
/*
 * diagnose — see diagnose.h.
 *
 * One function per finding, in `checks` in the order of their weight.
 */
#include "cli/diagnose.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/mem.h"

enum { ENOUGH_LINES = 20 };

const char *const finding_kind_names[FINDING_KINDS] = {
	[FINDING_SETTING] = "setting",
	[FINDING_FILE] = "file",
	[FINDING_STAMP] = "stamp",
	[FINDING_DOUBLE] = "double",
};

static struct finding *add_finding(
	struct findings *findings, enum finding_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The caller puts source and advice in. */
static struct finding *
add_finding(
	struct findings *findings, enum finding_kind kind, const char *fmt, ...)
{
	struct finding finding = {.kind = kind};
	va_list args;
	va_start(args, fmt);
	if (vasprintf(&finding.text, fmt, args) < 0)
		abort(); /* out of memory */
	va_end(args);
	findings->items = mem_grow(findings->items, findings->count,
		&findings->capacity, sizeof(*findings->items));
	findings->items[findings->count] = finding;
	return &findings->items[findings->count++];
}

/* What a source says of the groups of a need. */
struct told {
	bool has_needed;    /* one of the counters themselves */
	bool needs_success; /* one of them is a pass */
	uint64_t all;       /* verdicts of the group, or all of it */
	uint64_t failures;
};

static bool
is_needed(const struct rule_need *need, int counter)
{
	for (size_t i = 0; i < need->count; i++)
		if (need->counters[i] == counter)
			return true;
	return false;
}

static bool
is_failure(const struct catalogue_counter *counter)
{
	static const char *const words[] = {"fail", "permerror", "temperror"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (counter->method >= 0 &&
			strcmp(words[i], counter->word) == 0)
			return true;
	return false;
}

/* Where a verdict is needed, other verdicts of its group tell that there were
 * checks: a signature added tells nothing about them. */
static struct told
told_of(const struct survey *survey, const struct survey_source *source,
	const struct rule_need *need)
{
	const struct catalogue *catalogue = &survey->tally->catalogue;
	const struct catalogue_counter *first =
		&catalogue->counters[need->counters[0]];
	struct told told = {0};
	for (size_t c = 0; c < catalogue->count; c++) {
		const struct catalogue_counter *counter =
			&catalogue->counters[c];
		uint64_t value = source->counters[c];
		if (is_needed(need, (int)c)) {
			told.has_needed |= value > 0;
			told.needs_success |=
				strcmp(counter->word, "pass") == 0;
		}
		if (strcmp(counter->group, first->group) != 0 ||
			(first->method >= 0 && counter->method < 0))
			continue;
		told.all += value;
		told.failures += is_failure(counter) ? value : 0;
	}
	return told;
}

static char *
joined(const struct survey *survey, const struct rule_need *need)
{
	struct buf text = {0};
	for (size_t i = 0; i < need->count && i < 3; i++)
		buf_printf(&text, "%s%s",
			i == 0                 ? ""
			: i + 1 == need->count ? " or "
					       : ", ",
			survey->tally->catalogue.counters[need->counters[i]]
				.name);
	if (need->count > 3)
		buf_adds(&text, " …");
	return text.data;
}

static char *
to_upper(const char *text)
{
	char *upper = mem_strdup(text);
	for (char *c = upper; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return upper;
}

static void
check_need(const struct survey *survey, const struct rule_need *need,
	struct findings *findings)
{
	const struct survey_source *source = &survey->sources[need->source];
	struct told told = told_of(survey, source, need);
	bool is_plain = told.needs_success && told.failures > 0;
	if (told.has_needed || (!is_plain && source->lines < ENOUGH_LINES))
		return;
	struct finding *finding = NULL;
	char *group = to_upper(
		survey->tally->catalogue.counters[need->counters[0]].group);
	char *names = joined(survey, need);
	if (is_plain)
		finding = add_finding(findings, FINDING_SETTING,
			"%s logs %s failures (%" PRIu64
			") but never a success: what passes is not logged, so "
			"pass rates would be wrong.",
			source->name, group, told.failures);
	else if (source->matched == 0)
		finding = add_finding(findings, FINDING_SETTING,
			"%s wrote %" PRIu64
			" lines, but none that says what it decided (%s).",
			source->name, source->lines, names);
	else if (told.all > 0)
		finding = add_finding(findings, FINDING_SETTING,
			"%s never logged %s. Perhaps there was none; perhaps "
			"it is not logged.",
			source->name, names);
	if (finding != NULL) {
		finding->source = source->name;
		finding->advice = mem_strdup(need->setting);
	}
	free(group);
	free(names);
}

static void
check_needs(const struct survey *survey, struct findings *findings)
{
	for (size_t i = 0; i < rules_need_count(survey->tally->rules); i++)
		check_need(
			survey, rules_need(survey->tally->rules, i), findings);
}

static const char *const milters[] = {"opendkim", "opendmarc", "rspamd",
	"dkim-filter", "dk-filter", "dkimpy-milter", "openarc", "pyspf-milter",
	"smf-spf", "milter-greylist", "authentication_milter", "clamav",
	"amavis", "spamd"};

static bool
has_milter(const struct survey *survey)
{
	for (size_t i = 0; i < sizeof(milters) / sizeof(*milters); i++)
		if (survey_source(survey, milters[i]) != NULL)
			return true;
	return false;
}

static void
check_milters(const struct survey *survey, struct findings *findings)
{
	static const char *const replies[] = {"milter.reject",
		"milter.tempfail", "milter.hold", "milter.discard"};
	const struct survey_source *postfix = survey_source(survey, "postfix");
	uint64_t count = 0;
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++)
		count += survey_value(survey, postfix, replies[i]);
	if (count == 0 || has_milter(survey))
		return;
	struct finding *finding = add_finding(findings, FINDING_FILE,
		"Postfix tells of messages that milters refused or held "
		"(%" PRIu64 "), but no milter that we know wrote a line: the "
		"milters' lines are in another file.",
		count);
	finding->source = "postfix";
	finding->advice = mem_strdup("read all files together; look where the "
				     "milters' syslog facility goes "
				     "(SyslogFacility)");
}

static void
check_postfix(const struct survey *survey, struct findings *findings)
{
	if (!has_milter(survey) || survey_source(survey, "postfix") != NULL)
		return;
	struct finding *finding = add_finding(findings, FINDING_FILE,
		"Milters log here, but Postfix does not: what became of the "
		"messages is in another file.");
	finding->advice = mem_strdup("read all files together");
}

static void
check_dropped(const struct survey *survey, struct findings *findings)
{
	if (survey->dropped == 0)
		return;
	struct finding *finding = add_finding(findings, FINDING_FILE,
		"The system's logger says that it dropped lines (%" PRIu64
		" times): they are not counted.",
		survey->dropped);
	finding->advice =
		mem_strdup("raise or turn off the rate limit: "
			   "SysSock.RateLimit.Interval of rsyslog's "
			   "imuxsock, Ratelimit.Interval of imjournal, "
			   "RateLimitIntervalSec in journald.conf");
}

static void
check_malformed(const struct survey *survey, struct findings *findings)
{
	if (survey->malformed.lines == 0)
		return;
	struct finding *finding = add_finding(findings, FINDING_FILE,
		"Lines that are no log lines, or name no program: %" PRIu64
		" of %" PRIu64 ".",
		survey->malformed.lines, survey->lines);
	finding->advice =
		mem_strdup("a log that a daemon writes itself, without "
			   "syslog, needs its program's name: "
			   "mailtally.conf(5), input");
}

static void
check_future(const struct survey *survey, struct findings *findings)
{
	if (survey->future == 0)
		return;
	struct finding *finding = add_finding(findings, FINDING_STAMP,
		"Lines with a time that has not come yet: %" PRIu64 ".",
		survey->future);
	finding->advice = mem_strdup("set the clock of the machine that logs; "
				     "where stamps have no year, --year says "
				     "which");
}

/* Who judges by one method on one host, in the order of authority. */
struct judges {
	const struct survey *survey;
	struct findings *findings;
	const char *items[32];
	size_t count;
	unsigned host;
	int method;
};

static void
note_judge(const struct authority_spoke *spoke, void *arg)
{
	struct judges *judges = arg;
	if (spoke->method == judges->method && spoke->host == judges->host &&
		judges->count < sizeof(judges->items) / sizeof(*judges->items))
		judges->items[judges->count++] = spoke->source;
}

static void
add_double(struct judges *judges)
{
	const struct survey *survey = judges->survey;
	const char *method = authority_methods[judges->method];
	struct buf names = {0}, host = {0}, advice = {0};
	for (size_t i = 0; i < judges->count; i++)
		buf_printf(&names, "%s%s",
			i == 0                   ? ""
			: i + 1 == judges->count ? " and "
						 : ", ",
			judges->items[i]);
	if (survey->host_count > 1 && judges->host > 0)
		buf_printf(
			&host, " on %s", survey->hosts[judges->host - 1].name);
	buf_printf(&advice,
		"nothing need be done; for another order: authority \"%s\" { "
		"order = { … } } in mailtally.conf",
		method);
	char *upper = to_upper(method);
	struct finding *finding = add_finding(judges->findings, FINDING_DOUBLE,
		"%s is checked by %s%s. The totals take the verdicts of %s.",
		upper, names.data, host.len > 0 ? host.data : "",
		judges->items[0]);
	finding->source = judges->items[0];
	finding->advice = advice.data;
	free(upper);
	buf_free(&names);
	buf_free(&host);
}

static void
check_doubles(const struct survey *survey, struct findings *findings)
{
	for (int m = 0; m < AUTHORITY_METHODS; m++)
		for (unsigned h = 0; h <= survey->host_count; h++) {
			struct judges judges = {.survey = survey,
				.findings = findings,
				.host = h,
				.method = m};
			authority_each(
				survey->tally->authority, note_judge, &judges);
			if (judges.count > 1)
				add_double(&judges);
		}
}

void
diagnose(const struct survey *survey, struct findings *findings)
{
	static void (*const checks[])(const struct survey *survey,
		struct findings *findings) = {check_needs, check_milters,
		check_postfix, check_dropped, check_malformed, check_future,
		check_doubles};
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		checks[i](survey, findings);
}

void
diagnose_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->items[i].text);
		free(findings->items[i].advice);
	}
	free(findings->items);
	*findings = (struct findings){0};
}

bool
diagnose_is_mail(const char *program)
{
	static const char *const parts[] = {"mail", "dkim", "dmarc", "spf",
		"openarc", "milter", "imap", "pop3", "smtp", "lmtp", "mta",
		"postfix", "postgrey", "grey", "policy", "dovecot", "exim",
		"spam", "amavis", "clam", "sieve", "cyrus", "courier"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strcasestr(program, parts[i]) != NULL)
			return true;
	return false;
}
