/* SPDX-License-Identifier: ISC */
#include "rrd/recipe.h"

#define GREEN "009E73"
#define RED "D55E00"
#define ORANGE "E69F00"
#define SKY "56B4E9"
#define BLUE "0072B2"
#define PINK "CC79A7"
#define YELLOW "F0E442"
#define GREY "999999"
#define PALE "C8C8C8"
#define BLACK "000000"
/* Darker and lighter kin, for graphs of more than eight. */
#define OLIVE "A39A00"
#define NAVY "003F66"
#define WINE "7F3900"
#define PLUM "8A3F6B"
#define MINT "7FD1B9"
#define SAND "F6CF85"
#define ICE "B5DFF7"
#define ROSE "EBC4D8"
#define BRICK "A84A2A"
#define TEAL "005F46"
#define STEEL "5B7C99"

#define A RECIPE_AREA
#define L RECIPE_LINE
#define ITEMS(name) static const struct recipe_item name[]
/* clang-format off */

ITEMS(DKIM) = {
	{"pass", "verified", GREEN, A},
	{"none", "no signature", PALE, A},
	{"neutral", "neutral", YELLOW, A},
	{"policy", "not acceptable (policy)", PINK, A},
	{"temperror", "key not fetched (DNS)", SKY, A},
	{"permerror", "signature unusable", ORANGE, A},
	{"fail", "failed", RED, A},
	{0}};
ITEMS(DKIM_SIGNING) = {
	{"signed", "messages signed", GREEN, A},
	{"unsigned_local", "unsigned, from this machine", SKY, A},
	{"unsigned", "unsigned, left for the world", ORANGE, A},
	{"sign_error", "signing failed", RED, A},
	{"signatures", "signatures added", BLUE, L},
	{0}};
ITEMS(DOMAINKEYS) = {
	{"pass", "verified", GREEN, A},
	{"none", "no signature", PALE, A},
	{"neutral", "neutral", YELLOW, A},
	{"temperror", "key not fetched (DNS)", SKY, A},
	{"permerror", "signature unusable", ORANGE, A},
	{"fail", "failed", RED, A},
	{"signed", "signed by us", BLUE, L},
	{0}};
ITEMS(ADSP) = {
	{"pass", "as the author promised", GREEN, A},
	{"unknown", "author promises nothing", PALE, A},
	{"nxdomain", "no such domain", YELLOW, A},
	{"temperror", "DNS failed", SKY, A},
	{"permerror", "record broken", PINK, A},
	{"discard", "discarded by author policy", ORANGE, A},
	{"fail", "refused by author policy", RED, A},
	{0}};
ITEMS(SPF) = {
	{"pass", "pass", GREEN, A},
	{"skipped", "not checked (whitelisted)", ICE, A},
	{"none", "no record", PALE, A},
	{"neutral", "neutral", YELLOW, A},
	{"softfail", "softfail", ORANGE, A},
	{"temperror", "DNS failed", SKY, A},
	{"permerror", "record broken", PINK, A},
	{"fail", "fail", RED, A},
	{0}};
ITEMS(DMARC) = {
	{"pass", "pass", GREEN, A},
	{"none", "no policy", PALE, A},
	{"temperror", "DNS failed", SKY, A},
	{"permerror", "record broken", PINK, A},
	{"fail", "fail", RED, A},
	{0}};
ITEMS(DMARC_ACTIONS) = {
	{"disp_none", "failed, let through", YELLOW, A},
	{"override", "failed, overridden", SKY, A},
	{"disp_quarantine", "held (quarantine)", ORANGE, A},
	{"disp_reject", "refused", RED, A},
	{0}};
ITEMS(ARC) = {
	{"pass", "chain verified", GREEN, A},
	{"none", "no chain", PALE, A},
	{"temperror", "DNS failed", SKY, A},
	{"permerror", "seal unusable", PINK, A},
	{"invalid", "chain invalid", ORANGE, A},
	{"fail", "chain failed", RED, A},
	{"seal_error", "sealing failed", BLACK, L},
	{"sealed", "sealed by us", BLUE, L},
	{0}};
ITEMS(MILTER) = {
	{"header", "header check acted", PALE, A},
	{"hold", "put on hold", SKY, A},
	{"discard", "thrown away", PINK, A},
	{"tempfail", "refused for now", ORANGE, A},
	{"reject", "refused for good", RED, A},
	{0}};
ITEMS(MILTER_ERRORS) = {
	{"protocol_error", "protocol error", PINK, A},
	{"io_error", "broke off or timed out", ORANGE, A},
	{"connect_error", "not reachable", RED, A},
	{"default_action", "mail refused because of it", BLACK, L},
	{0}};
