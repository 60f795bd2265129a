# SPDX-License-Identifier: ISC
"""Mail whose counters need more than one line: what the ledger must know.

Every case says what leaves unsigned and what only looks like it. Signed are
the people in settings.SIGNING; frank@example.org is not, though his domain is
ours. mailtally is told OWN.
"""
import signal

from . import cases
from .cases import GOOD, PYTHON, dkim, dmarc, plain
from .courier import (FATES, FILTERED, FORWARDING, LATE, SECRET, SENT,
                      SUBMISSION, Mail)
from .messages import Message
from .settings import LIAR

OWN = {"own_domains": ["example.org"],
       "trusted_networks": ["127.0.0.0/8", "::1/128", "192.0.2.0/24"]}
OFFICE, OFFICE_NAME = "192.0.2.10", "office.example.org"
FRIEND = "friend@remote.example"
SIGNATURE = (("opendkim", "dkim.signatures"),)
UNSIGNED = ("dkim.unsigned",)
LOCAL = ("dkim.unsigned_local",)


def ours(sender, *to, **more):
    """Mail of our own people, by default from the office."""
    return Mail(Message(sender), OFFICE, OFFICE_NAME, sender, to, **more)


def login(user, sender, *to, client="198.51.100.77", **more):
    """The same from anywhere, with a password."""
    more.setdefault("port", SUBMISSION)
    return Mail(Message(sender), client, "laptop.plain.example", sender, to,
                login=(user, "secret"), **more)


def outbound(opendmarc=()):
    """What leaves with a signature, without one, and what never had to.

    opendmarc: what it says of mail that comes from our own people.
    """
    signed = {"counts": SIGNATURE, "apart": opendmarc}
    frank = {"ledger": UNSIGNED, "apart": opendmarc}
    internal = {"apart": opendmarc}
    yield login("dave", "dave@example.org", FRIEND, **signed)
    yield login("carol", "carol@example.org", FRIEND, tls=True,
                client="2001:db8:77::1", **signed)
    yield ours("clerk@branch.example", FRIEND, counts=SIGNATURE,
               apart=none(opendmarc))
    yield login("dave", "frank@example.org", FRIEND, **frank)
    yield login("dave", "frank@example.org", FRIEND, "other@remote.example",
                "third@tls.example", tls=True, **frank)
    yield ours("frank@example.org", FRIEND, **frank)
    # A domain that was seen to be signed.
    yield ours("boss@branch.example", FRIEND, ledger=UNSIGNED,
               apart=none(opendmarc))
    # One recipient elsewhere is enough, wherever the others are.
    yield ours("frank@example.org", "alice@example.org", "x@inside.example",
               "bob@example.org", FRIEND, **frank)
    # Nobody elsewhere.
    yield ours("frank@example.org", "x@inside.example", **internal)
    yield ours("frank@example.org", "alice@example.org", **internal)
    yield ours("frank@example.org", "alice@example.org", "x@inside.example",
               **internal)
    yield ours("frank@example.org", "x@trash.example", **internal)
    yield ours("frank@example.org", "unknown@remote.example", **internal)
    yield ours("frank@example.org", "full@remote.example", **internal)
    yield ours("frank@example.org", "outside@example.org", **internal)
    # Other people's mail through our machine.
    yield ours("ann@good.example", FRIEND, apart=pass_if(opendmarc, None))
    yield Mail(plain(signatures=(GOOD,)), OFFICE, OFFICE_NAME, to=(FRIEND,),
               apart=(dkim("pass"),) + pass_if(opendmarc, "pass"))
    yield Mail(plain(signatures=(("good.example", "mismatch"),)), OFFICE,
               OFFICE_NAME, to=(FRIEND,),
               apart=(dkim("fail"),) + pass_if(opendmarc, None))
    yield login("carol", "carol@private.example", FRIEND,
                apart=none(opendmarc))
    # A null sender, and one whose mail was put on hold.
    yield Mail(Message("frank@example.org"), OFFICE, OFFICE_NAME, "",
               (FRIEND,), apart=opendmarc)
    yield Mail(Message("frank@example.org", headers=("X-Lab: hold",)), OFFICE,
               OFFICE_NAME, "frank@example.org", (FRIEND,), end="held",
               apart=opendmarc,
               counts=(("postfix", "cleanup.check_hold"),))


def none(opendmarc):
    """What OpenDMARC says, if anything, of a domain without a policy."""
    return (dmarc("none"),) if opendmarc else ()


def pass_if(opendmarc, word):
    """... and of good.example, which asks for nothing."""
    return (dmarc(word or "fail"),) if opendmarc else ()


def inbound():
    """Mail of others, which only passes through."""
    judged = {"counts": ((PYTHON, "spf.pass"), dkim("pass"), dmarc("pass"))}
    yield Mail(plain(signatures=(GOOD,)), to=("outside@example.org",),
               **judged)
    yield Mail(plain(signatures=(GOOD,)), to=("someone@relayed.example",),
               **judged)


def alias_abroad(courier):
    """An alias expands to an address elsewhere; nobody signs the copy."""
    courier.submit(Message("frank@example.org"), "frank@example.org",
                   ["outside@example.org"])


def local_mail(courier):
    """sendmail(1): not signed unless non_smtpd_milters is set."""
    courier.submit(Message("eve@example.org"), "eve@example.org", [FRIEND],
                   SIGNATURE)
    courier.submit(Message("frank@example.org"), "frank@example.org",
                   [FRIEND, "other@remote.example"], ledger=LOCAL)
    courier.submit(Message("frank@example.org"), "frank@example.org",
                   ["alice@example.org"])
    courier.submit(Message("frank@example.org"), "frank@example.org",
                   ["x@inside.example"])
    courier.submit(Message("ann@good.example"), "ann@good.example", [FRIEND])
    courier.submit(Message("frank@example.org"), "", [FRIEND])
    alias_abroad(courier)


