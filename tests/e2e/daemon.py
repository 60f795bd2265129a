# SPDX-License-Identifier: ISC
"""mailtallyd under test: its own folder, its life and death, what it counted.

Waits poll with a deadline; nothing here sleeps for a fixed time.
"""
import json
import os
import re
import signal
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / os.environ.get("MODE", "release")
BIN = Path(os.environ.get("MAILTALLY_BIN", BUILD / "bin")).resolve()
GENERATE = BUILD / "tests" / "bench" / "generate"
ENV = dict(os.environ, TZ="UTC", LC_ALL="C")
STEP_S = 60
SETTLED_S = 130  # a message is judged two minutes after it is gone
# What depends on when the daemon looked, not on what the log says.
UNSTEADY = re.compile(
    r"queue\.|log\.(late|rotations|truncations|lost_bytes)$")


def poll(condition, what, timeout_s=20, alive=None):
    """The first true value of condition()."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if alive is not None and alive.process.poll() is not None:
            raise AssertionError(f"the daemon ended while waiting for {what}: "
                                 f"{alive.said()[-1500:]}")
        assert time.monotonic() < deadline, (
            f"{what}: not within {timeout_s} s"
            + (f"; {alive.state()}" if alive is not None else ""))
        time.sleep(0.005)


def stamp(when):
    return datetime.fromtimestamp(when, timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S.%f+00:00").encode()


def line(number, when=None, host="mx1"):
    """One line that counts one smtpd.sessions4 and says its number."""
    return (stamp(time.time() if when is None else when)
            + f" {host} postfix/smtpd[{100 + number % 900}]: connect from "
            f"c{number}.example.net[192.0.2.{number % 250}]\n".encode())


def lines(first, count, when=None, host="mx1"):
    return b"".join(line(n, when, host) for n in range(first, first + count))


def generated(folder, count, seed, stamps="iso"):
    """A log of many kinds, as list of lines without their stamps, with the
    seconds since the first."""
    log = Path(folder) / f"generated-{seed}.log"
    subprocess.run([GENERATE, "--lines", str(count), "--seed", str(seed),
                    "--format", stamps, "--out", log,
                    "--truth", log.with_suffix(".json")], check=True)
    result = []
    for text in log.read_bytes().splitlines(keepends=True):
        when, rest = text.split(b" ", 1)
        at = datetime.fromisoformat(when.decode()).timestamp()
        result.append((at, b" " + rest))
    first = result[0][0]
    return [(at - first, rest) for at, rest in result]


def scan(*files, rules=None, conf=None):
    """What an uninterrupted reading counts."""
    how = ["--rules", str(rules)] if rules else []
    how += ["-c", str(conf)] if conf else []
    done = subprocess.run([BIN / "mailtally", "scan", "--json", *how,
                           *map(str, files)],
                          stdout=subprocess.PIPE, check=True, env=ENV)
    return json.loads(done.stdout)


def rows(counted):
    """(kind, key, counter) -> value, of what does not depend on moments."""
    found = {}
    for kind in ("total", "source", "host", "domain"):
        of_kind = counted.get(kind, {})
        for key, values in ({"all": of_kind} if kind == "total"
                            else of_kind).items():
            for name, value in values.items():
                if value != 0 and not UNSTEADY.match(name):
                    found[kind, key, name] = value
    return found


def assert_same(found, expected, note=""):
    found, expected = rows(found), rows(expected)
    wrong = [f"{' '.join(key)}: {found.get(key, 0)}, "
             f"not {expected.get(key, 0)}"
             for key in sorted(found.keys() | expected.keys())
             if found.get(key, 0) != expected.get(key, 0)]
    assert not wrong, f"{note} {len(wrong)} counters differ: {wrong[:12]}"


class Snapshot:
    """A published snapshot, by the format's description."""

    def __init__(self, text):
        self.names, self.rows, self.steps = {}, {}, {}
        self.inputs, self.times = [], set()
        keys, body = {}, text.split("\n")[:-1]
        assert body[-1] == f"end {len(body) - 2}", "not whole"
        for entry in body:
            kind, *fields = entry.split(" ")
            if kind == "counter":
                self.names[fields[0]] = fields[1]
            elif kind == "input":
                self.inputs.append(fields)
            elif kind == "row":
                keys[fields[0], fields[1]] = fields[2]
                self.rows[fields[0], fields[2]] = self._values(fields[3:])
            elif kind == "step":
                key = fields[1], keys[fields[1], fields[2]]
                self.times.add(int(fields[0]))
                self.steps[(int(fields[0]), *key)] = self._values(fields[3:])

    def _values(self, pairs):
        return {self.names[number]: int(value) for number, value in
                (pair.split("=") for pair in pairs)}

    def confirmed(self, kind="total", key="all"):
        """What history must hold."""
        return {name: value for name, value in
                self.rows.get((kind, key), {}).items()
                if not name.startswith("queue.")}

    def value(self, name, kind="total", key="all"):
        return self.rows.get((kind, key), {}).get(name, 0) + sum(
            values.get(name, 0) for (_, *of), values in self.steps.items()
            if of == [kind, key])


