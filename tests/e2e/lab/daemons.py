# SPDX-License-Identifier: ISC
"""The daemons: started and stopped without any init system.

Daemons that stay in the foreground are stopped by process id; Postfix by its
own `postfix stop`.
"""
import datetime
import glob
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from . import dns, namespace, settings

CERTIFICATE = "/etc/ssl/lab.pem"
LOGIN_SOCKET = "/run/lab/login"
SPOOL = "/var/spool/postfix"
PATIENCE = 60       # seconds until something that should happen must have


def wait_for(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


def write(path, text, mode=0o644):
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(path).write_text(text)
    os.chmod(path, mode)


def listening(port, udp=False):
    """Is a local port open? Found without connecting: that would be logged."""
    wanted = f":{port:04X}"
    for name in ("udp", "udp6") if udp else ("tcp", "tcp6"):
        for line in pathlib.Path("/proc/net/" + name).read_text().split("\n"):
            words = line.split()
            if len(words) > 3 and words[1].endswith(wanted) and (
                    udp or words[3] == "0A"):
                return True
    return False


class Daemon:
    """A program in the foreground that is ready when `ready` says so."""

    def __init__(self, name, command, ready):
        self.name = name
        self._command = command
        self._ready = ready
        self._process = None

    def start(self):
        with open(f"/run/lab/{self.name}.err", "ab") as errors:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=errors,
                stderr=errors, cwd="/")
        wait_for(f"{self.name} does not start",
                 lambda: self._process.poll() is not None or self._ready())
        if self._process.poll() is not None:
            raise RuntimeError(
                self.name + " ended: "
                + pathlib.Path(f"/run/lab/{self.name}.err").read_text())

    def kill(self, how=signal.SIGTERM):
        if self._process:
            self._process.send_signal(how)

    def stop(self, how=signal.SIGTERM):
        if self._process:
            self.kill(how)
            self._process.wait(PATIENCE)
            self._process = None


