# SPDX-License-Identifier: ISC
"""The agent behind a real snmpd: what is served is the snapshot, and nothing
that happens to snmpd, to the collector or to the snapshot changes that."""
import bisect
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
import oracle
import snmp
from daemon import BIN, Daemon, poll
from snmp import ROOT_OID, Place, SnmpError, below

# What a second look need not find the same.
MOVING = {oracle.AGE, oracle.LAST_LINE_AGE, oracle.SNAPSHOT_TIME}
# These wait more than they work.
UNSANITIZED = pytest.mark.skipif(os.environ.get("MODE") == "asan",
                                 reason="built with sanitizers")
BACK_S = 5  # until all is served again once snmpd answers


@pytest.fixture(scope="module", autouse=True)
def network():
    yield from snmp.network()


@pytest.fixture
def place():
    with Place() as made:
        yield made


@pytest.fixture
def served(place):
    """A place with all running and a rich snapshot."""
    place.publish(oracle.rich(2))
    place.snmpd = place.master().start()
    place.one = place.agent().start()
    yield place


def steady(walked):
    return [entry for entry in walked if entry[0] not in MOVING]


def passes(seconds):
    """Some time in which things could go wrong."""
    end = time.monotonic() + seconds
    poll(lambda: time.monotonic() > end, "time", seconds + 5)


def looks(place, count=3):
    """So many looks of the agent at the snapshot: each request makes one, at
    most every 200 ms."""
    for _ in range(count):
        passes(0.21)
        assert place.client().value(oracle.STATE)


def settle(place):
    """The agent looks at the snapshot once in 200 ms."""
    poll(lambda: time.time() > 0.25
         + (place.run / "snapshot").stat().st_mtime, "the agent's look")


def assert_serves(place, **how):
    settle(place)
    walked = place.client().walk()
    oracle.assert_served(place.snapshot(), walked, **how)
    return walked


def collector(place, **how):
    return Daemon(place.folder, run=place.run, state=place.state,
                  conf=place.snmp_conf(), **how)


def assert_equals(place, tally):
    """With the collector held for a moment: all is the last snapshot."""
    tally.signal(signal.SIGSTOP)
    try:
        return assert_serves(place)
    finally:
        tally.signal(signal.SIGCONT)


# ---- the tree -------------------------------------------------------------


def test_the_tree_is_what_the_collector_counted(place):
    pool = [rest for _, rest in daemon.generated(place.folder, 4000, 11)]
    with collector(place) as tally:
        place.master().start()
        agent = place.agent()
        number = 0

        def write(count):
            nonlocal number
            with open(tally.log, "ab") as log:
                for rest in pool[number:number + count]:
                    log.write(daemon.stamp(time.time()) + rest)
            number += count
            tally.wait(number)

        tally.log.touch()
        tally.start()
        write(1500)
        agent.start()
        first = dict(assert_equals(place, tally))
        write(2500)
        second = dict(assert_equals(place, tally))
        assert len(second) > len(first) > 500
        lines = oracle.TOTALS + (1700, 0)
        assert first[lines] == ("Counter64", 1500)
        assert second[lines] == ("Counter64", 4000)
        tally.terminate()


def test_rows_come_and_go_with_the_snapshot(served):
    made = oracle.rich(3, 2)
    served.publish(made)
    many = dict(assert_serves(served))
    for kind in ("source", "host", "domain"):
        made.rows = {of: row for of, row in made.rows.items()
                     if of[0] != kind or of[1] > 7}
    made.steps, made.shares, made.alerts = [], [], []
    made.inputs = [("/var/log/other.log", 1, 2, 3)]
    made.counters = [counter for counter in made.counters
                     if not counter[1].startswith("spf.")]
    served.publish(made)
    few = dict(assert_serves(served))
    assert len(few) < len(many)
    assert not any(below(oid, oracle.ALERTS) for oid in few)
    assert not any(below(oid, oracle.TOTALS + (400,)) for oid in few)
    served.publish(oracle.rich(3, 2))
    assert dict(assert_serves(served)).keys() == many.keys()