class Clock:
    """A wall clock for one daemon: the real one, or a faster one that stays
    behind it."""

    def __init__(self, folder=None, speed=1, behind_s=0):
        self.began, self.speed = time.time_ns(), speed
        self.shown = self.began - int(behind_s * 1e9)
        self.env = {}
        if folder is None:
            return
        library = Path(folder) / "clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library,
                        Path(__file__).with_name("clock.c")], check=True)
        self.env = {
            "LD_PRELOAD": str(library),
            "ASAN_OPTIONS": "verify_asan_link_order=0",
            "MAILTALLY_CLOCK": f"{self.began} {self.shown} {speed}"}

    def now(self):
        return (self.shown + (time.time_ns() - self.began) * self.speed) / 1e9


class Daemon:
    """mailtallyd with everything in one folder; a context manager."""

    def __init__(self, folder, inputs=("mail.log",), conf="", rrd="",
                 wrap=(), run=None, state=None, clock=None,
                 root=""):
        self.folder = Path(folder)
        self.logs = [self.folder / name for name in inputs]
        self.log = self.logs[0]
        # As the daemon sees them; root is how we get there.
        self.own_run = run or self.folder / "run"
        self.own_state = state or self.folder / "state"
        self.run = Path(f"{root}{self.own_run}")
        self.state_dir = Path(f"{root}{self.own_state}")
        self.rrd = self.state_dir / "rrd"
        self.rules = self.folder / "rules.d"
        self.queue = self.folder / "queue"
        self.conf = self.folder / "mailtally.conf"
        self.errors = self.folder / "mailtallyd.err"
        self.wrap = list(wrap)
        self.reach = self.wrap if root else []
        self.clock = clock or Clock()
        self.process = None
        self.starts = 0
        for made in (self.rules, self.queue):
            made.mkdir(exist_ok=True)
        self.configure(conf, rrd)

    def configure(self, conf="", rrd=""):
        self.conf.write_text(
            f'state_dir = "{self.own_state}"\nrun_dir = "{self.own_run}"\n'
            f'rules_dir = "{self.rules}"\nqueue_dir = "{self.queue}"\n'
            f'rrd {{ dir = "{self.own_state}/rrd" {rrd} }}\n{conf}\n'
            + "".join(f'input "{log}" {{ }}\n' for log in self.logs))

    # ---- life and death -----------------------------------------------

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def start(self, wait=True):
        self.starts += 1
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(
                [*self.wrap, BIN / "mailtallyd", "-c", self.conf],
                env={**ENV, **self.clock.env}, stdin=subprocess.DEVNULL,
                stdout=errors, stderr=errors)
        if wait:
            poll(lambda: self.said().count("collecting from") >= self.starts,
                 "the start", alive=self)
        return self

    def signal(self, signo):
        self.process.send_signal(signo)

    def kill9(self):
        self.process.kill()
        self.process.wait()

    def without_pending(self):
        """Until every step that holds something is history."""
        def is_done():
            snapshot = self.snapshot()
            return snapshot and not any(snapshot.steps.values())
        poll(is_done, "the last step", alive=self)

    def terminate(self, timeout_s=20):
        self.process.terminate()
        status = self.process.wait(timeout_s)
        assert status == 0, f"status {status}: {self.said()}"

    def said(self):
        return (self.errors.read_text(errors="replace")
                if self.errors.exists() else "")

    def wait_said(self, text, timeout_s=20):
        return poll(lambda: text in self.said(), f"'{text}' in the log",
                    timeout_s, self)

    # ---- what it counted ----------------------------------------------

    def snapshot(self):
        try:
            return Snapshot((self.run / "snapshot").read_text(
                errors="surrogateescape"))
        except FileNotFoundError:
            return None

    def counter(self, name, kind="total", key="all"):
        snapshot = self.snapshot()
        return 0 if snapshot is None else snapshot.value(name, kind, key)

    def wait(self, count, name="log.lines", timeout_s=20):
        """Until the counter is count, and not more."""
        poll(lambda: self.counter(name) >= count, f"{name} {count}",
             timeout_s, self)
        assert self.counter(name) == count

    def status(self):
        done = subprocess.run([*self.reach, BIN / "mailtally", "status",
                               "--json", "-c", self.conf],
                              stdout=subprocess.PIPE, check=True, env=ENV)
        return json.loads(done.stdout)

    def state(self):
        snapshot = self.snapshot()
        if snapshot is None:
            return f"no snapshot; said: {self.said()[-600:]}"
        return (f"log.lines {snapshot.value('log.lines')}, "
                f"inputs {snapshot.inputs}; said: {self.said()[-600:]}")

    # ---- history ------------------------------------------------------

    def series(self, kind="total", key="all"):
        """Its files: group -> path."""
        folder = self.rrd / kind / ("total" if kind == "total" else key)
        return {path.stem: path for path in sorted(folder.glob("*.rrd"))}

    def history(self, kind="total", key="all", **how):
        """counter -> [(end, count)] of its minutes."""
        found = {}
        for group, path in self.series(kind, key).items():
            for name, points in fetch(path, **how).items():
                found[f"{group}.{name}"] = points
        return found

    def assert_history(self, kind="total", key="all", **how):
        """Every series adds up to its confirmed counter; no hole in it."""
        expected = self.snapshot().confirmed(kind, key)
        found = self.history(kind, key, **how)
        wrong = []
        for name in sorted(expected.keys() | found.keys()):
            if name.startswith("queue."):
                continue
            total = sum(count for _, count in found.get(name, ()))
            if total != expected.get(name, 0):
                wrong.append(f"{name}: {total}, not {expected.get(name, 0)}")
        assert not wrong, f"{kind} {key}: {len(wrong)} differ: {wrong[:12]}"
        return found


