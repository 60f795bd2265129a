#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""sources.py - writes docs/sources.md: source x counter x setting needed.

All of it stands in collector/rules.d: which rule of which source adds to which
counter, what the catalogue says of it, and `needs` for the settings.  `make
docs` runs it; tests/lint/sources.py insists that it was run.
"""
import glob
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
RULES = os.path.join(ROOT, "collector/rules.d")
SHEET = os.path.join(ROOT, "docs/sources.md")
METHODS = ("dkim", "domainkeys", "adsp", "spf", "dmarc", "arc", "content")

HEAD = """\
# Sources

Made by `make docs` from the rule files (`collector/rules.d`); not to be edited by hand.

What each source can tell, and which setting of its daemon is needed to see it: without a word there, what the daemon does by
itself is enough. `mailtally doctor LOG` says which of these settings seem to be missing on your server.

Counters of the ledger (messages signed or unsigned, qmgr's) and of the collector itself (`queue`, `log`) have no source and
are not here. What a program of yours logs is for rules of your own: mailtally-rules(5).
"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def catalogue():
    """{name: (number, unit, meaning)}"""
    return {
        name: (int(number), unit, meaning)
        for number, name, unit, meaning in re.findall(
            r"^(\d+) (\S+) (\S+) \S+ (.*)$",
            read(os.path.join(RULES, "catalogue")), re.M)
    }


def actions_of(rule):
    """The words behind a rule's pattern."""
    return re.match(r"(.)(?:\\.|(?!\1).)*\1i?(.*)", rule).group(2).split()


class Sources:
    """Reads rule files: {source: {counter}} and {source: {counter: setting}}."""

    def __init__(self, known):
        self.known = known
        self.counters, self.needs = {}, {}

    def add(self, source, words):
        names = [name for word in words
                 for name in re.split(r"[?:]|\+=", word) if name in self.known]
        self.counters.setdefault(source, set()).update(names)

    def add_need(self, source, text):
        names, _, setting = text.partition(" : ")
        for name in names.split():
            settings = self.needs.setdefault(source, {}).setdefault(name, [])
            settings.append(setting.strip())

    def read_file(self, path):
        source, tables, table = None, {}, None
        for line in map(str.strip, read(path).splitlines()):
            word, _, rest = line.partition(" ")
            if not line or line.startswith("#"):
                continue
            if table is not None:
                table = None if line == "end" else table
                if table is not None:
                    tables[table] += rest.split()
            elif word in ("table", "list"):
                table = rest.split()[0]
                tables[table] = []
            elif word == "source":
                source = rest
            elif word == "needs":
                self.add_need(source, rest.strip())
            elif line[0] in "/!~%":
                for action in actions_of(line):
                    self.add(source, tables.get(action[1:], [])
                             if action[0] == "@" else [action])


def load():
    known = catalogue()
    sources = Sources(known)
    for path in sorted(glob.glob(os.path.join(RULES, "*.rules"))):
        sources.read_file(path)
    return known, sources


def row(cells):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def overview(sources):
    """Source x method: the words that it can tell; those that need a setting
    have an asterisk."""
    methods = [m for m in METHODS if any(
        name.startswith(m + ".") for names in sources.counters.values()
        for name in names)]
    text = row(["source", *methods]) + "|---" * (len(methods) + 1) + "|\n"
    for source in sorted(sources.counters):
        cells = []
        for method in methods:
            names = sorted(name for name in sources.counters[source]
                           if name.startswith(method + "."))
            cells.append(" ".join(
                name.partition(".")[2] +
                ("\\*" if name in sources.needs.get(source, {}) else "")
                for name in names))
        if any(cells):
            text += row([source, *cells])
    return text


def sheet():
    known, sources = load()
    text = HEAD + "\n## Verdicts\n\n`*`: needs a setting, see below.\n\n"
    text += overview(sources)
    for source in sorted(sources.counters):
        names = sorted(sources.counters[source], key=lambda name: known[name])
        if not names:
            continue
        text += f"\n## {source}\n\n"
        text += row(["counter", "one is a", "meaning", "setting needed"])
        text += "|---|---|---|---|\n"
        for name in names:
            _, unit, meaning = known[name]
            settings = sources.needs.get(source, {}).get(name, [])
            text += row([f"`{name}`", unit, meaning, "; ".join(settings)])
    return text


if __name__ == "__main__":
    with open(SHEET, "w", encoding="utf-8") as out:
        out.write(sheet())
    sys.exit(0)
