# SPDX-License-Identifier: ISC
"""Spread a log of a few minutes over a day.

python3 -m tests.e2e.lab.spread MAIL-ISO.LOG >MAIL.LOG

The log is cut where a transaction begins (a client connects, a message is
picked up, OpenDKIM starts). Each transaction is moved as a whole to
a time drawn from a working day's rhythm: the distances between its lines, the
order of all lines and every text stay as the daemons wrote them.
"""
import bisect
import datetime
import itertools
import random
import re
import sys

BEGIN = datetime.datetime(2026, 11, 19, 6, tzinfo=datetime.timezone.utc)
HOURS = 26
# How busy each hour of the day is.
RHYTHM = (2, 1, 1, 1, 1, 2, 4, 7, 11, 14, 15, 14,
          11, 13, 14, 13, 12, 9, 6, 5, 4, 4, 3, 2)
STARTS = re.compile(r"\S+ \S+ (?:postfix/(?:\S+/)?smtpd\[\d+\]: connect from |"
                    r"postfix/pickup\[|"
                    r"opendkim\[\d+\]: OpenDKIM Filter \S+ starting)")


def transactions(lines):
    """The log cut into lists of (stamp, rest of line)."""
    blocks = []
    for line in lines:
        stamp, rest = line.split(" ", 1)
        if not blocks or STARTS.match(line):
            blocks.append([])
        blocks[-1].append((datetime.datetime.fromisoformat(stamp), rest))
    return blocks


def moments(count):
    """So many times of the day, in order."""
    draw = random.Random(1)
    weights = [RHYTHM[(BEGIN.hour + hour) % 24] for hour in range(HOURS)]
    sums = list(itertools.accumulate(weights))
    seconds = []
    for _ in range(count):
        hour = bisect.bisect(sums, draw.uniform(0, sums[-1] - 1e-6))
        seconds.append((hour + draw.random()) * 3600)
    return [BEGIN + datetime.timedelta(seconds=x) for x in sorted(seconds)]


def spread(lines):
    """The same lines with new stamps."""
    blocks = transactions(lines)
    earliest = BEGIN
    for block, moment in zip(blocks, moments(len(blocks))):
        shift = max(moment, earliest) - block[0][0]
        for stamp, rest in block:
            yield f"{(stamp + shift).isoformat('T', 'microseconds')} {rest}"
        earliest = block[-1][0] + shift + datetime.timedelta(microseconds=1)


def main():
    with open(sys.argv[1], encoding="utf-8") as log:
        sys.stdout.writelines(spread(log))


if __name__ == "__main__":
    main()
