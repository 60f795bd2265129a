# SPDX-License-Identifier: ISC
"""The test mail: every case, and what each must be counted as."""
from . import messages
from .courier import MX, SUBMISSION, Mail
from .messages import Message

GOOD = ("good.example", "s1")
OTHER = ("other.example", "s1")
PYTHON, PERL = "policyd-spf", "policyd-spf-perl"


def dkim(word):
    return ("opendkim", "dkim." + word)


def dmarc(word):
    return ("opendmarc", "dmarc." + word)


def plain(**more):
    return Message("Ann <ann@good.example>", **more)


def dkim_cases(spf):
    """From good.example, which passes SPF and so DMARC; DKIM varies."""
    always = ((spf, "spf.pass"), dmarc("pass"))

    def case(*signatures, says=None, **message):
        return Mail(plain(signatures=signatures, **message),
                    counts=always + ((dkim(says),) if says else ()))
    return [
        case(GOOD, says="pass"),
        case(("good.example", "ed"), says="pass"),
        case(OTHER, says="pass"),
        case(GOOD, OTHER, says="pass"),
        case(GOOD, ("good.example", "mismatch"), says="pass"),
        case(("good.example", "mismatch"), GOOD, says="pass"),
        case(GOOD, alter=messages.alter_body, says="fail"),
        case(GOOD, alter=messages.alter_header, says="fail"),
        case(("good.example", "mismatch"), says="fail"),
        case(("good.example", "nokey"), says="permerror"),
        case(("good.example", "revoked"), says="permerror"),
        case(("good.example", "s1", messages.drop_domain), says="permerror"),
        # Nothing is said about these.
        case(("good.example", "s1", messages.drop_hash)),
        case(("good.example", "weak")),
        case(("broken.example", "s1"), says="temperror"),
        case(("silent.example", "s1"), says="temperror"),
    ]


def spf_cases(spf, defer):
    """Unsigned mail of domains that have no DMARC record; SPF varies."""
    def case(domain, says, client="203.0.113.5", **more):
        return Mail(Message(f"bea@{domain}"), client, "nobody.plain.example",
                    f"bea@{domain}", counts=((spf, "spf." + says),
                                             dmarc("none")), **more)
    yield case("mailer.example", "pass", "198.51.100.12")
    yield case("mailer.example", "pass", "2001:db8:1::12")
    yield case("mailer.example", "pass", "198.51.100.12",
               to=("alice@example.org", "bob@example.org",
                   "carol@example.org"))
    yield case("softfail.example", "softfail")
    yield case("softfail.example", "softfail", "2001:db8:bad::5")
    yield case("neutral.example", "neutral")
    yield case("plain.example", "none")
    for domain in ("twice.example", "typo.example", "loop.example"):
        yield case(domain, "permerror")
    # The null sender is judged by its HELO name.
    yield Mail(Message("MAILER-DAEMON@mailer.example"), "198.51.100.12",
               "mailer.example", "", counts=((spf, "spf.pass"),
                                             dmarc("none")))
    refused = Mail(Message("bea@strict.example"), "203.0.113.5",
                   "nobody.plain.example", "bea@strict.example", to=(),
                   refused=("alice@example.org", "bob@example.org"),
                   code="550", per_refusal=((spf, "spf.fail"),
                                            (spf, "policy.reject"),
                                            ("postfix", "smtpd.rcpt_other")))
    yield refused
    if defer:
        yield Mail(Message("bea@far.example"), "203.0.113.5",
                   "nobody.plain.example", "bea@far.example", to=(),
                   refused=("alice@example.org",), code="450",
                   per_refusal=((spf, "spf.temperror"),
                                (spf, "policy.defer"),
                                ("postfix", "smtpd.rcpt_other")))
    else:
        yield case("far.example", "temperror")


