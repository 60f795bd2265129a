# SPDX-License-Identifier: ISC
"""A Debian machine of its own for commands that touch the whole system.

It shares the programs of this one, but what is below OWN is a copy that goes
away with it (accounts, configuration, /run, /var), and so do its processes. In
the network of whoever makes it (snmp.network() gives one with nothing but
loopback).
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from daemon import ENV

OWN = ("/etc", "/var/lib", "/var/log", "/usr/local", "/usr/share/snmp")
HOME = "/run/home"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BUILD = """
set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/up" "$1/spare"
for own in $2; do
    name=$(echo "$own" | tr / _)
    mkdir "$1/up/$name" "$1/spare/$name"
    mount -t overlay -o "lowerdir=$own,upperdir=$1/up/$name,workdir=$1/spare/$name" overlay "$own"
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir "$3"
echo built
exec sleep infinity
"""


class Machine:
    def __init__(self, more=()):
        """more: folders that are its own, too."""
        self.own = (*OWN, *more)

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mailtally-machine-"))
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        (self.folder / "own").mkdir()
        self.programs = []
        self.holder = subprocess.Popen(
            ["unshare", "-m", "-p", "-f", "--mount-proc",
             "--kill-child=SIGKILL", "sh", "-c", BUILD,
             "sh", str(self.folder / "own"), " ".join(self.own), HOME],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "built\n":
            raise OSError(self.holder.stderr.read())
        children = f"/proc/{self.holder.pid}/task/{self.holder.pid}/children"
        self.first = int(Path(children).read_text())
        return self

    def __exit__(self, *_):
        os.kill(self.first, signal.SIGKILL)  # and all that it has
        self.holder.wait()
        for program in self.programs:
            program.wait()
        shutil.rmtree(self.folder)

    def command(self, *words):
        """The same command, but there."""
        return ["nsenter", f"--target={self.first}", "--mount", "--pid",
                *map(str, words)]

    def environment(self):
        return {"PATH": PATH, "HOME": HOME, "TZ": "UTC",
                "LC_ALL": ENV.get("LC_ALL", "C")}

    def run(self, script, user=None):
        """(status, output and errors) of lines for a shell."""
        words = ["runuser", "-u", user, "--"] if user else []
        done = subprocess.run(
            self.command(*words, "sh", "-c", script), text=True,
            errors="replace", env=self.environment(), cwd="/", timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def must(self, script, **how):
        status, output = self.run(script, **how)
        assert status == 0, f"{script}: status {status}: {output}"
        return output

    def start(self, name, script):
        """A program that goes on, until the end; its output is log(name)."""
        with open(self.logs / name, "wb") as log:
            program = subprocess.Popen(
                self.command("sh", "-c", "exec " + script),
                env=self.environment(), cwd="/", stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        self.programs.append(program)
        return program

    def log(self, name):
        return (self.logs / name).read_text(errors="replace")


def unit_command(unit):
    """What a service file of systemd starts."""
    text = Path(f"/lib/systemd/system/{unit}.service").read_text()
    return re.search(r"^ExecStart=(.*)$", text, re.M)[1]
