# SPDX-License-Identifier: ISC
"""thresholds.py - where thold warns and alerts: the conditions of the alerts
that mailtally ships, as far as a manager that polls can see them.

Levels suit a server of some thousand messages a day: README.md says which to
look at first.  See names the object of the MIB whose DESCRIPTION says what to
do; the text says what it means when the level is passed.
"""
from collections import namedtuple

HIGH, BASELINE, LOW = "high", "baseline", "low"
PERCENT = "CURRENT_DATA_SOURCE,100,/"  # shares are hundredths of a percent
MINUTE = "CURRENT_DATA_SOURCE,60,*"    # counters are told per second
PLAIN = ""

# source: a key of the model; value: how thold computes what it compares.
# warning, alert: HIGH: (above, for polls); LOW: (below, for polls);
# BASELINE: warning is None, alert: (percent above the day before, for polls)
Threshold = namedtuple("Threshold",
                       "key name source type value warning alert see text")

THRESHOLDS = (
    Threshold("dkim_failures", "DKIM failures", "shares:dkim_5m",
              HIGH, PERCENT, (20, 3), (50, 2), "mtDkimFailureShare5m",
              "A large part of the signed mail that arrives fails DKIM."),
    Threshold("spf_failures", "SPF failures", "shares:spf_60m",
              HIGH, PERCENT, (50, 3), (80, 3), "mtSpfFailureShare5m",
              "A large part of the mail that arrives fails SPF."),
    Threshold("dmarc_failures", "DMARC failures", "shares:dmarc_60m",
              HIGH, PERCENT, (50, 3), (80, 3), "mtDmarcFailureShare5m",
              "A large part of the mail that arrives fails DMARC."),
    Threshold("unsigned", "Unsigned outbound mail", "shares:unsigned_5m",
              HIGH, PERCENT, (0.01, 2), (10, 1), "mtDkimUnsignedShare5m",
              "Mail of ours leaves without a DKIM signature."),
    Threshold("signing_stopped", "DKIM signing stopped",
              "dkim.signing:dkim.signed",
              LOW, MINUTE, (0.01, 12), (0.01, 24), "mtDkimSigned",
              "No message was signed for an hour (warning) or two (alert): "
              "signing has stopped, or no mail was sent."),
    Threshold("keys_not_fetched", "DKIM keys not fetched",
              "dkim:dkim.temperror",
              HIGH, MINUTE, (1, 2), (10, 2), "mtDkimTemperror",
              "DKIM keys cannot be fetched from DNS."),
    Threshold("milter_unreachable", "Milter not reachable",
              "milter.errors:milter.connect_error",
              HIGH, MINUTE, (0.01, 1), (1, 2), "mtMilterConnectError",
              "Postfix cannot reach a milter: mail is refused for now, or goes "
              "on unsigned and unchecked."),
    Threshold("milter_broken", "Milter breaks off",
              "milter.errors:milter.io_error",
              HIGH, MINUTE, (0.01, 2), (1, 2), "mtMilterIoError",
              "A milter breaks off or does not answer in time."),
    Threshold("policy_failing", "Policy service failing",
              "policy:policy.error",
              HIGH, MINUTE, (0.01, 1), (1, 2), "mtPolicyError",
              "A policy service (SPF, greylisting, quota) does not work."),
    Threshold("rejects_jump", "Rejects jump", "smtpd:smtpd.reject_5xx",
              BASELINE, PLAIN, None, (200, 3), "mtSmtpdReject5xx",
              "Three times as many recipients are refused for good as the day "
              "before."),
    Threshold("delays_jump", "Temporary rejects jump",
              "smtpd:smtpd.reject_4xx",
              BASELINE, PLAIN, None, (200, 3), "mtSmtpdReject4xx",
              "Three times as many recipients are refused for now as the day "
              "before."),
    Threshold("dmarc_rejects_jump", "DMARC rejects jump",
              "dmarc.actions:dmarc.disp_reject",
              BASELINE, PLAIN, None, (200, 3), "mtDmarcDispReject",
              "Three times as much mail is refused because of DMARC as the "
              "day before."),
    Threshold("domain_dmarc_failures", "DMARC failures of a domain",
              "domain:dmarc:dmarc.fail",
              HIGH, MINUTE, (2, 3), (30, 3), "mtDmarcFail",
              "Mail in the name of this domain fails DMARC."),
    Threshold("unmatched_lines", "Log lines not understood",
              "log:log.unmatched",
              HIGH, MINUTE, (1, 3), (20, 3), "mtLogUnmatched",
              "Programs log what no rule of mailtally knows: what they say is "
              "not counted."),
    Threshold("collector_stale", "Collector stale", "collector:snapshot_age",
              HIGH, PLAIN, (60, 1), (300, 1), "mtCollectorState",
              "The collector does not count any more; all other graphs and "
              "thresholds of this server stand still."),
    Threshold("log_silent", "Log silent", "collector:last_line_age",
              HIGH, PLAIN, (1800, 1), (3600, 1), "mtLastLineAge",
              "Nothing was logged for half an hour (warning) or an hour "
              "(alert)."),
    Threshold("queue_deferred", "Deferred queue grows", "queue:queue.deferred",
              HIGH, PLAIN, (200, 3), (1000, 3), "mtQueueDeferred",
              "Much mail waits for a next attempt."),
    Threshold("queue_active", "Active queue grows", "queue:queue.active",
              HIGH, PLAIN, (200, 3), (1000, 3), "mtQueueActive",
              "Mail comes faster than it is delivered."),
)