@UNSANITIZED
def test_a_row_keeps_its_index(served):
    """Of inputs and alerts, whose index is made from their names."""
    def indexes():
        return {value: oid[-1] for oid, (_, value) in served.client().walk()
                if below(oid, oracle.INPUTS + (1, 2))
                or below(oid, oracle.ALERTS + (1, 2))}
    before = indexes()
    made = oracle.rich()
    made.inputs = [("/a", 1, 1, 1), ("/z", 1, 1, 1)] + made.inputs[::-1]
    made.alerts = made.alerts[::-1][1:]
    served.publish(made)
    settle(served)
    served.one.kill()
    served.one.start()
    after = indexes()
    assert len(after) >= 6
    assert all(before[name] == index for name, index in after.items()
               if name not in (b"/a", b"/z"))


def test_the_greatest_indexes(served):
    # net-snmp 5.9 reads a number of AgentX as one with a sign.
    made = oracle.rich(1)
    for kind in ("source", "host", "domain"):
        for index in (2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1):
            made.rows[kind, index] = (f"{kind}-{index}", {110: index})
    served.publish(made)
    walked = assert_serves(served)
    client = served.client()
    assert steady(client.get(*[oid for oid, _ in walked])) == steady(walked)
    assert steady(client.bulkwalk()) == steady(walked)


def test_hostile_names(served):
    made = oracle.Made()
    values = {110: 1}
    for index, key in enumerate((
            b"a b", b"-", b"", b"\x1b[2J\x07", b"%s%n", b'quo"te\\',
            bytes(range(128, 256)), b"x" * 300, b"\xc3\xa9.example.org",
            b"x" * 255 + b"\n", b"1.3.6.1 = STRING: "), 1):
        made.rows["domain", index] = (key, values)
    made.rows["domain", 2**32 - 1] = ("last", values)
    made.inputs = [("/var/log/a mail\t.log", 1, 2, 3), (b"/\xff" * 200, 4, 5,
                                                       6)]
    made.alert("hostile", b"\x00a\x7f\xff b".replace(b"\0", b""), text=(
        b"\xff\x1b[31m" + b"y" * 300))
    served.publish(made)
    walked = assert_serves(served)
    for oid, (kind, value) in walked:
        if kind == "STRING" and not below(oid, oracle.HEALTH) and not below(
                oid, oracle.ALERTS + (1, 8)):
            assert len(value) <= 255
            assert all(32 <= c < 127 for c in value)
    assert served.snmpd.logged().count("rror") == 0


# ---- requests -------------------------------------------------------------


def behind(place):
    """What a GETNEXT of our last object leads to: snmpd's own."""
    return place.client().getnext(ROOT_OID[:-1] + (26,))[0][0]


def follower(walked, end):
    oids = [oid for oid, _ in walked]

    def follow(oid):
        at = bisect.bisect_right(oids, oid)
        return oids[at] if at < len(oids) else end
    return follow


def test_getnext_leads_from_each_object_to_the_next(served):
    client = served.client()
    walked = client.walk()
    oracle.assert_served(served.snapshot(), walked)
    values = dict(steady(walked))
    oids = [oid for oid, _ in walked]
    found = client.getnext(ROOT_OID, *oids)
    assert [oid for oid, _ in found] == oids + [behind(served)]
    assert all(values[oid] == value for oid, value in found
               if oid in values)
    assert steady(client.get(*oids)) == steady(walked)


def odd_names(oids, count, chance):
    """Names near those of objects, as no manager would ask for them."""
    odd = [0, 1, 2, 127, 128, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]
    root = len(ROOT_OID)
    found = [ROOT_OID[:-1], ROOT_OID, ROOT_OID + (0,), ROOT_OID + (2**32 - 1,)]
    while len(found) < count:
        oid = list(chance.choice(oids))
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            how = chance.randrange(7)
            at = chance.randrange(root, len(oid)) if len(oid) > root else root
            if how == 0:
                del oid[at:]
            elif how == 1:
                oid += [chance.choice(odd)
                        for _ in range(chance.randrange(1, 6))]
            elif how == 2 and len(oid) > root:
                oid[at] = chance.choice(odd)
            elif how == 3 and len(oid) > root:
                oid[at] = max(0, oid[at] - 1)
            elif how == 4 and len(oid) > root:
                oid[at] = min(2**32 - 1, oid[at] + 1)
            elif how == 5:
                oid.insert(at, chance.choice(odd))
            else:
                oid += [chance.choice(odd)] * (128 - len(oid))
        found.append(tuple(oid[:128]))
    return found


