# SPDX-License-Identifier: ISC
"""What happens in the lab, phase by phase, beyond plain cases."""
import signal

from . import cases, failures, ledger, variants
from .cases import GOOD, PERL, PYTHON, dkim, dmarc, plain
from .courier import IMPATIENT, SUBMISSION, UNRULED, Mail
from .messages import Message


def sessions(courier):
    """Sessions without mail, and sessions that end badly."""
    client = courier.connect("198.51.100.11")
    client.command("EHLO mx.other.example")
    client.close()
    courier.postfix("smtpd.lost")

    client = courier.connect("203.0.113.12")
    client.close()
    courier.postfix("smtpd.lost")

    client = courier.connect("2001:db8:bad::12")
    client.command("EHLO probe.plain.example")
    client.quit()

    client = courier.connect("203.0.113.13", IMPATIENT)
    courier.expect(client.read(), "421", "patience")
    client.close()
    courier.postfix("smtpd.timeout")

    client = courier.connect("203.0.113.14")
    client.command("EHLO probe.plain.example")
    while not client.command("WHAT").startswith("421"):
        pass
    client.close()
    courier.postfix("smtpd.too_many_errors")

    client = courier.connect("203.0.113.15")
    client.command("EHLO probe.plain.example")
    courier.expect(client.command("MAIL FROM:<ann@good.example> SIZE=900000"),
                   "552", "size")
    client.quit()
    courier.postfix("smtpd.reject_size", "smtpd.reject_5xx")

    client = courier.connect("203.0.113.16")
    client.command("EHLO probe.plain.example")
    client.command("STARTTLS")
    client.send("this is no TLS")
    client.close()
    courier.postfix("smtpd.tls_failed", "smtpd.lost")

    client = courier.connect("198.51.100.10")
    client.command("EHLO mx.good.example")
    client.command("MAIL FROM:<ann@good.example>")
    client.command("RCPT TO:<alice@example.org>")
    client.send("DATA\r\nQUIT")
    courier.expect(client.read(), "503", "hasty DATA")
    client.close()
    courier.postfix("smtpd.accepted", "smtpd.reject_pipelining",
                    "smtpd.pipelining", "smtpd.reject_5xx")
    courier.truth.add(PYTHON, "spf.pass")

    client = courier.connect("203.0.113.88")
    client.command("EHLO probe.plain.example")
    client.command("MAIL FROM:<bea@plain.example>")
    courier.expect(client.command("RCPT TO:<noone@example.org>"), "550",
                   "recipient")
    client.quit()
    courier.postfix("smtpd.reject_warning", "smtpd.rcpt_unknown",
                    "smtpd.reject_5xx")


def logins(courier):
    """Wrong passwords, too many of them, and borrowed names."""
    client = courier.connect("203.0.113.21", SUBMISSION)
    client.command("EHLO guess.plain.example")
    courier.expect(client.login("carol", "wrong"), "535", "login")
    courier.expect(client.login("x: DKIM verification successful", "root"),
                   "535", "login")
    client.quit()
    courier.postfix("smtpd.auth_failed", times=2)

    client = courier.connect("203.0.113.22", SUBMISSION)
    client.command("EHLO guess.plain.example")
    for _ in range(3):
        courier.expect(client.login("admin", "admin"), "535", "login")
    courier.expect(client.login("admin", "admin"), "450", "login")
    client.close()
    courier.postfix("smtpd.auth_failed", times=3)
    courier.postfix("smtpd.rate_limit", "smtpd.lost")

    client = courier.connect("192.0.2.11", SUBMISSION)
    client.command("EHLO office.example.org")
    courier.expect(client.login("carol", "secret"), "235", "login")
    client.command("MAIL FROM:<dave@example.org>")
    courier.expect(client.command("RCPT TO:<friend@remote.example>"), "553",
                   "sender")
    client.quit()
    courier.postfix("smtpd.sender_not_owned", "smtpd.reject_5xx")

    client = courier.connect("198.51.100.13", SUBMISSION)
    client.command("EHLO list.mailer.example")
    client.command("MAIL FROM:<carol@example.org>")
    courier.expect(client.command("RCPT TO:<alice@example.org>"), "553",
                   "sender")
    client.quit()
    courier.postfix("smtpd.sender_not_login", "smtpd.reject_5xx")


def deliver(courier, *kinds):
    for kind in kinds:
        for mail in kind:
            courier.deliver(mail)


