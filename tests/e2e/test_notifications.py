# SPDX-License-Identifier: ISC
"""Each change of an alert is told, once, in order, with all that is known."""
import contextlib
import random
import signal
import socket
import time
from datetime import datetime, timezone

import pytest

import ber
import oracle
import snmp
from daemon import poll
from snmp import ROOT_OID

RAISED, CLEARED = ROOT_OID + (0, 1), ROOT_OID + (0, 2)
CHANGE = ROOT_OID + (1, 11)
WORDS = {RAISED: "raised", CLEARED: "cleared"}
SINK, SINK1 = 11180, 11181
BATCH = 10  # at most so many are told again after a crash
KINDS = (ber.GAUGE, ber.STRING, ber.STRING, ber.STRING, ber.INTEGER,
         ber.STRING, ber.STRING, ber.STRING)
SYSTEM = ((1, 3, 6, 1, 2, 1, 1, 3, 0), ber.TRAP_OID)


@pytest.fixture(scope="module", autouse=True)
def network():
    yield from snmp.network()


# ---- what is told ---------------------------------------------------------


def moment(octets):
    """Unix time of a DateAndTime."""
    assert len(octets) in (8, 11) and octets[8:] in (b"", b"+\0\0"), octets
    return int(datetime(int.from_bytes(octets[:2], "big"), *octets[2:7],
                        tzinfo=timezone.utc).timestamp())


def told(packets):
    """The notifications of ours: (number, time, name, key, word, value,
    threshold, severity, text)."""
    found = []
    for packet in packets:
        if not snmp.below(packet.trap):
            continue  # of snmpd itself
        assert packet.trap in WORDS, packet.trap
        bound = packet.varbinds
        if packet.kind != ber.TRAP1:
            assert tuple(name for name, _ in bound[:2]) == SYSTEM
            bound = bound[2:]
        assert [name for name, _ in bound] == [
            CHANGE + (arc, 0) for arc in range(1, 9)], bound
        assert tuple(value[0] for _, value in bound) == KINDS, bound
        number, when, name, key, severity, value, threshold, text = (
            value[1] for _, value in bound)
        found.append((number, moment(when), name, key, WORDS[packet.trap],
                      value, threshold, severity, text))
    return found


def as_told(change):
    """A change of oracle.Made, as it has to arrive."""
    number, when, name, key, word, value, threshold, severity, text = (
        field.encode() if isinstance(field, str) else field
        for field in change)
    return (number, when, *map(oracle.harmless, (name, key)), word.decode(),
            *map(oracle.harmless, (value, threshold)),
            oracle.SEVERITIES.get(severity.decode(), 1),
            oracle.harmless(text))


def numbers(packets):
    return [change[0] for change in told(packets)]


def pause(for_s):
    until = time.monotonic() + for_s
    poll(lambda: time.monotonic() > until, "some time", for_s + 1)


