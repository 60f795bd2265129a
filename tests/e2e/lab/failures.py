# SPDX-License-Identifier: ISC
"""Milters, keys and policy services that fail in the middle of their work."""
import itertools
import signal

from . import ledger
from .cases import GOOD, PYTHON, dkim, dmarc, plain
from .courier import DEFAULT_ACTIONS

SPF = (PYTHON, "spf.pass")
DMARC = dmarc("pass")
SENDER, RECIPIENT = "ann@good.example", "alice@example.org"


class Conversation:
    """One message, whose milter dies after one of its steps."""

    def __init__(self, lab, courier, how, stage, action):
        self._lab, self._courier = lab, courier
        self._how, self._stage, self._action = how, stage, action
        self._client = courier.connect("198.51.100.10",
                                       DEFAULT_ACTIONS[action])

    def _command(self, stage, text, refused):
        """The stage that has a command; refused: it is, if the milter died
        in the stage before."""
        code = "451" if refused and self._action == "tempfail" else "250"
        reply = self._client.command(text)
        self._courier.expect(reply, code, f"{self._how} {self._stage}: {text}")
        if self._stage == stage:
            self._lab.opendkim.stop(self._how)
        return code == "250"

    def _message(self):
        client = self._client
        self._courier.expect(client.command("DATA"), "354", "DATA")
        if self._stage == "data":
            self._lab.opendkim.stop(self._how)
        if self._stage == "end":
            # It hangs, and dies while Postfix waits for its answer.
            self._lab.opendkim.kill(signal.SIGSTOP)
        client.send(self._courier.text(plain(signatures=(GOOD,))) + b".")
        if self._stage == "end":
            self._lab.opendkim.stop(self._how)
        self._courier.expect(
            client.read(), "451" if self._action == "tempfail" else "250",
            f"{self._how} {self._stage}: message")

    def hold(self):
        """Have it, and count what it causes."""
        count = self._courier.postfix
        count("milter.io_error")
        count({"accept": "smtpd.accepted", "quarantine": "milter.hold",
               "tempfail": "milter.default_action"}[self._action])
        self._command("helo", "EHLO mx.good.example", False)
        if not self._command("mail", f"MAIL FROM:<{SENDER}>",
                             self._stage == "helo"):
            return self._client.quit()
        # The policy service is asked before the milters.
        self._courier.truth.add_all((SPF,))
        if not self._command("rcpt", f"RCPT TO:<{RECIPIENT}>",
                             self._stage == "mail"):
            return self._client.quit()
        if self._action != "accept":
            count("smtpd.accepted")
        self._message()
        self._client.quit()
        if self._action == "accept" or (
                self._action == "quarantine"
                and self._stage in ("helo", "mail")):
            # The other milter has seen it; cleanup asks nobody more about
            # what is to be held.
            self._courier.truth.add_all((DMARC,))
        if self._action == "accept":
            self._courier.journey(SENDER, (RECIPIENT,))
        self._courier.sent += 1


def converse(lab, courier, *what):
    Conversation(lab, courier, *what).hold()
    lab.settle()
    lab.opendkim.start()


def every_way(lab, courier):
    """mx1: the rest of the combinations."""
    lab.configure("mx1.example.org")
    lab.start()
    for what in itertools.product(
            (signal.SIGKILL, signal.SIGTERM),
            ("helo", "mail", "rcpt", "data", "end"), DEFAULT_ACTIONS):
        # One that is stopped cannot end; and Postfix 3.7 waits for five
        # minutes after a milter that died before MAIL, if it is to hold.
        if what not in FEW and what[:2] != (signal.SIGTERM, "end") and (
                what[1:] != ("helo", "quarantine")):
            converse(lab, courier, *what)
    lab.stop(signal.SIGKILL)


FEW = (
    (signal.SIGKILL, "end", "accept"),
    (signal.SIGKILL, "end", "tempfail"),
    (signal.SIGKILL, "data", "quarantine"),
    (signal.SIGKILL, "mail", "quarantine"),
    (signal.SIGKILL, "mail", "tempfail"),
    (signal.SIGTERM, "rcpt", "accept"),
)


def keys(courier):
    """Keys that are there, but cannot be used: the sender must wait."""
    for name in ("unreadable", "garbage", "unsafe"):
        courier.deliver(ledger.ours(
            f"{name}@example.org", ledger.FRIEND, code="451", end="refused",
            counts=(dkim("sign_error"),
                    ("postfix", "milter.default_action"))))


def policy(lab, courier):
    """The policy service is killed between two questions of one session."""
    client = courier.connect("198.51.100.10")
    client.command("EHLO mx.good.example")
    for _ in range(2):
        client.command(f"MAIL FROM:<{SENDER}>")
        courier.expect(client.command(f"RCPT TO:<{RECIPIENT}>"), "250",
                       "recipient")
        courier.truth.add_all((SPF,))
        courier.postfix("smtpd.accepted")
        client.command("RSET")
        assert lab.kill_children("/usr/bin/policyd-spf"), "nobody to kill"
    client.quit()


def phase(lab, courier):
    """mx1: a few ways of dying, keys, the policy service."""
    lab.configure("mx1.example.org")
    lab.start()
    for what in FEW:
        converse(lab, courier, *what)
    keys(courier)
    policy(lab, courier)
    lab.settle()
    lab.stop(signal.SIGKILL)
