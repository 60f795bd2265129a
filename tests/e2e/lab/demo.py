# SPDX-License-Identifier: ISC
"""A day of an ordinary mail server: the mail behind dist/demo/mail.log.

One transaction after the other, so that spread.py can move each as a whole.
Two things go wrong: OpenDKIM dies and is away for a while, and somebody sends
a wave of mail in another's name.
"""
import random
import signal
import time

from . import cases
from .courier import SUBMISSION, Mail
from .messages import Message, alter_body

PEOPLE = ("alice@example.org", "bob@example.org", "carol@example.org",
          "dave@example.org", "eve@example.org", "orders@shop.example.org")
SENDERS = {
    "good.example": ("198.51.100.10", "mx.good.example"),
    "other.example": ("198.51.100.11", "mx.other.example"),
    "two.example": ("2001:db8:1::12", "mx.mailer.example"),
}
SPF = cases.PYTHON


class Day:
    """Draws the next piece of mail."""

    def __init__(self, seed):
        self._draw = random.Random(seed)
        self.odd = (
            list(cases.dkim_cases(SPF))
            + list(cases.spf_cases(SPF, False)) * 2
            + list(cases.dmarc_cases(SPF)) + list(cases.refusals()) * 2
            + list(cases.message_checks(SPF)))
        # Nothing that waits for a name server.
        self.odd = [mail for mail in self.odd
                    if "silent" not in str(mail.message.signatures)]

    def good(self, signed=True):
        """Ordinary mail from elsewhere."""
        domain = self._draw.choice(list(SENDERS))
        client, helo = SENDERS[domain]
        counts = ((SPF, "spf.pass"), cases.dmarc("pass"))
        to = tuple(self._draw.sample(PEOPLE, self._draw.choice((1, 1, 1, 2))))
        name = self._draw.choice(("ann", "ben", "news", "info", "billing"))
        return Mail(
            Message(f"{name}@{domain}",
                    body="A line of test mail.\r\n"
                    * self._draw.randrange(1, 60),
                    signatures=((domain, "s1"),) if signed else ()),
            client, helo, f"{name}@{domain}", to,
            counts=counts + ((cases.dkim("pass"),) if signed else ()),
            tls=self._draw.random() < 0.6)

    def through_a_list(self):
        mail = self.good()
        mail.message.alter = alter_body
        mail.counts = mail.counts[:-1] + (cases.dkim("fail"),)
        return mail

    def ours(self):
        """Mail from our own people."""
        user = self._draw.choice(("carol", "dave", "alice"))
        to = self._draw.choice((
            "friend@remote.example", "friend@remote.example",
            "sales@tls.example", "ann@good.example", "bob@example.org",
            "billing@other.example", "greylisted@remote.example",
            "unknown@remote.example"))
        more = {}
        if user != "alice":
            more = {"port": SUBMISSION, "login": (user, "secret"),
                    "tls": True}
        return Mail(Message(f"{user}@example.org"), "192.0.2.10",
                    "office.example.org", f"{user}@example.org", (to,),
                    counts=(("opendkim", "dkim.signatures"),), **more)

    def next(self):
        kind = self._draw.random()
        if kind < 0.50:
            return self.good()
        if kind < 0.55:
            return self.good(signed=False)
        if kind < 0.59:
            return self.through_a_list()
        if kind < 0.80:
            return self.ours()
        return self._draw.choice(self.odd)


def _without_opendkim(mail):
    """The same mail while OpenDKIM is away: nobody speaks of DKIM."""
    mail.counts = tuple(pair for pair in mail.counts
                        if pair[0] != "opendkim")
    return mail


def run(lab, courier):
    day = Day(7)

    def send(mail):
        courier.deliver(mail)
        lab.settle()
        time.sleep(0.05)    # until the last line is written
    lab.configure("mx1.example.org")
    lab.start()
    for _ in range(135):
        send(day.next())
    lab.opendkim.stop(signal.SIGKILL)
    for _ in range(9):
        send(_without_opendkim(day.good()))
        courier.postfix("milter.connect_error")
    lab.opendkim.start()
    for _ in range(40):
        send(day.next())
    for number in range(14):
        send(Mail(Message("billing@reject.example", subject="Your invoice"),
                  f"203.0.113.{number + 100}", "cheap.plain.example",
                  "billing@plain.example", (PEOPLE[number % len(PEOPLE)],),
                  end="refused", code="550", counts=(
                      (SPF, "spf.none"), cases.dmarc("fail"),
                      ("postfix", "milter.reject"),
                      ("postfix", "dmarc.disp_reject"))))
    for _ in range(55):
        send(day.next())
    lab.stop()
