# SPDX-License-Identifier: ISC
"""Delivers test mail and notes what must be counted for it."""
import dataclasses
import email.utils
import subprocess

from . import wire
from .messages import Message

# The last has a policy service that dies at once.
MX, IMPATIENT, SUBMISSION, UNRULED = 2500, 2505, 2587, 2506
# With a content filter behind the queue, which says nothing of the client,
# or does, or even hides the copy's queue id; or one before the queue.
FILTERED, FORWARDING, SECRET, BEFORE = 2510, 2511, 2513, 2512
# Our own people's mail with a filter; the milters come behind it.
LATE = 2588
# What becomes of mail whose milter fails, by port.
DEFAULT_ACTIONS = {"accept": 2520, "tempfail": 2521, "quarantine": 2522}

# What becomes of a recipient: the counters of its delivery.
MAILBOX = (("postfix", "local.mailbox"),)
MAILDIR = (("postfix", "local.maildir"),)
FATES = {
    "alice@example.org": MAILBOX,
    "carol@example.org": MAILBOX,
    "dave@example.org": MAILBOX,
    "eve@example.org": MAILBOX,
    "postmaster@example.org": MAILBOX,
    "alice+list@example.org": MAILBOX,
    "alice+status=bounced@example.org": MAILBOX,
    "bob@example.org": MAILDIR,
    "orders@shop.example.org": MAILDIR,
    "stock@shop.example.org": MAILBOX,
    "pipe@example.org": (("postfix", "local.command"),),
    "archive@example.org": (("postfix", "local.file"),),
    "team@example.org": MAILBOX + MAILDIR,
    "outside@example.org": (("postfix", "local.forwarded"),),
    "missing@example.org": (("postfix", "local.bounced"),),
    # The second message to a destination that is known to be down.
    "again@refused.example": (("postfix", "error.deferred"),),
    "x@trash.example": (("postfix", "local.discarded"),),
    "frank@example.org": MAILBOX,
    "talk@list.example.org": (("postfix", "local.service"),),
}
SENT = (("postfix", "smtp.sent"),)
DEFERRED = ("postfix", "smtp.deferred")
BOUNCED = ("postfix", "smtp.bounced")
# The same for addresses elsewhere, by local part.
ABROAD = {
    "greylisted": (DEFERRED, ("postfix", "smtp.defer_greylisted")),
    "full": (DEFERRED, ("postfix", "smtp.defer_other")),
    "limited": (DEFERRED, ("postfix", "smtp.defer_blocked")),
    # Lost twice: the first of two hosts has a line of its own.
    "hangup": (DEFERRED, ("postfix", "smtp.defer_lost"),
               ("postfix", "smtp.connect_lost")),
    "sleepy": (DEFERRED, ("postfix", "smtp.defer_timeout"),
               ("postfix", "smtp.connect_lost")),
    "unknown": (BOUNCED,),
    "refused": (BOUNCED,),
    "liar": (BOUNCED,),
}
DOMAINS_ABROAD = {
    "nowhere.example": (BOUNCED,),
    "broken.example": (DEFERRED, ("postfix", "smtp.defer_dns")),
    "refused.example": (DEFERRED, ("postfix", "smtp.defer_refused"),
                        ("postfix", "smtp.connect_refused"),
                        ("postfix", "smtp.connect_failed_v4")),
    "unreachable.example": (DEFERRED, ("postfix", "smtp.defer_broken"),
                            ("postfix", "smtp.connect_unreach"),
                            ("postfix", "smtp.connect_failed_v4")),
    "tls.example": SENT + (("postfix", "smtp.tls_untrusted"),),
    "closed.example": (("postfix", "error.bounced"),),
    "later.example": (("postfix", "error.deferred"),),
}


def fate(address):
    """The counters of one delivery to an address."""
    if address in FATES:
        return FATES[address]
    user, domain = address.rsplit("@", 1)
    if domain in DOMAINS_ABROAD:
        return DOMAINS_ABROAD[domain]
    if domain.endswith("example.org"):
        raise KeyError(address)
    return ABROAD.get(user, SENT)


@dataclasses.dataclass
class Mail:
    """One transaction, and what it causes beyond its deliveries."""

    message: Message
    client: str = "198.51.100.10"
    helo: str = "mx.good.example"
    sender: str = "ann@good.example"
    to: tuple = ("alice@example.org",)
    refused: tuple = ()         # recipients refused at RCPT, by the code
    code: str = "250"           # the answer to the message itself
    # queued: it is delivered; else it is not: refused, held, discarded
    end: str = "queued"
    counts: tuple = ()          # (source, counter) of the message
    apart: tuple = ()           # the same, in the source's row alone
    ledger: tuple = ()          # counters that only the total has
    per_refusal: tuple = ()     # (source, counter) of each refusal
    said: tuple = ()            # of all refusals together
    port: int = MX
    login: tuple = ()
    tls: bool = False

    def judged(self):
        """Does it come from outside, to be verified?"""
        return not self.login and not self.client.startswith("192.0.2.")


