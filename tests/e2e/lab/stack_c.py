# SPDX-License-Identifier: ISC
"""Stack C: Postfix with amavis and SpamAssassin, after and before the queue.

After the queue every message passes Postfix twice, with two queue ids.
"""
import base64
import dataclasses
import io
import zipfile

from . import courier, messages, stack
from .cases import plain
from .courier import Mail
from .daemons import Daemon, listening, write
from .messages import Message
from .stack import GOOD, MISMATCH, OTHER, UNSIGNED, own, send

PROGRAMS = ("amavisd", "spamassassin")
# Postfix's ports: content_filter, proxy filter, and a port for our own people
# that forgets to tell amavis that it is one.
AFTER, BEFORE, BEFORE_OURS, FORGETFUL = 2500, 2526, 2527, 2588
AMAVIS, ORIGINATING = 10024, 10026      # amavis' ports
ADDED = ("amavis", "dkim.signatures")
PASS = ("amavis", "dkim.pass")


def said(category, fate="passed"):
    """amavis' line about one message."""
    return (("amavis", "content." + category), ("amavis", "content." + fate))


AMAVIS_CONF = """\
use strict;
$MYHOME = '/var/lib/amavis';
$TEMPBASE = "$MYHOME/tmp";
$QUARANTINEDIR = "$MYHOME/virusmails";
$daemon_user = $daemon_group = 'amavis';
$max_servers = 2;
$path = '/usr/sbin:/usr/bin:/sbin:/bin';
$file = 'file';
$enable_db = $enable_zmq = 0;
$pid_file = '/run/lab/amavis/amavisd.pid';
$lock_file = '/run/lab/amavis/amavisd.lock';
$myhostname = '{host}';
$mydomain = 'example.org';
@local_domains_maps = ( [".example.org"] );
@mynetworks = qw( 127.0.0.0/8 [::1] 192.0.2.0/24 );
@listen_sockets = ( '127.0.0.1:10024', '127.0.0.1:10026' );
$interface_policy{{'10026'}} = 'ORIGINATING';
$policy_bank{{'ORIGINATING'}} = {{ originating => 1 }};
$forward_method = $notify_method = 'smtp:[127.0.0.1]:10025';
$smtp_connection_cache_enable = $smtp_connection_cache_on_demand = 0;
$do_syslog = 1;
$syslog_ident = 'amavis';
$syslog_facility = 'mail';
$log_level = 0;
@message_size_limit_maps = ( 100000 );
$virus_admin = $spam_admin = $banned_admin = undef;
$virus_quarantine_to = $spam_quarantine_to = undef;
$banned_quarantine_to = $bad_header_quarantine_to = undef;
$sa_local_tests_only = 1;
$sa_tag_level_deflt = -999;
$sa_tag2_level_deflt = 5;
$sa_kill_level_deflt = 10;
@spam_lovers_maps = ( ['bob@example.org'] );
$final_virus_destiny = D_DISCARD;
$final_banned_destiny = D_DISCARD;
$final_spam_destiny = D_DISCARD;
$final_bad_header_destiny = D_PASS;
$banned_filename_re = new_RE( qr'\\.exe$'i );
@av_scanners = ( ['Lab', '/bin/grep', '-rhoF LAB-VIRUS-FOUND {{}}',
                  [1], [0], qr/^(.+)$/m ] );
$enable_dkim_verification = 1;
$enable_dkim_signing = 1;
dkim_key('example.org', 's1', '/etc/amavis/s1.private');
{more}
1;
"""
# amavis' own default is one line more per recipient; Debian's is this.
DEBIAN = "$log_recip_templ = undef;\n"
VERBOSE = "$log_templ = $log_verbose_templ;\n$sa_local_tests_only = 0;\n"
# No daemon asks the network; what is spam is decided here.
SPAMASSASSIN = """\
use_bayes 0
use_razor2 0
use_pyzor 0
skip_rbl_checks 1
skip_uribl_checks 1
header LAB_SPAMMY X-Lab =~ /spammy/
score LAB_SPAMMY 7
"""
POSTFIX = """\
content_filter =
smtp-amavis_destination_recipient_limit = 100
smtp-amavis_initial_destination_concurrency = 2
"""
SERVICES = """\
smtp-amavis unix - - n - 2 smtp
    -o smtp_send_xforward_command=yes -o disable_dns_lookups=yes
127.0.0.1:10025 inet n - n - - smtpd
    -o content_filter= -o smtpd_client_restrictions=
    -o smtpd_helo_restrictions= -o smtpd_sender_restrictions=
    -o smtpd_relay_restrictions=permit_mynetworks,reject
    -o {{ smtpd_recipient_restrictions =
         check_recipient_access hash:/etc/postfix/recipients,
         permit_mynetworks, reject }}
    -o receive_override_options=no_header_body_checks
    -o smtpd_authorized_xforward_hosts={xforward}
127.0.0.1:2588 inet n - n - - smtpd
    -o syslog_name=postfix/submission
    -o smtpd_upstream_proxy_protocol=haproxy
    -o smtpd_sasl_auth_enable=yes
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
    -o content_filter=smtp-amavis:[127.0.0.1]:10024
127.0.0.1:2526 inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:2527 inet n - n - - smtpd
    -o syslog_name=postfix/submission
    -o smtpd_upstream_proxy_protocol=haproxy
    -o smtpd_sasl_auth_enable=yes
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
    -o smtpd_proxy_filter=127.0.0.1:10026
"""


