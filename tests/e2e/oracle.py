# SPDX-License-Identifier: ISC
"""What the agent has to serve, from a snapshot's text alone; and snapshots
made for tests.

Knows the MIB's layout and nothing of the agent's code but agent/columns.c,
the list of columns.
"""
import random
import re
import time
from datetime import datetime, timezone

from daemon import ROOT
from snmp import ROOT_OID, below

TOTALS, QUEUE, SHARES, HEALTH, SOURCES, HOSTS, DOMAINS, COUNTERS, INPUTS, \
    ALERTS = (ROOT_OID + (1, arc) for arc in range(1, 11))
SCOPES = {"total": 1, "source": 2, "host": 3, "domain": 4}
TABLES = {"source": SOURCES, "host": HOSTS, "domain": DOMAINS}
SHARE_ARCS = {("dkim_failures", 300): 1, ("dkim_failures", 3600): 2,
              ("spf_failures", 300): 3, ("spf_failures", 3600): 4,
              ("dmarc_failures", 300): 5, ("dmarc_failures", 3600): 6,
              ("dkim_unsigned", 300): 7, ("dkim_unsigned", 3600): 8}
STATES = {"clear": 2, "pending": 3, "raised": 4, "silenced": 5}
SEVERITIES = {"info": 2, "warning": 3, "critical": 4}
OWN_COUNTERS = 100000
# Scalars of mtHealth, all of them with instance 0.
(STATE, AGE, SNAPSHOT_TIME, COUNTING_SINCE, DISCONTINUITY, LAST_LINE_TIME,
 LAST_LINE_AGE, LAG, INPUT_COUNT, VERSION, REFUSED, SENT, DROPPED,
 SOURCE_ROWS, HOST_ROWS, DOMAIN_ROWS) = (
     HEALTH + (arc, 0) for arc in range(1, 17))
RUNNING, STALE, MISSING = 1, 2, 3


def columns():
    """kind -> numbers of the counters that have a column."""
    text = (ROOT / "agent/columns.c").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return {kind: [int(n) for n in re.findall(
        r"\b\d+\b", re.search(r"uint32_t %s\[\] = \{(.*?)\}" % kind, text,
                              re.S)[1])]
            for kind in TABLES}


def unescape(field):
    if field == b"-":
        return b""
    return re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), field)


def harmless(text):
    """Visible ASCII and blanks, at most 255."""
    return bytes(c if 32 <= c < 127 else ord("?") for c in text[:255])


def date_and_time(when):
    at = datetime.fromtimestamp(when, timezone.utc)
    return (at.year.to_bytes(2, "big")
            + bytes([at.month, at.day, at.hour, at.minute, at.second, 0])
            + b"+\0\0")


class Read:
    """A snapshot's text, taken apart without any of the project's code."""

    def __init__(self, text):
        self.counters, self.rows, self.inputs = {}, {}, {}
        self.shares, self.alerts, self.changes = {}, [], []
        self.ledger = 0
        for line in text.split(b"\n")[:-1]:
            kind, *fields = line.split(b" ")
            take = getattr(self, "_" + kind.decode("ascii", "replace"), None)
            if take:
                take(*fields)

    def _started(self, when):
        self.started = int(when)

    def _written(self, when):
        self.written = float(when)

    def _counter(self, number, name, unit, *_):
        self.counters[int(number)] = (name, unit)

    def _input(self, path, _dev, _ino, offset, _hash, _replay, lag,
               rotations):
        entry = self.inputs.setdefault(unescape(path), {"lag": 0})
        entry["offset"], entry["rotations"] = int(offset), int(rotations)
        entry["lag"] += int(lag)

    def _values(self, kind, index, pairs):
        values = self.rows[kind.decode(), int(index)][1]
        for pair in pairs:
            number, value = pair.split(b"=")
            values[int(number)] = values.get(int(number), 0) + int(value)

    def _row(self, kind, index, key, *pairs):
        self.rows[kind.decode(), int(index)] = (unescape(key), {})
        self._values(kind, index, pairs)

    def _step(self, _when, kind, index, *pairs):
        self._values(kind, index, pairs)

    def _ledger(self, when):
        self.ledger = int(when)

    def _share(self, name, scope, window, value):
        if scope == b"total":
            self.shares[name.decode(), int(window)] = int(
                value.replace(b".", b""))

    def _alert(self, name, key, state, since, value, threshold, severity,
               *text):
        self.alerts.append((name, unescape(key), state.decode(), int(since),
                            value, threshold, severity.decode(),
                            b" ".join(text)))

    # ---- what of it is served

    def is_gauge(self, number):
        return self.counters[number][0].startswith(b"queue.")

    def of_kind(self, kind):
        """(index, key, values), ascending."""
        return [(index, *self.rows[of, index])
                for of, index in sorted(self.rows) if of == kind]

    def total(self):
        return next((values for _, _, values in self.of_kind("total")), {})


