# SPDX-License-Identifier: ISC
"""What goes wrong: said in one sentence, nothing lost, nothing doubled."""
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import daemon
from daemon import BIN, ENV, Clock, Daemon, poll
from writer import Writer

SPEED = 60  # a minute of the daemon's clock is a second
NOT_ROOT = os.geteuid() != 0


class Case:
    def __init__(self, tally, clock):
        self.tally, self.clock = tally, clock
        self.writer = Writer(tally.log, clock)
        self.number = 0

    def write(self, count=100, when=None, host="mx1"):
        self.number += count
        self.writer.append(daemon.lines(
            self.number - count, count,
            self.clock.now() if when is None else when, host))

    def read(self):
        self.tally.wait(self.number)

    def recorded(self):
        """All is read and history."""
        self.read()
        self.tally.without_pending()

    def check(self):
        """As an uninterrupted run; stops the daemon."""
        self.recorded()
        self.tally.terminate()
        log = self.tally.folder / "all.log"
        log.write_bytes(self.writer.all())
        daemon.assert_same(self.tally.status(), daemon.scan(log))
        return self.tally.assert_history()


def fast(folder):
    return Clock(folder, SPEED, behind_s=3600)


@pytest.fixture
def case(tmp_path):
    clock = fast(tmp_path)
    with Daemon(tmp_path, clock=clock) as tally:
        made = Case(tally, clock)
        made.write()
        tally.start()
        made.read()
        yield made


# ---- no room, no right ----------------------------------------------------