class Scene:
    """snmpd with a sink, the agent, and the collector's part of it."""

    def __init__(self, place, sink):
        self.place, self.sink = place, sink
        self.client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.nudged = 0
        self.made = oracle.Made()
        self.master = self.agent = None

    def publish(self):
        self.place.publish(self.made)

    def change(self, count=1, alerts=3):
        """Alerts go to and fro; published at once."""
        for _ in range(count):
            number = len(self.made.changes)
            self.made.change(f"alert-{number % alerts}", f"key {number % 2}",
                             "cleared" if number // alerts % 2 else "raised",
                             value=str(number), text=f"Text {number}")
        self.publish()

    def nudge(self):
        """A request makes the agent look at the snapshot; its answer is not
        waited for."""
        if time.monotonic() > self.nudged + 0.05:
            self.nudged = time.monotonic()
            for port in (snmp.MASTER, snmp.STANDALONE):
                self.client.sendto(ber.request(ber.GET, [snmp.STATE]),
                                   ("127.0.0.1", port))

    def count(self):
        """Notifications of ours that have come."""
        return len([packet for packet in self.sink.received()
                    if snmp.below(packet.trap)])

    def wait_for(self, count, timeout_s=20):
        def are_there():
            self.nudge()
            return self.count() >= count
        poll(are_there, f"{count} notifications", timeout_s, self.agent)

    def all_told(self, timeout_s=20, packets=None):
        """Until each change has arrived at least once; what has arrived."""
        packets = packets or self.sink.received
        missing = {change[0] for change in self.made.changes}
        at = 0

        def nothing_missing():
            nonlocal at
            self.nudge()
            found = packets()
            missing.difference_update(numbers(found[at:]))
            at = len(found)
            return not missing
        try:
            poll(nothing_missing, "all changes", timeout_s, self.agent)
        except AssertionError as error:
            raise AssertionError(f"{error}; {len(missing)} missing: "
                                 f"{sorted(missing)[:20]}") from None
        return told(packets())

    def nothing_more(self, count=None):
        """No notification beside those that came, though the agent has looked
        at the snapshot twice."""
        count = self.count() if count is None else count
        until = time.monotonic() + 0.5

        def is_over():
            self.nudge()
            return time.monotonic() > until
        poll(is_over, "some time")
        assert self.count() == count, told(self.sink.received())[count:]

    def assert_once(self):
        """All, in order, right, none twice."""
        expected = [as_told(change) for change in self.made.changes]
        found = self.all_told()
        assert found == expected
        self.nothing_more(len(expected))

    def assert_again(self, breaks):
        """At least once each; told again at most the last batch, at most so
        often, always in order."""
        found = self.all_told()
        backs = [(a[0], b[0]) for a, b in zip(found, found[1:])
                 if b[0] != a[0] + 1]
        assert all(to <= at and at - to < BATCH for at, to in backs), backs
        assert len(backs) <= breaks, backs
        by_number = {change[0]: as_told(change)
                     for change in self.made.changes}
        assert all(change == by_number[change[0]] for change in found)

    def value(self, oid):
        return self.agent.client().value(oid)


@contextlib.contextmanager
def scene(conf=f"trap2sink 127.0.0.1:{SINK} public", start=True):
    """The agent knows an empty list of changes, if it is started."""
    with snmp.Place() as place, ber.Receiver(SINK) as sink:
        made = Scene(place, sink)
        made.master = place.master(conf).start()
        made.agent = place.agent()
        made.publish()
        if start:
            made.agent.start()
            wait_file(made)
        yield made


def told_file(made, name="told"):
    return made.place.state / "agent" / name


def wait_file(made, name="told"):
    poll(told_file(made, name).exists, "the file of what is told", 10, made.agent)


# ---- what arrives ---------------------------------------------------------


CASES = (
    dict(name="dkim-signing-stopped", key="example.org", severity="critical",
         value="0", threshold="1", text="No message was signed: since 10:00"),
    dict(name="spf-failures", key="all", severity="warning", value="12.5",
         threshold="10", text="SPF failures: 12.5 %"),
    dict(name="spf-failures", key="all", word="cleared", severity="warning",
         value="3", threshold="10", text=""),
    dict(name="odd", key="a key % of blanks", severity="unheard-of",
         value="-1", threshold="1e9", text="x" * 255),
    dict(name="note", key="", severity="info", value="0", threshold="0",
         text="y", when=4102444800),
    dict(name="dkim-signing-stopped", key="example.org", word="cleared",
         severity="critical", value="7", threshold="1", text="Signs again"),
)


def of_trapd(received):
    """The same as told(), from what snmptrapd has written."""
    found = []
    for bound in received:
        of = bound.get(ber.TRAP_OID, (None, ()))[1]
        if of not in WORDS:
            continue
        assert len(bound) == 10
        number, when, name, key, severity, value, threshold, text = (
            bound[CHANGE + (arc, 0)][1] for arc in range(1, 9))
        found.append((number, moment(when), name, key, WORDS[of], value,
                      threshold, severity, text))
    return found