def test_getnext_of_odd_names(served):
    client = served.client()
    walked = client.walk()
    chance = random.Random(5)
    names = odd_names([oid for oid, _ in walked], 3000, chance)
    assert sum(len(name) == 128 for name in names) > 100
    follow = follower(walked, behind(served))
    values = dict(steady(walked))
    answers = client.getnext(*names)
    wrong = [(name, oid) for name, (oid, _) in zip(names, answers)
             if oid != follow(name)]
    assert not wrong, (len(wrong), wrong[:5])
    assert all(values[oid] == value for oid, value in answers
               if oid in values)


def index_length(oid):
    """How many arcs of an object's name are its instance."""
    return 3 if below(oid, oracle.COUNTERS) else 1


def test_get_of_odd_names(served):
    client = served.client()
    walked = client.walk()
    names = odd_names([oid for oid, _ in walked], 1000, random.Random(6))
    values = dict(walked)
    kinds = {oid[:-index_length(oid)] for oid in values}
    kinds |= {oracle.QUEUE + (number,) for number in range(1600, 1606)}
    for name, (oid, value) in zip(names, client.get(*names)):
        assert oid == name
        if name in values:
            assert name in MOVING or value == values[name]
        elif any(name[:length] in kinds for length in range(len(name) + 1)):
            assert value[0] == "NoSuchInstance", name
        else:
            assert value[0] == "NoSuchObject", name


def test_bulk_requests(served):
    client = served.client()
    walked = client.walk()
    for repetitions in (1, 10, 50):
        if repetitions > 1:
            assert steady(client.bulkwalk(repetitions=repetitions)) == steady(
                walked)
        follow = follower(walked, None)
        columns = [oracle.SOURCES + (1, number) for number in (2, 110, 400)]
        columns += [oracle.COUNTERS + (1, 7), oracle.TOTALS]
        expected, at = [], columns
        for _ in range(repetitions):
            at = [follow(oid) for oid in at]
            expected += at
        found = [oid for oid, _ in client.getbulk(columns, repetitions)]
        assert found == expected[:len(found)]
        # An answer ends where its packet is full.
        assert len(found) == len(expected) or len(found) > 50


def test_version_1_leaves_out_what_it_cannot_say(served):
    walked = served.client().walk()
    old = served.client(how=snmp.V1)
    assert steady(old.walk()) == [
        (oid, value) for oid, value in steady(walked)
        if value[0] != "Counter64"]
    assert old.value(oracle.STATE) == oracle.RUNNING
    with pytest.raises(SnmpError, match="noSuchName"):
        old.get(oracle.TOTALS + (110, 0))


@UNSANITIZED
def test_version_3_with_authentication_and_privacy(served):
    how = served.client(how=snmp.V3)
    assert steady(how.walk()) == steady(served.client().walk())


@UNSANITIZED
def test_nothing_can_be_set(served):
    for oid, kind in ((oracle.STATE, "i"), (oracle.AGE, "u"),
                      (oracle.INPUTS + (1, 2, 1), "s")):
        done = subprocess.run(
            ["snmpset", "-v2c", "-c", "private", "-r", "0", "-On",
             f"127.0.0.1:{snmp.MASTER}", snmp.show(oid), kind, "1"],
            env=served.env, stderr=subprocess.PIPE, text=True)
        assert done.returncode and re.search(
            "notWritable|noAccess|noCreation", done.stderr), done.stderr
    assert_serves(served)