def dmarc_cases(spf):
    """A mailer with good SPF sends mail in other people's names."""
    def case(domain, says, signatures=(), **more):
        return Mail(Message(f"Cy <cy@{domain}>", signatures=signatures),
                    "198.51.100.12", "mx.mailer.example",
                    "bounce@mailer.example",
                    counts=((spf, "spf.pass"), dmarc(says),
                            *more.pop("also", ())), **more)
    aligned = (dkim("pass"),)
    yield case("watch.example", "fail")
    yield case("sub.watch.example", "fail")
    yield case("watch.example", "pass", (("watch.example", "s1"),),
               also=aligned)
    yield case("reject.example", "pass", (("reject.example", "s1"),),
               also=aligned)
    yield case("reject.example", "fail", (("good.example", "s1"),),
               also=aligned + (("postfix", "milter.reject"),
                               ("postfix", "dmarc.disp_reject")),
               end="refused", code="550")
    for _ in range(2):
        yield case("reject.example", "fail", end="refused", code="550",
                   also=(("postfix", "milter.reject"),
                         ("postfix", "dmarc.disp_reject")))
    yield case("hold.example", "fail", end="held",
               also=(("postfix", "milter.hold"),),
               ledger=("dmarc.disp_quarantine",))
    yield case("mailer.example", "none")
    yield case("nopolicy.example", "permerror")
    # forged Authentication-Results of our own name do not help
    yield Mail(Message("cy@reject.example", headers=(
        "Authentication-Results: mx1.example.org; dkim=pass "
        "header.d=reject.example; spf=pass smtp.mailfrom=reject.example",)),
        "198.51.100.12", "mx.mailer.example", "bounce@mailer.example",
        counts=((spf, "spf.pass"), dmarc("fail"),
                ("postfix", "milter.reject"),
                ("postfix", "dmarc.disp_reject")),
        end="refused", code="550")


def hostile_cases(spf):
    """Attackers write parts of the log; none of it may count."""
    always = ((spf, "spf.pass"), dmarc("pass"))
    envelopes = (
        '"DKIM verification successful"@good.example',
        '"x>, status=sent (250 ok), relay=<y"@good.example',
        '"opendkim[4]: 4711: bad signature data"@good.example',
    )
    for sender in envelopes:
        yield Mail(plain(), sender=sender, counts=always)
    for word in (
            "<x> status=sent (250 2.0.0 Ok: queued as ABCDEF1234)",
            "<a@b>\r\n opendkim[4]: ABCDEF1234: DKIM verification successful",
            "<DKIM verification successful>",
            "opendkim[4]: 4711: key retrieval failed (s=a, d=b)"):
        yield Mail(plain(message_id=word), counts=always)
    yield Mail(plain(subject="opendkim[4]: 4711: DKIM verification "
                     "successful"),
               counts=always + (("postfix", "cleanup.check_other"),))
    yield Mail(plain(), to=("alice+status=bounced@example.org",),
               counts=always)
    # A refused domain says why in its own words.
    yield Mail(Message("bea@explain.example"), "203.0.113.5",
               "nobody.plain.example", "bea@explain.example", to=(),
               refused=("alice@example.org",), code="550",
               per_refusal=((spf, "spf.fail"), (spf, "policy.reject"),
                            ("postfix", "smtpd.rcpt_other")))
    # A refusal shows HELO and sender.
    yield Mail(plain(), helo="spf.pass.reject.example",
               sender='"Policy action=PREPEND Received-SPF: pass"'
               "@good.example", to=(), refused=("noone@example.org",),
               code="550", per_refusal=(("postfix", "smtpd.rcpt_unknown"),))


def refusals():
    """What Postfix itself refuses at RCPT."""
    def case(counter, code, to="alice@example.org", client="198.51.100.10",
             sender="ann@good.example", helo="mx.good.example", also=()):
        return Mail(plain(), client, helo, sender, to=(), refused=(to,),
                    code=code, per_refusal=(
                        ("postfix", "smtpd." + counter), *also))
    yield case("reject_relay", "554", "someone@other.example")
    yield case("reject_relay", "554", "someone@other.example",
               "2001:db8:bad::7")
    yield case("reject_helo", "504", helo="localhost")
    yield case("rcpt_unknown", "550", "noone@example.org")
    yield case("rcpt_unknown", "550", "nothing@shop.example.org")
    yield case("rcpt_greylisted", "450", "later@example.org")
    yield case("rcpt_denied", "554", "closed@example.org")
    yield case("rcpt_unqualified", "504", "alice")
    yield case("reject_dnsbl", "554", client="203.0.113.99")
    yield case("sender_domain", "450", sender="ann@nowhere.example")
    # Put off until the end, so the policy service is asked too.
    yield case("sender_domain", "450", sender="ann@broken.example",
               also=((PYTHON, "spf.temperror"),))
    yield case("sender_denied", "554", sender="banned@good.example")
    yield case("sender_unqual", "504", sender="ann")
    yield case("client_denied", "554", client="203.0.113.66")
    yield case("client_dns", "450", client="203.0.113.77")


