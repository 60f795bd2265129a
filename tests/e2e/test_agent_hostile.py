# SPDX-License-Identifier: ISC
"""Damaged packets from a master and from managers: no crash, no flood of log
lines, and right answers to the next one who asks.

MODE=asan runs the same against an agent with sanitizers.
"""
import fcntl
import os
import random
import re
import socket
import struct
import termios
import time

import pytest

import ber
import fakemaster
import oracle
import snmp
from daemon import poll
from fakemaster import Gone, Master
from snmp import ROOT_OID

NAMES = {fakemaster.INTEGER: "INTEGER", fakemaster.STRING: "STRING",
         fakemaster.COUNTER32: "Counter32", fakemaster.GAUGE: "Gauge32",
         fakemaster.TIMETICKS: "Timeticks", fakemaster.COUNTER64: "Counter64"}
FRAMES = 3000   # damaged ones, framed rightly
PAIRS = 6       # agents that suffer at once: a new session takes 2 s
FLOODS = 2 * PAIRS if os.environ.get("MODE") == "asan" else PAIRS
PACKETS = 3000  # to the standalone agent
LINES = 60      # that an agent may log meanwhile


@pytest.fixture(scope="module", autouse=True)
def network():
    yield from snmp.network()


def assert_healthy(agent):
    """Ends it."""
    assert agent.is_alive(), agent.state()
    said = agent.said()
    assert not re.search(r"Sanitizer|runtime error", said), said[-3000:]
    assert len(said.splitlines()) <= LINES, said[-3000:]
    assert agent.terminate() == 0, agent.state()
    assert not re.search(r"Sanitizer|runtime error", agent.said()), (
        agent.said()[-3000:])


# ---- a hostile master -----------------------------------------------------


# Of a context with a zero in it (RFC 2741 section 6.1.1) net-snmp 5.9.3 reads
# as many bytes as the frame says, out of the shorter copy that agentx_parse()
# has made with strdup(). Only a master can send one. Of a broken session it
# now and then leaks the address, 110 bytes.
KNOWN = """interceptor_via_fun:snmp_clone_mem
interceptor_via_fun:agentx_realloc_build_string
"""


class Pair:
    """An agent and its master."""

    def __init__(self, place, master):
        self.place, self.master = place, master
        place.publish(oracle.rich())
        known = place.folder / "known"
        known.write_text(KNOWN)
        self.agent = place.agent(env=dict(
            place.env, ASAN_OPTIONS=f"suppressions={known}:detect_leaks=0")
            ).start(wait=False)
        master.accept()

    def serves(self):
        """The version, in the present session."""
        answer = self.master.get(oracle.VERSION)
        assert answer.error == 0
        assert answer.varbinds[0][:2] == (oracle.VERSION, fakemaster.STRING)

    def serves_all(self):
        """The whole tree, value by value."""
        made = oracle.rich()
        made.written = time.time()
        self.place.publish(made)
        poll(lambda: self.master.get(oracle.SNAPSHOT_TIME).varbinds[0][2]
             == oracle.date_and_time(made.written), "the new snapshot")
        found = [(arcs, (NAMES[kind], value))
                 for arcs, kind, value in self.master.walk(ROOT_OID)]
        oracle.assert_served(self.place.snapshot(), found)

    def still_serves(self, action):
        """Whatever the action does to the session."""
        try:
            action(self.master)
            self.serves()
        except Gone:
            self.master.accept()
            self.serves()


@pytest.fixture
def pair():
    with snmp.Place() as place, Master(place.socket) as master:
        yield Pair(place, master)


def test_frames_that_are_wrong_within(pair):
    for what, data in fakemaster.nasty_frames(ROOT_OID, pair.master.session):
        session = pair.master.session

        def send(master, data=data, session=session):
            if master.session != session:  # it was made for another
                data = data[:4] + struct.pack(
                    ">I", master.session) + data[8:]
            master.send(data)
        try:
            pair.still_serves(send)
        except (AssertionError, OSError) as error:
            raise AssertionError(f"{what}: {error!r} {pair.agent.state()}")
    assert pair.master.connects <= 2 * 12, pair.master.connects
    pair.serves_all()
    assert_healthy(pair.agent)


