# SPDX-License-Identifier: ISC
"""A day of data without a day of waiting: between two real polls, the files
get the values that a day with quiet hours and one bad hour would have brought.
"""
import math
import random

from cacti import rra
from cacti.poll import STEP_S

BAD = (0.60, 0.66)  # of the day: a key is wrong, a milter is away
TROUBLE = ("fail", "reject", "unsigned", "temperror", "permerror", "nokey",
           "unreachable", "defer", "quarantine", "dns", "broken", "late")


def weights(name, count, seed):
    """How much comes in each step; its trouble is of the bad hour."""
    chance = random.Random(f"{name} {seed}")
    is_trouble = any(word in name for word in TROUBLE)
    found = []
    for n in range(count):
        part = n / count
        daily = 0.35 + max(0, math.sin(math.pi * (part * 1.3 - 0.2)))
        if is_trouble and BAD[0] < part < BAD[1]:
            daily *= 9
        found.append(daily * chance.uniform(0.8, 1.2))
    return found


def between(before, after, name, count):
    """count values from before to after, never falling."""
    parts = weights(name, count + 1, before)
    whole, sum_, found = sum(parts), 0, []
    for part in parts[:-1]:
        sum_ += part
        found.append(before + int((after - before) * sum_ / whole))
    return found


def around(value, name, count):
    """count values of a gauge."""
    parts = weights(name, count, value)
    most = max(parts)
    return [round(value * (0.3 + 1.2 * part / most)) for part in parts]


def fill(cacti, before, after, first, last):
    """Between the polls at first and at last, which is still to come; before,
    after: what the agent served at first and serves now, by OID."""
    times = range(first + STEP_S, last, STEP_S)
    files = {}
    for item in rra.items(cacti):
        files.setdefault(item.path, []).append(item)
    with rra.Rrdtool() as rrdtool:
        for path, items in files.items():
            kinds = rrdtool.info(path)
            columns = []
            for item in items:
                kind, new = after[item.oid]
                is_rate = kinds[item.name]["type"] == "COUNTER"
                columns.append(
                    between(before.get(item.oid, (kind, 0))[1], new,
                            item.name, len(times)) if is_rate
                    else around(new, item.name, len(times)))
            rrdtool.say("update", path, "--template",
                        ":".join(item.name for item in items),
                        *(":".join(map(str, (when, *values)))
                          for when, *values in zip(times, *columns)))
