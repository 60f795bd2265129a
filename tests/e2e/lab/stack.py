# SPDX-License-Identifier: ISC
"""What the stacks B, C and D share: Postfix with other milters and filters.

A stack has a Lab (its daemons), a Courier (what becomes of its mail beyond
Postfix alone), and run(lab, courier, full).
"""
import os
import pathlib
import re
import shutil

from . import daemons, namespace, settings
from .courier import SUBMISSION, Mail
from .messages import Message

GOOD = ("good.example", "s1")
OTHER = ("other.example", "s1")
MISMATCH = ("good.example", "mismatch")
UNSIGNED, UNSIGNED_LOCAL = ("dkim.unsigned",), ("dkim.unsigned_local",)
# Lines of master.cf that a stack may add options to; other ports are stack
# A's alone.
INCOMING = "127.0.0.1:2500 inet n - n - - smtpd"
SUBMITTED = "127.0.0.1:2587 inet n - n - - smtpd"
PICKUP = "pickup    unix  n - n 60    1 pickup"
POSTFIX = """\
smtpd_recipient_restrictions = permit_mynetworks, \
permit_sasl_authenticated, reject_unlisted_recipient
smtpd_client_auth_rate_limit = 0
smtpd_milters =
non_smtpd_milters = $smtpd_milters
"""


def own_key(keys, path, user):
    """Give a daemon the private key of example.org's selectors."""
    daemons.write(path, keys.pem.decode(), 0o600)
    shutil.chown(path, user)


def folder(path, user):
    os.makedirs(path)
    shutil.chown(path, user, user)


class Lab(daemons.Lab):
    """Postfix, and `milters` that a stack adds."""

    def __init__(self, keys):
        super().__init__(keys)
        self.milters = ()

    @staticmethod
    def postfix(host, parameters, services="", options=None):
        """Name the host and write Postfix's files.

        parameters: lines of main.cf instead of those of the same name;
        services: more of master.cf; options: {line of master.cf: more of it}.
        """
        namespace.set_host_name(host)
        daemons.write("/etc/postfix/main.cf", settings.changed(
            settings.changed(settings.MAIN.format(
                host=host, policy="", long_ids="no",
                default_action="accept"), POSTFIX), parameters))
        text = ""
        for entry in re.split(r"\n(?=\S)", settings.MASTER.rstrip("\n")):
            line = entry.split("\n")[0]
            if "inet" not in line or line in (INCOMING, SUBMITTED):
                more = (options or {}).get(line)
                text += entry + (f"\n    {more}\n" if more else "\n")
        daemons.write("/etc/postfix/master.cf", text + services)


def own(to=("friend@remote.example",), counts=(), author="carol@example.org",
        **more):
    """Mail of one of our people, who logs in.

    (A client in mynetworks would not be told from any other without a
    configuration of mailtally that names it.)
    """
    signatures = more.pop("signatures", ())
    more.setdefault("port", SUBMISSION)
    return Mail(Message(author, signatures=signatures), "198.51.100.77",
                "home.example.net", "carol@example.org", to=to, counts=counts,
                login=("carol", "secret"), **more)


def send(courier, *kinds):
    for kind in kinds:
        for mail in kind:
            courier.deliver(mail)


def finish(lab):
    lab.settle()
    lab.stop()


def journal(path):
    """A daemon's own log, kept beside the mail log."""
    target = pathlib.Path(namespace.OUT) / pathlib.Path(path).name
    shutil.copyfile(path, target)