def mailing_list(courier, *, judged, spoken):
    """A list takes a message and sends it to its members in our name."""
    courier.deliver(Mail(plain(signatures=(GOOD,)),
                         to=("talk@list.example.org",), counts=judged))
    courier.postfix("pickup.submitted")
    # The milter sees the copy, and verifies it: it is our own mail now.
    courier.judge((), apart=spoken, ledger=LOCAL)
    courier.journey("list-bounces@example.org",
                    [FRIEND, "other@remote.example"])


def probe(courier, address, known):
    """The address is tried before its mail is taken."""
    courier.postfix("qmgr.activations", "qmgr.removed")
    courier.truth.add_total("qmgr.accepted")
    courier.truth.add_total("qmgr.nrcpt")
    if known:
        return
    client = courier.connect("198.51.100.10")
    client.command("EHLO mx.good.example")
    client.command("MAIL FROM:<ann@good.example>")
    courier.expect(client.command(f"RCPT TO:<{address}>"), "550", "probed")
    client.quit()
    courier.postfix("smtpd.rcpt_unknown", "smtpd.reject_5xx")


def second_try(courier, lab, opendmarc=()):
    """Put off once, then delivered: one message, though active twice."""
    mail = ours("frank@example.org", "once@remote.example", ledger=UNSIGNED,
                apart=opendmarc)
    FATES["once@remote.example"] = (
        ("postfix", "smtp.deferred"), ("postfix", "smtp.defer_greylisted"))
    courier.deliver(mail)
    lab.settle()
    FATES["once@remote.example"] = SENT
    lab.release("once@remote.example")
    courier.journey(mail.sender, mail.to, new=False)


def filtered(courier, mail, port, *, again=()):
    """The same mail through a content filter behind the queue.

    again: what the milters say of the copy, in their source row alone.
    """
    mail.port = port
    recipients, mail.end = mail.to, "filtered"
    courier.deliver(mail)
    courier.truth.add_total("qmgr.accepted")
    courier.truth.add_total("qmgr.nrcpt", len(recipients))
    courier.postfix("qmgr.activations", "qmgr.removed")
    courier.postfix("smtp.filter_hop", times=len(recipients))
    returned(courier, mail.sender, recipients)
    courier.judge((), apart=again)


def returned(courier, sender, recipients, new=False):
    """A message comes back from a filter."""
    courier.postfix("smtpd.sessions", "smtpd.sessions_ipv4",
                    "smtpd.reinjected")
    courier.journey(sender, recipients, new)


def filters(courier, opendmarc=()):
    judged = ((PYTHON, "spf.pass"), dkim("pass"), dmarc("pass"))
    several = ("alice@example.org", "bob@example.org")
    for port in (FILTERED, FORWARDING, SECRET):
        filtered(courier, Mail(plain(signatures=(GOOD,)), counts=judged),
                 port)
        filtered(courier, Mail(plain(signatures=(GOOD,)), counts=judged,
                               to=several), port)
        filtered(courier, ours("alice@example.org", FRIEND, counts=SIGNATURE,
                               apart=opendmarc), port)
        filtered(courier, ours("frank@example.org", "alice@example.org",
                               apart=opendmarc), port)
    for port in (FILTERED, FORWARDING):
        filtered(courier, ours("frank@example.org", FRIEND, ledger=UNSIGNED,
                               apart=opendmarc), port)
    # Nothing says which message the copy is of: nobody can know.
    filtered(courier, ours("frank@example.org", FRIEND, apart=opendmarc),
             SECRET)


def late_milters(courier):
    """Our own people's mail is signed behind the filter."""
    filtered(courier, login(LIAR, "dave@example.org", FRIEND,
                            counts=SIGNATURE), LATE)
    for _ in range(2):
        filtered(courier, login("dave", "dave@example.org", FRIEND,
                                counts=SIGNATURE), LATE)
    filtered(courier, login("dave", "frank@example.org", FRIEND,
                            ledger=UNSIGNED), LATE)


def without_refusals():
    """OpenDMARC refuses nothing, whatever the domain asks for."""
    for mail in cases.dmarc_cases(PYTHON):
        if mail.end in ("refused", "held"):
            mail.end, mail.code, mail.ledger = "queued", "250", ()
            mail.counts = tuple(pair for pair in mail.counts
                                if pair[0] != "postfix")
        yield mail


def phase(lab, courier):
    """mx1: every condition; OpenDMARC judges our own people, too."""
    lab.configure("mx1.example.org", opendmarc="""
RejectFailures false
IgnoreAuthenticatedClients false
IgnoreHosts /etc/opendmarc/loopback
""", postfix="smtpd_client_auth_rate_limit = 0")
    lab.start()
    failed = (dmarc("fail"),)
    for mail in outbound(failed):
        courier.deliver(mail)
    for address in ("someone@relayed.example", "unknown@relayed.example"):
        probe(courier, address, address.startswith("some"))
    for mail in inbound():
        courier.deliver(mail)
    local_mail(courier)
    mailing_list(courier, judged=((PYTHON, "spf.pass"), dkim("pass"),
                                  dmarc("pass")), spoken=(dkim("pass"),))
    second_try(courier, lab, failed)
    filters(courier, failed)
    late_milters(courier)
    for mail in without_refusals():
        courier.deliver(mail)
    lab.settle()
    lab.stop(signal.SIGKILL)