def totals(read):
    total = read.total()
    for number in read.counters:
        if number < OWN_COUNTERS and not read.is_gauge(number):
            yield TOTALS + (number, 0), ("Counter64", total.get(number, 0))


def queue(read):
    for number, value in read.total().items():
        if number in read.counters and read.is_gauge(number):
            yield QUEUE + (number, 0), ("Gauge32", min(value, 2**32 - 1))


def shares(read):
    for what, value in read.shares.items():
        yield SHARES + (SHARE_ARCS[what], 0), ("Gauge32", value)


def tables(read):
    for kind, numbers in columns().items():
        for index, key, values in read.of_kind(kind):
            cell = TABLES[kind] + (1,)
            yield cell + (2, index), ("STRING", harmless(key))
            for number in numbers:
                if number in read.counters:
                    yield (cell + (number, index),
                           ("Counter64", values.get(number, 0)))


def counters(read):
    for kind, scope in SCOPES.items():
        for index, key, values in read.of_kind(kind):
            for number, value in values.items():
                if number not in read.counters:
                    continue
                name, unit = read.counters[number]
                is_gauge = read.is_gauge(number)
                if value == 0 and not is_gauge:
                    continue
                row = (scope, index, number)
                cell = COUNTERS + (1,)
                yield cell + (4, *row), ("STRING", harmless(key))
                yield cell + (5, *row), ("STRING", harmless(name))
                yield cell + (6, *row), ("STRING", harmless(unit))
                if is_gauge:
                    yield cell + (8, *row), ("Gauge32",
                                             min(value, 2**32 - 1))
                else:
                    yield cell + (7, *row), ("Counter64", value)


def _indexes(served, column, key_columns):
    """index of a table's rows by their texts, as they are served."""
    texts = {}
    for oid, (_, value) in served:
        if below(oid, column) and oid[len(column)] in key_columns:
            texts.setdefault(oid[-1], {})[oid[len(column)]] = value
    found = {tuple(by[c] for c in key_columns): index
             for index, by in texts.items()}
    assert len(found) == len(texts), "two rows of the same name"
    assert all(0 < index < 2**32 for index in texts)
    return found


def inputs(read, served):
    """Their indexes are of the agent's making: they are taken from what is
    served."""
    indexes = _indexes(served, INPUTS + (1,), (2,))
    for n, (path, entry) in enumerate(read.inputs.items()):
        index = indexes.get((harmless(path),), -n)  # never served: missing
        for column, value in ((2, ("STRING", harmless(path))),
                              (3, ("Counter64", entry["offset"])),
                              (4, ("Counter64", entry["lag"])),
                              (5, ("Counter64", entry["rotations"]))):
            yield INPUTS + (1, column, index), value


def alerts(read, served):
    indexes = _indexes(served, ALERTS + (1,), (2, 3))
    for n, (name, key, state, since, value, threshold, severity,
            text) in enumerate(read.alerts):
        index = indexes.get((harmless(name), harmless(key)), -n)
        for column, shown in (
                (2, ("STRING", harmless(name))),
                (3, ("STRING", harmless(key))),
                (4, ("INTEGER", STATES.get(state, 1))),
                (5, ("INTEGER", SEVERITIES.get(severity, 1))),
                (6, ("STRING", harmless(value))),
                (7, ("STRING", harmless(threshold))),
                (8, ("STRING", date_and_time(since))),
                (9, ("STRING", harmless(text)))):
            yield ALERTS + (1, column, index), shown


def expected(text, served):
    """{oid: value} of all but mtHealth, for the snapshot's text."""
    read = Read(text)
    found = {}
    for part in (totals(read), queue(read), shares(read), tables(read),
                 counters(read), inputs(read, served), alerts(read, served)):
        for oid, value in part:
            assert oid not in found
            found[oid] = value
    return found


