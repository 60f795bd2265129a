# SPDX-License-Identifier: ISC
"""contents.py - CONTENTS.md: which graphs and thresholds there are."""
from model import TABLES
from thresholds import HIGH, LOW, MINUTE, PERCENT, THRESHOLDS

HEAD = """\
# What Cacti gets

Made by `make docs`; not to be edited by hand. [README.md](README.md) says how to use it.

## Graphs

Those of a device come with it; those by source, host and domain are added by a tick for each row. What the counters mean and
what to do when they move: `snmptranslate -Td MAILTALLY-MIB::mtDkimFail` and its like.

| graph | unit | shows | by |
|---|---|---|---|
"""
MIDDLE = """
## Thresholds

A level counts when it holds for so many polls, of five minutes each. Shares are in percent, rates per minute.

| threshold | on | means | warning | alert |
|---|---|---|---|---|
"""


def graphs(model):
    rows = {}
    for graph in model.graphs.values():
        title = graph.title
        if graph.table:
            title = title.partition(" - ")[2]
        row = rows.setdefault(title, (graph, []))
        if graph.table:
            row[1].append(graph.table)
    return "".join(
        f"| {title} | {graph.unit} | "
        f"{'; '.join(item.legend for item in graph.items)} | "
        f"{', '.join(table for table in TABLES if table in tables)} |\n"
        for title, (graph, tables) in rows.items())


def level(threshold, what):
    if what is None:
        return ""
    unit = {PERCENT: " %", MINUTE: "/min"}.get(threshold.value, "")
    if threshold.type == HIGH:
        return f"> {what[0]}{unit}, {what[1]} polls"
    if threshold.type == LOW:
        return f"< {what[0]}{unit}, {what[1]} polls"
    return f"{what[0]} % above the day before, {what[1]} polls"


def thresholds():
    return "".join(
        f"| {each.name} | {each.source.rpartition(':')[2]} | {each.text} | "
        f"{level(each, each.warning)} | {level(each, each.alert)} |\n"
        for each in THRESHOLDS)


def text(model):
    return (HEAD + graphs(model) + MIDDLE + thresholds()).replace(
        ", 1 polls", ", 1 poll")
