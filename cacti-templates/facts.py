# SPDX-License-Identifier: ISC
"""facts.py - what the templates are made from, read where it stands.

The MIB (agent/MAILTALLY-MIB.txt) says which object has which OID and what to
do about it, the table of recipes (rrd/recipe_table.c) what is on a graph, in
which colour and under which legend.
"""
import os
import re
import sys
from collections import namedtuple

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
RECIPES = os.path.join(ROOT, "rrd/recipe_table.c")
sys.path.insert(0, os.path.join(ROOT, "agent"))
sys.dont_write_bytecode = True
import mib  # noqa: E402

ITEM = re.compile(r'\{"(\w+)", "([^"]*)", (\w+), ([AL])\}')
RECIPE = re.compile(r'\{"([a-z.]+)", "([^"]*)", "([^"]*)", (\w+), (\w+)\}')
OBJECT = re.compile(
    r'^(mt\w+) OBJECT-TYPE\n    SYNTAX +(\w+).*?DESCRIPTION\n +"(.*?)"\n'
    r".*?::= \{ (\w+) (\d+) \}", re.M | re.S)
NODE = re.compile(r"^(mt\w+) +OBJECT IDENTIFIER ::= \{ (\w+) (\d+) \}", re.M)

Line = namedtuple("Line", "counter legend colour is_line")
Recipe = namedtuple("Recipe", "name title unit lines is_gauge")
Object = namedtuple("Object", "oid syntax advice")


def colours():
    """{"GREEN": "009E73"}"""
    return dict(re.findall(r'^#define (\w+) "([0-9A-F]{6})"',
                           mib.read(RECIPES), re.M))


def recipes():
    """All graphs of `mailtally graph`, in its order."""
    text = mib.read(RECIPES)
    colour = colours()
    items = {
        name: ITEM.findall(body) for name, body in re.findall(
            r"^ITEMS\((\w+)\) = \{(.*?)\};", text, re.M | re.S)
    }
    table = re.search(r"TABLE\[\] = \{(.*?)^\};", text, re.M | re.S)[1]
    return [
        Recipe(name, title, unit, [
            Line(f"{name.partition('.')[0]}.{word}", legend, colour[shade],
                 shape == "L") for word, legend, shade, shape in items[key]
        ], gauge == "true")
        for name, title, unit, key, gauge in RECIPE.findall(table)
    ]


def objects():
    """{name: Object} of the MIB; an oid is what comes behind its root."""
    text = mib.read(mib.MODULE)
    place = {name: (parent, arc) for name, parent, arc in NODE.findall(text)}
    found = OBJECT.findall(text)
    place.update((name, (parent, arc)) for name, _, _, parent, arc in found)

    def oid(name):
        if name == "mailtallyMIB":
            return ""
        parent, arc = place[name]
        return f"{oid(parent)}.{arc}".lstrip(".")

    return {
        name: Object(oid(name), syntax, advice(description))
        for name, syntax, description, _, _ in found
    }


def advice(description):
    """What to do about it: the last paragraph."""
    return re.sub(r"\s+", " ", description.rpartition("\n\n")[2]).strip()


def catalogue():
    """{name: Counter}"""
    return {counter.name: counter for counter in mib.catalogue()}


def columns():
    """{table: names of the counters that have a column there}"""
    names = {counter.number: counter.name for counter in mib.catalogue()}
    return {table: [names[number] for number in numbers]
            for table, numbers in mib.columns().items()}
