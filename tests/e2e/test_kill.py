# SPDX-License-Identifier: ISC
"""The promise: kill -9 at any instant, and every counter and every minute of
history is that of an uninterrupted run."""
import os
import random
import time
from collections import Counter

import pytest

import daemon
from daemon import Clock, Daemon
from writer import Writer

SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)
SPEED = 60  # of the clock: a minute a second
CLOSE_AFTER_S = 5  # a minute's lines may come this late
DOMAINS = "domains_max = 1000\n"


@pytest.fixture
def chance():
    print(f"SEED={SEED}")
    return random.Random(SEED)


def host_of(text):
    return text.split(b" ", 2)[1]


class Killer:
    """Kills the daemon at random moments, now and then while it records a
    minute, and starts it again."""

    def __init__(self, tally, chance, shortest_s, longest_s):
        self.tally, self.chance = tally, chance
        self.between = shortest_s, longest_s
        self.kills = self.while_recording = 0
        self.set_due()

    def set_due(self):
        self.due = time.monotonic() + self.chance.uniform(*self.between)
        self.recorded = None
        if self.chance.random() < 0.2:
            self.recorded = self.last_record()

    def last_record(self):
        try:
            return os.stat(self.tally.state_dir / "snapshot").st_mtime_ns
        except FileNotFoundError:
            return 0

    def look(self):
        if time.monotonic() < self.due:
            return
        if self.recorded is not None:
            if (self.last_record() == self.recorded
                    and time.monotonic() < self.due + 2.5):
                return
            self.while_recording += 1
            time.sleep(self.chance.uniform(0, 0.015))
        self.tally.kill9()
        self.kills += 1
        self.tally.start(wait=False)
        self.set_due()


def finish(tally, writers, folder, clock=None):
    """Until all is settled, read, recorded and stopped; then compares."""
    clock = clock or Clock()
    # A real clock's lines are that old already.
    told = clock.now() - (0 if clock.env else daemon.SETTLED_S)
    daemon.poll(lambda: clock.now() >= told + daemon.SETTLED_S,
                "the last messages to settle")
    writers[0].append(daemon.line(0, clock.now()))
    count = sum(writer.all().count(b"\n") for writer in writers)
    tally.wait(count, timeout_s=60)
    # One that was killed may have told history more than the snapshot.
    daemon.poll(lambda: min(tally.snapshot().times) > told, "history", 60)
    tally.terminate()
    logs = []
    for i, writer in enumerate(writers):
        logs.append(folder / f"all.{i}")
        logs[-1].write_bytes(writer.all())
    daemon.assert_same(tally.status(), daemon.scan(*logs), f"SEED={SEED}")
    for key in tally.status()["source"]:
        tally.assert_history("source", key)
    return tally.assert_history()


