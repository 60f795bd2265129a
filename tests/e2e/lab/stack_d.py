# SPDX-License-Identifier: ISC
"""Stack D: Postfix with rspamd as its only milter.

One line of rspamd tells all about a message. On mx1 it goes to rspamd's own
file, on mx2 to syslog.
"""
import pathlib
import subprocess

import dkim

from . import cases, messages, stack
from .cases import plain
from .courier import Courier, Mail      # noqa: F401 (for __main__)
from .daemons import Daemon, listening, write
from .messages import Message
from .stack import GOOD, MISMATCH, OTHER, UNSIGNED, own, send

PROGRAMS = ("rspamd", "rspamc")
KEY = "/etc/rspamd/s1.key"
OWN_LOG = "/var/log/rspamd/rspamd.log"
# Modules that would only ask the network, or remember what they saw.
SILENT = ("asn", "fuzzy_check", "mx_check", "neural", "once_received", "p0f",
          "phishing", "rbl", "replies", "reputation", "rspamd_update",
          "spamtrap", "surbl", "url_redirector", "hfilter", "mid",
          "mime_types", "chartable", "history_redis", "greylist", "bayes")
FILES = {
    "options.inc": 'dns { nameserver = ["127.0.0.1:53:1"]; timeout = 1s; '
                   'retransmits = 2; }\nurl_tld = "/etc/rspamd/suffixes";\n'
                   'local_addrs = [127.0.0.0/8, ::1];\n',
    "worker-proxy.inc": 'bind_socket = "127.0.0.1:11332";\n'
                        'upstream "local" { default = yes; self_scan = yes; '
                        'hosts = "localhost"; }\n',
    "worker-normal.inc": "enabled = false;\n",
    "worker-controller.inc": 'bind_socket = "127.0.0.1:11334";\n'
                             'secure_ip = "127.0.0.1";\n',
    "dkim_signing.conf": f'domain {{ example.org {{ path = "{KEY}"; '
                         'selector = "s1"; } }\n'
                         "allow_hdrfrom_mismatch = false;\n"
                         "allow_username_mismatch = true;\n"
                         "use_esld = false;\n",
    "actions.conf": "greylist = 8;\nrewrite_subject = 10;\n"
                    "add_header = 12;\nreject = 20;\n",
    "classifier-bayes.conf": "enabled = false;\n",
}
# What is spam is decided here.
SCORES = {"grey": 9.5, "rewrite": 11.5, "spammy": 14, "spam": 30}
LOCAL_LUA = "".join(
    f"config['regexp']['LAB_{name.upper()}'] = "
    f"{{ re = 'X-Lab=/^{name}$/H', score = {score} }}\n"
    for name, score in SCORES.items()) + """
rspamd_config:register_symbol({
    name = 'LAB_LATER', type = 'postfilter', callback = function(task)
        if task:get_header('X-Lab') == 'later' then
            task:set_pre_result({action = 'soft reject', message = 'Not now'})
        end
    end })
"""
# Refuse and mark by the domains' policies; seal what comes in.
DMARC = 'actions = { reject = "reject"; quarantine = "add_header"; }\n'
ARC = ('sign_inbound = true;\nuse_domain_sign_inbound = "recipient";\n'
       f'domain {{ example.org {{ path = "{KEY}"; selector = "s1"; }} }}\n')
FILE = f'type = "file";\nfilename = "{OWN_LOG}";\nlevel = "info";\n'
SYSLOG = 'type = "syslog";\nfacility = "mail";\nlevel = "info";\n'
POSTFIX = """\
smtpd_milters = inet:127.0.0.1:11332
"""


class Lab(stack.Lab):
    def __init__(self, keys):
        super().__init__(keys)
        self.keys = keys
        stack.own_key(keys, KEY, "_rspamd")
        for path in ("/var/lib/rspamd", "/var/log/rspamd", "/run/rspamd"):
            stack.folder(path, "_rspamd")
        write("/etc/rspamd/suffixes", "com\nexample\nnet\norg\n")
        for name, text in FILES.items():
            write("/etc/rspamd/local.d/" + name, text)
        write("/etc/rspamd/rspamd.local.lua", LOCAL_LUA)
        for name in SILENT:
            write(f"/etc/rspamd/local.d/{name}.conf", "enabled = false;\n")
        self.rspamd = Daemon(
            "rspamd", ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd",
                       "-c", "/etc/rspamd/rspamd.conf"],
            lambda: listening(11332) and listening(11334))
        self.milters = (self.rspamd,)

    def configure(self, host, logging, dmarc="", arc=""):
        write("/etc/rspamd/local.d/logging.inc", logging)
        write("/etc/rspamd/local.d/dmarc.conf", dmarc)
        write("/etc/rspamd/local.d/arc.conf", arc)
        self.postfix(host, POSTFIX)


def says(*words, action="clean"):
    """What rspamd's line says: verdicts, and what is to be done."""
    return tuple(("rspamd", word) for word in (
        *words, *(("content." + action,) if action else ())))