def test_each_change_arrives_once_as_v1_trap_v2c_trap_and_inform():
    with ber.Receiver(SINK1) as sink1, scene(
            f"trap2sink 127.0.0.1:{SINK} public\n"
            f"trapsink 127.0.0.1:{SINK1} public\n"
            f"informsink 127.0.0.1:{snmp.TRAPS} public") as made:
        trapd = made.place.traps().start()
        for case in CASES:
            made.made.change(**case)
        made.publish()
        made.assert_once()
        expected = [as_told(change) for change in made.made.changes]
        assert made.all_told(packets=sink1.received) == expected
        assert all(packet.version == ber.V1 and packet.kind == ber.TRAP1
                   for packet in sink1.received())
        assert all(packet.version == ber.V2C and packet.kind == ber.TRAP2
                   for packet in made.sink.received())
        informed = poll(lambda: len(of_trapd(trapd.received())) >= len(CASES)
                        and of_trapd(trapd.received()), "the informs")
        assert informed == expected
        assert made.value(oracle.SENT) == len(CASES)
        assert made.value(oracle.DROPPED) == 0


def test_two_snapshots_tell_only_what_is_new():
    with scene() as made:
        for _ in range(4):
            made.change(3)
            made.all_told()
        made.change(0)
        made.assert_once()


def test_a_change_may_have_only_its_first_fields():
    with scene() as made:
        made.made.change("short", value="", threshold="", severity="",
                         text="", when=1795305600)
        made.made.alerts = []
        assert b"\nchange 1 1795305600 short all raised\n" in made.made.text()
        made.publish()
        assert made.all_told() == [(1, 1795305600, b"short", b"all", "raised",
                                    b"", b"", 1, b"")]


HOSTILE = bytes(range(1, 10)) + bytes(range(11, 256)) + b"\x1b]0;x\x07" * 700


def test_hostile_texts_arrive_harmless():
    with scene(f"trap2sink 127.0.0.1:{SINK} public\n"
               f"trap2sink 127.0.0.1:{snmp.TRAPS} public") as made:
        trapd = made.place.traps().start()
        assert len(HOSTILE) > 4096
        odd = b"\x1b[2J\xff%n%s$(id)`id`"
        made.made.change(b"odd", text=b"begin " + HOSTILE)
        made.made.change(b"odd-" + odd, key=odd + HOSTILE[:99], value=odd,
                         threshold=odd, text=b"\xc3\xa4 \xe2\x80\xae abc")
        made.made.change("odd", key="k" * 300, text="z" * 4096,
                         value="1" * 300, threshold="2" * 300)
        made.publish()
        made.assert_once()
        poll(lambda: len(of_trapd(trapd.received())) >= 3, "snmptrapd")
        shown = trapd.log.read_bytes()
        assert all(byte in b"\t\n" or 32 <= byte < 127 for byte in shown)
        assert made.agent.is_alive()


# ---- the agent goes and comes ---------------------------------------------


def test_the_first_start_tells_only_what_is_raised_now():
    with scene(start=False) as made:
        made.made.change("old", text="gone")
        made.made.change("old", word="cleared")
        made.made.change("lasting", "a", text="still", severity="critical")
        made.made.alert("quiet", state="silenced")
        made.made.alert("soon", state="pending")
        made.publish()
        made.agent.start()
        made.wait_for(1)
        made.nothing_more()
        found = told(made.sink.received())
        assert ("lasting", "raised") in [
            (change[2].decode(), change[4]) for change in found]
        assert all(change[2] in (b"lasting", b"quiet")
                   and change[4] == "raised" for change in found), found
        number, when, *rest = next(change for change in found
                                   if change[2] == b"lasting")
        assert (when, *rest) == as_told(made.made.changes[2])[1:]
        made.change()
        made.wait_for(len(found) + 1)
        assert told(made.sink.received())[len(found):] == [
            as_told(made.made.changes[-1])]