def first_phase(lab, courier):
    """mx1: short queue ids, policyd-spf, everything as shipped."""
    lab.configure("mx1.example.org")
    lab.start()
    deliver(courier, cases.dkim_cases(PYTHON),
            cases.spf_cases(PYTHON, False), cases.dmarc_cases(PYTHON),
            cases.hostile_cases(PYTHON), cases.refusals(),
            cases.message_checks(PYTHON), cases.inbound_deliveries(PYTHON),
            cases.outbound(), cases.troubles())
    sessions(courier)
    logins(courier)
    signature = (("opendkim", "dkim.signatures"),)
    for to in ("bob@example.org", "friend@remote.example",
               "outside@example.org", "anyone@closed.example",
               "anyone@later.example", "missing@example.org"):
        courier.submit(Message("eve@example.org"), "eve@example.org", [to],
                       signature)
    lab.settle()
    # Now this destination is known to be down.
    courier.submit(Message("eve@example.org"), "eve@example.org",
                   ["again@refused.example"], signature)
    lab.settle()
    lab.stop()


def second_phase(lab, courier):
    """mx2: long queue ids, the SPF service in Perl, talkative OpenDKIM."""
    lab.configure("mx2.example.org", long_ids=True,
                  policy="unix:private/policy-spf",
                  opendkim="LogWhy yes\nLogResults yes")
    lab.start()
    courier.unsigned = (dkim("none"),)
    deliver(courier, cases.dkim_cases(PERL), cases.spf_cases(PERL, True),
            cases.dmarc_cases(PERL), cases.hostile_cases(PERL),
            cases.inbound_deliveries(PERL), cases.outbound())
    lab.settle()
    lab.stop()


def third_phase(lab, courier):
    """mx1: the milters die; nobody minds, and mail passes unverified."""
    judged = ((PYTHON, "spf.pass"), dmarc("pass"))
    lab.configure("mx1.example.org", default_action="accept")
    lab.start()
    courier.deliver(Mail(plain(signatures=(GOOD,)),
                         counts=judged + (dkim("pass"),)))
    # One dies in the middle of a message.
    client = courier.connect("198.51.100.10")
    client.command("EHLO mx.good.example")
    client.command("MAIL FROM:<ann@good.example>")
    client.command("RCPT TO:<alice@example.org>")
    lab.opendkim.stop(signal.SIGKILL)
    courier.expect(client.data(courier.text(plain(signatures=(GOOD,)))),
                   "250", "message without a milter")
    client.quit()
    courier.truth.add_all(judged)
    courier.postfix("smtpd.accepted", "milter.io_error")
    courier.journey("ann@good.example", ("alice@example.org",))
    for _ in range(3):
        courier.deliver(Mail(plain(signatures=(GOOD,)), counts=judged))
        courier.postfix("milter.connect_error")
    # Our own mail leaves unsigned.
    courier.deliver(ledger.ours("alice@example.org", ledger.FRIEND,
                                ledger=ledger.UNSIGNED))
    courier.deliver(ledger.login("dave", "dave@example.org", ledger.FRIEND,
                                 ledger=ledger.UNSIGNED))
    courier.submit(Message("eve@example.org"), "eve@example.org",
                   [ledger.FRIEND], ledger=ledger.LOCAL)
    courier.postfix("milter.connect_error", times=3)
    lab.opendmarc.stop(signal.SIGKILL)
    for _ in range(2):
        courier.deliver(Mail(plain(signatures=(GOOD,)), counts=judged[:1]))
        courier.postfix("milter.connect_error", times=2)
    lab.settle()
    lab.stop()


def fourth_phase(lab, courier):
    """mx1: the same, and mail is put off; a key is lost; no policy service."""
    lab.configure("mx1.example.org", default_action="tempfail",
                  policy="inet:127.0.0.1:10031")
    lab.start()
    courier.deliver(cases.no_policy())
    courier.deliver(cases.no_policy())
    courier.deliver(cases.no_policy(UNRULED))
    # Postfix has the same words for a milter's "not now" as for a dead one.
    courier.deliver(Mail(Message("lost@example.org"), "192.0.2.10",
                         "office.example.org", "lost@example.org",
                         ("friend@remote.example",), code="451",
                         end="refused", counts=(
                             dkim("sign_error"),
                             ("postfix", "milter.default_action"))))
    lab.opendkim.stop(signal.SIGKILL)
    for _ in range(2):
        client = courier.connect("198.51.100.10")
        client.command("EHLO mx.good.example")
        courier.expect(client.command("MAIL FROM:<ann@good.example>"), "451",
                       "sender without a milter")
        client.quit()
        courier.postfix("milter.connect_error")
        # one refusal each of CONNECT, EHLO, MAIL
        courier.postfix("milter.default_action", times=3)
    lab.settle()
    lab.stop()


# In a run that takes a minute and a half, and the rest of the full set.
PHASES = (first_phase, second_phase, third_phase, fourth_phase,
          ledger.phase, failures.phase)
FURTHER = (failures.every_way, *variants.PHASES)


def run(lab, courier, full=False, only=()):
    for phase in PHASES + (FURTHER if full else ()):
        name = phase.__module__.rsplit(".", 1)[-1] + "." + phase.__name__
        if not only or name in only:
            courier.unsigned = ()
            phase(lab, courier)
