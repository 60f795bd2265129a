# SPDX-License-Identifier: ISC
"""How fast the agent answers: values per second, memory, new snapshots.

Everything runs on the loopback device of a network of its own, which takes
root. One snmpd has a subagent for each number of rows, and beside them the
least that a subagent can be (snmp/bare.c) and a stock table of snmpd's own;
rounds over all of them alternate, and ratios are taken within a round. All
run on one core: a request goes from one to the next and back, and where the
scheduler puts them is half of what one would measure.

usage: walks.py BIN TOOLS FOLDER ROUNDS VALUES      inside that network; JSON
"""
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (50, 1_000, 10_000)
LARGEST = SIZES[-1]
PLAYPEN = "1.3.6.1.4.1.8072.9999.9999"
STANDARD = f"{PLAYPEN}.25"          # the agent's root unless told otherwise
ENTRY = "1.7.1"                     # mtDomainEntry
COLUMNS = (110, 111, 112, 400, 401, 501)
STOCK = "1.3.6.1.2.1.25.6.3.1.2"    # hrSWInstalledName
COMMUNITY = "bench"
SNMPD_PORT = 11161
# Name, GETBULK's repetitions (0: GETNEXT), columns in one request.
WALKS = (("GETNEXT", 0, 1), ("bulk 10", 10, 1), ("bulk 50", 50, 1),
         ("bulk 10 × 6", 10, 6))
ENV = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC",
       "MIBS": "", "MIBDIRS": "/dev/null"}


class Failure(Exception):
    pass