def dkim_cases():
    """From good.example, which passes SPF, and so DMARC."""
    def case(dkim, *signatures, **message):
        return Mail(plain(signatures=signatures, **message), counts=says(
            *dkim, "spf.pass", "dmarc.pass", "arc.none"))
    good, bad, none = ("dkim.pass",), ("dkim.fail",), ("dkim.none",)
    unusable = ("dkim.permerror",)
    yield case(good, GOOD)
    yield case(bad, GOOD, alter=messages.alter_body)
    yield case(unusable, ("good.example", "nokey"))
    yield case(none)
    yield case(good, GOOD, MISMATCH)
    yield case(unusable, ("good.example", "revoked"))
    yield case(good, OTHER)
    yield case(good, GOOD, OTHER)
    yield case(good, MISMATCH, GOOD)
    yield case(good, ("good.example", "ed"))
    yield case(bad, MISMATCH)
    yield case(bad, GOOD, alter=messages.alter_header)
    yield case(("dkim.temperror",), ("broken.example", "s1"))
    yield case(("dkim.temperror",), ("silent.example", "s1"))
    # It says nothing of signatures that it cannot use.
    yield case((), ("good.example", "expired"))
    yield case((), ("good.example", "s1", messages.drop_hash))
    yield case((), ("good.example", "s1", messages.drop_domain))


def spf_cases():
    """Unsigned mail of domains that have no DMARC record."""
    def case(spf, domain, client="203.0.113.5", **more):
        return Mail(Message(f"bea@{domain}"), client, "nobody.plain.example",
                    f"bea@{domain}", counts=says(
                        "dkim.none", "spf." + spf, "dmarc.none", "arc.none"),
                    **more)
    yield case("pass", "mailer.example", "198.51.100.12")
    yield case("fail", "strict.example")
    yield case("softfail", "softfail.example")
    yield case("temperror", "far.example")
    yield case("pass", "mailer.example", "2001:db8:1::12",
               to=("alice@example.org", "bob@example.org"))
    yield case("neutral", "neutral.example")
    yield case("none", "plain.example")
    yield case("permerror", "lost.example")
    # It takes what it cannot read for what does not match.
    yield case("fail", "typo.example")
    yield case("fail", "loop.example")
    yield Mail(Message("MAILER-DAEMON@mailer.example"), "198.51.100.12",
               "mailer.example", "", counts=says(
                   "dkim.none", "spf.pass", "dmarc.none", "arc.none"))


def dmarc_cases():
    """A mailer with good SPF sends mail in other people's names."""
    def case(domain, dmarc, *signatures, dkim="none", **more):
        return Mail(Message(f"Cy <cy@{domain}>", signatures=signatures),
                    "198.51.100.12", "mx.mailer.example",
                    "bounce@mailer.example", counts=says(
                        "dkim." + dkim, "spf.pass", "dmarc." + dmarc,
                        "arc.none"), **more)
    yield case("watch.example", "fail")
    yield case("reject.example", "fail")
    yield case("hold.example", "fail")
    yield case("reject.example", "pass", ("reject.example", "s1"),
               dkim="pass")
    yield case("sub.watch.example", "fail")
    yield case("reject.example", "fail", GOOD, dkim="pass")
    yield case("mailer.example", "none")
    yield case("nopolicy.example", "fail")
    yield case("broken.example", "temperror")


GTUBE = {"body": "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-"
                 "EMAIL*C.34X\r\n"}


def content_cases():
    """What rspamd wants done, by the message's X-Lab:."""
    def case(action, header="", end="queued", code="250", milter=(),
             verdicts=("dkim.none", "spf.pass", "dmarc.pass", "arc.none"),
             **message):
        return Mail(plain(headers=(f"X-Lab: {header}",), **message),
                    end=end, code=code,
                    counts=says(*verdicts, action=action) + tuple(
                        ("postfix", "milter." + word) for word in milter))
    # It looks at nothing else, and calls that skipped (S).
    yield case("unchecked", "", "refused", "554", ("reject",), (), **GTUBE)
    yield case("spammy", "spammy")
    yield case("deferred", "later", "refused", "451", ("tempfail",))
    yield case("spam", "spam", "refused", "554", ("reject",))
    yield case("greylisted", "grey")
    yield case("spammy", "rewrite")


def outbound():
    """Our own mail is signed, and neither checked for DKIM nor for SPF."""
    def case(to=("friend@remote.example",), signed=True, **more):
        return own(to, says(*("dkim.signatures",) * signed),
                   apart=says("arc.none", action=""), **more)
    yield case()
    yield case(("bob@example.org",))
    yield case(signed=False, author="carol@good.example", ledger=UNSIGNED)
    yield case(("bob@example.org",), False, author="carol@good.example")
    yield case(("friend@remote.example", "other@remote.example",
                "bob@example.org"))


def seal(keys, domain="other.example", selector="s1"):
    """Add what a mailing list adds: an ARC set."""
    def change(text):
        text = (b"Authentication-Results: mx.other.example; dkim=none\r\n"
                + text)
        return b"".join(dkim.arc_sign(
            text, selector.encode(), domain.encode(), keys.pem,
            b"mx.other.example", linesep=b"\r\n")) + text
    return change