def _certificate():
    """A certificate that nobody has reason to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME,
                                         "mx1.example.org")])
    now = datetime.datetime.utcnow()
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=7))
        .sign(key, hashes.SHA256()))
    pem = key.private_bytes(serialization.Encoding.PEM,
                            serialization.PrivateFormat.PKCS8,
                            serialization.NoEncryption())
    pem += certificate.public_bytes(serialization.Encoding.PEM)
    write(CERTIFICATE, pem.decode(), 0o600)


def _users():
    with open("/etc/passwd", "a") as passwd:
        for number, user in enumerate(settings.USERS, 3001):
            home = f"/run/lab/home/{user}"
            passwd.write(f"{user}:x:{number}:8::{home}:/bin/false\n")
            os.makedirs(home)
            shutil.chown(home, number, 8)
    write("/run/lab/home/bob/.forward", "/run/lab/home/bob/Maildir/\n")
    shutil.chown("/run/lab/home/bob/.forward", 3002, 8)
    os.makedirs("/var/mail/virtual")
    shutil.chown("/var/mail/virtual", 8, 8)


class Lab:
    """All daemons, and the knobs that a scenario turns."""

    def __init__(self, keys):
        self._prepare(keys)
        self.unbound = Daemon(
            "unbound", ["unbound", "-d", "-p", "-c", "/etc/unbound/lab.conf"],
            lambda: listening(53, udp=True))
        self.rsyslogd = Daemon(
            "rsyslogd", ["rsyslogd", "-n", "-f", "/etc/rsyslog.conf",
                         "-i", "/run/lab/rsyslogd.pid"],
            lambda: os.path.exists("/dev/log"))
        self.opendkim = Daemon(
            "opendkim", ["opendkim", "-f", "-x", "/etc/opendkim.conf"],
            lambda: listening(8891))
        self.opendmarc = Daemon(
            "opendmarc", ["opendmarc", "-f", "-c", "/etc/opendmarc.conf"],
            lambda: listening(8893))
        # Started before Postfix, in this order; another stack has others.
        self.milters = (self.opendkim, self.opendmarc)

    @staticmethod
    def _prepare(keys):
        os.makedirs("/var/lib/postfix")
        shutil.chown("/var/lib/postfix", "postfix", "postfix")
        os.makedirs(SPOOL)
        write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
        write("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
        write("/etc/nsswitch.conf", "passwd: files\ngroup: files\n"
              "hosts: files dns\nprotocols: files\nservices: files\n")
        write("/etc/mailname", "example.org\n")
        write("/etc/unbound/lab.conf", dns.configuration(keys.records))
        write("/etc/rsyslog.conf", settings.RSYSLOG.format(out=namespace.OUT))
        write("/etc/opendkim/internal", "127.0.0.1\n::1\n192.0.2.0/24\n")
        write("/etc/opendkim/keys", "".join(
            f"{name} example.org:{selector}:/etc/opendkim/{selector}.private\n"
            for name, selector in (("one", "s1"), ("two", "s2"),
                                   ("lost", "lost"),
                                   ("unreadable", "unreadable"),
                                   ("garbage", "garbage"),
                                   ("unsafe", "unsafe")))
              + "three branch.example:s1:/etc/opendkim/s1.private\n")
        write("/etc/opendmarc/loopback", "127.0.0.1\n::1\n")
        write("/etc/opendkim/signing", settings.SIGNING + "".join(
            f"{user}@example.org one\n" for user in settings.USERS))
        for selector in ("s1", "s2"):
            path = f"/etc/opendkim/{selector}.private"
            write(path, keys.pem.decode(), 0o600)
            shutil.chown(path, "opendkim", "opendkim")
        for selector, mode in (("unreadable", 0o000), ("unsafe", 0o666)):
            write(f"/etc/opendkim/{selector}.private", keys.pem.decode(),
                  mode)
        write("/etc/opendkim/garbage.private", "This is no key.\n")
        write("/etc/opendmarc/suffixes", "com\nexample\nnet\norg\n")
        write("/etc/opendmarc/ignore", "127.0.0.1\n::1\n192.0.2.0/24\n")
        write("/etc/postfix/master.cf", settings.MASTER)
        write("/etc/aliases", settings.ALIASES)
        for name, text in {**settings.TABLES, **settings.PATTERNS}.items():
            write("/etc/postfix/" + name, text)
        _certificate()
        _users()

    def configure(self, host, *, long_ids=False,
                  policy="unix:private/policyd-spf", default_action="accept",
                  opendkim="", opendmarc="", policyd_spf="", postfix=""):
        """Name the host and write what differs between the phases.

        The texts are lines of the daemons' files, instead of those that set
        the same things or behind them.
        """
        namespace.set_host_name(host)
        write("/etc/opendkim.conf", settings.changed(
            settings.OPENDKIM.format(host=host), opendkim))
        write("/etc/opendmarc.conf", settings.changed(
            settings.OPENDMARC.format(host=host), opendmarc))
        write("/etc/postfix-policyd-spf-python/policyd-spf.conf",
              settings.changed(settings.POLICYD_SPF, policyd_spf))
        write("/etc/postfix/main.cf", settings.changed(settings.MAIN.format(
            host=host, policy=policy,
            default_action=default_action,
            long_ids="yes" if long_ids else "no"), postfix))

    def start(self):
        pathlib.Path("/dev/log").unlink(missing_ok=True)
        for daemon in (self.unbound, self.rsyslogd, *self.milters):
            daemon.start()
        self.start_postfix()

    def empty_queue(self):
        """Delete what was held or put off, while Postfix is stopped."""
        subprocess.run(["postsuper", "-d", "ALL"], check=True,
                       stderr=subprocess.DEVNULL)

    def release(self, recipient):
        """Have a message that was put off tried again, until it is gone."""
        def waiting():
            done = subprocess.run(["postqueue", "-j"], check=True,
                                  capture_output=True, text=True)
            for line in done.stdout.splitlines():
                message = json.loads(line)
                if any(to["address"] == recipient
                       for to in message["recipients"]):
                    return message
            return None
        wait_for("it is not put off",
                 lambda: waiting()["queue_name"] == "deferred")
        subprocess.run(["postqueue", "-i", waiting()["queue_id"]], check=True)
        wait_for("it is not delivered", lambda: waiting() is None)

    def stop(self, how=signal.SIGTERM):
        """Stop everything, the writer of the log last.

        The milters take five seconds to end of their own will.
        """
        self.stop_postfix()
        self.empty_queue()
        for daemon in self.milters:
            daemon.kill(how)
        for daemon in (*self.milters, self.rsyslogd, self.unbound):
            daemon.stop()

    @staticmethod
    def kill_children(name, how=signal.SIGKILL):
        """End the programs of this name that a daemon has started for us.

        This process namespace holds nothing but the lab.
        """
        ended = 0
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            words = pathlib.Path(path).read_text().split("\0")
            if name in words and "python" in words[0]:
                os.kill(int(path.split("/")[2]), how)
                ended += 1
        return ended

    def start_postfix(self):
        for name in settings.TABLES:
            subprocess.run(["postmap", "/etc/postfix/" + name], check=True)
        subprocess.run(["newaliases"], check=True)
        subprocess.run(["postfix", "start"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("Postfix does not start", lambda: listening(2587))

    def stop_postfix(self):
        subprocess.run(["postfix", "stop"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @staticmethod
    def settle():
        """Wait until the queue holds nothing that is still on its way."""
        def empty():
            return not any(
                os.path.isfile(path) for queue in
                ("maildrop", "incoming", "active")
                for path in glob.glob(f"{SPOOL}/{queue}/**", recursive=True))
        # Twice: a bounce may appear where the first look has already been.
        wait_for("the queue does not empty", lambda: empty() and empty())