ITEMS(POLICY) = {
	{"passed", "passed", GREEN, A},
	{"greylisted", "greylisted", SKY, A},
	{"defer", "refused for now", ORANGE, A},
	{"reject", "refused for good", RED, A},
	{"error", "service failed", BLACK, L},
	{0}};
ITEMS(SMTPD) = {
	{"accepted", "messages begun", GREEN, A},
	{"reinjected", "back from content filter", ICE, A},
	{"reject_4xx", "refused for now (4xx)", ORANGE, A},
	{"reject_5xx", "refused for good (5xx)", RED, A},
	{"authenticated", "with login", BLUE, L},
	{0}};
ITEMS(SMTPD_SESSIONS) = {
	{"sessions_ipv4", "over IPv4", SKY, A},
	{"sessions_ipv6", "over IPv6", GREEN, A},
	{"sessions", "all sessions", BLACK, L},
	{"lost", "client went away", ORANGE, L},
	{"timeout", "client silent", YELLOW, L},
	{"auth_failed", "login refused", RED, L},
	{"too_many_errors", "too many errors", PINK, L},
	{"rate_limit", "over a rate limit", BLUE, L},
	{"pipelining", "improper pipelining", PLUM, L},
	{"bare_newline", "bare newline", TEAL, L},
	{"warnings", "other warnings", GREY, L},
	{0}};
ITEMS(SMTPD_REJECTS) = {
	{"rcpt_unknown", "recipient unknown", BLUE, A},
	{"reject_dnsbl", "DNS blocklist", RED, A},
	{"rcpt_greylisted", "greylisted", SKY, A},
	{"reject_relay", "relay denied", ORANGE, A},
	{"reject_helo", "HELO name", PINK, A},
	{"client_dns", "client: host name", GREEN, A},
	{"client_denied", "client: access table", TEAL, A},
	{"client_other", "client: other", MINT, A},
	{"sender_domain", "sender: domain not found", YELLOW, A},
	{"sender_denied", "sender: access table", OLIVE, A},
	{"sender_not_owned", "sender: not of this login", WINE, A},
	{"sender_not_login", "sender: needs a login", BRICK, A},
	{"sender_unqual", "sender: not qualified", SAND, A},
	{"sender_other", "sender: other", STEEL, A},
	{"rcpt_denied", "recipient: access table", NAVY, A},
	{"rcpt_unqualified", "recipient: not qualified", ICE, A},
	{"rcpt_other", "recipient: other, policy", PLUM, A},
	{"reject_size", "too big", ROSE, A},
	{"reject_pipelining", "improper pipelining", GREY, A},
	{"proxy_reject", "before-queue filter", BLACK, A},
	{"reject_other", "other", PALE, A},
	{"reject_warning", "would have been refused", GREY, L},
	{0}};
ITEMS(SMTPD_OTHER) = {
	{"proxy_accept", "passed by before-queue filter", GREEN, A},
	{"hold", "on hold by access table", SKY, A},
	{"discard", "thrown away by access table", ORANGE, A},
	{0}};
ITEMS(SMTPD_TLS) = {
	{"tls_verified", "certificate verified", TEAL, A},
	{"tls_trusted", "certificate trusted", GREEN, A},
	{"tls_untrusted", "certificate not trusted", YELLOW, A},
	{"tls_anonymous", "no client certificate", SKY, A},
	{"tls_other", "old Postfix, kind not told", PALE, A},
	{"tls_failed", "handshake failed", RED, A},
	{0}};
ITEMS(CLEANUP) = {
	{"check_other", "other check actions", PALE, A},
	{"check_hold", "put on hold by a check", SKY, A},
	{"check_discard", "thrown away by a check", PINK, A},
	{"size_limit", "queue file too big", YELLOW, A},
	{"mime_error", "MIME structure", ORANGE, A},
	{"check_reject", "refused by a check", RED, A},
	{0}};
ITEMS(PICKUP) = {{"submitted", "submitted on this machine", GREEN, A}, {0}};
ITEMS(QMGR) = {
	{"removed", "done with", GREEN, A},
	{"expired", "given up", RED, A},
	{"activations", "entered the active queue", BLUE, L},
	{"accepted", "new in the queue", BLACK, L},
	{"nrcpt", "recipients of new messages", PINK, L},
	{0}};