@UNSANITIZED
def test_agentx_over_tcp(place):
    place.publish(oracle.rich())
    master = place.master()
    master.conf.write_text(re.sub(
        "agentXSocket .*", "agentXSocket tcp:127.0.0.1:11705",
        master.conf.read_text()))
    place.conf.write_text(place.conf.read_text().replace(
        f"unix:{place.socket}", "tcp:127.0.0.1:11705"))
    master.start()
    place.agent().start()
    assert_serves(place)


# ---- snmpd comes and goes -------------------------------------------------


def test_snmpd_restarts_in_the_middle_of_a_walk(served):
    agent, master = served.one, served.snmpd
    sizes = []
    for number in range(5):
        served.publish(oracle.rich(1, every=3))
        with subprocess.Popen(
                ["snmpwalk", *snmp.V2C, "-On", "-r", "0", "-t", "1",
                 f"127.0.0.1:{snmp.MASTER}", snmp.show(ROOT_OID)],
                env=served.env, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT) as walk:
            for _ in range(100):
                walk.stdout.readline()
            if number % 2:
                master.kill()
            else:
                assert master.terminate() == 0
            walk.stdout.read()
        master.start()
        began = time.monotonic()
        agent.wait_ready(BACK_S)
        assert_serves(served)
        assert time.monotonic() - began < BACK_S + 1
        sizes.append((agent.rss_kib(), agent.fds()))
    assert len({fds for _, fds in sizes}) == 1, sizes
    assert sizes[-1][0] <= sizes[1][0] + 256, sizes
    assert agent.terminate() == 0, agent.said()


def cpu_ns(program):
    return int(Path(f"/proc/{program.pid}/schedstat").read_text().split()[0])


@UNSANITIZED
def test_the_agent_starts_before_snmpd_and_waits_for_it(place):
    place.publish(oracle.rich())
    agent = place.agent().start(wait=False)
    agent.wait_said(str(place.socket))
    before, began = cpu_ns(agent), time.monotonic()
    passes(2.5)
    used = (cpu_ns(agent) - before) / 1e9
    assert used < 0.01 * (time.monotonic() - began)
    said = agent.said()
    assert said.count(str(place.socket)) == 1, said
    assert "No such file" in said
    place.master().start()
    agent.wait_ready(BACK_S)
    assert_serves(place)
    assert agent.said().count("No such file") == 1


def test_snmpd_hangs(place):
    """The collector goes on, the agent ends when it is told to, and serves
    again when snmpd does."""
    with collector(place) as tally:
        tally.log.touch()
        tally.start()
        master, agent = place.master().start(), place.agent().start()

        def count(first):
            with open(tally.log, "ab") as log:
                log.write(daemon.lines(first, 100))
            tally.wait(first + 100, timeout_s=3)

        count(0)
        master.signal(signal.SIGSTOP)
        # Something to answer that nobody reads.
        with pytest.raises(SnmpError):
            place.client(timeout_s=1).get(oracle.STATE)
        count(100)
        passes(1.5)
        count(200)
        assert agent.is_alive()
        master.signal(signal.SIGCONT)
        agent.wait_ready(BACK_S)
        assert_equals(place, tally)
        master.signal(signal.SIGSTOP)
        passes(1)
        began = time.monotonic()
        assert agent.terminate(10) == 0
        assert time.monotonic() - began < 4
        agent.start(wait=False)  # and this one meets a listener that hangs
        passes(2)
        began = time.monotonic()
        agent.terminate(10)
        assert time.monotonic() - began < 4
        master.signal(signal.SIGCONT)
        agent.start(wait=False)
        agent.wait_ready(BACK_S + 2)
        assert_equals(place, tally)


@UNSANITIZED
def test_a_second_agent_waits_for_its_turn(served):
    second = served.agent(name="second").start(wait=False)
    poll(lambda: re.search(r"another|already|duplicate|lock", second.said()),
         "the reason", alive=second)
    passes(2.5)
    assert second.is_alive()
    assert len(second.said().splitlines()) <= 3, second.said()
    assert_serves(served)
    served.one.kill()
    second.wait_ready(BACK_S)
    assert_serves(served)