class Small:
    """A small file system that only the daemon sees."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.holder = subprocess.Popen(
            ["unshare", "-m", "--propagation", "private", "sh", "-c",
             f"mount -t tmpfs -o size=64m none {self.folder} || exit 1; "
             "echo; exec sleep 600"], stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"\n"
        self.root = f"/proc/{self.holder.pid}/root"
        self.wrap = ["nsenter", "-t", str(self.holder.pid), "-m", "--"]

    def fill(self):
        with open(f"{self.root}{self.folder}/filler", "wb", 0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass

    def make_room(self):
        os.unlink(f"{self.root}{self.folder}/filler")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


def verified(case):
    case.number += 1
    case.writer.append(
        daemon.stamp(case.clock.now()) + b" mx1 opendkim[1]: 4cK3Xq1x0Sz1: "
        b"DKIM verification successful\n")


@pytest.mark.skipif(NOT_ROOT, reason="needs root for a mount of its own")
@pytest.mark.parametrize("also_run", [False, True])
@pytest.mark.parametrize("is_killed", [False, True])
def test_disk_full(tmp_path, also_run, is_killed):
    clock = fast(tmp_path)
    with Small(tmp_path / "small") as small, Daemon(
            tmp_path, wrap=small.wrap, state=small.folder / "state",
            run=small.folder / "run" if also_run else None,
            root=small.root, clock=clock) as tally:
        case = Case(tally, clock)
        case.write()
        tally.start()
        case.recorded()
        small.fill()
        case.write()
        verified(case)  # a new file: no room for it
        if not also_run:
            tally.wait_said("cannot create ")
        tally.wait_said("No space left on device")
        minute = clock.now() + 180
        while clock.now() < minute:  # some steps that cannot be written
            case.write(10)
            if not also_run:
                case.read()
            poll(lambda at=clock.now(): clock.now() > at + 20, "20 s")
        assert tally.said().count("No space left") <= 2  # once per kind
        assert tally.snapshot() is None or also_run or (
            len(tally.snapshot().times) >= 3)
        if is_killed:
            tally.kill9()
            tally.start()
        small.make_room()
        case.write()
        history = case.check()
        assert len(history["log.lines"]) >= 4


@pytest.mark.parametrize("name", ["state", "run"])
def test_a_folder_that_may_not_be_written(tmp_path, name):
    wrap = []
    if not NOT_ROOT:
        wrap = ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
                "--inh-caps=-all"]
    clock = fast(tmp_path)
    with Daemon(tmp_path, wrap=wrap, clock=clock) as tally:
        case = Case(tally, clock)
        tally.start()
        case.write()
        case.read()
        folder = tmp_path / name
        folder.chmod(0o500)
        case.write()
        tally.wait_said(f"cannot write {folder}/snapshot: Permission denied")
        folder.chmod(0o700)
        case.write()
        case.check()


def test_a_state_folder_that_is_read_only_at_start(tmp_path):
    wrap = []
    if not NOT_ROOT:
        wrap = ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
                "--inh-caps=-all"]
    (tmp_path / "state").mkdir(mode=0o500)
    with Daemon(tmp_path, wrap=wrap) as tally:
        tally.start(wait=False)
        assert tally.process.wait(10) == 1
        assert f"{tally.state_dir}/lock: Permission denied" in tally.said()


# ---- damage ---------------------------------------------------------------


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def garble(path):
    text = bytearray(path.read_bytes())
    at = text.index(b"\nrow ") + 5
    text[at:at + 40] = b"\xff" * 40
    path.write_bytes(text)


@pytest.mark.parametrize("damage", [cut, garble])
@pytest.mark.parametrize("names", [("run",), ("state",), ("run", "state")])
def test_a_damaged_snapshot(case, names, damage):
    tally = case.tally
    case.recorded()
    case.write()
    case.read()
    tally.kill9()
    case.write()
    for name in names:
        damage(tally.folder / name / "snapshot")
    tally.start()
    for name in names:
        path = tally.folder / name / "snapshot"
        tally.wait_said("snapshot refused and set aside: ")
        assert path.with_name("snapshot.damaged").exists()
    case.write()
    case.check()


def test_all_state_but_the_history_is_gone(case):
    case.recorded()
    case.tally.kill9()
    for name in ("run", "state"):
        (case.tally.folder / name / "snapshot").unlink()
    case.write()
    case.tally.start()
    case.write()
    case.check()


@pytest.mark.parametrize("damage", ["cut", "head", "empty"])
def test_a_damaged_rrd_file(case, damage):
    tally = case.tally
    case.recorded()
    path = tally.series()["smtpd"]
    if damage == "head":
        with open(path, "r+b") as file:
            file.write(b"\xff" * 200)
    else:
        os.truncate(path, 1000 if damage == "cut" else 0)
    before = case.number
    case.write()
    tally.wait_said(f"{path.name}.")
    assert "damaged, set aside" in tally.said()
    case.recorded()
    tally.terminate()
    assert any(path.parent.glob("smtpd.rrd.*"))
    history = tally.history()
    assert sum(n for _, n in history["log.lines"]) == case.number
    assert (sum(n for _, n in history["smtpd.sessions"])
            == case.number - before)


# ---- command line and signals ---------------------------------------------


def test_a_second_daemon_refuses(case):
    done = subprocess.run([BIN / "mailtallyd", "-c", case.tally.conf],
                          stderr=subprocess.PIPE, text=True, timeout=10)
    assert done.returncode == 1
    assert "another mailtallyd runs" in done.stderr
    case.write()
    case.check()


@pytest.mark.parametrize("arguments", [["-x"], ["--nonsense"], ["-n", "more"]])
def test_a_wrong_command_line(arguments):
    done = subprocess.run([BIN / "mailtallyd", *arguments],
                          stderr=subprocess.PIPE, text=True, timeout=10)
    assert done.returncode == 2 and "usage: mailtallyd" in done.stderr


BAD_CONF = "domains_max = 1\nhosts_max = -3\n"
BAD_RULE = ("source own\nprogram /^own$/\n"
            "/hello/ own.hello\n/world/ no.such\n")


def hosts_line(tally):
    text = tally.conf.read_text()
    return text[:text.index("hosts_max")].count("\n") + 1


def check(tally):
    done = subprocess.run([BIN / "mailtallyd", "-n", "-c", tally.conf],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=10)
    return done.returncode, done.stdout


def test_n_says_what_is_wrong(tmp_path):
    tally = Daemon(tmp_path)
    status, text = check(tally)
    assert status == 0 and f"{tally.conf} is good" in text
    tally.configure(BAD_CONF)
    status, text = check(tally)
    assert status == 1 and f"{tally.conf}:{hosts_line(tally)}: " in text
    assert "hosts_max" in text
    tally.configure()
    own_rule(tally, BAD_RULE)
    status, text = check(tally)
    assert status == 1 and f"{tally.rules}/own.rules:4: " in text
    assert "no.such" in text
    tally.conf.unlink()
    status, text = check(tally)
    assert status == 1 and "No such file" in text


def own_rule(tally, text):
    (tally.rules / "catalogue").write_text(
        "100000 own.hello greeting none Greetings\n")
    (tally.rules / "own.rules").write_text(text)


def test_a_wrong_reload_changes_nothing(case):
    tally = case.tally
    pid = tally.process.pid
    tally.configure(BAD_CONF)
    tally.signal(signal.SIGHUP)
    tally.wait_said("reload refused, the old rules go on: "
                    f"{tally.conf}:{hosts_line(tally)}: ")
    tally.configure()
    own_rule(tally, BAD_RULE)
    tally.signal(signal.SIGHUP)
    tally.wait_said("reload refused, the old rules go on: "
                    f"{tally.rules}/own.rules:4: ")
    tally.configure("")
    tally.conf.write_text(re.sub(r'run_dir = ".*"', 'run_dir = "/dev/null/x"',
                                 tally.conf.read_text()))
    (tally.rules / "own.rules").unlink()
    tally.signal(signal.SIGHUP)
    tally.wait_said("reload refused, the old rules go on: /dev/null/x: ")
    tally.configure()
    case.write()
    case.read()
    assert tally.process.pid == pid and tally.process.poll() is None
    case.check()


def test_a_good_reload_counts_by_the_new_rule(case):
    tally = case.tally

    def hello():
        case.number += 1
        case.writer.append(daemon.stamp(case.clock.now())
                           + b" mx1 own[1]: hello\n")

    hello()
    case.read()
    assert tally.counter("log.foreign") == 1
    own_rule(tally, "source own\nprogram /^own$/\n/hello/ own.hello\n")
    tally.signal(signal.SIGHUP)
    tally.starts += 1
    poll(lambda: tally.said().count("collecting from") == tally.starts,
         "the reload", alive=tally)
    hello()
    case.write()
    case.read()
    assert tally.counter("own.hello") == 1
    assert tally.counter("own.hello", "source", "own") == 1
    assert tally.counter("log.foreign") == 1
    assert tally.counter("smtpd.sessions") == case.number - 2
    case.recorded()
    tally.terminate()
    assert sum(n for _, n in tally.assert_history()["own.hello"]) == 1


def test_signals_in_a_row_lose_nothing(case):
    chance = random.Random(1)
    for _ in range(60):
        case.tally.signal(chance.choice(
            (signal.SIGHUP, signal.SIGHUP, signal.SIGUSR1)))
        case.write(10)
        poll(lambda at=time.monotonic() + chance.uniform(0, 0.03):
             time.monotonic() > at, "a moment")
    case.check()


def test_usr1_publishes_now(case):
    path = case.tally.state_dir / "snapshot"
    case.recorded()
    poll(lambda: not any(case.tally.snapshot().steps.values()), "quiet")
    path.unlink()
    case.tally.signal(signal.SIGUSR1)
    poll(path.exists, "the snapshot", timeout_s=0.9, alive=case.tally)


def test_int_and_term_end_well(case):
    case.write()
    case.read()
    case.tally.signal(signal.SIGINT)
    assert case.tally.process.wait(10) == 0
    case.tally.start().terminate()
    assert case.tally.counter("log.lines") == case.number


# ---- lines ----------------------------------------------------------------


def test_a_stamp_in_the_future(tmp_path):
    with Daemon(tmp_path) as tally:
        case = Case(tally, Clock())
        case.write()
        tally.start()
        case.read()
        case.write(1, time.time() + 55)  # still believed
        case.write(3, time.time() + 3600)
        case.read()
        case.write(2)
        case.read()
        found = tally.snapshot()
        assert found.value("log.future") == 3
        assert max(found.times) <= time.time() + 120
        assert found.value("smtpd.sessions") == case.number


def test_a_late_line(case):
    case.recorded()
    case.write(7, case.clock.now() - 1800)
    case.read()
    assert case.tally.counter("log.late") == 7
    history = case.check()
    assert all(b[0] - a[0] == 60 for a, b in zip(
        history["log.lines"], history["log.lines"][1:]))


def test_binary_junk(case):
    junk = random.Random(1).randbytes(5 << 20) + b"\n"
    case.writer.append(junk)
    case.number += junk.count(b"\n")
    case.read()
    case.write()
    case.check()
    assert case.tally.counter("log.malformed") > 0


def test_a_line_of_ten_mebibytes(case):
    text = daemon.line(0, case.clock.now())[:-1] + b"x" * (10 << 20) + b"\n"
    case.writer.append(text[:1 << 20])
    case.writer.append(text[1 << 20:])
    case.number += 1
    case.read()
    case.write()
    case.read()
    assert case.tally.counter("log.cut") == 1
    with open(f"/proc/{case.tally.process.pid}/status") as status:
        peak = [line for line in status if line.startswith("VmHWM")][0]
    assert int(peak.split()[1]) < 32 << 10
    case.check()


def test_lines_of_nothing(case):
    for text in (b"\n", b"\0\n", b"\0" * 70000 + b"\n", b" \n"):
        case.writer.append(text)
        case.number += 1
    case.read()
    case.writer.append(b"no end")
    case.tally.kill9()
    case.tally.start()
    case.writer.append(b" yet\n")
    case.number += 1
    case.check()