def test_frames_cut_at_every_byte(pair):
    """The rest comes when the agent has read the beginning."""
    whole = fakemaster.valid_frames(ROOT_OID, pair.master.session, 77)[2]

    def is_read():
        left = fcntl.ioctl(pair.master.peer, termios.TIOCOUTQ, bytes(4))
        return struct.unpack("i", left)[0] == 0

    for cut in range(1, len(whole)):
        pair.master.send(whole[:cut])
        poll(is_read, f"the first {cut} bytes")
        pair.master.send(whole[cut:])
        assert len(pair.master.response(77).varbinds) == 1
    for at in range(len(whole)):
        pair.master.send(whole[at:at + 1])
    assert len(pair.master.response(77).varbinds) == 1
    pair.serves()
    pair.serves_all()
    assert pair.master.connects == 2  # the first only looked for us
    assert_healthy(pair.agent)


def test_thousands_of_damaged_frames(pair):
    rng = random.Random(4)
    for number in range(FRAMES):
        whole = rng.choice(fakemaster.valid_frames(
            ROOT_OID, pair.master.session, 1 << 20 | number))
        damaged = fakemaster.damage(rng, whole, keep_frame=True)
        # Sessions are dear, and the version's byte ends one.
        if len(damaged) < fakemaster.HEAD:
            continue
        pair.still_serves(lambda master: master.send(
            b"\1" + damaged[1:] if rng.random() < 0.999 else damaged))
    pair.serves_all()
    print(f"{pair.master.connects} connects")
    assert_healthy(pair.agent)


def flood(rng, master, number):
    """Frames whose ends cannot be told; the session is lost."""
    broken = fakemaster.broken_frames(ROOT_OID, master.session)
    try:
        if number < len(broken):
            master.send(broken[number][1])
            return
        for _ in range(50):
            whole = rng.choice(fakemaster.valid_frames(
                ROOT_OID, master.session, rng.randrange(1 << 30)))
            master.send(fakemaster.damage(rng, whole, keep_frame=False))
    except (Gone, BlockingIOError, socket.timeout):
        pass