def assert_served(text, served, at=None, state=RUNNING, health=True):
    """What a walk found is the snapshot, value by value, nothing more and
    nothing less; at: the time of the walk."""
    at = time.time() if at is None else at
    oids = [oid for oid, _ in served]
    assert oids == sorted(set(oids)), "not ascending"
    found = {oid: value for oid, value in served if not below(oid, HEALTH)}
    want = expected(text, served)
    wrong = [f"{oid}: {found.get(oid)}, not {want.get(oid)}"
             for oid in sorted(found.keys() | want.keys())
             if found.get(oid) != want.get(oid)]
    assert not wrong, f"{len(wrong)} objects differ: {wrong[:12]}"
    if health:
        assert_health(Read(text), {oid: value for oid, value in served
                                   if below(oid, HEALTH)}, at, state)


def assert_health(read, found, at, state=RUNNING):
    """mtHealth, while the snapshot is `read`; times within seconds."""
    version = re.search(r"^VERSION := (\S+)",
                        (ROOT / "Makefile").read_text(), re.M)[1].encode()
    lag = sum(entry["lag"] for entry in read.inputs.values())
    want = {
        STATE: ("INTEGER", state),
        AGE: ("Gauge32", at - read.written),
        SNAPSHOT_TIME: ("STRING", date_and_time(read.written)),
        COUNTING_SINCE: ("STRING", date_and_time(read.started)),
        LAG: ("Gauge32", min(lag, 2**32 - 1)),
        INPUT_COUNT: ("Gauge32", len(read.inputs)),
        VERSION: ("STRING", version),
        SOURCE_ROWS: ("Gauge32", len(read.of_kind("source"))),
        HOST_ROWS: ("Gauge32", len(read.of_kind("host"))),
        DOMAIN_ROWS: ("Gauge32", len(read.of_kind("domain"))),
    }
    if read.ledger:
        want[LAST_LINE_TIME] = ("STRING", date_and_time(read.ledger))
        want[LAST_LINE_AGE] = ("Gauge32", max(at - read.ledger, 0))
    for oid, (kind, value) in want.items():
        assert oid in found, f"{oid} is missing"
        assert found[oid][0] == kind, (oid, found[oid])
        if oid in (AGE, LAST_LINE_AGE):
            assert abs(found[oid][1] - value) <= 5, (found[oid], value)
        else:
            assert found[oid][1] == value, (oid, found[oid], value)
    assert found[DISCONTINUITY][0] == "Timeticks"
    for oid in (REFUSED, SENT, DROPPED):
        assert found[oid][0] == "Counter32"
    more = found.keys() - want.keys() - {DISCONTINUITY, REFUSED, SENT, DROPPED}
    assert not more, more


# ---- snapshots for tests --------------------------------------------------


def catalogue():
    """[(number, name, unit, meaning)] of the shipped counters."""
    found = []
    for line in (ROOT / "collector/rules.d/catalogue").read_text() \
            .splitlines():
        fields = line.split(" ", 4)
        if fields[0].isdigit():
            found.append((int(fields[0]), fields[1], fields[2], fields[4]))
    return found


def escape(text):
    if isinstance(text, str):
        text = text.encode()
    if text in (b"", b"-"):
        return b"%2D" if text else b"-"
    return b"".join(b"%%%02X" % c if c <= 32 or c in (0x25, 0x7f)
                    else bytes([c]) for c in text)