class Lab(stack.Lab):
    def __init__(self, keys):
        super().__init__(keys)
        stack.own_key(keys, "/etc/amavis/s1.private", "amavis")
        write("/etc/spamassassin/local.cf", SPAMASSASSIN)
        for path in ("/run/lab/amavis", "/var/lib/amavis",
                     "/var/lib/amavis/tmp", "/var/lib/amavis/virusmails"):
            stack.folder(path, "amavis")
        self.amavis = Daemon(
            "amavisd", ["amavisd", "-c", "/etc/amavis/lab.conf",
                        "foreground"], lambda: listening(AMAVIS))
        self.milters = (self.amavis,)

    def configure(self, host, *, more=DEBIAN, xforward="127.0.0.0/8"):
        write("/etc/amavis/lab.conf", AMAVIS_CONF.format(host=host, more=more))
        incoming, ours = ("-o content_filter=smtp-amavis:[127.0.0.1]:"
                          + str(port) for port in (AMAVIS, ORIGINATING))
        self.postfix(host, POSTFIX, SERVICES.format(xforward=xforward), {
            stack.INCOMING: incoming, stack.SUBMITTED: ours,
            stack.PICKUP: ours})


@dataclasses.dataclass
class Filtered(Mail):
    """Mail through amavis."""

    # For whom it passes, a copy for each group; None: for all, in one copy.
    copies: object = None
    # What the first queue says of its recipients.
    hop: str = "filter_hop"


class Courier(courier.Courier):
    """Counts the way through amavis, too."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._mail = None

    def deliver(self, mail):
        self._mail = mail
        super().deliver(mail)

    def submit(self, message, sender, recipients, counts=(), **more):
        self._mail = Filtered(message)
        super().submit(message, sender, recipients, counts, **more)

    def journey(self, sender, recipients, new=True):
        mail, self._mail = self._mail, None
        if not mail:        # a bounce: it is not filtered
            return super().journey(sender, recipients, new)
        if mail.port in (BEFORE, BEFORE_OURS):
            self.postfix("smtpd.proxy_accept")
        else:
            hop = getattr(mail, "hop", "filter_hop")
            self.postfix("qmgr.activations")
            if hop != "deferred":
                self.postfix("qmgr.removed")
            self.postfix("smtp." + hop, times=len(recipients))
            self.truth.add_total("qmgr.accepted")
            self.truth.add_total("qmgr.nrcpt", len(recipients))
            if hop == "bounced":
                super().journey("", [sender])
        copies = getattr(mail, "copies", None)
        for group in (recipients,) if copies is None else copies:
            self.postfix("smtpd.sessions", "smtpd.sessions_ipv4",
                         "smtpd.reinjected")
            super().journey(sender, group, 
                            new=mail.port in (BEFORE, BEFORE_OURS))


def attachment(name, content=b"just text"):
    """Headers and body of a message with a file."""
    name = name.replace("\\", "\\\\").replace('"', '\\"')
    return {"headers": ("MIME-Version: 1.0", "Content-Type: multipart/mixed; "
                        "boundary=lab"),
            "body": "--lab\r\nContent-Type: text/plain\r\n\r\nSee there."
                    "\r\n--lab\r\nContent-Type: application/octet-stream; "
                    f"name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n"
                    "Content-Disposition: attachment; "
                    f"filename=\"{name}\"\r\n\r\n"
                    + base64.b64encode(content).decode()
                    + "\r\n--lab--\r\n"}


def locked_zip():
    """A zip whose only file claims to be encrypted."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("letter.txt", "nobody can read this")
    data = bytearray(file.getvalue())
    data[6] |= 1                                # local header
    data[data.index(b"PK\1\2") + 8] |= 1      # central directory
    return bytes(data)