def test_nothing_is_told_twice_when_the_agent_is_restarted():
    with scene() as made:
        for _ in range(3):
            made.change(4)
            made.all_told()
            assert made.agent.terminate(5) == 0
            made.change(4)
            made.agent.start()
        made.assert_once()


def test_nothing_is_told_twice_when_the_agent_is_stopped_in_a_burst():
    with scene() as made:
        made.change(4000)
        made.wait_for(100)
        assert made.agent.terminate(5) == 0
        assert made.count() < 4000, "ended too late"
        made.agent.start()
        made.assert_once()


def test_killed_at_random_moments_the_agent_tells_all_at_least_once():
    chance, kills = random.Random(8), 5
    with scene() as made:
        for _ in range(kills):
            until = time.monotonic() + chance.uniform(0.15, 0.6)
            while time.monotonic() < until:
                made.change(chance.randrange(1, 40))
                pause(chance.uniform(0, 0.05))
            made.agent.kill()
            made.change(2)
            made.agent.start(wait=False)
        made.assert_again(kills)


@pytest.mark.parametrize("content", [b"", b"\0\xff" * 500], ids=len)
def test_a_damaged_file_is_a_first_start(content):
    with scene() as made:
        made.change(2)
        made.made.change("lasting")
        made.publish()
        made.all_told()
        assert made.agent.terminate(5) == 0
        seen = made.count()
        told_file(made).write_bytes(content)
        made.agent.start()
        made.wait_for(seen + 1)
        made.nothing_more()
        again = told(made.sink.received())[seen:]
        raised = {(name.encode(), key.encode()) for name, key, state, *_
                  in made.made.alerts if state == "raised"}
        assert {change[2:4] for change in again} == raised
        assert len(again) == len(raised)
        assert made.agent.said().count(str(told_file(made))) == 1
        seen += len(again)
        made.change()
        made.wait_for(seen + 1)
        assert told(made.sink.received())[seen:] == [
            as_told(made.made.changes[-1])]


# ---- snmpd goes and comes -------------------------------------------------


def test_nothing_is_lost_when_snmpd_is_restarted():
    with scene() as made:
        for signo in (signal.SIGTERM, signal.SIGKILL):
            for _ in range(10):
                made.change(3)
                pause(0.03)
            made.master.signal(signo)
            made.change(5)
            made.master.process.wait(10)
            made.change(5)
            made.master.start()
        made.assert_again(2)
        assert made.value(oracle.DROPPED) == 0


def test_what_a_dead_snmpd_had_not_read_is_told_again():
    with scene() as made:
        made.change(3)
        made.all_told()
        made.master.signal(signal.SIGSTOP)
        made.change(5)
        pause(2.5)  # the agent looks once a second, and sends them
        made.master.kill()
        made.master.start()
        made.assert_once()


def test_changes_without_snmpd_are_told_afterwards():
    with scene() as made:
        made.change(5)
        made.all_told()
        assert made.master.terminate() == 0
        for _ in range(5):
            made.change(5)
            pause(0.3)
        made.master.start()
        made.assert_once()


def test_a_snmpd_that_hangs_gets_all_later():
    with scene() as made:
        made.change(4000)
        made.wait_for(20)
        made.master.signal(signal.SIGSTOP)
        assert made.count() < 4000, "stopped too late"
        began = time.monotonic()
        while time.monotonic() < began + 2:
            made.change(2)
            pause(0.1)
        made.master.signal(signal.SIGCONT)
        made.assert_again(3)
        made.agent.wait_ready()


# ---- many -----------------------------------------------------------------


