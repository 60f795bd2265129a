#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Speed and memory of mailtally, as ratios within one run.

Generates a log whose counters are known, checks the counts, and prints a table:
what, measured, budget, moonshot, verdict. A budget that is missed is only
printed; wrong counts and programs that fail end with status 1.
"""
import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import walks
from walks import Failure, progress

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build" / "release"
HERE = Path(__file__).resolve().parent
ENV = dict(os.environ, TZ="UTC", LC_ALL="C")


class Bench:
    def __init__(self, args, folder):
        self.args = args
        self.folder = folder
        self.mailtally = args.bin / "mailtally"
        self.mailtallyd = args.bin / "mailtallyd"
        self.rows = []

    # ---- running programs ---------------------------------------------

    def measure(self, *command, output=subprocess.DEVNULL):
        """CPU seconds and peak KiB of a command that must succeed."""
        result = self.folder / "measure.json"
        done = subprocess.run(
            [self.args.tools / "measure", result, *command], env=ENV,
            stdout=output, stderr=subprocess.PIPE, cwd=self.folder)
        if done.returncode != 0:
            raise Failure(f"{' '.join(map(str, command))}: status "
                          f"{done.returncode}: {tail_of(done.stderr)}")
        return json.loads(result.read_text())

    def scan(self, log, output=subprocess.DEVNULL):
        return self.measure(self.mailtally, "scan", "--json", log,
                            output=output)

    def generate(self, lines):
        log = self.folder / f"{lines}.log"
        truth = log.with_suffix(".json")
        progress(f"generating {lines} lines")
        self.measure(self.args.tools / "generate", "--lines", str(lines),
                     "--seed", str(self.args.seed), "--out", log,
                     "--truth", truth)
        return log, truth

    # ---- the table ----------------------------------------------------

    def row(self, what, measured, unit, budget, moonshot, more_is_better=False):
        def fits(limit):
            return measured >= limit if more_is_better else measured <= limit

        verdict = ("moonshot" if fits(moonshot) else
                   "within budget" if fits(budget) else "OVER BUDGET")
        sign = "≥" if more_is_better else "≤"
        self.rows.append((what, f"{measured:.3g} {unit}",
                          f"{sign} {budget:g}", f"{sign} {moonshot:g}",
                          verdict))

    def skip(self, what, why):
        self.rows.append((what, "–", "", "", f"skipped: {why}"))

    def print_table(self):
        rows = [("what", "measured", "budget", "moonshot", "verdict"),
                *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(5)]
        for row in rows:
            print("  ".join(f"{cell:<{width}}"
                            for cell, width in zip(row, widths)).rstrip())

    # ---- what is measured ---------------------------------------------

    def check_counts(self, log, truth):
        progress("comparing counts with the truth")
        result = self.folder / "scan.json"
        with open(result, "wb") as output:
            self.scan(log, output=output)
        wrong = differences(json.loads(truth.read_text()),
                            json.loads(result.read_text()))
        for line in wrong:
            print(f"wrong count: {line}")
        if wrong:
            raise Failure(f"{len(wrong)} counters differ from the truth")

    def scan_against_wc(self, log):
        ratios = []
        speeds = []
        for i in range(self.args.rounds):
            wc = statistics.median(
                self.measure("wc", "-l", log)["cpu_s"] for _ in range(3))
            ours = self.scan(log)["cpu_s"]
            progress(f"round {i + 1}: wc -l {wc:.4f} s, scan {ours:.4f} s")
            ratios.append(ours / wc)
            speeds.append(self.args.lines / ours / 1e6)
        self.row("scan, CPU against wc -l", statistics.median(ratios), "×",
                 8, 4.5)
        progress(f"{statistics.median(speeds):.2f} million lines a CPU second")

    def peers(self):
        lines = min(200_000, self.args.lines)
        log, _ = self.generate(lines)
        ours = statistics.median(self.scan(log)["cpu_s"] for _ in range(5))
        rrd = self.folder / "mailgraph"
        rrd.mkdir()
        peers = {
            "mtail": (50, 100, ["--one_shot", "--logtostderr",
                                "--address", "127.0.0.1", "--port", "0",
                                "--progs", HERE / "mail.mtail",
                                "--logs", log]),
            "mailgraph": (30, 60, ["--cat", "-l", log, "--year",
                                   "2026", f"--daemon-rrd={rrd}"]),
        }
        for name, (budget, moonshot, command) in peers.items():
            what = f"faster than {name}"
            program = find_program(name)
            if not program:
                self.skip(what, f"{name} is not installed")
                continue
            progress(f"{name}, {lines} lines")
            theirs = self.measure(program, *command)["cpu_s"]
            progress(f"{name} {theirs:.2f} s, scan {ours:.4f} s")
            self.row(what, theirs / ours, "×", budget, moonshot, True)

    def memory(self, log):
        sizes = [self.args.lines, 4 * self.args.lines]
        for lines in sizes:
            if lines != self.args.lines:
                log, _ = self.generate(lines)
            peak = self.scan(log)["peak_kib"] / 1024
            self.row(f"peak memory, scan of {lines} lines", peak, "MiB", 16, 8)
            if lines != self.args.lines:
                log.unlink()

    def daemon(self, log):
        with Daemon(self) as daemon:
            texts = [line[15:] for line in
                     log.read_bytes().splitlines()[:100_000]]
            self.delay(daemon)
            self.share(daemon, texts)

    def delay(self, daemon):
        progress(f"delay, {self.args.samples} lines")
        chance = random.Random(self.args.seed)
        delays = []
        for _ in range(self.args.samples):
            time.sleep(chance.uniform(0.1, 0.7))
            delays.append(daemon.delay())
        self.row("line written → snapshot, median",
                 statistics.median(delays), "s", 1.1, 0.2)
        self.row("line written → snapshot, worst", max(delays), "s", 1.1, 0.2)

    def share(self, daemon, texts):
        progress(f"daemon at 1,000 lines/s for {self.args.seconds} s")
        before = daemon.counter("smtpd.sessions")
        expected = 0
        start = time.monotonic()
        cpu = daemon.cpu_s()
        sent = 0
        while sent < 1000 * self.args.seconds:
            due = int(1000 * (time.monotonic() - start))
            batch = [texts[i % len(texts)] for i in range(sent, due)]
            daemon.write(batch)
            expected += sum(b"smtpd[" in text and b": connect from " in text
                            for text in batch)
            sent += len(batch)
            time.sleep(0.01)
        elapsed = time.monotonic() - start
        used = daemon.cpu_s() - cpu
        daemon.wait_for("smtpd.sessions", before + expected)
        self.row(f"daemon's CPU at {sent / elapsed:.0f} lines/s",
                 100 * used / elapsed, "%", 1, 0.3)

    def snmp(self):
        why = walks.why_not()
        if why:
            self.skip("SNMP", why)
            return
        walks.measure(self, self.args.rounds, self.args.values)


class Daemon:
    """mailtallyd with its folders in a temporary one."""

    def __init__(self, bench):
        self.bench = bench
        self.log = bench.folder / "mail.log"
        self.state = bench.folder / "state"
        self.run = bench.folder / "run"
        self.snapshot = self.run / "snapshot"
        self.errors = bench.folder / "mailtallyd.err"

    def __enter__(self):
        for folder in (self.state, self.run):
            folder.mkdir()
        self.log.touch()
        conf = self.bench.folder / "mailtally.conf"
        conf.write_text(
            f'state_dir = "{self.state}"\nrun_dir = "{self.run}"\n'
            f'rules_dir = "{self.bench.folder}/rules.d"\n'
            f'queue_dir = "{self.bench.folder}"\n'
            f'rrd {{ dir = "{self.state}/rrd" }}\n'
            f'input "{self.log}" {{ }}\n')
        (self.bench.folder / "rules.d").mkdir()
        self.process = subprocess.Popen(
            [self.bench.mailtallyd, "-c", conf], env=ENV,
            stdout=subprocess.DEVNULL, stderr=open(self.errors, "wb"))
        self.file = open(self.log, "ab", buffering=0)
        self.write([b" mx1 postfix/smtpd[1]: connect from a[192.0.2.1]"])
        self.wait_for("smtpd.sessions", 1)
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.file.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def write(self, texts):
        stamp = time.strftime("%b %e %H:%M:%S", time.gmtime()).encode()
        self.file.write(b"".join(stamp + text + b"\n" for text in texts))

    def cpu_s(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = fields.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def counter(self, name):
        """The total of a counter in the published snapshot."""
        number = row = None
        value = 0
        try:
            text = self.snapshot.read_text()
        except FileNotFoundError:
            return 0
        for line in text.splitlines():
            word, *fields = line.split(" ")
            if word == "counter" and fields[1] == name:
                number = fields[0]
            elif word == "row" and fields[0] == "total":
                row = fields[1]
                value += values_of(fields[3:]).get(number, 0)
            elif word == "step" and fields[1:3] == ["total", row]:
                value += values_of(fields[3:]).get(number, 0)
        return value

    def wait_for(self, name, value, timeout_s=30):
        deadline = time.monotonic() + timeout_s
        while self.counter(name) < value:
            if self.process.poll() is not None:
                raise Failure(f"mailtallyd ended with status "
                              f"{self.process.returncode}: "
                              f"{tail_of(self.errors.read_bytes())}")
            if time.monotonic() > deadline:
                raise Failure(f"mailtallyd: {name} is {self.counter(name)} "
                              f"after {timeout_s} s, not {value}: "
                              f"{tail_of(self.errors.read_bytes())}")
            time.sleep(0.002)
        if self.counter(name) != value:
            raise Failure(f"mailtallyd: {name} is {self.counter(name)}, "
                          f"not {value}")

    def delay(self):
        value = self.counter("smtpd.lost") + 1
        start = time.monotonic()
        self.write([b" mx1 postfix/smtpd[1]: lost connection after AUTH from "
                    b"unknown[192.0.2.1]"])
        self.wait_for("smtpd.lost", value)
        return time.monotonic() - start


def values_of(fields):
    pairs = (field.split("=", 1) for field in fields if "=" in field)
    return {number: int(value) for number, value in pairs}


def differences(truth, scan):
    """Every counter that differs, of all rows; log.* are the scan's own."""
    wrong = []

    def compare(where, expected, found):
        for name in sorted(expected.keys() | found.keys()):
            if name.startswith("log."):
                continue
            if expected.get(name, 0) != found.get(name, 0):
                wrong.append(f"{where} {name}: {found.get(name, 0)}, "
                             f"not {expected.get(name, 0)}")

    for word in ("lines", "matched", "ignored", "unmatched", "foreign",
                 "malformed"):
        expected = truth["total"].get(f"log.{word}", 0)
        if scan.get(word, 0) != expected:
            wrong.append(f"{word}: {scan.get(word, 0)}, not {expected}")
    compare("total", truth["total"], scan["total"])
    for kind in ("source", "host"):
        for key in sorted(truth[kind].keys() | scan.get(kind, {}).keys()):
            compare(f"{kind} {key}", truth[kind].get(key, {}),
                    scan.get(kind, {}).get(key, {}))
    return wrong


