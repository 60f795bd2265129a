/* SPDX-License-Identifier: ISC */
/*
 * kinds — what each kind of generated line must count as.
 *
 * A kind is a source and the counters that one such line adds one to; no
 * counter means that the line is known and says nothing ("ignored"), no source
 * that its program is none of ours ("foreign").  Counts lines per host and kind
 * and writes them out as counters, together with what mails.h found of whole
 * messages: the truth that programs are measured by.  Knows no text of any
 * line.
 */
#ifndef TESTS_BENCH_KINDS_H
#define TESTS_BENCH_KINDS_H

#include <stdint.h>
#include <stdio.h>

#define KIND_POSTFIX "postfix"
#define KIND_OPENDKIM "opendkim"
#define KIND_OPENDMARC "opendmarc"
#define KIND_PYTHON "policyd-spf"
#define KIND_PERL "policyd-spf-perl"

/* K(kind, source, counters); what ends in V4 is followed by its V6. */
#define KINDS(K)                                                               \
	K(FOREIGN, NULL, "")                                                   \
	K(SILENT, KIND_POSTFIX, "")                                            \
	K(SMTPD_CONNECT_V4, KIND_POSTFIX,                                      \
		"smtpd.sessions smtpd.sessions_ipv4")                          \
	K(SMTPD_CONNECT_V6, KIND_POSTFIX,                                      \
		"smtpd.sessions smtpd.sessions_ipv6")                          \
	K(SMTPD_CLIENT, KIND_POSTFIX, "smtpd.accepted")                        \
	K(SMTPD_LOGIN, KIND_POSTFIX, "smtpd.accepted smtpd.authenticated")     \
	K(SMTPD_REINJECTED, KIND_POSTFIX, "smtpd.reinjected")                  \
	K(SMTPD_AUTH_FAILED, KIND_POSTFIX, "smtpd.auth_failed")                \
	K(SMTPD_LOST, KIND_POSTFIX, "smtpd.lost")                              \
	K(SMTPD_TIMEOUT, KIND_POSTFIX, "smtpd.timeout")                        \
	K(SMTPD_ERRORS, KIND_POSTFIX, "smtpd.too_many_errors")                 \
	K(SMTPD_RATE, KIND_POSTFIX, "smtpd.rate_limit")                        \
	K(SMTPD_WARNING, KIND_POSTFIX, "smtpd.warnings")                       \
	K(SMTPD_TLS_ANONYMOUS, KIND_POSTFIX, "smtpd.tls_anonymous")            \
	K(SMTPD_TLS_UNTRUSTED, KIND_POSTFIX, "smtpd.tls_untrusted")            \
	K(SMTPD_TLS_TRUSTED, KIND_POSTFIX, "smtpd.tls_trusted")                \
	K(SMTPD_TLS_FAILED, KIND_POSTFIX, "smtpd.tls_failed")                  \
	K(REJECT_RELAY, KIND_POSTFIX, "smtpd.reject_relay smtpd.reject_5xx")   \
	K(REJECT_HELO, KIND_POSTFIX, "smtpd.reject_helo smtpd.reject_5xx")     \
	K(REJECT_DNSBL, KIND_POSTFIX, "smtpd.reject_dnsbl smtpd.reject_5xx")   \
	K(RCPT_UNKNOWN, KIND_POSTFIX, "smtpd.rcpt_unknown smtpd.reject_5xx")   \
	K(RCPT_DENIED, KIND_POSTFIX, "smtpd.rcpt_denied smtpd.reject_5xx")     \
	K(RCPT_UNQUALIFIED, KIND_POSTFIX,                                      \
		"smtpd.rcpt_unqualified smtpd.reject_5xx")                     \
	K(RCPT_GREYLISTED, KIND_POSTFIX,                                       \
		"smtpd.rcpt_greylisted smtpd.reject_4xx")                      \
	K(RCPT_SPF, KIND_POSTFIX, "smtpd.rcpt_other smtpd.reject_5xx")         \
	K(RCPT_SPF_DEFER, KIND_POSTFIX, "smtpd.rcpt_other smtpd.reject_4xx")   \
	K(RCPT_POLICY_DOWN, KIND_POSTFIX,                                      \
		"smtpd.reject_other smtpd.reject_4xx policy.error")            \
	K(SENDER_DOMAIN, KIND_POSTFIX, "smtpd.sender_domain smtpd.reject_4xx") \
	K(SENDER_DENIED, KIND_POSTFIX, "smtpd.sender_denied smtpd.reject_5xx") \
	K(SENDER_NOT_OWNED, KIND_POSTFIX,                                      \
		"smtpd.sender_not_owned smtpd.reject_5xx")                     \
	K(SENDER_NOT_LOGIN, KIND_POSTFIX,                                      \
		"smtpd.sender_not_login smtpd.reject_5xx")                     \
	K(SENDER_UNQUALIFIED, KIND_POSTFIX,                                    \
		"smtpd.sender_unqual smtpd.reject_5xx")                        \
	K(CLIENT_DENIED, KIND_POSTFIX, "smtpd.client_denied smtpd.reject_5xx") \
	K(CLIENT_DNS, KIND_POSTFIX, "smtpd.client_dns smtpd.reject_4xx")       \
	K(REJECT_SIZE, KIND_POSTFIX, "smtpd.reject_size smtpd.reject_5xx")     \
	K(REJECT_WARNING, KIND_POSTFIX, "smtpd.reject_warning")                \
	K(MILTER_DMARC_REJECT, KIND_POSTFIX,                                   \
		"milter.reject dmarc.disp_reject")                             \
	K(MILTER_DMARC_HOLD, KIND_POSTFIX,                                     \
		"milter.hold dmarc.disp_quarantine")                           \
	K(MILTER_REJECT, KIND_POSTFIX, "milter.reject")                        \
	K(MILTER_TEMPFAIL, KIND_POSTFIX, "milter.tempfail")                    \
	K(MILTER_DEFAULT, KIND_POSTFIX, "milter.default_action")               \
	K(MILTER_CONNECT, KIND_POSTFIX, "milter.connect_error")                \
	K(MILTER_IO, KIND_POSTFIX, "milter.io_error")                          \
	K(CHECK_REJECT, KIND_POSTFIX, "cleanup.check_reject")                  \
	K(SUBMITTED, KIND_POSTFIX, "pickup.submitted")                         \
	K(QMGR_ACTIVE, KIND_POSTFIX, "qmgr.activations")                       \
	K(QMGR_EXPIRED, KIND_POSTFIX, "qmgr.expired")                          \
	K(QMGR_REMOVED, KIND_POSTFIX, "qmgr.removed")                          \
	K(SMTP_SENT, KIND_POSTFIX, "smtp.sent")                                \
	K(SMTP_FILTER, KIND_POSTFIX, "smtp.filter_hop")                        \
	K(SMTP_BOUNCED, KIND_POSTFIX, "smtp.bounced")                          \
	K(DEFER_GREYLISTED, KIND_POSTFIX,                                      \
		"smtp.deferred smtp.defer_greylisted")                         \
	K(DEFER_TIMEOUT, KIND_POSTFIX, "smtp.deferred smtp.defer_timeout")     \
	K(DEFER_REFUSED, KIND_POSTFIX, "smtp.deferred smtp.defer_refused")     \
	K(DEFER_DNS, KIND_POSTFIX, "smtp.deferred smtp.defer_dns")             \
	K(DEFER_LOST, KIND_POSTFIX, "smtp.deferred smtp.defer_lost")           \
	K(DEFER_OTHER, KIND_POSTFIX, "smtp.deferred smtp.defer_other")         \
	K(SMTP_REFUSED_V4, KIND_POSTFIX,                                       \
		"smtp.connect_failed_v4 smtp.connect_refused")                 \
	K(SMTP_REFUSED_V6, KIND_POSTFIX,                                       \
		"smtp.connect_failed_v6 smtp.connect_refused")                 \
	K(SMTP_TIMEOUT_V4, KIND_POSTFIX,                                       \
		"smtp.connect_failed_v4 smtp.connect_timeout")                 \
	K(SMTP_TIMEOUT_V6, KIND_POSTFIX,                                       \
		"smtp.connect_failed_v6 smtp.connect_timeout")                 \
	K(SMTP_UNREACH_V6, KIND_POSTFIX,                                       \
		"smtp.connect_failed_v6 smtp.connect_unreach")                 \
	K(SMTP_TLS_UNTRUSTED, KIND_POSTFIX, "smtp.tls_untrusted")              \
	K(SMTP_TLS_TRUSTED, KIND_POSTFIX, "smtp.tls_trusted")                  \
	K(SMTP_TLS_VERIFIED, KIND_POSTFIX, "smtp.tls_verified")                \
	K(LMTP_SENT, KIND_POSTFIX, "lmtp.sent")                                \
	K(LMTP_DEFERRED, KIND_POSTFIX, "lmtp.deferred")                        \
	K(LMTP_BOUNCED, KIND_POSTFIX, "lmtp.bounced")                          \
	K(LOCAL_MAILDIR, KIND_POSTFIX, "local.maildir")                        \
	K(LOCAL_MAILBOX, KIND_POSTFIX, "local.mailbox")                        \
	K(LOCAL_COMMAND, KIND_POSTFIX, "local.command")                        \
	K(LOCAL_FORWARDED, KIND_POSTFIX, "local.forwarded")                    \
	K(LOCAL_SERVICE, KIND_POSTFIX, "local.service")                        \
	K(LOCAL_BOUNCED, KIND_POSTFIX, "local.bounced")                        \
	K(ERROR_DEFERRED, KIND_POSTFIX, "error.deferred")                      \
	K(SCREEN_CONNECT, KIND_POSTFIX, "postscreen.sessions")                 \
	K(SCREEN_NEW, KIND_POSTFIX, "postscreen.pass_new")                     \
	K(SCREEN_OLD, KIND_POSTFIX, "postscreen.pass_old")                     \
	K(SCREEN_ALLOWED, KIND_POSTFIX, "postscreen.allowlisted")              \
	K(SCREEN_DENIED, KIND_POSTFIX, "postscreen.denylisted")                \
	K(SCREEN_DNSBL, KIND_POSTFIX, "postscreen.dnsbl")                      \
	K(SCREEN_PREGREET, KIND_POSTFIX, "postscreen.pregreet")                \
	K(SCREEN_HANGUP, KIND_POSTFIX, "postscreen.hangup")                    \
	K(SCREEN_REJECT, KIND_POSTFIX, "postscreen.reject")                    \
	K(DNSBL_LISTED, KIND_POSTFIX, "postscreen.dnsbl_listed")               \
	K(POSTFIX_WARNING, KIND_POSTFIX, "postfix.warnings")                   \
	K(DKIM_SILENT, KIND_OPENDKIM, "")                                      \
	K(DKIM_ADDED, KIND_OPENDKIM, "dkim.signatures")                        \
	K(DKIM_SIGN_ERROR, KIND_OPENDKIM, "dkim.sign_error")                   \
	K(DKIM_PASS, KIND_OPENDKIM, "dkim.pass")                               \
	K(DKIM_FAIL, KIND_OPENDKIM, "dkim.fail")                               \
	K(DKIM_NONE, KIND_OPENDKIM, "dkim.none")                               \
	K(DKIM_TEMPERROR, KIND_OPENDKIM, "dkim.temperror")                     \
	K(DKIM_PERMERROR, KIND_OPENDKIM, "dkim.permerror")                     \
	K(DMARC_PASS, KIND_OPENDMARC, "dmarc.pass")                            \
	K(DMARC_FAIL, KIND_OPENDMARC, "dmarc.fail")                            \
	K(DMARC_NONE, KIND_OPENDMARC, "dmarc.none")                            \
	K(DMARC_TEMPERROR, KIND_OPENDMARC, "dmarc.temperror")                  \
	K(DMARC_PERMERROR, KIND_OPENDMARC, "dmarc.permerror")                  \
	K(DMARC_OVERRIDE, KIND_OPENDMARC, "dmarc.override")                    \
	K(PYTHON_PASS, KIND_PYTHON, "spf.pass")                                \
	K(PYTHON_FAIL, KIND_PYTHON, "spf.fail")                                \
	K(PYTHON_SOFTFAIL, KIND_PYTHON, "spf.softfail")                        \
	K(PYTHON_NEUTRAL, KIND_PYTHON, "spf.neutral")                          \
	K(PYTHON_NONE, KIND_PYTHON, "spf.none")                                \
	K(PYTHON_TEMPERROR, KIND_PYTHON, "spf.temperror")                      \
	K(PYTHON_PERMERROR, KIND_PYTHON, "spf.permerror")                      \
	K(PYTHON_REFUSED, KIND_PYTHON, "spf.fail policy.reject")               \
	K(PYTHON_DEFERRED, KIND_PYTHON, "spf.temperror policy.defer")          \
	K(PYTHON_SKIPPED, KIND_PYTHON, "spf.skipped")                          \
	K(PERL_PASS, KIND_PERL, "spf.pass")                                    \
	K(PERL_FAIL, KIND_PERL, "spf.fail")                                    \
	K(PERL_SOFTFAIL, KIND_PERL, "spf.softfail")                            \
	K(PERL_NEUTRAL, KIND_PERL, "spf.neutral")                              \
	K(PERL_NONE, KIND_PERL, "spf.none")                                    \
	K(PERL_TEMPERROR, KIND_PERL, "spf.temperror")                          \
	K(PERL_PERMERROR, KIND_PERL, "spf.permerror")                          \
	K(PERL_REFUSED, KIND_PERL, "spf.fail policy.reject")                   \
	K(PERL_DEFERRED, KIND_PERL, "spf.temperror policy.defer")              \
	K(PERL_SKIPPED, KIND_PERL, "spf.skipped")                              \
	K(PERL_SILENT, KIND_PERL, "")