GTUBE = {"body": "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-"
                 "EMAIL*C.34X\r\n"}
SPAMMY = {"headers": ("X-Lab: spammy",)}
VIRUS = {"body": "LAB-VIRUS-FOUND\r\n"}


def case(counts, copies=None, port=AFTER, to=("alice@example.org",),
         **message):
    """Mail from elsewhere: what amavis says of it, for whom it passes."""
    more = {name: message.pop(name) for name in ("end", "code", "hop", "sender")
            if name in message}
    return Filtered(plain(**message), to=to, counts=counts, copies=copies,
                    port=port, **more)


def dkim_cases(port=AFTER):
    """Only good signatures are told (and in numbers at log level 2)."""
    clean = said("clean")
    yield case(clean, port=port)
    yield case(clean + (PASS,), signatures=(GOOD,), port=port)
    yield case(clean, signatures=(GOOD,), alter=messages.alter_body,
               port=port)
    yield case(clean + (PASS,), signatures=(GOOD, OTHER), port=port)
    yield case(clean + (PASS,), signatures=(GOOD, MISMATCH), port=port)
    yield case(clean, signatures=(MISMATCH,), port=port)
    yield case(clean, signatures=(("good.example", "revoked"),), port=port)
    yield case(clean, signatures=(("good.example", "nokey"),), port=port)
    yield case(clean, signatures=(("good.example", "expired"),), port=port)


def verdict_cases():
    """What SpamAssassin found stands in the line, failures too."""
    def dkim(*words, **more):
        return case(said("clean") + tuple(
            ("amavis", word) for word in (*words, "spf.pass")), **more)
    yield dkim()
    yield dkim("dkim.pass", signatures=(GOOD,))
    yield dkim("dkim.fail", signatures=(GOOD,), alter=messages.alter_body)
    yield dkim("dkim.pass", signatures=(GOOD, MISMATCH))
    yield dkim("dkim.fail", signatures=(("good.example", "nokey"),))

    def spf(word, domain, client="203.0.113.5"):
        return Filtered(Message(f"bea@{domain}"), client,
                        "nobody.plain.example", f"bea@{domain}",
                        counts=said("clean") + (("amavis", "spf." + word),))
    yield spf("pass", "mailer.example", "198.51.100.12")
    yield spf("fail", "strict.example")
    yield spf("softfail", "softfail.example")
    yield spf("neutral", "neutral.example")
    yield spf("none", "plain.example")
    yield spf("temperror", "far.example")
    yield spf("permerror", "lost.example")


def content_cases():
    yield case(said("spam", "blocked"), (), **GTUBE)
    yield case(said("banned", "blocked"), (), **attachment("game.exe"))
    yield case(said("infected", "blocked"), (), **VIRUS)
    yield case(said("spammy"), **SPAMMY)
    yield case(said("unchecked"), **attachment("secret.zip", locked_zip()))
    yield case(said("bad_header"), headers=("Subject: again",))
    yield case(said("bad_header"), headers=("X-Empty: a\r\n  ",))
    yield case(said("clean"), to=("alice@example.org", "bob@example.org"))
    # Refused at RCPT: Postfix declares the size, so OVERSIZED is never said.
    yield case((), (), body="too big\r\n" * 12000, hop="bounced")
    # The server behind amavis does not take it.
    refused = (("postfix", "smtpd.sessions"),
               ("postfix", "smtpd.sessions_ipv4"))
    yield case(said("mta_blocked", "blocked") + refused + (
        ("postfix", "smtpd.rcpt_denied"), ("postfix", "smtpd.reject_5xx")),
        (), to=("closed@example.org",), hop="bounced")
    yield case(said("mta_blocked", "deferred") + refused + (
        ("postfix", "smtpd.rcpt_greylisted"), ("postfix", "smtpd.reject_4xx"),
        ("postfix", "smtp.defer_other")),
        (), to=("later@example.org",), hop="deferred")
    # Two lines: bob loves spam, alice does not.
    yield case(said("spam", "blocked") + said("spam"), (("bob@example.org",),),
               to=("alice@example.org", "bob@example.org"), **GTUBE)