def test_frames_that_break_the_session():
    rng = random.Random(5)
    places = [snmp.Place() for _ in range(PAIRS)]
    masters = [Master(place.socket) for place in places]
    try:
        pairs = [Pair(*each) for each in zip(places, masters)]
        for number in range(0, PAIRS * -(-FLOODS // PAIRS), PAIRS):
            for n, pair in enumerate(pairs):
                pair.master.peer.settimeout(1)
                flood(rng, pair.master, number + n)
            for pair in pairs:
                pair.master.hang_up()
            for n, pair in enumerate(pairs):
                try:
                    pair.master.accept()
                except (TimeoutError, AssertionError) as error:
                    raise AssertionError(f"{number + n}: {error!r}: "
                                         f"{pair.agent.state()}") from None
                pair.serves()
        pairs[0].serves_all()
        for pair in pairs:
            assert_healthy(pair.agent)
    finally:
        for master in masters:
            master.__exit__()
        for place in places:
            place.__exit__()


def test_a_master_that_goes_before_all_is_registered():
    """Then the library is of no use: the agent starts anew by itself."""
    with snmp.Place() as place, Master(place.socket) as master:
        master.leaves_at = fakemaster.REGISTER
        pair = Pair(place, master)
        assert master.leaves_at is None
        pair.serves_all()
        assert_healthy(pair.agent)


# ---- hostile managers -----------------------------------------------------


USER = ('community = "public" user = "joe" auth_password = "joesauth1" '
        'privacy_password = "joespriv1"')


class Manager:
    """Sends what it likes to the standalone agent."""

    def __init__(self, agent):
        self.agent = agent
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", snmp.STANDALONE))
        self.number = 1 << 24

    def send(self, data):
        try:
            self.socket.send(data)
        except ConnectionRefusedError:
            raise AssertionError("gone: " + self.agent.state()) from None

    def answer(self, timeout_s=5):
        self.socket.settimeout(timeout_s)
        return self.socket.recv(1 << 16)

    def ask(self, kind, names, timeout_s=5, **how):
        """The answer to just this request."""
        self.number += 1
        self.send(ber.request(kind, names, number=self.number, **how))
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            data = self.answer(max(0.01, until - time.monotonic()))
            try:
                packet = ber.Packet(data)
            except (ValueError, IndexError, KeyError, AssertionError,
                    TypeError):
                continue  # to something else
            if packet.kind == ber.RESPONSE and packet.number == self.number:
                return packet
        raise AssertionError("no answer: " + self.agent.state())

    def serves(self):
        answer = self.ask(ber.GET, [oracle.VERSION])
        assert answer.error == 0
        assert answer.varbinds[0][1][0] == ber.STRING


@pytest.fixture
def manager():
    with snmp.Place(USER) as place:
        place.publish(oracle.rich())
        agent = place.agent(standalone=True).start()
        yield Manager(agent)


def v3(user=b"joe", flags=7, data=b"x" * 64, engine=b"\x80\0\x1f\x88\x80abc",
       model=3, number=9):
    usm = ber.tlv(ber.SEQUENCE, ber.tlv(4, engine) + ber.integer(1)
                  + ber.integer(99) + ber.tlv(4, user) + ber.tlv(4, bytes(24))
                  + ber.tlv(4, bytes(8)))
    return ber.tlv(ber.SEQUENCE, ber.integer(3) + ber.tlv(
        ber.SEQUENCE, ber.integer(number) + ber.integer(65507)
        + ber.tlv(4, bytes((flags,))) + ber.integer(model))
        + ber.tlv(4, usm) + ber.tlv(4, data))


def nasty_packets():
    """(what it is, packet)."""
    some = [ROOT_OID + (1, 4, 1, 0), ROOT_OID + (1, 6)]
    whole = ber.request(ber.GETBULK, some, third=20)
    inner = ber.parse(whole)
    assert inner[0] == ber.SEQUENCE
    for size in range(len(whole)):
        yield f"cut at {size}", whole[:size]
    head = ber.integer(1) + ber.tlv(4, b"public")
    bound = ber.oid(some[0]) + ber.tlv(5)
    pdu = ber.integer(1) * 3
    yield "indefinite length", b"\x30\x80" + whole[2:] + b"\0\0"
    yield "length of 4 GiB", b"\x30\x84\xff\xff\xff\xff" + whole[2:]
    yield "length of 2 GiB", b"\x30\x84\x7f\xff\xff\xff" + whole[2:]
    yield "length of 127 bytes", b"\x30\xff" + b"\xff" * 127
    yield "length longer than needed", (
        b"\x30\x84" + struct.pack(">I", len(whole) - 2) + whole[2:])
    for kind in (0xa0, 0xa3, 0xa5, 0xa8, 0xaf, 0x30, 0x04):
        yield f"PDU {kind:x}", ber.tlv(
            ber.SEQUENCE, head + ber.tlv(kind, pdu + ber.tlv(
                ber.SEQUENCE, ber.tlv(ber.SEQUENCE, bound))))
    for count in (0, 5, 9, 100, 3000):
        yield f"a number of {count} bytes", ber.tlv(
            ber.SEQUENCE, head + ber.tlv(0xa0, ber.tlv(2, b"\x7f" * count)
                                         + ber.integer(0) * 2
                                         + ber.tlv(ber.SEQUENCE)))
    for number in (2, 4, -1, 1 << 31, 1 << 63):
        yield f"version {number}", ber.tlv(
            ber.SEQUENCE, ber.integer(number) + ber.tlv(4, b"public")
            + ber.tlv(0xa0, pdu + ber.tlv(ber.SEQUENCE)))
    yield "a name of 129 arcs", ber.request(ber.GETNEXT, [ROOT_OID + (
        1,) * 119])
    yield "a name of 1,000 arcs", ber.request(ber.GETNEXT, [ROOT_OID + (
        4294967295,) * 1000])
    yield "arcs over 2^32", ber.request(ber.GETNEXT, [ROOT_OID + (1 << 70,)])
    yield "an arc without end", whole.replace(ber.arc(8072), b"\xff\xff")
    yield "an empty name", ber.tlv(ber.SEQUENCE, head + ber.tlv(
        0xa1, pdu + ber.tlv(ber.SEQUENCE, ber.tlv(
            ber.SEQUENCE, ber.tlv(6) + ber.tlv(5)))))
    yield "no varbind", ber.request(ber.GET, [])
    yield "2,000 varbinds", ber.request(ber.GETNEXT, [some[0]] * 2000)
    yield "a community of 32 KiB", ber.request(
        ber.GET, some, community=b"public" * 5461)
    yield "a community with zeros", ber.request(
        ber.GET, some, community=b"public\0")
    yield "repetitions below 0", ber.request(
        ber.GETBULK, some, second=-(1 << 31), third=-(1 << 31))
    yield "sequences in sequences", b"\x30\x84\0\0\x80\0" * 9000
    yield "one byte", b"\x30"
    yield "nothing", b""
    yield "60 KiB of 0xff", b"\xff" * 61440
    for user in (b"", b"joe", b"nobody", b"j" * 33, b"%n%s" * 1000):
        for flags in (0, 1, 3, 4, 7, 0xff):
            yield f"version 3, {user[:9]}, {flags}", v3(user, flags)
    for size in (0, 4, 5, 32, 33, 1000):
        yield f"an engine of {size} bytes", v3(engine=bytes(size))
    for model in (0, 1, 4, 1 << 31):
        yield f"security model {model}", v3(model=model)
    yield "version 3, no message", v3(data=b"")


def test_packets_that_are_wrong(manager):
    for what, data in nasty_packets():
        manager.send(data)
        try:
            manager.serves()
        except (AssertionError, OSError) as error:
            raise AssertionError(f"{what}: {error!r}") from error
    oracle.assert_served(manager.agent.place.snapshot(),
                         manager.agent.client().walk())
    assert_healthy(manager.agent)


def test_thousands_of_damaged_packets(manager):
    rng = random.Random(6)
    some = [ROOT_OID + (1, 4, 1, 0), ROOT_OID + (1, 6), ROOT_OID]
    whole = [ber.request(ber.GETBULK, some, second=1, third=20),
             ber.request(ber.GETNEXT, some), ber.request(ber.SET, some[:1]),
             ber.request(ber.GET, some, version=ber.V1), v3(), v3(flags=4)]
    for number in range(PACKETS):
        manager.send(fakemaster.damage(rng, rng.choice(whole), False))
        if number % 10 == 9:
            manager.serves()
    oracle.assert_served(manager.agent.place.snapshot(),
                         manager.agent.client().walk())
    assert_healthy(manager.agent)


def test_the_greatest_bulk_request_is_answered_in_time(manager):
    for count in (1, 60, 1000):
        began = time.monotonic()
        answer = manager.ask(ber.GETBULK, [ROOT_OID] * count,
                             third=2**31 - 1)
        took = time.monotonic() - began
        assert took < 2, f"{count} names: {took:.1f} s"
        assert answer.error == 0
        assert answer.varbinds or count > 100  # the library's limit
        print(f"{count} names: {len(answer.varbinds)} varbinds in "
              f"{took * 1000:.1f} ms")
    manager.serves()
    assert_healthy(manager.agent)


def test_who_has_no_right_is_not_answered(manager):
    for community in (b"", b"private", b"public ", b"Public", b"publi",
                      b"public\0", b"\xff" * 300):
        for version in (ber.V1, ber.V2C):
            manager.send(ber.request(ber.GET, [oracle.VERSION],
                                     community=community, version=version))
            manager.send(ber.request(
                ber.GETBULK, [ROOT_OID], community=community, third=50))
    with pytest.raises(socket.timeout):
        manager.answer(0.5)
    manager.serves()
    assert_healthy(manager.agent)
