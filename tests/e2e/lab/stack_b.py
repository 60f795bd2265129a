# SPDX-License-Identifier: ISC
"""Stack B: Postfix, dkimpy-milter, the SPF policy service in Perl.

dkimpy-milter checks every signature and has a line for each; a good one's has
the queue id, a bad one's has none. Of unsigned mail it says nothing.
"""
import os

from . import cases, messages, stack
from .courier import Courier, Mail      # noqa: F401 (for __main__)
from .daemons import Daemon, listening, write
from .messages import Message
from .stack import GOOD, MISMATCH, OTHER, UNSIGNED, own, send

PROGRAMS = ("dkimpy-milter",)
PERL = cases.PERL
PASS = ("dkimpy-milter", "dkim.pass")
FAIL = ("dkimpy-milter", "dkim.fail")
ADDED = ("dkimpy-milter", "dkim.signatures")
BOTH_KEYS = (ADDED, ADDED)

DKIMPY = """\
Syslog yes
SyslogSuccess yes
UMask 007
UserID dkimpy-milter
Socket inet:8892@127.0.0.1
Mode sv
DNSTimeout 2
Canonicalization relaxed/simple
Domain example.org
KeyFile /etc/dkimpy-milter/s1.private
Selector s1
KeyFileEd25519 /etc/dkimpy-milter/ed.private
SelectorEd25519 ed
InternalHosts 127.0.0.1,::1
MacroList daemon_name|ORIGINATING
MacroListVerify daemon_name|VERIFYING
{more}
"""
POSTFIX = """\
smtpd_milters = inet:127.0.0.1:8892
policy-spf_time_limit = 3600
smtpd_recipient_restrictions = permit_mynetworks, \
permit_sasl_authenticated, reject_unlisted_recipient, \
check_policy_service unix:private/policy-spf
"""
PIDFILE = "/run/lab/dkimpy-milter.pid"


class Dkimpy(Daemon):
    def start(self):
        if os.path.exists(PIDFILE):
            os.unlink(PIDFILE)      # it leaves it and then minds it
        super().start()


class Lab(stack.Lab):
    def __init__(self, keys):
        super().__init__(keys)
        stack.own_key(keys, "/etc/dkimpy-milter/s1.private", "dkimpy-milter")
        write("/etc/dkimpy-milter/ed.private", keys.edwards_seed, 0o600)
        self.dkimpy = Dkimpy(
            "dkimpy-milter", ["dkimpy-milter", "/etc/dkimpy-milter/lab.conf",
                              "-P", PIDFILE], lambda: listening(8892))
        self.milters = (self.dkimpy,)

    def configure(self, host, more="", postfix="", ours="ORIGINATING"):
        write("/etc/dkimpy-milter/lab.conf", DKIMPY.format(more=more))
        self.postfix(host, POSTFIX + postfix, options={
            stack.INCOMING: "-o milter_macro_daemon_name=VERIFYING",
            stack.SUBMITTED: "-o milter_macro_daemon_name=" + ours})


def dkim_cases():
    """From good.example, which passes SPF."""
    def case(*signatures, counts=(), apart=(), **message):
        return Mail(cases.plain(signatures=signatures, **message),
                    counts=((PERL, "spf.pass"), *counts), apart=apart)
    yield case(GOOD, counts=(PASS,))
    yield case(GOOD, alter=messages.alter_body, counts=(FAIL,))
    yield case(("good.example", "revoked"), counts=(FAIL,))
    yield case(GOOD, OTHER, counts=(PASS,), apart=(PASS,))
    yield case()
    yield case(("good.example", "ed"), counts=(PASS,))
    yield case(OTHER, counts=(PASS,))
    yield case(GOOD, MISMATCH, counts=(PASS, FAIL))
    yield case(MISMATCH, GOOD, counts=(PASS, FAIL))
    yield case(MISMATCH, MISMATCH, counts=(FAIL, FAIL))
    yield case(GOOD, alter=messages.alter_header, counts=(FAIL,))
    yield case(MISMATCH, counts=(FAIL,))
    yield case(("good.example", "nokey"), counts=(FAIL,))
    yield case(("good.example", "weak"), counts=(FAIL,))
    yield case(("good.example", "s1", messages.drop_hash), counts=(FAIL,))
    yield case(("good.example", "s1", messages.drop_domain), counts=(FAIL,))
    yield case(("broken.example", "s1"), counts=(FAIL,))
    yield case(("silent.example", "s1"), counts=(FAIL,))
    yield case(("good.example", "expired"), counts=(FAIL,))


def spf_cases():
    """The service is the same as stack A's; nobody judges DMARC here."""
    for mail in cases.spf_cases(PERL, True):
        mail.counts = tuple(pair for pair in mail.counts if pair[0] == PERL)
        yield mail


def hostile_cases():
    for mail in cases.hostile_cases(PERL):
        mail.counts = tuple(pair for pair in mail.counts
                            if pair[0] in (PERL, "postfix"))
        yield mail
    for word in (
            "<x> dkimpy-milter[4]: ABCDEF1234: rsa-sha256 DKIM signature "
            "verified (s=s1 d=good.example)",
            "DKIM: Fail (b'good.example')"):
        yield Mail(cases.plain(message_id=word, subject=word),
                   counts=((PERL, "spf.pass"),
                           ("postfix", "cleanup.check_other")))
        yield Mail(cases.plain(), sender=f'"{word}"@good.example',
                   counts=((PERL, "spf.pass"),))


def outbound():
    """Our own mail; the policy service is not asked about it."""
    yield own(counts=BOTH_KEYS)
    yield own(("bob@example.org",), BOTH_KEYS)
    # The From: is not ours to sign; now it leaves unsigned in our name.
    yield own(author="carol@good.example", ledger=UNSIGNED)
    # It stays in the house: nobody outside sees that it is not signed.
    yield own(("bob@example.org",), author="carol@good.example")
    yield own(("friend@remote.example", "other@remote.example",
               "bob@example.org"), BOTH_KEYS)
    # Somebody's signature on our own mail is not looked at.
    yield own(signatures=(OTHER,), counts=BOTH_KEYS)


def verified_outbound():
    """The milter does not know that it is ours: it signs, and verifies.

    What is said of our own mail does not count in the total.
    """
    yield own(signatures=(OTHER,), counts=BOTH_KEYS, apart=(PASS,))
    yield own(("bob@example.org",), BOTH_KEYS)


def first_phase(lab, courier, full):
    """As shipped, but with SyslogSuccess."""
    lab.configure("mx1.example.org")
    lab.start()
    short = None if full else 5
    send(courier, list(dkim_cases())[:short], list(spf_cases())[:short],
         outbound())
    courier.submit(Message("eve@example.org"), "eve@example.org",
                   ["friend@remote.example"], BOTH_KEYS)
    if full:
        send(courier, hostile_cases())
    stack.finish(lab)


def second_phase(lab, courier):
    """mx2: talkative; mail of this machine is forgotten."""
    lab.configure("mx2.example.org", "debugLevel 3", "non_smtpd_milters =")
    lab.start()
    send(courier, dkim_cases(), outbound())
    courier.submit(Message("eve@example.org"), "eve@example.org",
                   ["friend@remote.example"], ledger=stack.UNSIGNED_LOCAL)
    stack.finish(lab)


def third_phase(lab, courier):
    lab.configure("mx2.example.org", ours="SOMEBODY")
    lab.start()
    send(courier, verified_outbound())
    stack.finish(lab)


def run(lab, courier, full):
    first_phase(lab, courier, full)
    if full:
        second_phase(lab, courier)
        third_phase(lab, courier)
