#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""contract - what stands in two places says the same in both.

Recipes (rrd/recipe_table.c) against the catalogue (collector/rules.d/catalogue):
every group has a graph, every counter of a recipe exists, and
every counter of the catalogue is drawn by a recipe of its group.

Run by itself, or by pytest.
"""
import os
import re
import sys

import checks

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def catalogue():
    """Names of all counters, in order."""
    return re.findall(r"^\d+ ([a-z0-9_]+\.[a-z0-9_]+) ",
                      read("collector/rules.d/catalogue"), re.M)


def recipes():
    """{recipe: [counter, ...]} with the counters' full names."""
    text = read("rrd/recipe_table.c")
    items = {
        name: re.findall(r'\{"([a-z0-9_]+)",', body)
        for name, body in re.findall(r"^ITEMS\((\w+)\) = \{(.*?)\};", text,
                                     re.M | re.S)
    }
    table = re.search(r"TABLE\[\] = \{(.*?)^\};", text, re.M | re.S).group(1)
    found = {}
    for recipe, name in re.findall(r'\{"([a-z.]+)", "[^"]*", "[^"]*", (\w+),',
                                   table):
        group = recipe.partition(".")[0]
        found[recipe] = [f"{group}.{word}" for word in items[name]]
    return found


def test_the_parser_sees_the_tables():
    assert len(recipes()) > 20
    assert len(catalogue()) > 100
    assert "dkim.pass" in recipes()["dkim"]


def test_every_group_has_a_graph_of_its_name():
    groups = {name.partition(".")[0] for name in catalogue()}
    assert groups - set(recipes()) == set()


def test_every_counter_of_a_recipe_exists():
    known = set(catalogue())
    wrong = {
        recipe: sorted(set(counters) - known)
        for recipe, counters in recipes().items() if set(counters) - known
    }
    assert wrong == {}


def test_every_counter_is_drawn_by_a_recipe():
    drawn = {name for counters in recipes().values() for name in counters}
    assert sorted(set(catalogue()) - drawn) == []


if __name__ == "__main__":
    sys.exit(checks.run(globals()))
