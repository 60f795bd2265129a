# SPDX-License-Identifier: ISC
"""What stands in Cacti's RRD files, read by rrdtool itself."""
import re
import subprocess

from cacti.instance import SITE
from daemon import ENV
from snmp import parse_oid

RRA = "/var/lib/cacti/rra"


class Item:
    """What Cacti polls for one data source: an OID, for a file."""

    def __init__(self, cacti, host, path, name, oid):
        self.host, self.name = host, name
        # A link of Debian's, and absolute: it would lead out of the machine.
        self.path = cacti.inside(path.replace(f"{SITE}/rra", RRA))
        self.oid = parse_oid(oid)

    def __str__(self):
        return f"{self.path.name}/{self.name}"


def items(cacti):
    return [Item(cacti, *row) for row in cacti.rows(
        "SELECT host.description, rrd_path, rrd_name, arg1 FROM poller_item "
        "JOIN host ON host.id = poller_item.host_id ORDER BY local_data_id")]


class Rrdtool:
    """One rrdtool for many files."""

    def __enter__(self):
        self.process = subprocess.Popen(
            ["rrdtool", "-"], env=ENV, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def say(self, *words):
        """What it answered, without the OK; an error is raised."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = []
        for line in self.process.stdout:
            if line.startswith("ERROR"):
                raise ValueError(line.strip())
            if line.startswith("OK "):
                return "".join(answer)
            answer.append(line)
        raise ValueError("rrdtool ended")

    def info(self, path):
        """name of a data source -> {"type": …, "last_ds": …, …}."""
        found = {}
        for name, key, value in re.findall(
                r"^ds\[(.*?)\]\.(\w+) = (.*)$", self.say("info", path), re.M):
            found.setdefault(name, {})[key] = value.strip('"')
        return found

    def fetch(self, path, first, last):
        """name -> {time: value or None}, of the steps that end at first to
        last."""
        head, *body = self.say("fetch", path, "AVERAGE", "-r", 300, "-s",
                               first - 300, "-e", last - 300).splitlines()
        names = head.split()
        found = {name: {} for name in names}
        for line in body:
            if ":" in line:
                when, values = line.split(":")
                for name, value in zip(names, values.split()):
                    known = "nan" not in value.lower()
                    found[name][int(when)] = float(value) if known else None
        return found