def fetch(path, cached=None, span_s=47 * 3600):
    """counter -> [(end, count)] of the minutes that are known."""
    to = [f"--daemon={cached}"] if cached else []
    last = int(subprocess.run(["rrdtool", "last", path, *to], env=ENV,
                              stdout=subprocess.PIPE, check=True).stdout)
    last -= last % STEP_S
    text = subprocess.run(
        ["rrdtool", "fetch", path, "AVERAGE", "-r", str(STEP_S), "-s",
         str(last - span_s), "-e", str(last), *to], env=ENV,
        stdout=subprocess.PIPE, check=True, text=True).stdout
    head, *body = text.splitlines()
    names = head.split()
    found = {name: [] for name in names}
    times = []  # nothing is known before a file's first minute
    for entry in body:
        if ":" not in entry:
            continue
        when, values = entry.split(":", 1)
        if int(when) > last:
            continue
        times.append(int(when))
        for name, value in zip(names, values.split()):
            if "nan" in value.lower():
                continue
            count = float(value) * STEP_S
            assert abs(count - round(count)) < 1e-4, (path, name, entry)
            found[name].append((int(when), round(count)))
    for name, points in found.items():
        assert not points or points[-1][0] == times[-1], (path, name)
        assert all(b[0] - a[0] == STEP_S
                   for a, b in zip(points, points[1:])), (path, name, "hole")
    return found