#define KIND_NAME(kind, source, counters) kind,
enum kind { KINDS(KIND_NAME) KIND_COUNT };
#undef KIND_NAME

enum { HOST_COUNT = 3 };

/* M(sum, counter): what counts once per message, in no source's row. */
#define MAIL_SUMS(M)                      \
	M(MAIL_ACCEPTED, "qmgr.accepted") \
	M(MAIL_BYTES, "qmgr.bytes")       \
	M(MAIL_RECIPIENTS, "qmgr.nrcpt")  \
	M(MAIL_SIGNED, "dkim.signed")     \
	M(MAIL_UNSIGNED, "dkim.unsigned") \
	M(MAIL_LOCAL, "dkim.unsigned_local")

#define MAIL_NAME(sum, counter) sum,
enum mail_sum { MAIL_SUMS(MAIL_NAME) MAIL_SUM_COUNT };
#undef MAIL_NAME

struct truth {
	uint64_t lines[HOST_COUNT][KIND_COUNT];
	uint64_t times[HOST_COUNT][KIND_COUNT]; /* a repeated line counts N */
	/* of these, what counts for the source's row only */
	uint64_t unheard[HOST_COUNT][KIND_COUNT];
	uint64_t mails[HOST_COUNT][MAIL_SUM_COUNT];
	uint64_t repeated, bytes;
};

/* One line was written; repeat is N of "message repeated N times", else 0. */
void truth_add(struct truth *truth, unsigned host, enum kind kind,
	unsigned repeat, size_t len);
/* {"total": {…}, "source": {…}, "host": {…}}; zeros are left out. */
void truth_write(
	const struct truth *truth, const char *const *hosts, FILE *out);

#endif
