# SPDX-License-Identifier: ISC
"""What Cacti polls: mailtallyd behind a real snmpd, a log in portions, and
what the agent served at each poll.
"""
import re
import signal
import time

import pytest

import daemon
import oracle
import snmp
from cacti import instance, poll
from daemon import ROOT, Daemon

TEMPLATES = ROOT / "cacti-templates"
DEVICE = "cacti_device_template_mailtally.xml"
OUT = ROOT / "build" / "cacti"
PORTION = 1500  # lines between two polls
RARE = ("amavis-2.13", "dkim-filter-2.8", "dkimpy-milter", "openarc",
        "opendkim-2.11", "opendmarc", "policyd-spf-3x", "postfix-policy",
        "postfix-postscreen", "postfix-rejects", "postfix-tls", "postgrey",
        "rspamd-1.x", "clamav", "postfix-cleanup-qmgr")
STAMP = re.compile(rb"^\w{3} [ \d]\d \d\d:\d\d:\d\d(?= )", re.M)
# They move with the clock: a walk before the poll and the poll differ.
MOVING = {oracle.AGE, oracle.LAST_LINE_AGE}


@pytest.fixture(scope="module", autouse=True)
def network():
    reason = instance.why_not()
    if reason:
        pytest.skip(reason)
    yield from snmp.network()


def log_lines(folder, count, times):
    """Lines without their stamps: everyday mail and, spread over it, what its
    programs do not say, so many times."""
    pool = [rest for _, rest in daemon.generated(folder, count, 6)]
    rare = [line for name in RARE for line in STAMP.sub(
        b"", (ROOT / "tests/golden" / name / "log").read_bytes())
        .splitlines(keepends=True)] * times
    every = len(pool) // (len(rare) + 1)
    for n, line in enumerate(rare):
        pool.insert(every * (n + 1) + n, line)
    return pool


class Lab:
    """All of it, and what each poll had to find."""

    def __init__(self, place, cacti, portions, size=PORTION, rare=1):
        self.place, self.cacti = place, cacti
        self.tally = Daemon(place.folder, run=place.run, state=place.state,
                            conf=place.snmp_conf())
        self.pool = log_lines(place.folder, portions * size, rare)
        self.size = -(-len(self.pool) // portions)
        self.written, self.query_graphs = 0, 0
        self.truth, self.stats = {}, {}  # by time

    def start(self):
        for name in ("incoming", "active", "deferred", "hold", "corrupt",
                     "maildrop"):
            (self.tally.queue / name).mkdir()
        for number in range(7):
            (self.tally.queue / "deferred" / f"4F{number}").touch()
        self.tally.log.touch()
        self.tally.start()
        self.write()
        self.place.master().start()
        self.place.agent().start()

    def write(self, part=None):
        """These lines, or the next portion of the log; until it is counted."""
        if part is None:
            part = self.pool[:self.size]
            del self.pool[:self.size]
        with open(self.tally.log, "ab") as log:
            for rest in part:
                log.write(daemon.stamp(time.time()) + rest)
        self.written += len(part)
        self.tally.wait(self.written)

    def poll(self, when, method):
        """One poll while the collector holds still."""
        self.tally.signal(signal.SIGSTOP)
        try:
            # The agent looks for a new snapshot once in 200 ms.
            published = (self.place.run / "snapshot").stat().st_mtime
            daemon.poll(lambda: time.time() > published + 0.25
                        and self.serves(), "the agent's look")
            self.truth[when] = dict(self.place.client().bulkwalk())
            self.stats[when] = poll.cycle(self.cacti, when, method)
            after = dict(self.place.client().bulkwalk())
        finally:
            self.tally.signal(signal.SIGCONT)
        moved = {oid for oid in after
                 if after[oid] != self.truth[when].get(oid)}
        assert moved <= MOVING | {oracle.STATE}, str(moved)

    def serves(self):
        return (self.place.client().value(oracle.TOTALS + (1700, 0))
                == self.written)

    def value(self, when, oid):
        """What the agent served, as a number; None: nothing."""
        return self.truth[when].get(oid, (None, None))[1]

    @property
    def times(self):
        return sorted(self.truth)