class Courier:
    """Sends mail and keeps the truth."""

    def __init__(self, keys, truth, report):
        self._keys = keys
        self.truth = truth
        self._report = report
        self.sent = 0
        # What each message without a signature counts as.
        self.unsigned = ()

    def postfix(self, *names, times=1):
        for name in names:
            self.truth.add("postfix", name, times)

    def connect(self, address, port=MX):
        """A session that is counted."""
        client = wire.Client(port, address)
        self.postfix("smtpd.sessions", "smtpd.sessions_ipv6"
                     if ":" in address else "smtpd.sessions_ipv4")
        return client

    @staticmethod
    def expect(reply, code, what):
        if not reply.startswith(code):
            raise AssertionError(f"{what}: wanted {code}, got {reply!r}")

    def text(self, message):
        return message.bytes(self._keys, email.utils.formatdate())

    def judge(self, counts, apart=(), ledger=()):
        """Count what is said of one message."""
        self.truth.add_all(counts)
        self.truth.add_all(apart, self.truth.add_source)
        if any(counter == "dkim.signatures" for _, counter in counts):
            self.truth.add_total("dkim.signed")
        for counter in ledger:
            self.truth.add_total(counter)

    def journey(self, sender, recipients, new=True):
        """Count a message in the queue, its deliveries, its bounce.

        A copy that comes back from a content filter is not new.
        """
        outcome = [pair for address in recipients for pair in fate(address)]
        self.postfix("qmgr.activations")
        if new:
            self.truth.add_total("qmgr.accepted")
            self.truth.add_total("qmgr.nrcpt", len(recipients))
        self.truth.add_all(outcome)
        names = {name.split(".")[1] for _, name in outcome}
        if "deferred" not in names:
            self.postfix("qmgr.removed")
        if sender and "bounced" in names:
            self.journey("", [sender])
        for address in recipients:
            if address == "outside@example.org":
                self.journey(sender, ["friend@remote.example"])

    def deliver(self, mail):
        """Send one message as the case says, or fail loudly."""
        self.sent += 1
        client = self.connect(mail.client, mail.port)
        client.command("EHLO " + mail.helo)
        if mail.tls:
            client.start_tls("mx1.example.org")
            client.command("EHLO " + mail.helo)
            self.postfix("smtpd.tls_anonymous")
        if mail.login:
            self.expect(client.login(*mail.login), "235", "login")
        self.expect(client.command(f"MAIL FROM:<{mail.sender}>"), "250",
                    f"sender {mail.sender}")
        for address in mail.refused:
            reply = client.command(f"RCPT TO:<{address}>")
            self._report(f"refused: {mail.sender} to {address}: {reply}")
            self.expect(reply, mail.code, f"recipient {address}")
            self.postfix(f"smtpd.reject_{mail.code[0]}xx")
            self.truth.add_all(mail.per_refusal)
        self.truth.add_all(mail.said)
        if not mail.to:
            return client.quit()
        for address in mail.to:
            self.expect(client.command(f"RCPT TO:<{address}>"), "250",
                        f"recipient {address} of {mail.sender}")
        reply = client.data(self.text(mail.message))
        self._report(f"{mail.end}: {mail.sender} to {mail.to}: {reply}")
        self.expect(reply, "250" if mail.refused else mail.code,
                    f"message of {mail.sender}")
        client.quit()
        self.postfix("smtpd.accepted")
        if mail.login:
            self.postfix("smtpd.authenticated")
        self.judge(mail.counts, mail.apart, mail.ledger)
        if mail.judged() and not mail.message.signatures:
            self.truth.add_all(self.unsigned)
        if mail.end == "queued":
            self.journey(mail.sender, mail.to)

    def submit(self, message, sender, recipients, counts=(), **more):
        """Hand in a message by the sendmail command."""
        self.sent += 1
        subprocess.run(["sendmail", "-i", "-f", sender, *recipients],
                       input=self.text(message).replace(b"\r\n", b"\n"),
                       check=True)
        self.postfix("pickup.submitted")
        self.judge(counts, **more)
        self.journey(sender, recipients)
