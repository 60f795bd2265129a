# SPDX-License-Identifier: ISC
"""The daemons' configuration, as text; {words} are filled in by daemons.py."""
import re

RSYSLOG = """\
global(preserveFQDN="on" workDirectory="/run/lab")
module(load="imuxsock" SysSock.Name="/dev/log"
       SysSock.RateLimit.Interval="0")
mail.* action(type="omfile" file="{out}/mail.log"
              template="RSYSLOG_TraditionalFileFormat")
mail.* action(type="omfile" file="{out}/mail-iso.log"
              template="RSYSLOG_FileFormat")
"""
OPENDKIM = """\
Syslog yes
SyslogSuccess yes
UserID opendkim
UMask 002
Socket inet:8891@127.0.0.1
Mode sv
Nameservers 127.0.0.1
DNSTimeout 2
Canonicalization relaxed/simple
OversignHeaders From
AuthservID {host}
InternalHosts /etc/opendkim/internal
KeyTable file:/etc/opendkim/keys
SigningTable refile:/etc/opendkim/signing
MultipleSignatures yes
"""
OPENDMARC = """\
Syslog true
UserID opendmarc
UMask 0002
Socket inet:8893@127.0.0.1
AuthservID {host}
TrustedAuthservIDs {host}
PublicSuffixList /etc/opendmarc/suffixes
IgnoreHosts /etc/opendmarc/ignore
IgnoreAuthenticatedClients true
RejectFailures true
HoldQuarantinedMessages true
DNSTimeout 2
"""
POLICYD_SPF = """\
debugLevel = 1
TestOnly = 1
HELO_reject = Fail
Mail_From_reject = Fail
PermError_reject = False
TempError_Defer = False
skip_addresses = 127.0.0.0/8,::ffff:127.0.0.0/104,::1
"""
MAIN = """\
compatibility_level = 3.6
myhostname = {host}
mydomain = example.org
myorigin = example.org
mydestination = $myhostname, example.org, localhost
mynetworks = 127.0.0.0/8, [::1]/128, 192.0.2.0/24
inet_interfaces = 127.0.0.1, ::1
inet_protocols = all
smtp_host_lookup = dns
biff = no
append_dot_mydomain = no
recipient_delimiter = +
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
local_recipient_maps = proxy:unix:passwd.byname, $alias_maps
transport_maps = hash:/etc/postfix/transport
relay_domains = list.example.org, relayed.example
unverified_recipient_reject_code = 550
address_verify_poll_delay = 1s
virtual_mailbox_domains = shop.example.org
virtual_mailbox_base = /var/mail/virtual
virtual_mailbox_maps = hash:/etc/postfix/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:8
virtual_gid_maps = static:8
header_checks = regexp:/etc/postfix/header_checks
body_checks = regexp:/etc/postfix/body_checks
message_size_limit = 200000
mailbox_size_limit = 0
smtpd_error_sleep_time = 0
smtpd_helo_required = yes
initial_destination_concurrency = 1
smtp_rcpt_timeout = 3s
smtpd_tls_chain_files = /etc/ssl/lab.pem
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtp_tls_security_level = may
smtp_tls_loglevel = 1
smtpd_sasl_type = dovecot
smtpd_sasl_path = /run/lab/login
smtpd_client_auth_rate_limit = 3
smtpd_sender_login_maps = hash:/etc/postfix/logins
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
smtpd_helo_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/senders,
    reject_non_fqdn_sender, reject_unknown_sender_domain
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject_unauth_destination
smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject_non_fqdn_recipient, reject_unlisted_recipient,
    check_recipient_access hash:/etc/postfix/recipients,
    reject_rbl_client dnsbl.example,
    check_policy_service {policy}
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_milters = inet:127.0.0.1:8891, inet:127.0.0.1:8893
non_smtpd_milters = inet:127.0.0.1:8891
milter_default_action = {default_action}
milter_connect_timeout = 10s
policyd-spf_time_limit = 3600
enable_long_queue_ids = {long_ids}
"""
MASTER = """\
127.0.0.1:2500 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
127.0.0.1:2505 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy -o smtpd_timeout=1s
127.0.0.1:2587 inet n - n - - smtpd
    -o syslog_name=postfix/submission
    -o smtpd_upstream_proxy_protocol=haproxy
    -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no
    -o smtpd_client_restrictions=
    -o smtpd_sender_restrictions=reject_sender_login_mismatch
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:2506 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o { smtpd_recipient_restrictions=
         check_policy_service unix:private/policy-gone }
127.0.0.1:2510 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o content_filter=filter:[127.0.0.1]:10024
127.0.0.1:2511 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o content_filter=xfilter:[127.0.0.1]:10024
127.0.0.1:2512 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o smtpd_proxy_filter=127.0.0.1:10028 -o smtpd_milters=
127.0.0.1:2513 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o content_filter=filter:[127.0.0.1]:10026
127.0.0.1:2520 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy -o milter_default_action=accept
127.0.0.1:2521 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy -o milter_default_action=tempfail
127.0.0.1:2522 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o milter_default_action=quarantine
127.0.0.1:2588 inet n - n - - smtpd
    -o syslog_name=postfix/submission
    -o smtpd_upstream_proxy_protocol=haproxy
    -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no
    -o smtpd_client_restrictions= -o smtpd_sender_restrictions=
    -o smtpd_milters= -o content_filter=xfilter:[127.0.0.1]:10028
127.0.0.1:10025 inet n - n - - smtpd
    -o content_filter= -o smtpd_milters= -o smtpd_tls_security_level=none
    -o smtpd_authorized_xforward_hosts=127.0.0.0/8
    -o smtpd_client_restrictions= -o smtpd_helo_restrictions=
    -o smtpd_sender_restrictions= -o smtpd_relay_restrictions=
    -o smtpd_recipient_restrictions=permit_mynetworks,reject
    -o receive_override_options=no_unknown_recipient_checks
127.0.0.1:10029 inet n - n - - smtpd
    -o content_filter= -o smtpd_tls_security_level=none
    -o smtpd_authorized_xforward_hosts=127.0.0.0/8
    -o smtpd_client_restrictions= -o smtpd_helo_restrictions=
    -o smtpd_sender_restrictions= -o smtpd_relay_restrictions=
    -o smtpd_recipient_restrictions=permit_mynetworks,reject
    -o receive_override_options=no_unknown_recipient_checks
filter    unix  - - n -     - smtp
    -o smtp_tls_security_level=none -o smtp_connection_cache_on_demand=no
xfilter   unix  - - n -     - smtp
    -o smtp_tls_security_level=none -o smtp_connection_cache_on_demand=no
    -o smtp_send_xforward_command=yes
list      unix  - n n -     - pipe
    user=nobody argv=/bin/sh /etc/postfix/list
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 3600  1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
proxywrite unix - - n -     1 proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
    -o syslog_name=postfix/$service_name
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
local     unix  - n n -     - local
virtual   unix  - n n -     - virtual
lmtp      unix  - - n -     - lmtp
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
policyd-spf unix - n n - 0 spawn
    user=policyd-spf argv=/usr/bin/policyd-spf
policy-spf unix - n n - 0 spawn
    user=nobody argv=/usr/sbin/postfix-policyd-spf-perl
policy-gone unix - n n - 0 spawn
    user=nobody argv=/bin/false
"""
TABLES = {
    "transport": "trash.example discard:\n"
                 "closed.example error:5.1.2 Closed for good\n"
                 "later.example retry:4.3.2 Closed until Monday\n"
                 "list.example.org list:\n",
    "mailboxes": "orders@shop.example.org orders/\n"
                 "stock@shop.example.org stock\n",
    "logins": "carol@example.org carol\ndave@example.org dave\n"
              "frank@example.org dave\ncarol@private.example carol\n",
    "senders": "banned@good.example REJECT\n"
               "hold@good.example HOLD\ndiscard@good.example DISCARD\n",
    "recipients": "closed@example.org REJECT\n"
                  "later@example.org 450 4.2.0 Greylisted, try again later\n"
                  "relayed.example reject_unverified_recipient\n",
    }