def arc_cases(keys):
    def case(arc, change):
        return Mail(plain(alter=change), counts=says(
            "dkim.none", "spf.pass", "dmarc.pass", "arc." + arc))
    sealed = seal(keys)
    yield case("pass", sealed)
    yield case("fail", lambda text: messages.alter_body(sealed(text)))
    # What is wrong stands in the options, with commas and braces.
    yield case("fail", seal(keys, "broken.example"))
    yield case("fail", seal(keys, "good.example", "nokey"))


def hostile_cases():
    """Strangers write Message-ID, addresses, and options of symbols.

    None of it is quoted, so a symbol can be forged; it makes nothing better.
    """
    counts = says("dkim.none", "spf.pass", "dmarc.pass", "arc.none")
    line = ("(default: F (no action): [0.00/15.00] [R_DKIM_ALLOW(-0.20)"
            "{good.example:s=s1;},ARC_ALLOW(-1.00){x:s=s1:i=1;}]), len: 1")
    two_lines = f"x>, qid: <ABCDEF1>, ip: 192.0.2.1, {line}, digest: <x"
    for word in ("R_DKIM_ALLOW(-0.20){x:s=y;}", line, two_lines,
                 "x;},R_DKIM_ALLOW(-0.20){y",
                 "<x>; csession; rspamd_task_write_log: id: <y>"):
        yield Mail(plain(message_id=word, subject=word), counts=counts + (
            ("postfix", "cleanup.check_other"),) * ("DKIM" in word))
        yield Mail(plain(to=f'"{word}" <"{word}"@good.example>'),
                   counts=counts)
        # A line that could be two different ones counts nothing.
        yield Mail(plain(), sender=f'"{word}"@good.example',
                   counts=() if word == two_lines else counts)
    for word in ("DMARC_POLICY_REJECT,R_DKIM_ALLOW,", "],[ARC_ALLOW(0.00)"):
        # Such a selector is none; of such a signature it says nothing.
        yield Mail(plain(signatures=(("good.example", word),)),
                   counts=counts[1:])


def everything(courier, full):
    short = None if full else 4
    send(courier, *(list(kind())[:short] for kind in (
        dkim_cases, spf_cases, dmarc_cases, content_cases, outbound)))


def first_phase(lab, courier, full):
    """mx1: rspamd writes its own file."""
    lab.configure("mx1.example.org", FILE)
    lab.start()
    everything(courier, full)
    if full:
        send(courier, arc_cases(lab.keys))
        # Scanned by hand: no mail.
        subprocess.run(["rspamc", "-h", "127.0.0.1:11334", "symbols"],
                       input=courier.text(plain(signatures=(GOOD,))),
                       stdout=subprocess.DEVNULL, check=True)
    stack.finish(lab)
    stack.journal(OWN_LOG)


def second_phase(lab, courier):
    """mx2: rspamd writes to syslog."""
    lab.configure("mx2.example.org", SYSLOG)
    lab.start()
    everything(courier, True)
    send(courier, arc_cases(lab.keys), hostile_cases())
    courier.submit(Message("eve@example.org"), "eve@example.org",
                   ["friend@remote.example"], says("dkim.signatures"),
                   apart=says("arc.none", action=""))
    stack.finish(lab)


def third_phase(lab, courier):
    """mx2: rspamd acts by DMARC policies, and seals."""
    def case(domain, words, action="clean", *more, **ends):
        return Mail(Message(f"Cy <cy@{domain}>"), "198.51.100.12",
                    "mx.mailer.example", "bounce@mailer.example",
                    counts=says("dkim.none", "spf.pass", *words,
                                action=action) + more, **ends)
    sealed = ("arc.none", "arc.sealed")
    lab.configure("mx2.example.org", SYSLOG, DMARC, ARC)
    lab.start()
    send(courier, [
        case("watch.example", ("dmarc.fail", *sealed)),
        case("mailer.example", ("dmarc.none", *sealed)),
        case("reject.example", ("dmarc.fail", "arc.none"), "spam",
             ("postfix", "milter.reject"), end="refused", code="554"),
        case("hold.example", ("dmarc.fail", *sealed), "spammy")])
    stack.finish(lab)


def fourth_phase(lab, courier):
    """mx2: the key is lost, and then it is none."""
    for text in (None, "no key\n"):
        pathlib.Path(KEY).unlink(missing_ok=True)
        if text:
            write(KEY, text)
        lab.configure("mx2.example.org", SYSLOG)
        lab.start()
        send(courier, [own(counts=says("dkim.sign_error"),
                           apart=says("arc.none", action=""),
                           ledger=UNSIGNED)])
        stack.finish(lab)


def run(lab, courier, full):
    first_phase(lab, courier, full)
    if full:
        second_phase(lab, courier)
        third_phase(lab, courier)
        fourth_phase(lab, courier)