ITEMS(QMGR_BYTES) = {{"bytes", "bytes of new messages", SKY, A}, {0}};
ITEMS(SMTP) = {
	{"sent", "delivered", GREEN, A},
	{"filter_hop", "to the content filter", ICE, A},
	{"deferred", "not now, again later", ORANGE, A},
	{"bounced", "refused for good", RED, A},
	{"warnings", "warnings", GREY, L},
	{0}};
ITEMS(DEFERRALS) = {
	{"defer_greylisted", "greylisted there", SKY, A},
	{"defer_blocked", "we are blocked there", RED, A},
	{"defer_timeout", "timed out", ORANGE, A},
	{"defer_refused", "connection refused", PINK, A},
	{"defer_lost", "connection lost", YELLOW, A},
	{"defer_dns", "name not found now", BLUE, A},
	{"defer_broken", "broken or unreachable", WINE, A},
	{"defer_other", "other", PALE, A},
	{0}};
ITEMS(CONNECTS) = {
	{"connect_refused", "refused", PINK, A},
	{"connect_timeout", "timed out", ORANGE, A},
	{"connect_no_route", "no route", BLUE, A},
	{"connect_unreach", "network unreachable", SKY, A},
	{"connect_lost", "lost in mid-conversation", YELLOW, A},
	{"connect_other", "other", PALE, A},
	{"connect_failed_v4", "all over IPv4", BLACK, L},
	{"connect_failed_v6", "all over IPv6", GREEN, L},
	{0}};
ITEMS(SMTP_TLS) = {
	{"tls_verified", "certificate verified", TEAL, A},
	{"tls_trusted", "certificate trusted", GREEN, A},
	{"tls_untrusted", "certificate not trusted", YELLOW, A},
	{"tls_anonymous", "no server certificate", SKY, A},
	{"tls_other", "old Postfix, kind not told", PALE, A},
	{"tls_failed", "handshake failed", RED, A},
	{0}};
ITEMS(LMTP) = {
	{"sent", "delivered", GREEN, A},
	{"filter_hop", "to the content filter", ICE, A},
	{"deferred", "not now, again later", ORANGE, A},
	{"bounced", "refused for good", RED, A},
	{"connect_error", "connections failed", BLACK, L},
	{0}};
ITEMS(LOCAL) = {
	{"maildir", "maildir", GREEN, A},
	{"mailbox", "mailbox", TEAL, A},
	{"command", "command", SKY, A},
	{"file", "file", BLUE, A},
	{"forwarded", "forwarded", YELLOW, A},
	{"service", "pipe service", ICE, A},
	{"other", "some other way", PALE, A},
	{"discarded", "thrown away", PINK, A},
	{"deferred", "not now, again later", ORANGE, A},
	{"bounced", "refused for good", RED, A},
	{0}};
ITEMS(ERROR) = {
	{"deferred", "deferred unattempted", ORANGE, A},
	{"bounced", "bounced unattempted", RED, A},
	{0}};
ITEMS(POSTSCREEN) = {
	{"pass_old", "passed before", GREEN, A},
	{"pass_new", "passed all tests", MINT, A},
	{"allowlisted", "on the access list", ICE, A},
	{"hangup", "hung up", YELLOW, A},
	{"protocol", "broke the protocol", PINK, A},
	{"pregreet", "spoke too early", ORANGE, A},
	{"denylisted", "not welcome", WINE, A},
	{"dnsbl", "DNS blocklists", RED, A},
	{"sessions", "all connections", BLACK, L},
	{0}};
ITEMS(POSTSCREEN_OTHER) = {
	{"reject", "recipients refused", RED, A},
	{"tls_failed", "TLS handshakes failed", ORANGE, A},
	{"dnsbl_listed", "blocklist answers", BLUE, L},
	{0}};
ITEMS(POSTFIX) = {
	{"warnings", "warnings", YELLOW, A},
	{"errors", "errors", ORANGE, A},
	{"fatal", "gave up (fatal, panic)", RED, A},
	{0}};
ITEMS(CONTENT) = {
	{"clean", "clean", GREEN, A},
	{"other", "other", ICE, A},
	{"unchecked", "not checked", PALE, A},
	{"oversized", "too big to check", BLUE, A},
	{"mta_blocked", "blocked by the mail server", GREY, A},
	{"bad_header", "bad header", SKY, A},
	{"banned", "banned attachment", PINK, A},
	{"spammy", "perhaps spam", YELLOW, A},
	{"spam", "spam", ORANGE, A},
	{"infected", "infected", RED, A},
	{0}};
ITEMS(CONTENT_ACTIONS) = {
	{"passed", "passed", GREEN, A},
	{"greylisted", "greylisted", SKY, A},
	{"deferred", "refused for now", ORANGE, A},
	{"blocked", "blocked", RED, A},
	{0}};