def outbound():
    """amavis signs for the envelope's sender, too."""
    counts = said("clean") + (ADDED,)
    yield own(counts=counts)
    yield own(("bob@example.org",), counts)
    yield own(counts=said("clean"), ledger=UNSIGNED, port=FORGETFUL)
    yield own(("bob@example.org",), said("clean"), port=FORGETFUL)
    yield own(author="carol@good.example", counts=counts)
    # The headers that it adds differ, so there are two copies.
    both = own(("friend@remote.example", "bob@example.org"), counts)
    both.copies = (("friend@remote.example",), ("bob@example.org",))
    yield both


def hostile_cases():
    """Strangers write addresses, Message-ID and the names of files."""
    tail = ("Hits: -1, size: 1, queued_as: ABCDEF1, dkim_sd=s1:evil.example, "
            "dkim_new=s1:evil.example, 1 ms")
    for word in (f"x>, Message-ID: <y>, mail_id: z, {tail}", tail,
                 f"x> -> <y>, Queue-ID: ABCDEF1, {tail}",
                 "(00021-02) Blocked SPAM {DiscardedInbound}, [192.0.2.1]"):
        checked = (("postfix", "cleanup.check_other"),)
        yield case(said("clean") + checked * ("dkim" in word),
                   message_id=word, subject=word)
        yield case(said("clean"), sender=f'"{word}"@good.example')
        yield case(said("clean"), **attachment(word + ".txt"))
        yield case(said("banned", "blocked"), (), **attachment(word + ".exe"))
    yield case(said("banned", "blocked"), (), **attachment(
        f"x) {{RelayedOutbound}}, [192.0.2.1] <a@b> -> <c@d>, {tail}.exe"))


def before_cases():
    """The client waits for amavis' word; the queue sees what passed."""
    yield from dkim_cases(BEFORE)
    rejected = {"end": "refused", "code": "554", "port": BEFORE}
    no = (("postfix", "smtpd.proxy_reject"),)
    yield case(said("spam", "blocked") + no, **GTUBE, **rejected)
    yield case(said("banned", "blocked") + no, **attachment("game.exe"),
               **rejected)
    yield case(said("infected", "blocked"), (), port=BEFORE, **VIRUS)
    yield case(said("spammy"), port=BEFORE, **SPAMMY)
    yield case(said("bad_header"), port=BEFORE, headers=("Subject: again",))
    counts = said("clean") + (ADDED,)
    for to in ("friend@remote.example", "bob@example.org"):
        yield own((to,), counts, port=BEFORE_OURS)


def first_phase(lab, courier, full):
    """As Debian ships it, but with verification, signing and a scanner."""
    lab.configure("mx1.example.org")
    lab.start()
    short = None if full else 4
    send(courier, list(dkim_cases())[:short], list(content_cases())[:short],
         list(outbound())[:short])
    if full:
        send(courier, hostile_cases())
        courier.submit(Message("eve@example.org"), "eve@example.org",
                       ["friend@remote.example"], said("clean") + (ADDED,))
    stack.finish(lab)


def second_phase(lab, courier):
    """amavis' own defaults: a line more per recipient; no XFORWARD."""
    lab.configure("mx1.example.org", xforward="", more="")
    lab.start()
    send(courier, dkim_cases(), content_cases(), outbound())
    stack.finish(lab)


def third_phase(lab, courier):
    """mx2: before the queue, and talkative."""
    lab.configure("mx2.example.org", more=DEBIAN + "$log_level = 2;\n"
                  "$final_spam_destiny = $final_banned_destiny = D_REJECT;")
    lab.start()
    send(courier, before_cases())
    stack.finish(lab)


def fourth_phase(lab, courier):
    """mx3: the verbose template, with SpamAssassin's tests, asking the DNS."""
    lab.configure("mx3.example.org", more=DEBIAN + VERBOSE)
    lab.start()
    send(courier, verdict_cases())
    stack.finish(lab)


def run(lab, courier, full):
    first_phase(lab, courier, full)
    if full:
        second_phase(lab, courier)
        third_phase(lab, courier)
        fourth_phase(lab, courier)