def ask(port, oid, timeout_s=5):
    """How long a GET takes that must be answered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout_s)
        began = time.monotonic()
        client.sendto(ber.request(ber.GET, [oid]), ("127.0.0.1", port))
        answer = ber.Packet(client.recv(1 << 16))
        assert answer.error == 0 and answer.varbinds[0][0] == oid
        return time.monotonic() - began


def test_5000_changes_at_once_leave_snmpd_free_to_answer():
    with scene() as made:
        made.change(5000)
        waits, count = [], 0
        until = time.monotonic() + 60
        while count < 5000:
            assert time.monotonic() < until, f"{count} told"
            for oid in (snmp.UPTIME, oracle.STATE):
                waits.append(ask(snmp.MASTER, oid))
            count = len(made.sink.received()) - 1  # snmpd's own is the first
        assert max(waits) < 2, max(waits)
        assert len(waits) > 20
        print(f"{len(waits)} requests answered, the slowest in "
              f"{max(waits) * 1000:.1f} ms")
        assert made.all_told() == [as_told(c) for c in made.made.changes]
        assert made.value(oracle.SENT) == 5000
        assert made.value(oracle.DROPPED) == 0


# ---- gaps -----------------------------------------------------------------


def present_state(made, action, timeout_s=10):
    """What is told behind the action, as {(name, key): word}."""
    before = made.count()
    action()
    made.wait_for(before + 1, timeout_s)
    made.nothing_more()
    return told(made.sink.received())[before:]


def with_state(made, now):
    made.made.changes, made.made.alerts = [], []
    for name, state, since in (
            ("up", "raised", now + 20), ("down", "clear", now + 20),
            ("quiet", "silenced", now + 20), ("soon", "pending", now + 20),
            ("before", "raised", now - 99), ("past", "clear", now - 99)):
        made.made.alert(name, state=state, since=since)


def assert_state(found):
    words = {(change[2].decode(), change[4]) for change in found}
    assert words == {("up", "raised"), ("quiet", "raised"),
                     ("down", "cleared"), ("soon", "cleared")}
    assert len(found) == len(words)


@pytest.mark.parametrize("is_running", [True, False])
def test_a_gap_is_counted_and_the_present_state_told(is_running):
    with scene() as made:
        now = int(time.time())
        for n in range(5):
            made.made.change("first", key=str(n), when=now)
        made.publish()
        made.all_told()
        if not is_running:
            assert made.agent.terminate(5) == 0
        with_state(made, now)
        for n in range(3):
            made.made.changes.append((
                1000 + n, now + 20, "late", "all", "raised", "1", "2",
                "info", "x"))

        def go_on():
            made.publish()
            if not is_running:
                made.agent.start()
        assert_state(present_state(made, go_on))
        assert made.value(oracle.DROPPED) == 994
        made.made.changes.append((1003, now + 30, "next", "all", "raised",
                                  "1", "2", "info", "x"))
        assert [change[2] for change in present_state(made, made.publish)
                ] == [b"next"]


def test_numbers_that_begin_again_are_a_gap():
    with scene() as made:
        now = int(time.time())
        for n in range(50):
            made.made.change("first", key=str(n), when=now)
        made.publish()
        made.all_told()
        with_state(made, now)
        made.made.changes = [(1, now + 20, "up", "all", "raised", "1", "2",
                              "info", "x")]
        found = present_state(made, made.publish)
        assert_state(found)
        made.made.changes.append((2, now + 30, "next", "all", "raised", "1",
                                  "2", "info", "x"))
        assert [change[2] for change in present_state(made, made.publish)
                ] == [b"next"]


# ---- without snmpd --------------------------------------------------------


def test_standalone_the_agent_tells_its_own_sinks():
    with snmp.Place(f'community = "public" sinks = {{ "127.0.0.1:{SINK}", '
                    f'"127.0.0.1:{SINK1}" }}') as place, \
            ber.Receiver(SINK) as sink, ber.Receiver(SINK1) as sink1:
        made = Scene(place, sink)
        made.publish()
        made.agent = place.agent(standalone=True).start()
        wait_file(made, "told.standalone")
        for case in CASES:
            made.made.change(**case)
        made.publish()
        made.assert_once()
        assert made.all_told(packets=sink1.received) == [
            as_told(change) for change in made.made.changes]
        assert made.agent.terminate(5) == 0
        made.change(300)
        made.agent.start()
        made.assert_once()
        assert made.value(oracle.SENT) == 300
