# SPDX-License-Identifier: ISC
"""Runs what a document of ours says: its commands, on a machine of its own.

Boxes marked sh are for root, line by line; of console boxes each line that
begins with "$ " is a command, the others are what it prints.  There, "…" on a
line of its own stands for lines left out, and at the end of a line for its
rest.  Digits of times and ages differ.

usage: document.py FILE      writes FILE again with what commands print now
"""
import re
import sys
from pathlib import Path

BOX = re.compile(r"^```(sh|console)\n(.*?)^```$", re.M | re.S)
VOLATILE = re.compile(r"Age|Time|Since|\d{4}-\d+-\d+,")


class Box:
    def __init__(self, kind, text):
        self.kind = kind
        self.lines = text.splitlines()

    def commands(self):
        """[(command, [line that it prints])] of a console box."""
        found = []
        for line in self.lines:
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
        return found


def boxes(path):
    return [Box(*found) for found in BOX.findall(Path(path).read_text())]


def plain(line):
    """A line without what differs from run to run."""
    line = line.rstrip()
    if not VOLATILE.search(line):
        return line
    return re.sub(r"\s+", " ", re.sub(r"\d+", "0", line))


def is_shown(shown, printed):
    shown, printed = plain(shown), plain(printed)
    if shown.endswith("…"):
        return printed.startswith(shown[:-1].rstrip())
    return shown == printed


def missing(shown, printed):
    """The first line of the document that was not printed where it stands, or
    None."""
    at, may_skip = 0, False
    for line in shown:
        if line == "…":
            may_skip = True
            continue
        found = at
        while may_skip and found < len(printed) and \
                not is_shown(line, printed[found]):
            found += 1
        if found >= len(printed) or not is_shown(line, printed[found]):
            return line
        at, may_skip = found + 1, False
    if at < len(printed) and not may_skip:
        return f"(more was printed: {printed[at]!r})"
    return None


class Run:
    """The document's commands, in order, within folder; service(what, unit)
    does what systemctl does here; before: {word: what is to happen before a
    console box that has it}."""

    def __init__(self, machine, service, folder, before=()):
        self.machine, self.service, self.folder = machine, service, folder
        self.before = dict(before)
        self.started = []

    def do(self, line):
        if line.startswith("apt-get "):
            return
        found = re.match(r"systemctl (\w+) ([\w-]+)", line)
        if found:
            self.service(*found.groups())
        elif line.endswith(" &"):
            self.started.append(line[:-2])
            self.machine.start(str(len(self.started)), line[:-2])
        else:
            self.machine.must(f"cd {self.folder} && {line}")

    def box(self, box):
        """[(command, shown, printed)] of a console box; does the other."""
        if box.kind == "sh":
            for line in box.lines:
                self.do(line)
            return []
        for word in self.before:
            if word in "\n".join(box.lines):
                self.before[word]()
        return [(command, shown, self.machine.run(command)[1].splitlines())
                for command, shown in box.commands()]


def written_again(text, run, wait):
    def again(found):
        box = Box(*found.groups())
        lines = []
        for command, _, printed in run.box(box):
            lines += ["$ " + command, *printed]
        wait()
        return f"```{box.kind}\n" + "\n".join(lines or box.lines) + "\n```"
    return BOX.sub(again, text)


if __name__ == "__main__":
    import snmp
    import test_snmp_docs
    path = Path(sys.argv[1])
    for _ in snmp.network():
        with test_snmp_docs.place() as (run, wait):
            path.write_text(written_again(path.read_text(), run, wait))
