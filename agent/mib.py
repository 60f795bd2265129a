#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""mib.py - writes agent/MAILTALLY-MIB.txt.

agent/mib.in is the module but for its counters; a line `%WORD` there stands
for what is made from the catalogue (collector/rules.d/catalogue), from
agent/columns.c, which says what has a column, and from agent/advice.  `make
docs` runs it; tests/lint/mib.py insists that it was run.
"""
import os
import re
import sys
import textwrap
from collections import namedtuple

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
CATALOGUE = os.path.join(ROOT, "collector/rules.d/catalogue")
COLUMNS = os.path.join(ROOT, "agent/columns.c")
ADVICE = os.path.join(ROOT, "agent/advice")
TEMPLATE = os.path.join(ROOT, "agent/mib.in")
MODULE = os.path.join(ROOT, "agent/MAILTALLY-MIB.txt")
WIDTH = 76
GAUGES = "queue"  # the group whose counters go down, too

Counter = namedtuple("Counter", "number name unit meaning")
Group = namedtuple("Group", "name arc reference text")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def catalogue():
    return [Counter(int(number), *rest) for number, *rest in re.findall(
        r"^(\d+) (\S+) (\S+) \S+ (.*)$", read(CATALOGUE), re.M)]


def columns():
    """{"source": [number, ...]} without the rows' names."""
    return {
        table: [int(number) for number in re.findall(r"\d+", body)]
        for table, body in re.findall(
            r"^static const uint32_t (\w+)\[\] = \{\n\tCOLUMNS_NAME,\n(.*?)^\};",
            read(COLUMNS), re.M | re.S)
    }


def advice():
    """{group: Group}, {counter: text}; agent/advice says how it is written."""
    groups, counters = {}, {}
    for block in re.split(r"\n\n(?=\S)", re.sub(r"^#.*\n", "", read(ADVICE),
                                                flags=re.M).strip()):
        head, _, body = block.partition("\n")
        lines = [line.strip() for line in body.splitlines()]
        words = head.split()
        if words[0] == "group":
            name, arc = words[1], int(words[2])
            assert lines[0].startswith("reference "), head
            groups[name] = Group(name, arc,
                                 lines[0].partition(" ")[2],
                                 " ".join(lines[1:]))
            continue
        for name in words:
            assert name not in counters, f"{ADVICE}: {name} stands there twice"
            counters[name] = " ".join(lines)
    return groups, counters


def descriptor(name, prefix="mt"):
    """dkim.pass -> mtDkimPass; RFC 2578 recommends 32 characters at most."""
    return prefix + "".join(word.capitalize() for word in
                            re.split("[._]", name))


def described(paragraphs, indent=8):
    """A DESCRIPTION's text in its quotation marks."""
    margin = " " * indent
    text = "\n\n".join(
        textwrap.fill(mark + paragraph, WIDTH - 1, initial_indent=margin,
                      subsequent_indent=margin, break_on_hyphens=False,
                      break_long_words=False)
        for mark, paragraph in zip(['"'] + [""] * len(paragraphs), paragraphs))
    return text + '"\n'


def listed(names, indent):
    """Names with commas between them, as many to a line as there is room."""
    margin = " " * indent
    return textwrap.fill(", ".join(names), WIDTH, initial_indent=margin,
                         subsequent_indent=margin) + "\n"


def object_type(name, syntax, paragraphs, place, reference=""):
    text = (f"{name} OBJECT-TYPE\n    SYNTAX      {syntax}\n"
            "    MAX-ACCESS  read-only\n    STATUS      current\n"
            "    DESCRIPTION\n" + described(paragraphs))
    if reference:
        text += f'    REFERENCE   "{reference}"\n'
    return text + f"    ::= {{ {place} }}\n\n"


class Module:
    """Makes what stands for the `%WORD`s of agent/mib.in."""

    def __init__(self):
        self.counters = catalogue()
        self.columns = columns()
        self.groups, self.texts = advice()
        known = {counter.name for counter in self.counters}
        unknown = set(self.texts) - known
        assert not unknown, f"{ADVICE}: no such counter: {unknown}"
        unknown = set(sum(self.columns.values(), [])) - {
            counter.number for counter in self.counters}
        assert not unknown, f"{COLUMNS}: no such counter: {unknown}"
        missing = {self.group_of(c) for c in self.counters} - set(self.groups)
        assert not missing, f"{ADVICE}: group without text: {missing}"

    @staticmethod
    def group_of(counter):
        return counter.name.partition(".")[0]

    def of_group(self, name):
        return [c for c in self.counters if self.group_of(c) == name]

    def scalar(self, counter, syntax, parent):
        group = self.groups[self.group_of(counter)]
        return object_type(
            descriptor(counter.name), syntax,
            (f"{counter.meaning}.  Unit: {counter.unit}s.",
             self.texts.get(counter.name, group.text)),
            f"{parent} {counter.number}", group.reference)

    def totals(self):
        return "".join(self.scalar(c, "Counter64", "mtTotals")
                       for c in self.counters if self.group_of(c) != GAUGES)

    def queue(self):
        return "".join(self.scalar(c, "Gauge32", "mtQueue")
                       for c in self.of_group(GAUGES))

    def in_table(self, table):
        """[(descriptor, counter)]"""
        prefix = "mt" + table.capitalize()
        known = {counter.number: counter for counter in self.counters}
        return [(descriptor(known[number].name, prefix), known[number])
                for number in self.columns[table]]

    def sequence(self, table):
        return ",\n".join(f"    {name} Counter64"
                          for name, _ in self.in_table(table)) + "\n"

    def table_columns(self, table):
        return "".join(object_type(
            name, "Counter64",
            (f"{counter.name} of this {table}: see "
             f"{descriptor(counter.name)}.",),
            f"mt{table.capitalize()}Entry {counter.number}")
            for name, counter in self.in_table(table))

    def members(self, table):
        return listed([name for name, _ in self.in_table(table)], 18)

    def compliance(self):
        return "".join(
            f"        GROUP       {descriptor(name)}Group\n"
            "        DESCRIPTION\n"
            '            "Those objects whose counters the collector '
            'counts."\n' for name in self.groups)

    def object_groups(self):
        text = ""
        for group in self.groups.values():
            names = [descriptor(c.name) for c in self.of_group(group.name)]
            text += (f"{descriptor(group.name)}Group OBJECT-GROUP\n"
                     "    OBJECTS     { " + listed(names, 18).strip() + " }\n"
                     "    STATUS      current\n    DESCRIPTION\n" +
                     described((group.text,)) +
                     f"    ::= {{ mtGroups {group.arc} }}\n\n")
        return text

    def text(self):
        # Were it in the template, tools would take that for the module, too.
        begin = "MAILTALLY-MIB DEFINITIONS ::= BEGIN\n"
        made = {"begin": lambda: begin,
                "totals": self.totals, "queue": self.queue,
                "sequence": self.sequence, "columns": self.table_columns,
                "members": self.members, "compliance": self.compliance,
                "groups": self.object_groups}
        return re.sub(r"^%(\w+) ?(\w*)\n",
                      lambda m: made[m[1]](*filter(None, [m[2]])),
                      read(TEMPLATE), flags=re.M)


if __name__ == "__main__":
    with open(MODULE, "w", encoding="ascii") as out:
        out.write(Module().text())
    sys.exit(0)