def find_program(name):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    return shutil.which(name, path=path)


def tail_of(text):
    return text.decode(errors="replace").strip()[-500:]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true",
                        help="100,000 lines, 5 seconds: is it all right?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bin", type=Path, default=RELEASE / "bin",
                        help="where mailtally and mailtallyd are")
    parser.add_argument("--tools", type=Path,
                        default=RELEASE / "tests" / "bench",
                        help="where generate and measure are")
    args = parser.parse_args()
    args.bin, args.tools = args.bin.resolve(), args.tools.resolve()
    args.lines = 100_000 if args.quick else 1_000_000
    args.rounds = 3 if args.quick else 5
    args.values = 5_000 if args.quick else 10_000
    args.samples = 10 if args.quick else 50
    args.seconds = 5 if args.quick else 20
    return args


def main():
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="mailtally-bench-") as folder:
        bench = Bench(args, Path(folder))
        status = 0
        try:
            log, truth = bench.generate(args.lines)
            bench.check_counts(log, truth)
            bench.scan_against_wc(log)
            bench.peers()
            bench.memory(log)
            bench.daemon(log)
            bench.snmp()
        except (Failure, OSError) as failure:
            print(f"bench: {failure}", file=sys.stderr)
            status = 1
        bench.print_table()
    return status


if __name__ == "__main__":
    sys.exit(main())