ITEMS(QUEUE) = {
	{"active", "active", GREEN, A},
	{"incoming", "incoming", SKY, A},
	{"maildrop", "maildrop", BLUE, A},
	{"deferred", "deferred", ORANGE, A},
	{"hold", "on hold", PINK, A},
	{"corrupt", "corrupt", RED, A},
	{0}};
ITEMS(LOG) = {
	{"matched", "counted by a rule", GREEN, A},
	{"ignored", "known to say nothing", ICE, A},
	{"foreign", "of other programs", PALE, A},
	{"unmatched", "known to no rule", ORANGE, A},
	{"malformed", "no log lines", RED, A},
	{"lines", "all lines", BLACK, L},
	{0}};
ITEMS(LOG_BYTES) = {
	{"bytes", "bytes read", SKY, A},
	{"lost_bytes", "bytes gone unread", RED, L},
	{0}};
ITEMS(LOG_TROUBLE) = {
	{"repeated", "stand for several", ICE, A},
	{"late", "for a closed minute", YELLOW, A},
	{"future", "from the future", PINK, A},
	{"cut", "cut, too long", ORANGE, A},
	{"limited", "over a match limit", RED, A},
	{"evicted", "messages forgotten too soon", WINE, A},
	{"rotations", "rotations", BLUE, L},
	{"truncations", "truncations", BLACK, L},
	{0}};

static const struct recipe TABLE[] = {
	{"dkim", "DKIM verification", "messages", DKIM, false},
	{"dkim.signing", "DKIM signing", "messages", DKIM_SIGNING, false},
	{"domainkeys", "DomainKeys verification", "messages", DOMAINKEYS, false},
	{"adsp", "ADSP", "messages", ADSP, false},
	{"spf", "SPF", "results", SPF, false},
	{"dmarc", "DMARC", "messages", DMARC, false},
	{"dmarc.actions", "DMARC actions", "messages", DMARC_ACTIONS, false},
	{"arc", "ARC", "messages", ARC, false},
	{"milter", "Milter decisions", "messages", MILTER, false},
	{"milter.errors", "Milter failures", "failures", MILTER_ERRORS, false},
	{"policy", "Policy services", "recipients", POLICY, false},
	{"smtpd", "SMTP server", "messages", SMTPD, false},
	{"smtpd.sessions", "SMTP server sessions", "sessions", SMTPD_SESSIONS, false},
	{"smtpd.rejects", "SMTP server rejects", "recipients", SMTPD_REJECTS, false},
	{"smtpd.other", "SMTP server, other actions", "messages", SMTPD_OTHER, false},
	{"smtpd.tls", "SMTP server TLS", "sessions", SMTPD_TLS, false},
	{"cleanup", "Header and body checks", "messages", CLEANUP, false},
	{"pickup", "Local submission", "messages", PICKUP, false},
	{"qmgr", "Queue manager", "messages", QMGR, false},
	{"qmgr.bytes", "Queue manager, size", "bytes", QMGR_BYTES, false},
	{"smtp", "Delivery to other hosts", "recipients", SMTP, false},
	{"smtp.deferrals", "Delivery deferred, why", "recipients", DEFERRALS, false},
	{"smtp.connects", "Connections that failed", "connections", CONNECTS, false},
	{"smtp.tls", "SMTP client TLS", "sessions", SMTP_TLS, false},
	{"lmtp", "Delivery over LMTP", "recipients", LMTP, false},
	{"local", "Delivery on this machine", "recipients", LOCAL, false},
	{"error", "Refused unattempted", "recipients", ERROR, false},
	{"postscreen", "Postscreen", "connections", POSTSCREEN, false},
	{"postscreen.other", "Postscreen, other", "events", POSTSCREEN_OTHER, false},
	{"postfix", "Postfix warnings", "lines", POSTFIX, false},
	{"content", "Content filters", "messages", CONTENT, false},
	{"content.actions", "Content filters, actions", "messages", CONTENT_ACTIONS, false},
	{"queue", "Queue", "files", QUEUE, true},
	{"log", "Log lines", "lines", LOG, false},
	{"log.bytes", "Log bytes", "bytes", LOG_BYTES, false},
	{"log.trouble", "Log, out of the ordinary", "lines", LOG_TROUBLE, false},
};
/* clang-format on */

enum { COUNT = sizeof(TABLE) / sizeof(TABLE[0]) };

const struct recipe *
recipe_table(size_t *count)
{
	*count = COUNT;
	return TABLE;
}