def test_two_thousand_open_files(served):
    served.one.terminate()
    many = ("import os, resource, sys\n"
            "resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\n"
            "for _ in range(2000):\n"
            "    os.set_inheritable(os.open('/dev/null', os.O_RDONLY), True)\n"
            "os.execv(sys.argv[1], sys.argv[1:])\n")
    agent = served.agent(name="many",
                         wrap=["/usr/bin/python3", "-c", many]).start()
    assert_serves(served)
    served.snmpd.terminate()
    served.snmpd.start()
    agent.wait_ready(BACK_S)
    assert_serves(served)
    assert agent.terminate() == 0, agent.said()


# ---- the snapshot ---------------------------------------------------------


@UNSANITIZED
def test_the_collector_stops(served):
    made = oracle.rich(1)
    made.written = time.time() - 8
    served.publish(made)
    first = assert_serves(served)
    assert dict(first)[oracle.STATE][1] == oracle.RUNNING
    client = served.client()
    poll(lambda: client.value(oracle.STATE) == oracle.STALE, "stale", 8)
    assert client.value(oracle.AGE) >= 10
    second = assert_serves(served, state=oracle.STALE)
    assert [entry for entry in steady(first) if entry[0] != oracle.STATE] \
        == [entry for entry in steady(second) if entry[0] != oracle.STATE]
    served.publish(oracle.rich())
    assert_serves(served)


def unprivileged():
    """So that permissions count for root, too."""
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-all"]


@UNSANITIZED
def test_no_snapshot_at_the_start(place):
    place.master().start()
    agent = place.agent().start()
    agent.wait_said("No such file")
    found = dict(place.client().walk())
    assert found[oracle.STATE] == ("INTEGER", oracle.MISSING)
    assert oracle.AGE not in found and oracle.VERSION in found
    assert all(below(oid, oracle.HEALTH) for oid in found)
    looks(place)
    assert agent.said().count("No such file") == 1
    place.publish(oracle.rich())
    assert_serves(place)