class Made:
    """A snapshot for a test: set the members, take text().

    rows: {(kind, index): (key, {number: value})}; steps: [(time, kind,
    index, {number: n})]; inputs: [(path, offset, lag, rotations)]; shares:
    [(name, window, "0.1234")]; alerts: [(name, key, state, since, value,
    threshold, severity, text)]; changes: [(number, time, name, key, word,
    value, threshold, severity, text)].  written None: now."""

    def __init__(self, started=None, written=None):
        self.started = int(time.time()) - 3600 if started is None else started
        self.written = written
        self.counters = catalogue()
        self.rows = {("total", 1): ("all", {})}
        self.inputs = [("/var/log/mail.log", 1000, 0, 0)]
        self.steps, self.shares, self.alerts, self.changes = [], [], [], []
        self.spoke, self.ledger = [], None
        self.version = 1

    def alert(self, name, key="all", state="raised", since=None, value="12",
              threshold="10", severity="warning", text="Too many"):
        """Sets this alert's state."""
        self.alerts = [a for a in self.alerts if a[:2] != (name, key)]
        self.alerts.append((name, key, state, int(since or time.time()),
                            value, threshold, severity, text))

    def change(self, name, key="all", word="raised", when=None, value="12",
               threshold="10", severity="warning", text="Too many",
               number=None):
        """Adds a change with the next number, and the alert's new state."""
        last = self.changes[-1][0] if self.changes else 0
        number = last + 1 if number is None else number
        when = int(when or time.time())
        self.changes.append((number, when, name, key, word, value, threshold,
                             severity, text))
        self.alert(name, key, "raised" if word == "raised" else "clear",
                   when, value, threshold, severity, text)

    def text(self):
        written = time.time() if self.written is None else self.written

        def join(*fields):
            return b" ".join(f if isinstance(f, bytes) else str(f).encode()
                             for f in fields)

        def pairs(values, equals):
            return [f"{number}{equals}{value}"
                    for number, value in sorted(values.items())]

        body = [join("started", self.started),
                join("written", f"{written:.6f}"), b"boot -"]
        body += [join("counter", *counter) for counter in self.counters]
        body += [join("input", escape(path), 1, 2, offset, "0" * 16, offset,
                      lag, rotations)
                 for path, offset, lag, rotations in self.inputs]
        body += [join("row", kind, index, escape(key), *pairs(values, "="))
                 for (kind, index), (key, values) in self.rows.items()]
        body += [join("step", when, kind, index, *pairs(values, "=+"))
                 for when, kind, index, values in sorted(
                     self.steps, key=lambda step: step[0])]
        body += [join("spoke", *entry) for entry in self.spoke]
        body += [join("ledger", self.ledger)] if self.ledger else []
        body += [join("share", name, "total", window, value)
                 for name, window, value in self.shares]
        for name, key, *rest in self.alerts:
            body.append(join("alert", name, escape(key), *rest).rstrip())
        for number, when, name, key, *rest in self.changes:
            body.append(join("change", number, when, name, escape(key),
                             *rest).rstrip())
        return b"\n".join([join("mailtally-snapshot", self.version), *body,
                           join("end", len(body)), b""])


def rich(scale=3, seed=1, every=1):
    """A snapshot with something of everything; every: with so few of the
    catalogue's counters."""
    chance = random.Random(seed)
    made = Made()
    made.counters = made.counters[::every]
    numbers = [number for number, *_ in made.counters]
    plain = [number for number, name, *_ in made.counters
             if not name.startswith("queue.")]
    made.counters.append((100007, "own.hello", "greeting", "A user's own"))

    def some(of, share=0.3, values=(1, 7, 2**32, 2**63, 12345)):
        return {number: chance.choice(values)
                for number in of if chance.random() < share}

    total = {**some(numbers, 0.7), 100007: 3, 1600: 0, 1601: 17, 1605: 1}
    made.rows["total", 1] = ("all", {
        number: value for number, value in total.items()
        if number in numbers + [100007] and number != 1605})  # not known
    for kind in TABLES:
        for n in range(scale):
            made.rows[kind, 1 + 3 * n * (n + 1)] = (
                f"{kind}-{n}.example.org", some(plain + [100007]))
    now = int(time.time()) // 60 * 60
    for when in (now, now + 60):
        for kind, index in made.rows:
            made.steps.append((when, kind, index,
                               some(plain, 0.1, (1, 2, 3000))))
    made.inputs = [("/var/log/mail.log", 123456, 0, 7),
                   ("/var/log/rspamd/rspamd.log", 2**40, 2**33, 0),
                   ("/var/log/mail.log", 99, 1, 8)]
    made.ledger = now - 7
    made.shares = [(name, window, f"0.{chance.randrange(10000):04}")
                   for name, window in SHARE_ARCS]
    for n, (state, severity) in enumerate(
            (("raised", "critical"), ("clear", "warning"),
             ("silenced", "info"), ("pending", "warning"),
             ("odd", "unheard"))):
        made.alert(f"alert-{n}", "all" if n else "mx1 odd%", state,
                   1795305600 + n, "12.5", "10", severity, f"Text {n}")
    return made