def minutes_of(text):
    """end of minute -> lines, by the stamps."""
    found = Counter()
    for entry in text.splitlines():
        when = daemon.datetime.fromisoformat(
            entry.split(b" ", 1)[0].decode()).timestamp()
        found[int(when // 60 + 1) * 60] += 1
    return found


def is_slow(clock, when):
    """Was its minute closed, perhaps, when the last byte was written?"""
    return clock.now() >= when // 60 * 60 + 60 + CLOSE_AFTER_S


def assert_minutes(tally, history, text, slow=None):
    """Each line is in the minute of its stamp, but for late ones.  slow: how
    many can be late; a daemon that was killed did not count all that were."""
    expected = minutes_of(text)
    found = dict(history["log.lines"])
    open_from = min(tally.snapshot().times)
    moved = sum(abs(expected.get(end, 0) - found.get(end, 0))
                for end in expected.keys() | found.keys() if end < open_from)
    late = tally.snapshot().value("log.late")
    assert slow is None or late <= slow, (late, slow)
    assert moved <= 2 * (late if slow is None else slow), (moved, late, slow)
    return moved


def live(folder, chance, names, kills):
    """Lines of this moment, rotations, kills; returns daemon and writers."""
    clock = Clock(folder, SPEED, behind_s=2 * 3600)
    pool = [rest for _, rest in daemon.generated(folder, 20000, SEED)]
    writers = [Writer(folder / name, clock) for name in names]
    hosts = {}
    with Daemon(folder, names, DOMAINS, clock=clock) as tally:
        tally.start()
        killer = Killer(tally, chance, 0.005, 0.2)
        rotate_at = time.monotonic() + 1
        at = slow = 0
        while killer.kills < kills:
            burst = pool[at:at + chance.randrange(1, 60)]
            at = (at + len(burst)) % len(pool)
            for rest in burst:
                to = writers[hosts.setdefault(
                    host_of(rest), len(hosts) % len(writers))]
                when = clock.now()
                entry = daemon.stamp(when) + rest
                cut = chance.randrange(len(entry))
                if chance.random() < 0.02:  # in two pieces
                    to.append(entry[:cut])
                    killer.look()
                    to.append(entry[cut:])
                else:
                    to.append(entry)
                slow += is_slow(clock, when)
            killer.look()
            time.sleep(chance.uniform(0, 0.02))
            if time.monotonic() > rotate_at:
                rotate_at = time.monotonic() + chance.uniform(0.3, 2)
                to = chance.choice(writers)
                # A host's lines are all in one log.
                again = [pool[at - i - 1] for i in range(chance.randrange(4))]
                when = clock.now()
                to.rotate([daemon.stamp(when) + rest for rest in again
                           if writers[hosts[host_of(rest)]] is to])
                slow += is_slow(clock, when) * len(again)
                if chance.random() < 0.3:
                    killer.due, killer.recorded = 0, None
                    killer.look()
                to.pack(2)
        history = finish(tally, writers, folder, clock)
        moved = assert_minutes(
            tally, history, b"".join(writer.all() for writer in writers),
            slow)
        print(f"{killer.kills} kills, {killer.while_recording} of them while "
              f"it recorded, {moved} lines in another minute, {slow} slow, "
              f"{len(history['log.lines'])} minutes")
        return tally


def test_killed_while_lines_come_and_the_log_rotates(tmp_path, chance):
    live(tmp_path, chance, ["mail.log"], 110)


def test_killed_with_two_inputs(tmp_path, chance):
    live(tmp_path, chance, ["mail.log", "other.log"], 60)


def test_killed_while_it_catches_up(tmp_path, chance):
    """Thirty hours in five files, one of them packed."""
    lines = daemon.generated(tmp_path, 60000, SEED)
    begin = time.time() - 30 * 3600 - daemon.SETTLED_S
    stretch = 30 * 3600 / lines[-1][0]
    writer = Writer(tmp_path / "mail.log")
    with Daemon(tmp_path, conf=DOMAINS) as tally:
        for part in range(5):
            some = lines[part * 12000:(part + 1) * 12000]
            # A first look: without a position only the last file counts.
            for number, (at, rest) in enumerate(some):
                writer.append(daemon.stamp(begin + at * stretch) + rest)
                if part == 0 and number == 99:
                    tally.start().wait(100)
                    tally.kill9()
            if part < 4:
                writer.rotate()
                time.sleep(0.02)  # another mtime
        writer.pack(4)
        killer = Killer(tally, chance, 0.002, 0.08)
        tally.start(wait=False)
        while killer.kills < 60:
            time.sleep(0.001)
            killer.look()
        history = finish(tally, [writer], tmp_path)
        assert_minutes(tally, history, writer.all())


def test_what_a_deleted_file_takes_with_it_is_told(tmp_path):
    """The ledger is made of the last hour's lines."""
    writer = Writer(tmp_path / "mail.log")
    writer.append(daemon.lines(0, 10))
    with Daemon(tmp_path) as tally:
        tally.start().wait(10)
        length = writer.path.stat().st_size
        writer.rotate()
        writer.append(daemon.line(10))
        tally.wait(11)
        tally.kill9()
        assert "gone with" not in tally.said()
        writer.name(1).unlink()
        tally.start()
        tally.wait_said(f": {length} bytes of the last hour, read before the "
                        "restart, are gone with their files")
        tally.wait(11)
