/* SPDX-License-Identifier: ISC */
/*
 * diagnose — see diagnose.h.
 *
 * One function per finding, in `checks` in the order of their weight.
 */
#include "cli/diagnose.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/needs.h"
#include "lib/buf.h"
#include "lib/mem.h"

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
	struct finding *finding = finding_add(findings, FINDING_FILE,
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
	struct finding *finding = finding_add(findings, FINDING_FILE,
		"Milters or filters log here, but Postfix does not: what "
		"became of the "
		"messages is in another file.");
	finding->advice = mem_strdup("read all files together");
}

static void
check_dropped(const struct survey *survey, struct findings *findings)
{
	if (survey->dropped == 0)
		return;
	struct finding *finding = finding_add(findings, FINDING_FILE,
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
	struct finding *finding = finding_add(findings, FINDING_FILE,
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
	struct finding *finding = finding_add(findings, FINDING_STAMP,
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
	char *upper = finding_title(method);
	struct finding *finding = finding_add(judges->findings, FINDING_DOUBLE,
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
		struct findings *findings) = {needs_check, check_milters,
		check_postfix, check_dropped, check_malformed, check_future,
		check_doubles};
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		checks[i](survey, findings);
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
