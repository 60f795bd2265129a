# SPDX-License-Identifier: ISC
"""History holds exactly what was counted, minute by minute."""
import json
import os
import shutil
import signal
import subprocess
import time
from collections import Counter

import pytest

import daemon
from daemon import BIN, ENV, STEP_S, Clock, Daemon, poll
from writer import Writer

RRDCACHED = shutil.which("rrdcached", path=os.environ["PATH"] + ":/usr/sbin")
OWN = ("lists.example.org", "never-seen.example.org")


def minute_of(when):
    return int(when // STEP_S + 1) * STEP_S


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """20,000 lines of the last three hours, read and recorded."""
    folder = tmp_path_factory.mktemp("whole")
    lines = daemon.generated(folder, 20000, 11)
    begin, length = time.time() - 3 * 3600, 3 * 3600 - 120
    stretch = length / lines[-1][0]
    log = folder / "mail.log"
    log.write_bytes(b"".join(daemon.stamp(begin + at * stretch) + rest
                             for at, rest in lines[:-1])
                    + daemon.line(0, time.time() - 60))
    own = ", ".join(f'"{name}"' for name in OWN)
    with Daemon(folder, conf=f"own_domains = {{ {own} }}\n"
                "domains_max = 1000\n") as tally:
        tally.start()
        tally.wait(20000)
        tally.without_pending()
        tally.terminate()
        yield tally


def test_every_counter_adds_up(whole):
    counted = whole.status()
    daemon.assert_same(counted, daemon.scan(whole.log))
    history = whole.assert_history()
    assert len(history["log.lines"]) > 175
    for kind in ("source", "host"):
        assert len(counted[kind]) > 2
        for key in counted[kind]:
            whole.assert_history(kind, key)


def test_each_line_is_in_its_minute(whole):
    expected = Counter()
    for entry in whole.log.read_bytes().splitlines():
        expected[minute_of(daemon.datetime.fromisoformat(
            entry.split(b" ", 1)[0].decode()).timestamp())] += 1
    found = {end: n for end, n in whole.history()["log.lines"] if n}
    assert found == dict(expected)


def test_only_own_domains_have_files(whole):
    counted = whole.status()["domain"]
    assert counted[OWN[0]] and len(counted) > 10
    whole.assert_history("domain", OWN[0])
    folders = {path.name for path in (whole.rrd / "domain").iterdir()}
    assert folders == {OWN[0]}  # the other one has not counted anything


def test_one_host_has_no_files(tmp_path):
    clock = Clock(tmp_path, 60, behind_s=3600)
    with Daemon(tmp_path, clock=clock) as tally:
        writer = Writer(tally.log, clock)
        tally.start()
        writer.append(daemon.lines(0, 10, clock.now()))
        tally.wait(10)
        tally.without_pending()
        assert not (tally.rrd / "host").exists()
        writer.append(daemon.lines(10, 5, clock.now(), host="mx2"))
        tally.wait(15)
        tally.without_pending()
        tally.terminate()
        assert set(os.listdir(tally.rrd / "host")) == {"mx1", "mx2"}
        tally.assert_history("host", "mx2")


def test_the_history_command_says_the_same(whole):
    names = ["dkim.pass", "spf.fail", "smtpd.sessions", "log.lines"]
    history = whole.history()
    first, last = (history["log.lines"][i][0] for i in (0, -1))
    done = subprocess.run(
        [BIN / "mailtally", "history", *names, "-c", whole.conf, "--json",
         "--step", "60", "--from", str(first - 60), "--to", str(last)],
        stdout=subprocess.PIPE, check=True, env=dict(
            ENV, PATH=f"{BIN}:{os.environ['PATH']}"))
    found = json.loads(done.stdout)
    counted = whole.status()["total"]
    for name in names:
        assert sum(row[name] or 0 for row in found) == counted[name] > 0


def test_a_stop_is_filled_in_minute_by_minute(tmp_path):
    early = Clock(tmp_path, 60, behind_s=7200)
    expected = Counter()
    with Daemon(tmp_path, clock=early) as tally:
        writer = Writer(tally.log)
        number = 0

        def write(count, when):
            nonlocal number
            writer.append(daemon.lines(number, count, when))
            number += count
            expected[minute_of(when)] += count

        write(10, early.now())
        tally.start()
        tally.wait(number)
        tally.without_pending()
        tally.terminate()
        begin = early.now()
        for minute, count in ((3, 7), (4, 1), (20, 30), (44, 2)):
            write(count, begin + 60 * minute)
        tally.clock = Clock(tmp_path, 60, behind_s=3600)
        assert tally.clock.now() > begin + 45 * 60
        tally.start()
        tally.wait(number)
        tally.without_pending()
        write(5, tally.clock.now())
        tally.wait(number)
        tally.without_pending()
        tally.terminate()
        history = tally.assert_history()
        assert tally.counter("log.late") == 0
        points = dict(history["smtpd.sessions"])
        assert {end: n for end, n in points.items() if n} == dict(expected)
        # fetch() refuses holes, so what is between is 0, not unknown
        assert len(points) >= 60


@pytest.mark.skipif(RRDCACHED is None, reason="rrdcached is not installed")
def test_rrdcached(tmp_path):
    socket, journal = tmp_path / "cached.sock", tmp_path / "journal"
    journal.mkdir()
    clock = Clock(tmp_path, 60, behind_s=3600)

    def cached():
        process = subprocess.Popen(
            [RRDCACHED, "-g", "-l", f"unix:{socket}", "-j", journal,
             "-p", tmp_path / "cached.pid", "-w", "3600"],
            stderr=subprocess.DEVNULL)
        poll(socket.exists, "rrdcached")
        return process

    with Daemon(tmp_path, rrd=f'cached = "unix:{socket}"',
                clock=clock) as tally:
        writer = Writer(tally.log, clock)
        number = 0

        def write():
            nonlocal number
            writer.append(daemon.lines(number, 50, clock.now()))
            number += 50
            tally.wait(number)

        process = cached()
        try:
            tally.start()
            for _ in range(3):
                write()
                tally.without_pending()
            # Away for a while: the steps wait.
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            write()
            tally.wait_said("rrdcached")
            assert tally.said().count("warning") <= 2
            process = cached()
            write()
            tally.without_pending()
            tally.terminate()
            for path in tally.series().values():
                subprocess.run(["rrdtool", "flushcached", f"--daemon={socket}",
                                path], check=True, stdout=subprocess.DEVNULL)
            history = tally.assert_history()
            assert (sum(n for _, n in history["smtpd.sessions"]) == number
                    == tally.counter("smtpd.sessions"))
        finally:
            process.kill()
            process.wait()