def test_a_snapshot_that_cannot_be_read(place):
    place.publish(oracle.rich())
    place.master().start()
    agent = place.agent(wrap=unprivileged()).start()
    walked = steady(assert_serves(place))[::40]
    good = place.snapshot()
    path = place.run / "snapshot"
    refused = 0
    wrong = oracle.rich()
    wrong.version = 2
    for name, spoil, words, is_refused in (
            ("missing", path.unlink, "No such file", False),
            ("cut", lambda: place.publish(good[:len(good) // 2]), "", True),
            ("junk", lambda: place.publish(os.urandom(5000)), "", True),
            ("empty", lambda: place.publish(b""), "", True),
            ("version", lambda: place.publish(wrong), "ersion", True),
            ("unreadable", lambda: place.publish(good, mode=0),
             "Permission denied", True),
            ):
        before = len(agent.said())
        spoil()
        looks(place, 2)
        said = agent.said()[before:]
        assert len(said.splitlines()) == 1, (name, said)
        assert str(path) in said and words in said, (name, said)
        found = dict(place.client().get(*dict(walked)))
        for oid, value in walked:
            assert below(oid, oracle.HEALTH) or found[oid] == value, (
                name, oid)
        refused += is_refused
        assert place.client().value(oracle.REFUSED) == refused, name
        before = len(agent.said())
        place.publish(good)
        settle(place)
        looks(place, 1)
        assert "can be read again" in agent.said()[before:]
    place.publish(oracle.rich(2, 9))
    assert_serves(place)
    assert agent.is_alive()


def test_a_snapshot_of_an_older_collector(served):
    made = oracle.rich()
    made.ledger, made.shares, made.alerts, made.changes = None, [], [], []
    made.counters = [counter for counter in made.counters
                     if not counter[1].startswith(("queue.", "log."))]
    known = {counter[0] for counter in made.counters}
    made.rows = {of: (key, {n: v for n, v in values.items() if n in known})
                 for of, (key, values) in made.rows.items()}
    made.steps = []
    served.publish(made)
    found = dict(assert_serves(served))
    assert oracle.LAST_LINE_TIME not in found
    # And one of a newer one: kinds that nobody knows yet.
    text = made.text().splitlines()
    text.insert(5, b"future 1 2 3")
    text[-1] = b"end %d" % (len(text) - 2)
    served.publish(b"\n".join(text) + b"\n")
    assert_serves(served)


def test_many_snapshots_during_walks(served):
    """Each answer is of one snapshot: no value of a row is older than
    another's."""
    numbers = [110, 111, 400, 401, 500]
    made = oracle.Made()
    columns = [oracle.SOURCES + (1, number, 1) for number in numbers]
    columns += [oracle.TOTALS + (number, 0) for number in numbers]

    def publish(value):
        of_all = {number: value for number in numbers}
        made.rows = {("total", 1): ("all", of_all),
                     ("source", 1): ("postfix", of_all)}
        for index in range(2, 2 + value % 7):
            made.rows["domain", index] = (
                f"d{value}-{index}.example", of_all)
        if value % 5 == 0:
            made.alert("flapping", state="raised" if value % 2 else "clear")
        served.publish(made)

    publish(0)
    settle(served)
    last, seen = 0, set()
    walk = None
    end = time.monotonic() + 3.5
    value = 0
    while value < 1000 or time.monotonic() < end:
        value += 1
        publish(value)
        if walk is None or walk.poll() is not None:
            walk = subprocess.Popen(
                ["snmpbulkwalk", *snmp.V2C, "-On", "-Cc",
                 f"127.0.0.1:{snmp.MASTER}", snmp.show(ROOT_OID)],
                env=served.env, stdout=subprocess.DEVNULL)
        if value % 20 == 0:
            found = {value for _, (_, value) in served.client().get(*columns)}
            # 2: snmpd asks for each object apart, a look may fall between.
            assert len(found) <= 2 and min(found) >= last, (
                found, last, served.one.said())
            last = max(found)
            seen.add(last)
    walk.wait()
    assert len(seen) > 10
    assert_serves(served)
    assert served.one.terminate() == 0, served.one.said()


# ---- counters that never go back ------------------------------------------


def counters64(place):
    return {oid: value for oid, (kind, value) in place.client().walk()
            if kind == "Counter64" and not below(oid, oracle.INPUTS)}


@UNSANITIZED
def test_counters_only_grow_and_a_loss_is_told(place):
    seen = {}

    def look():
        settle(place)
        found = counters64(place)
        assert found, "nothing"
        wrong = [oid for oid, value in seen.items()
                 if found.get(oid, value) < value]
        assert not wrong, wrong[:5]
        seen.update(found)
        get = place.client().get(oracle.DISCONTINUITY, oracle.COUNTING_SINCE)
        return get[0][1][1], get[1][1][1]

    with collector(place) as tally:
        tally.log.touch()
        tally.start()
        number = 0

        def write(count=100):
            nonlocal number
            with open(tally.log, "ab") as log:
                log.write(daemon.lines(number, count))
            number += count
            tally.wait(number)

        write()
        began = oracle.Read(place.snapshot()).started
        poll(lambda: time.time() > began + 1.5, "a second")
        master, agent = place.master().start(), place.agent().start()
        assert look() == (0, oracle.date_and_time(began))
        write()
        assert agent.terminate() == 0, agent.said()
        agent.start()
        assert look() == (0, oracle.date_and_time(began))
        for end in (tally.kill9, tally.terminate):
            end()
            look()
            tally.start()
            write()
            assert look() == (0, oracle.date_and_time(began))
        # State is lost.
        tally.terminate()
        for folder in (place.run, place.state):
            shutil.rmtree(folder)
            folder.mkdir()
        tally.log.write_bytes(b"")
        lost = place.client().value(snmp.UPTIME)
        poll(lambda: time.time() > began + 2.5, "another second")
        tally.start()
        poll(lambda: oracle.Read(place.snapshot()).started > began, "a start")
        number = 0
        seen.clear()
        write(10)
        moved, since = look()
        assert since != oracle.date_and_time(began)
        # `started` is in whole seconds.
        assert lost - 100 <= moved <= place.client().value(snmp.UPTIME)
        for _ in range(60):
            assert place.client().value(oracle.DISCONTINUITY) == moved
        assert look() == (moved, since)
        agent.kill()
        agent.start()
        again, also_since = look()
        assert abs(again - moved) <= 10 and also_since == since
        # snmpd's restart: it began before.
        master.terminate()
        master.start()
        agent.wait_ready(BACK_S)
        assert look() == (0, since)


# ---- signals and rights ---------------------------------------------------


def test_hup_takes_a_good_configuration_and_no_other(served):
    agent, pid = served.one, served.one.pid
    good = served.conf.read_text()
    served.conf.write_text(good + "domains_max = -3\n")
    wrong = served.conf.read_text()
    number = wrong[:wrong.index("domains_max")].count("\n") + 1
    agent.signal(signal.SIGHUP)
    agent.wait_said(f"{served.conf}:{number}: ")
    assert_serves(served)
    other = ROOT_OID[:-1] + (77, 1)
    served.configure(root=snmp.show(other)[1:])
    agent.signal(signal.SIGHUP)
    client = served.client()
    poll(lambda: client.get(other + (1, 4, 1, 0))[0][1][1] == oracle.RUNNING,
         "the new root", BACK_S, agent)
    moved = [(ROOT_OID + oid[len(other):], value)
             for oid, value in client.walk(other)]
    oracle.assert_served(served.snapshot(), moved)
    assert client.walk() == []
    served.conf.write_text(good)
    agent.signal(signal.SIGHUP)
    agent.wait_ready(BACK_S)
    assert_serves(served)
    assert agent.pid == pid and agent.is_alive()


def test_hup_starts_what_stands_there_now(place):
    program = place.folder / "mailtally-agent"
    newer = place.folder / "newer"
    shutil.copy(BIN / "mailtally-agent", program)
    place.publish(oracle.rich())
    place.master().start()
    agent = place.agent()
    agent.command[0] = program
    agent.start()
    about = Path(f"/proc/{agent.pid}")

    def reload(times):
        agent.signal(signal.SIGHUP)
        poll(lambda: agent.said().count("connected to snmpd") == times,
             "the next program", BACK_S, agent)
        return os.readlink(about / "exe")

    shutil.copy(program, newer)
    newer.replace(program)
    assert os.readlink(about / "exe") != str(program)
    assert reload(2) == str(program)
    # What administrators look for.
    assert (about / "comm").read_text() == "mailtally-agent\n"
    program.unlink()
    assert reload(3) == f"{program} (deleted)"
    assert agent.terminate() == 0, agent.said()


def as_user(group):
    return ["setpriv", "--reuid=65534", f"--regid={group}", "--clear-groups"]


@UNSANITIZED
def test_rights_at_the_socket(place):
    group, other = 4, 65534  # adm; any will do
    place.publish(oracle.rich())
    place.state.chmod(0o777)
    shutil.copy(BIN / "mailtally-agent", place.folder)
    place.master(f"agentXPerms 0660 0755 0 {group}").start()

    def agent(name, of):
        made = place.agent(name=name, wrap=as_user(of))
        made.command[0] = place.folder / "mailtally-agent"
        return made

    with agent("outside", other).start(wait=False) as outside:
        outside.wait_said("Permission denied")
        passes(2.5)
        said = outside.said()
        assert said.count("Permission denied") == 1, said
        assert str(place.socket) in said
        assert outside.terminate() == 0
    inside = agent("inside", group).start()
    assert_serves(place)
    assert inside.terminate() == 0, inside.said()


@pytest.mark.parametrize("arguments, status, words", [
    (["-x"], 2, "usage"), (["more"], 2, "usage"), (["--root"], 2, "usage"),
    (["--root", "1.3.6.1.5.1"], 1, "'1.3.6.1.5.1': must be"),
    (["--root", "1.x"], 1, "'1.x': must be")])
def test_a_wrong_command_line(place, arguments, status, words):
    done = subprocess.run(
        [BIN / "mailtally-agent", "-c", place.conf, *arguments],
        env=place.env, stderr=subprocess.PIPE, text=True, timeout=10)
    assert done.returncode == status and words in done.stderr, done.stderr
