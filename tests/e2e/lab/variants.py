# SPDX-License-Identifier: ISC
"""The same daemons with other settings; each on a host of its own."""
import signal

from . import cases, ledger
from .cases import GOOD, PYTHON, dkim, dmarc, plain
from .courier import BEFORE, FORWARDING, Mail
from .messages import Message

REJECTED = ("postfix", "milter.reject")


def send(lab, courier, *kinds):
    for kind in kinds:
        for mail in kind:
            courier.deliver(mail)
    lab.settle()
    lab.stop(signal.SIGKILL)


def refused_by_spf(domain, word, action, code="550", sender="bea", **more):
    """One refusal for each recipient, logged by the service and by Postfix."""
    return Mail(Message(f"bea@{domain}"), "203.0.113.5",
                "nobody.plain.example", f"{sender}@{domain}", to=(),
                refused=("alice@example.org", "bob@example.org"), code=code,
                per_refusal=((PYTHON, "spf." + word),
                             (PYTHON, "policy." + action),
                             ("postfix", "smtpd.rcpt_other")), **more)


def broken_records():
    """The service forgets with the second recipient that it was an error."""
    for domain in ("twice.example", "typo.example"):
        for words in (("permerror",), ("permerror", "fail")):
            mail = refused_by_spf(domain, "none", "reject")
            mail.refused = mail.refused[:len(words)]
            mail.per_refusal = mail.per_refusal[1:]
            mail.said = tuple((PYTHON, "spf." + word) for word in words)
            yield mail


def strict_spf(lab, courier):
    """mx3: the policy service refuses all that it can; other headers."""
    lab.configure("mx3.example.org", policyd_spf="""
PermError_reject = True
TempError_Defer = True
Mail_From_reject = Fail
Header_Type = AR
Authserv_Id = mx3.example.org
Whitelist = 203.0.113.200
""")
    lab.start()
    others = [mail for mail in cases.spf_cases(PYTHON, False)
              if not {"spf.permerror", "spf.temperror"} &
              {name for _, name in mail.counts}]
    send(lab, courier, others, [
        *broken_records(),
        refused_by_spf("far.example", "temperror", "defer", "450"),
        Mail(Message("bea@strict.example"), "203.0.113.200",
             "nobody.plain.example", "bea@strict.example",
             counts=((PYTHON, "spf.skipped"), dmarc("none"))),
    ])


def talkative_spf(lab, courier):
    """mx4: everything that the policy service can say; nobody signs."""
    lab.configure("mx4.example.org", long_ids=True,
                  policyd_spf="debugLevel = 5",
                  opendkim="Mode v\nLogWhy yes\nLogResults yes")
    lab.start()
    courier.unsigned = (dkim("none"),)
    send(lab, courier, cases.spf_cases(PYTHON, False),
         cases.hostile_cases(PYTHON), [
             # Our own mail is none of the total's verdicts, and this host
             # has never signed any.
             ledger.ours("alice@example.org", ledger.FRIEND),
             ledger.login("dave", "dave@example.org", ledger.FRIEND)])


def silent(lab, courier):
    """mx5: nobody logs a success."""
    lab.configure("mx5.example.org", policyd_spf="debugLevel = -1",
                  opendkim="SyslogSuccess no")
    lab.start()

    def loud(mail):
        mail.counts = tuple(
            pair for pair in mail.counts
            if pair[0] != PYTHON and pair[1] not in ("dkim.pass",
                                                     "dkim.signatures"))
        mail.per_refusal = tuple(pair for pair in mail.per_refusal
                                 if pair[0] != PYTHON)
        return mail
    send(lab, courier, map(loud, cases.dkim_cases(PYTHON)),
         map(loud, cases.spf_cases(PYTHON, False)),
         map(loud, cases.outbound()))


def own_spf(lab, courier):
    """mx6: OpenDMARC checks SPF itself, too: a row of its own."""
    lab.configure("mx6.example.org", opendmarc="""
SPFSelfValidate true
SPFIgnoreResults true
HoldQuarantinedMessages false
""")
    lab.start()
    # It knows no softfail, neutral and permerror.
    known = ("spf.pass", "spf.none", "spf.temperror")

    def twice(mail):
        mail.apart = tuple(
            ("opendmarc", name if name in known else "spf.fail")
            for source, name in mail.counts if source == PYTHON)
        if mail.end == "held":
            mail.end, mail.ledger = "queued", ()
            mail.counts = mail.counts[:-1]
        return mail
    send(lab, courier, map(twice, cases.spf_cases(PYTHON, False)),
         map(twice, cases.dmarc_cases(PYTHON)))


def strict_dkim(lab, courier):
    """mx7: OpenDKIM refuses, and says why, what others let pass."""
    lab.configure("mx7.example.org", opendkim="""
On-BadSignature reject
On-KeyNotFound reject
On-NoSignature reject
""")
    lab.start()
    spf = ((PYTHON, "spf.pass"),)

    def refused(*signatures, says=(), **message):
        return Mail(plain(signatures=signatures, **message), end="refused",
                    code="550", counts=spf + says + (REJECTED,))
    send(lab, courier, [
        Mail(plain(signatures=(GOOD,)),
             counts=spf + (dkim("pass"), dmarc("pass"))),
        refused(GOOD, alter=cases.messages.alter_body, says=(dkim("fail"),)),
        refused(("good.example", "mismatch"), says=(dkim("fail"),)),
        refused(("good.example", "nokey"), says=(dkim("permerror"),)),
        refused(says=(dkim("none"),)),
    ])


def before_queue(lab, courier):
    """mx8: a content filter before the queue; milters and signing behind."""
    lab.configure("mx8.example.org", long_ids=True,
                  postfix="smtpd_client_auth_rate_limit = 0")
    lab.start()

    def proxied(mail):
        """Two sessions, one queue id."""
        mail.port = BEFORE
        courier.deliver(mail)
        courier.postfix("smtpd.sessions", "smtpd.sessions_ipv4",
                        "smtpd.reinjected", "smtpd.proxy_accept")
    judged = ((PYTHON, "spf.pass"), dkim("pass"))
    for client in ("198.51.100.10", "2001:db8:1::9"):
        proxied(Mail(plain(signatures=(GOOD,)), client, counts=judged,
                     to=("alice@example.org", "bob@example.org")))
    proxied(ledger.ours("alice@example.org", ledger.FRIEND,
                        counts=ledger.SIGNATURE))
    proxied(ledger.ours("frank@example.org", ledger.FRIEND,
                        ledger=ledger.UNSIGNED))
    # The same behind the queue over IPv6, with long queue ids.
    ledger.filtered(courier, Mail(
        plain(signatures=(GOOD,)), "2001:db8:1::9",
        counts=judged + (dmarc("pass"),)), FORWARDING)
    ledger.late_milters(courier)
    send(lab, courier)


def policy_or_nothing(lab, courier):
    """mx9: the policy service is away, and mail is taken without it."""
    lab.configure("mx9.example.org", policy="{ inet:127.0.0.1:10031, "
                  "timeout=1s, try_limit=1, default_action=DUNNO }")
    lab.start()
    send(lab, courier, [
        Mail(plain(signatures=(GOOD,)), counts=(dkim("pass"), dmarc("pass")),
             to=("alice@example.org", "bob@example.org")),
        Mail(plain(), counts=(dmarc("fail"),))])


PHASES = (policy_or_nothing, strict_spf, talkative_spf, silent, own_spf, strict_dkim,
          before_queue)