def progress(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


# ---- what the bench asks for ------------------------------------------


def why_not():
    """Why this cannot be measured here, or None."""
    if os.geteuid() != 0:
        return "needs root, for a network of its own"
    missing = [name for name in ("snmpd", "unshare", "ip")
               if not shutil.which(name, path=ENV["PATH"])]
    if missing:
        return "not installed: " + ", ".join(missing)
    done = subprocess.run(["unshare", "-n", "true"], capture_output=True,
                          text=True)
    return done.stderr.strip() or None if done.returncode else None


def measure(bench, rounds, values):
    """Rows for the table of the bench."""
    folder = bench.folder / "snmp"
    folder.mkdir()
    done = subprocess.run(
        ["unshare", "-n", "-p", "-f", "--mount-proc", "--kill-child=SIGKILL",
         sys.executable, __file__, bench.args.bin, bench.args.tools, folder,
         str(rounds), str(values)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failure(f"walks.py: status {done.returncode}")
    found = json.loads(done.stdout)
    for name, rate in found["rates"].items():
        progress(f"{name}: {rate:,.0f} values/s")
    for name, ratio in found["against_bare"].items():
        bench.row(f"AgentX, {LARGEST} rows, {name}, against bare subagent",
                  ratio, "×", 0.8, 1, True)
    for role, ratio in found["linear"].items():
        bench.row(f"{role}, rate at 10,000 rows against 1,000", ratio, "×",
                  0.8, 1, True)
    bench.row("standalone, 1000 rows, bulk 10, against a table of snmpd",
              found["against_stock"], "×", 0.8, 1, True)
    bench.row(f"agent's memory, {LARGEST} rows", found["rss_mib"], "MiB",
              64, 32)
    bench.row(f"the same, grown by {found['read']} values",
              found["grown_mib"], "MiB", 1, 0)
    bench.row(f"a new snapshot of {LARGEST} rows, CPU", found["take_in_ms"],
              "ms", 100, 30)


# ---- inside the network -----------------------------------------------


def counters():
    """The catalogue's lines as the snapshot has them."""
    text = (ROOT / "collector" / "rules.d" / "catalogue").read_text()
    for line in text.splitlines():
        if line[:1].isdigit():
            number, name, unit, _, meaning = line.split(" ", 4)
            yield f"counter {number} {name} {unit} {meaning}"


class Snapshot:
    """Domain rows, each with a value in each column, and replaced whole."""

    def __init__(self, folder, rows):
        self.path = folder / "snapshot"
        self.rows = rows
        self.time = 0
        self.head = list(counters())
        self.write()

    def write(self):
        self.time += 1
        now = time.time()
        lines = [f"started {int(now) - 86400}", f"written {now:.6f}",
                 "boot bench", *self.head,
                 f"row total 1 all 110={self.time}"]
        for i in range(1, self.rows + 1):
            cells = " ".join(f"{number}={self.time * i + number}"
                             for number in COLUMNS)
            lines.append(f"row domain {i} d{i}.example.org {cells}")
        text = "\n".join(["mailtally-snapshot 1", *lines,
                          f"end {len(lines)}", ""])
        new = self.path.with_suffix(".new")
        new.write_text(text)
        new.rename(self.path)


class Program:
    """A program that runs until the end, and what it has used."""

    def __init__(self, log, *command):
        self.log = log
        self.process = subprocess.Popen(
            [str(word) for word in command], env=ENV, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=open(log, "wb"),
            stderr=subprocess.STDOUT)

    def check(self):
        if self.process.poll() is not None:
            raise Failure(f"{self.process.args[0]}: status "
                          f"{self.process.returncode}: "
                          f"{self.log.read_text(errors='replace')[-500:]}")

    def cpu_s(self):
        path = Path(f"/proc/{self.process.pid}/schedstat")
        return int(path.read_text().split()[0]) / 1e9

    def rss_mib(self):
        for line in Path(f"/proc/{self.process.pid}/status").open():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise Failure("no VmRSS")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Target:
    """A table, and where it is read."""

    def __init__(self, name, port, root):
        self.name, self.port, self.root = name, port, root

    def columns(self, count):
        return [f"{self.root}.{ENTRY}.{column}" for column in COLUMNS[:count]]


class Stock(Target):
    def columns(self, count):
        return [STOCK] if count == 1 else []


class Lab:
    def __init__(self, binaries, tools, folder):
        self.agent, self.tools, self.folder = \
            binaries / "mailtally-agent", tools, folder
        self.socket = f"unix:{folder}/agentx"
        self.programs = []
        self.snapshots = {}

    def start(self, name, *command):
        program = Program(self.folder / f"{name}.log", *command)
        self.programs.append(program)
        return program

    def start_snmpd(self):
        conf = self.folder / "snmpd.conf"
        conf.write_text(
            f"agentAddress udp:127.0.0.1:{SNMPD_PORT}\n"
            f"rocommunity {COMMUNITY} 127.0.0.1\n"
            f"master agentx\nagentXSocket {self.socket}\n"
            "dontLogTCPWrappersConnects yes\nsmuxsocket 127.0.0.1:11199\n")
        ENV["SNMP_PERSISTENT_DIR"] = str(self.folder / "snmpd")
        ENV["SNMPCONFPATH"] = str(self.folder)
        self.start("snmpd", "snmpd", "-f", "-C", "-c", conf, "-Lo")
        wait_for(lambda: (self.folder / "agentx").exists(), "snmpd")

    def configure(self, name, rows):
        """A configuration for an agent of so many rows."""
        folder = self.folder / name
        for path in (folder, folder / "run", folder / "state"):
            path.mkdir()
        self.snapshots[name] = Snapshot(folder / "run", rows)
        conf = folder / "mailtally.conf"
        conf.write_text(
            f'state_dir = "{folder}/state"\nrun_dir = "{folder}/run"\n'
            f'input "{folder}/mail.log" {{ }}\n'
            f'snmp {{ socket = "{self.socket}" community = "{COMMUNITY}" }}\n')
        return conf

    def targets(self):
        """Starts everything that is measured."""
        self.start_snmpd()
        root = f"{PLAYPEN}.26"
        self.start("bare", self.tools / "snmp" / "bare", self.socket,
                   f"{root}.{ENTRY}", LARGEST)
        found = [Target("bare", SNMPD_PORT, root),
                 Stock("stock table of snmpd", SNMPD_PORT, None)]
        for i, rows in enumerate(SIZES):
            name, root = f"AgentX {rows}", f"{PLAYPEN}.{27 + i}"
            self.start(name, self.agent, "-c", self.configure(name, rows),
                       "--root", root)
            found.append(Target(name, SNMPD_PORT, root))
            name, port = f"standalone {rows}", SNMPD_PORT + 1 + i
            self.start(name, self.agent, "-c", self.configure(name, rows),
                       "--standalone", f"127.0.0.1:{port}")
            found.append(Target(name, port, STANDARD))
        for target in found:
            wait_for(lambda: self.walks(target, WALKS[1], 1), target.name,
                     self.programs)
        return found

    def walks(self, target, how, values):
        """What walk says of one target, None where it cannot."""
        _, repetitions, columns = how
        command = [self.tools / "snmp" / "walk", f"127.0.0.1:{target.port}",
                   COMMUNITY, str(repetitions), str(values),
                   *target.columns(columns)]
        done = subprocess.run(command, env=ENV, capture_output=True, text=True)
        self.why = done.stderr
        return json.loads(done.stdout) if done.returncode == 0 else None

    def rate(self, target, how, values):
        if not target.columns(how[2]):
            return None
        found = self.walks(target, how, values)
        if not found:
            raise Failure(f"{target.name}, {how[0]}: {self.why}")
        words = target.name.split()
        if words[-1].isdigit() and found["rows"] != int(words[-1]):
            raise Failure(f"{target.name}: {found['rows']} rows")
        return found["rate"]

    def stop(self):
        for program in reversed(self.programs):
            program.stop()


def wait_for(what, name, programs=(), timeout_s=30):
    deadline = time.monotonic() + timeout_s
    while not what():
        for program in programs:
            program.check()
        if time.monotonic() > deadline:
            raise Failure(f"{name} does not answer after {timeout_s} s")
        time.sleep(0.05)


def rates(lab, targets, rounds, values):
    """A dictionary (target, walk) of each round."""
    found = []
    for i in range(rounds):
        progress(f"SNMP, round {i + 1} of {rounds}")
        found.append({(target.name, how[0]): lab.rate(target, how, values)
                      for how in WALKS for target in targets})
    return found


def ratio(found, how, above, below):
    return statistics.median(one[above, how] / one[below, how]
                             for one in found)


def take_in_ms(program, snapshot, seconds):
    """CPU of a new snapshot a second, less that of none."""
    used = []
    for writes in (False, True):
        before = program.cpu_s()
        for _ in range(seconds):
            if writes:
                snapshot.write()
            time.sleep(1)
        used.append(program.cpu_s() - before)
    return 1000 * (used[1] - used[0]) / seconds


def inside(binaries, tools, folder, rounds, values):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    lab = Lab(binaries, tools, folder)
    largest = f"AgentX {LARGEST}"
    try:
        targets = lab.targets()
        found = rates(lab, targets, rounds, values)
        program = next(one for one in lab.programs
                       if one.log.name == f"{largest}.log")
        target = next(one for one in targets if one.name == largest)
        before = program.rss_mib()
        read = lab.walks(target, WALKS[3], 300_000)["values"]
        after = program.rss_mib()
        seconds = 5 if rounds < 5 else 10
        progress(f"a new snapshot of {LARGEST} rows a second, {seconds} s")
        cost = take_in_ms(program, lab.snapshots[largest], seconds)
    finally:
        lab.stop()
    one_column = WALKS[1][0]
    return {
        "rates": {f"{name}, {how}": statistics.median(one[name, how]
                                                      for one in found)
                  for name, how in found[0] if found[0][name, how]},
        "against_bare": {how[0]: ratio(found, how[0], largest, "bare")
                         for how in WALKS},
        "against_stock": ratio(found, one_column, f"standalone {SIZES[1]}",
                               "stock table of snmpd"),
        "linear": {role: ratio(found, one_column, f"{role} {LARGEST}",
                               f"{role} {SIZES[1]}")
                   for role in ("AgentX", "standalone")},
        "rss_mib": before, "read": read, "grown_mib": max(0, after - before),
        "take_in_ms": cost,
    }


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    binaries, tools, folder = (Path(path) for path in sys.argv[1:4])
    try:
        print(json.dumps(inside(binaries, tools, folder,
                                int(sys.argv[4]), int(sys.argv[5]))))
    except (Failure, OSError) as failure:
        sys.exit(f"walks.py: {failure}")


if __name__ == "__main__":
    main()
