# SPDX-License-Identifier: ISC
"""Milters, keys and policy services that fail in the middle of their work."""
import itertools
import signal

from . import wire
from .cases import GOOD, PYTHON, dkim, dmarc, plain
from .courier import DEFAULT_ACTIONS

JUDGED = ((PYTHON, "spf.pass"), dmarc("pass"))


def die_at(lab, courier, how, stage, port):
    """One message, whose milter dies at a stage of it."""
    client = courier.connect("198.51.100.10", port)
    replies = [client.command("EHLO mx.good.example")]

    def kill():
        lab.opendkim.stop(how)
    if stage == "helo":
        kill()
    replies.append(client.command("MAIL FROM:<ann@good.example>"))
    if stage == "mail":
        kill()
    replies.append(client.command("RCPT TO:<alice@example.org>"))
    if stage == "rcpt":
        kill()
    if stage == "data":
        replies.append(client.command("DATA"))
        kill()
        client.send(courier.text(plain(signatures=(GOOD,))) + b".")
        replies.append(client.read())
    elif stage == "end":
        # It hangs, and dies while Postfix waits for it.
        lab.opendkim.kill(signal.SIGSTOP)
        replies.append(client.command("DATA"))
        client.send(courier.text(plain(signatures=(GOOD,))) + b".")
        kill()
        replies.append(client.read())
    else:
        replies.append(client.data(courier.text(plain(signatures=(GOOD,)))))
    client.quit()
    courier._report(f"{how} {stage} {port}: {replies}")
    lab.settle()
    lab.opendkim.start()


def every_way(lab, courier):
    lab.configure("mx1.example.org")
    lab.start()
    for how, stage, action in itertools.product(
            (signal.SIGKILL, signal.SIGTERM),
            ("helo", "mail", "rcpt", "data", "end"), DEFAULT_ACTIONS):
        if how == signal.SIGTERM and stage == "end":
            continue
        try:
            die_at(lab, courier, how, stage, DEFAULT_ACTIONS[action])
        except OSError as e:
            courier._report(f"{how} {stage} {action}: {e}")
            lab.opendkim._process or 0
            lab.opendkim.start()
    lab.stop(signal.SIGKILL)


def phase(lab, courier):
    pass