def message_checks(spf):
    """Header and body checks, and access tables with other actions."""
    # A message that cleanup refuses never reaches the milters' end.
    before = ((spf, "spf.pass"),)

    def case(counter, end, code="250", counts=before, headers=(), **more):
        sender = more.pop("sender", "ann@good.example")
        return Mail(plain(headers=headers, **more), sender=sender, end=end,
                    code=code, counts=counts + (("postfix", counter),))
    yield case("cleanup.check_reject", "refused", "550",
               headers=("X-Lab: reject",))
    yield case("cleanup.check_reject", "refused", "550",
               body="buy these pills\r\n")
    yield case("cleanup.check_hold", "held", counts=before + (dmarc("pass"),),
               headers=("X-Lab: hold",))
    yield case("cleanup.check_discard", "discarded",
               headers=("X-Lab: discard",))
    yield case("smtpd.hold", "held", counts=before + (dmarc("pass"),),
               sender="hold@good.example")
    # Nobody is asked about it any more.
    yield case("smtpd.discard", "discarded", counts=(),
               sender="discard@good.example")


def inbound_deliveries(spf):
    """Good mail to every kind of recipient."""
    counts = (dkim("pass"), (spf, "spf.pass"), dmarc("pass"))
    for to in ("bob@example.org", "orders@shop.example.org",
               "stock@shop.example.org", "pipe@example.org",
               "archive@example.org", "team@example.org",
               "alice+list@example.org", "postmaster@example.org"):
        yield Mail(plain(signatures=(GOOD,)), to=(to,), counts=counts)
    yield Mail(plain(signatures=(GOOD,)), counts=counts, tls=True)
    yield Mail(plain(signatures=(GOOD,)), "2001:db8:1::9", counts=counts,
               to=("alice@example.org", "orders@shop.example.org"))


def outbound(signed=1):
    """Our own mail: signed, never judged."""
    signature = (("opendkim", "dkim.signatures"),) * signed

    def case(to, user="alice", counts=signature, **more):
        return Mail(Message(f"{user}@example.org"), "192.0.2.10",
                    "office.example.org", f"{user}@example.org", to=to,
                    counts=counts, **more)
    yield case(("friend@remote.example",))
    yield case(("friend@remote.example", "other@remote.example",
                "third@good.example"))
    yield case(("friend@remote.example",), "newsletter", signature * 2)
    yield case(("friend@tls.example",))
    yield case(("bob@example.org",))
    yield case(("friend@remote.example",), "carol", port=SUBMISSION,
               login=("carol", "secret"))
    yield case(("friend@remote.example",), "dave", port=SUBMISSION,
               login=("dave", "secret"), tls=True)
    yield case(("x@trash.example",))


def troubles():
    """Deliveries that do not succeed; each to a destination of its own."""
    for to in ("greylisted@remote.example", "full@remote.example",
               "limited@remote.example", "unknown@remote.example",
               "refused@remote.example",
               "liar@remote.example", "anyone@nowhere.example",
               "anyone@broken.example", "anyone@refused.example",
               "anyone@unreachable.example", "sleepy@other.example",
               "hangup@mailer.example"):
        yield Mail(Message("alice@example.org"), "192.0.2.10",
                   "office.example.org", "alice@example.org", to=(to,),
                   counts=(("opendkim", "dkim.signatures"),))


def no_policy(port=MX):
    """The policy service is down: Postfix refuses."""
    return Mail(plain(), to=(), refused=("alice@example.org",), code="451",
                port=port, per_refusal=(("postfix", "policy.error"),
                                        ("postfix", "smtpd.reject_other")))