# Programs, and tables that are no databases.
PATTERNS = {
    "list": "exec /usr/sbin/sendmail -i -f list-bounces@example.org "
            "friend@remote.example other@remote.example\n",
    "clients": "203.0.113.66/32 REJECT\n"
               "203.0.113.77/32 reject_unknown_client_hostname\n"
               "203.0.113.88/32 warn_if_reject,reject_unknown_client_hostname"
               "\n",
    "header_checks": "/^X-Lab: reject/ REJECT not wanted here\n"
                     "/^X-Lab: hold/ HOLD\n"
                     "/^X-Lab: discard/ DISCARD\n"
                     "/^Subject: .*DKIM/ WARN\n",
    "body_checks": "/^buy these pills/ REJECT no pills\n",
}
# The newsletter gets two signatures; the key of `lost` is not there.
SIGNING = """\
clerk@branch.example three
unreadable@example.org unreadable
garbage@example.org garbage
unsafe@example.org unsafe
newsletter@example.org one
newsletter@example.org two
lost@example.org lost
"""
USERS = ("alice", "bob", "carol", "dave", "eve")
ALIASES = """\
postmaster: alice
root: alice
team: alice, bob
closed: alice
later: alice
pipe: "|/bin/cat"
archive: /var/mail/archive
outside: friend@remote.example
frank: alice
list-bounces: alice
"""


# Who may log in; one tries to forge a log line by his name.
LIAR = "x, sasl_method=PLAIN> status=sent (250 ok)"
PASSWORDS = {"carol": "secret", "dave": "secret", LIAR: "secret"}
# Content filters: port: (where mail goes on, is the reply changed?)
FILTERS = {10024: (10025, False), 10026: (10025, True), 10028: (10029, False)}


def changed(text, more):
    """A configuration whose lines give way to others of the same name.

    A line that begins with a blank belongs to the one before.
    """
    def name(entry):
        return re.match(r"[^\s=]*", entry)[0].lower()
    new = [line.strip() for line in more.splitlines() if line.strip()]
    names = {name(line) for line in new}
    old = [entry for entry in re.split(r"\n(?=\S)", text.rstrip("\n"))
           if name(entry) not in names]
    return "\n".join(old + new) + "\n"
