# SPDX-License-Identifier: ISC
"""A master agent of AgentX (RFC 2741) that can misbehave.

Answers what a subagent asks for (Open, Register, Ping, Notify, ...), sends it
requests, and hands out frames to damage. One subagent at a time.
"""
import os
import random
import select
import socket
import struct
import time

OPEN, CLOSE, REGISTER, UNREGISTER, GET, GETNEXT, GETBULK = range(1, 8)
TESTSET, COMMITSET, UNDOSET, CLEANUPSET, NOTIFY, PING = range(8, 14)
INDEX_ALLOCATE, INDEX_DEALLOCATE, ADD_CAPS, REMOVE_CAPS, RESPONSE = range(
    14, 19)
# RFC 2741 section 5.4.
INTEGER, STRING, NULL, OID = 2, 4, 5, 6
COUNTER32, GAUGE, TIMETICKS, OPAQUE, COUNTER64 = 65, 66, 67, 68, 70
NO_OBJECT, NO_INSTANCE, END_OF_VIEW = 128, 129, 130
BIG_ENDIAN = 0x10
HEAD = 20


class Gone(Exception):
    """The subagent has closed the session."""


def frame(kind, payload=b"", session=0, transaction=1, packet=1,
          flags=BIG_ENDIAN, version=1, length=None):
    order = ">" if flags & BIG_ENDIAN else "<"
    return struct.pack(order + "BBBBIIII", version, kind, flags, 0, session,
                       transaction, packet,
                       len(payload) if length is None else length) + payload


def name(arcs, include=0, order=">", count=None):
    """An object identifier; count: what is said of its length."""
    return struct.pack(f"{order}BBBB{len(arcs)}I",
                       len(arcs) if count is None else count, 0, include, 0,
                       *arcs)


def text(data, order=">", length=None):
    return (struct.pack(order + "I", len(data) if length is None else length)
            + data + bytes(-len(data) % 4))


def ranges(pairs, order=">"):
    """SearchRanges (section 5.2) out of (start, end, include)."""
    return b"".join(name(start, include, order) + name(end, 0, order)
                    for start, end, include in pairs)


def varbind(kind, arcs, data=b"", order=">"):
    return struct.pack(order + "HH", kind, 0) + name(arcs, 0, order) + data


class Reader:
    def __init__(self, data, order):
        self.data, self.order, self.at = data, order, 0

    def take(self, form):
        size = struct.calcsize(self.order + form)
        found = struct.unpack(self.order + form,
                              self.data[self.at:self.at + size])
        self.at += size
        return found if len(found) > 1 else found[0]

    def name(self):
        count, prefix, _, _ = self.take("BBBB")
        arcs = [self.take("I") for _ in range(count)]
        return tuple(([1, 3, 6, 1, prefix] if prefix else []) + arcs)

    def text(self):
        size = self.take("I")
        found = self.data[self.at:self.at + size]
        self.at += size + -size % 4
        return found

    def varbind(self):
        kind, _ = self.take("HH")
        arcs = self.name()
        if kind in (INTEGER, COUNTER32, GAUGE, TIMETICKS):
            value = self.take("i" if kind == INTEGER else "I")
        elif kind == COUNTER64:
            value = self.take("Q")
        elif kind == OID:
            value = self.name()
        elif kind in (STRING, OPAQUE, 64):
            value = self.text()
        else:
            assert kind in (NULL, NO_OBJECT, NO_INSTANCE, END_OF_VIEW), kind
            value = None
        return arcs, kind, value


class Response:
    def __init__(self, packet, payload, order):
        reader = Reader(payload, order)
        self.packet = packet
        self.uptime, self.error, self.index = reader.take("IHH")
        self.varbinds = []
        while reader.at < len(payload):
            self.varbinds.append(reader.varbind())


class Master:
    """Listens at a Unix socket; a context manager."""

    def __init__(self, path):
        self.path = str(path)
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(5)
        self.peer, self.buffer, self.session = None, b"", 0
        self.packet, self.roots, self.notices = 1 << 16, [], []
        self.connects = 0
        self.leaves_at = None  # a kind of request that we hang up on, once

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()
        self.listener.close()
        os.unlink(self.path)

    def hang_up(self):
        if self.peer is not None:
            self.peer.close()
        self.peer, self.buffer = None, b""

    def accept(self, timeout_s=15):
        """A new session, until the subagent has registered its tree."""
        self.hang_up()
        deadline = time.monotonic() + timeout_s
        while True:
            self.listener.settimeout(max(0.01, deadline - time.monotonic()))
            self.peer, _ = self.listener.accept()
            self.connects += 1
            self.session, self.roots = 0, []
            try:
                while not self.roots:
                    self._pump(max(0.01, deadline - time.monotonic()))
                    assert time.monotonic() < deadline, "nothing registered"
                return self
            except Gone:  # it only looked whether we are there
                pass

    def send(self, data):
        try:
            self.peer.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            self.hang_up()
            raise Gone from None

    def _frames(self, timeout_s):
        """Whole frames that have come; waits for the first of them."""
        ready, _, _ = select.select([self.peer], [], [], timeout_s)
        if ready:
            try:
                data = self.peer.recv(1 << 16)
            except ConnectionResetError:
                data = b""
            if not data:
                self.hang_up()
                raise Gone
            self.buffer += data
        while len(self.buffer) >= HEAD:
            order = ">" if self.buffer[2] & BIG_ENDIAN else "<"
            _, kind, flags, _, session, transaction, packet, length = (
                struct.unpack(order + "BBBBIIII", self.buffer[:HEAD]))
            if len(self.buffer) < HEAD + length:
                return
            payload = self.buffer[HEAD:HEAD + length]
            self.buffer = self.buffer[HEAD + length:]
            yield kind, flags, session, transaction, packet, payload

    def _pump(self, timeout_s):
        """Answers the subagent's requests; its responses are returned."""
        found = []
        for kind, flags, _, transaction, packet, payload in self._frames(
                timeout_s):
            order = ">" if flags & BIG_ENDIAN else "<"
            if kind == RESPONSE:
                found.append((packet, payload, order))
                continue
            if kind == self.leaves_at:
                self.leaves_at = None
                self.hang_up()
                raise Gone
            if kind == OPEN:
                self.session = random.randrange(1, 1 << 30)
            elif kind == NOTIFY:
                reader = Reader(payload, order)
                bound = []
                while reader.at < len(payload):
                    bound.append(reader.varbind())
                self.notices.append(bound)
            uptime = int(time.monotonic() * 100) & 0xffffffff
            self.send(frame(
                RESPONSE, struct.pack(order + "IHH", uptime, 0, 0),
                self.session, transaction, packet, flags & BIG_ENDIAN))
            if kind == REGISTER:
                reader = Reader(payload, order)
                reader.take("I")
                self.roots.append(reader.name())
        return found

    def ask(self, kind, payload, timeout_s=5, **how):
        """The response to one request; Gone if the session ends instead."""
        self.packet += 1
        self.send(frame(kind, payload, self.session, self.packet, self.packet,
                        **how))
        return self.response(self.packet, timeout_s)

    def response(self, packet, timeout_s=5):
        """To the request of that number."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for response in self._pump(deadline - time.monotonic()):
                if response[0] == packet:  # others may be of any shape
                    return Response(*response)
        raise TimeoutError("no response")

    def get(self, *names):
        return self.ask(GET, ranges([(arcs, (), 0) for arcs in names]))

    def walk(self, root):
        """All objects below root: (name, kind, value)."""
        found, at = [], root
        end = root[:-1] + (root[-1] + 1,)
        while True:
            bound = self.ask(GETNEXT, ranges([(at, end, 0)])).varbinds[0]
            if bound[1] == END_OF_VIEW:
                return found
            assert bound[0] > at, (at, bound)
            found.append(bound)
            at = bound[0]


# ---- frames to damage -----------------------------------------------------


def valid_frames(root, session, packet):
    """One of each kind, about objects that are there and that are not."""
    some = [root + tail for tail in (
        (1, 4, 1, 0), (1, 4, 10, 0), (1, 1, 110, 0), (1, 10, 1, 2, 1),
        (1, 8, 1, 7, 1, 1, 110), (), (9,))]
    end = root[:-1] + (root[-1] + 1,)
    pairs = [(arcs, end, 0) for arcs in some]
    value = varbind(INTEGER, some[0], struct.pack(">i", 1))
    about = dict(session=session, transaction=packet, packet=packet)
    return [
        frame(GET, ranges([(arcs, (), 0) for arcs in some]), **about),
        frame(GETNEXT, ranges(pairs), **about),
        frame(GETNEXT, ranges([(root, end, 1)]), **about),
        frame(GETBULK, struct.pack(">HH", 1, 20) + ranges(pairs), **about),
        frame(TESTSET, value, **about),
        frame(COMMITSET, **about),
        frame(UNDOSET, **about),
        frame(CLEANUPSET, **about),
        frame(PING, **about),
        frame(RESPONSE, struct.pack(">IHH", 1, 0, 0) + value, **about),
        frame(NOTIFY, varbind(OID, (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0),
                              name(root)) + value, **about),
        frame(GET, text(b"context") + ranges(pairs), flags=0x18, **about),
    ]


def nasty_frames(root, session):
    """(what it is, frame): framed rightly, wrong within."""
    big = 0xffffffff
    get = ranges([(root + (1, 4, 1, 0), (), 0)])
    of = dict(session=session)
    long = root + (1,) * 100
    return [
        ("no varbind", frame(GET, b"", **of)),
        ("no varbind, next", frame(GETNEXT, b"", **of)),
        ("no varbind, bulk", frame(GETBULK, struct.pack(">HH", 0, 0), **of)),
        ("bulk without numbers", frame(GETBULK, b"\0\0", **of)),
        ("bulk, 65535 times", frame(GETBULK, struct.pack(">HH", 0, 0xffff)
                                    + ranges([(root, (), 0)]), **of)),
        ("bulk, all do not repeat", frame(
            GETBULK, struct.pack(">HH", 0xffff, 0xffff)
            + ranges([(root, (), 0)] * 50), **of)),
        ("128 arcs", frame(GETNEXT, ranges([(root + (1,) * (
            128 - len(root)), (), 0)]), **of)),
        ("255 arcs", frame(GETNEXT, ranges([(root + (1,) * (
            255 - len(root)), (), 0)]), **of)),
        ("255 arcs announced", frame(
            GETNEXT, name(root, count=255) + name(()), **of)),
        ("129 arcs", frame(GET, ranges([((1,) * 129, (1,) * 129, 0)]), **of)),
        ("greatest arcs", frame(GETNEXT, ranges(
            [(root + (big,) * 20, (big,) * 128, 1)]), **of)),
        ("end before start", frame(GETNEXT, ranges([(root + (2,), root + (
            1,), 0)]), **of)),
        ("a prefix of 255", frame(GETNEXT, b"\x02\xff\0\0" + bytes(8)
                                  + name(()), **of)),
        ("an empty name", frame(GETNEXT, name(()) + name(()), **of)),
        ("half a range", frame(GET, name(root), **of)),
        ("odd length", frame(GET, get + b"\0", **of)),
        ("odd length by 3", frame(GET, get[:-1], **of)),
        ("other session", frame(GET, get, session=session + 1)),
        ("session 0", frame(GET, get)),
        ("greatest session", frame(GET, get, session=big)),
        ("other byte order", frame(GET, ranges(
            [(root + (1, 4, 1, 0), (), 0)], "<"), flags=0, **of)),
        ("byte order not as said", frame(GET, ranges(
            [(root + (1, 4, 1, 0), (), 0)], "<"), **of)),
        ("version 0", frame(GET, get, version=0, **of)),
        ("version 2", frame(GET, get, version=2, **of)),
        ("version 255", frame(GET, get, version=255, **of)),
        ("kind 0", frame(0, get, **of)),
        ("kind 19", frame(19, get, **of)),
        ("kind 255", frame(255, get, **of)),
        ("all flags", frame(GET, get, flags=0xff, **of)),
        ("a context of 4 GiB", frame(GET, text(b"x", length=big) + get,
                                     flags=0x18, **of)),
        ("set of nothing", frame(TESTSET, b"", **of)),
        ("set of all kinds", frame(TESTSET, b"".join(
            varbind(kind, long, bytes(8)) for kind in
            (INTEGER, NULL, COUNTER64, 200, 0xffff)), **of)),
        ("set of a text of 4 GiB", frame(TESTSET, varbind(
            STRING, root + (1, 4, 10, 0), text(b"x", length=big)), **of)),
        ("set of a text of -4", frame(TESTSET, varbind(
            STRING, root + (1, 4, 10, 0), text(b"", length=big - 3)), **of)),
        ("set of an address", frame(TESTSET, varbind(
            64, root + (1, 4, 10, 0), text(b"12345678")), **of)),
        ("commit of nothing", frame(COMMITSET, **of)),
        ("undo of nothing", frame(UNDOSET, **of)),
        ("response to nothing", frame(RESPONSE, struct.pack(">IHH", 1, 0, 0),
                                      packet=big, **of)),
        ("response, cut", frame(RESPONSE, b"\0\0", packet=2, **of)),
        ("empty response", frame(RESPONSE, b"", packet=3, **of)),
        ("open, by a master", frame(OPEN, b"\1\0\0\0" + name(()) + text(b""))),
        ("register, by a master", frame(
            REGISTER, b"\1\x7f\0\0" + name(root), **of)),
        ("1,000 ranges", frame(GETNEXT, ranges([(root, (), 0)] * 1000),
                               **of)),
    ]


def broken_frames(root, session):
    """(what it is, bytes): the next frame cannot be told."""
    get = frame(GET, ranges([(root + (1, 4, 1, 0), (), 0)]), session=session)
    return [
        ("length 0", frame(GET, get[HEAD:], session=session, length=0)),
        ("length too short", frame(GET, get[HEAD:], session=session,
                                   length=8)),
        ("length too long", frame(GET, get[HEAD:], session=session,
                                  length=4096)),
        ("length 2^32-1", frame(GET, get[HEAD:], session=session,
                                length=0xffffffff)),
        ("length 2^32-20", frame(GET, get[HEAD:], session=session,
                                 length=0xffffffff - 19)),
        ("length 2^31", frame(GET, get[HEAD:], session=session,
                              length=1 << 31)),
        ("64 KiB of 0xff", b"\xff" * 65536),
        ("64 KiB of 0", bytes(65536)),
        ("an SNMP packet", bytes.fromhex(
            "302602010104067075626c6963a019020101020100020100300e300c0608"
            "2b060102010101000500")),
        ("a web request", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("half a header", get[:11]),
    ]


def damage(rng, data, keep_frame):
    """The frame with some bytes changed, cut out or put in."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(data)) if data else 0
        how = rng.randrange(6)
        if how == 0 and data:
            data[at] ^= 1 << rng.randrange(8)
        elif how == 1 and data:
            data[at] = rng.choice((0, 1, 4, 127, 128, 254, 255))
        elif how == 2 and data:
            data[at:at + 4] = rng.choice((
                b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff",
                b"\x80\0\0\0", b"\0\0\1\0"))
        elif how == 3:
            del data[at:at + rng.randrange(1, 13)]
        elif how == 4:
            data[at:at] = rng.randbytes(rng.randrange(1, 13))
        elif data:
            data[at:at] = data[at:at + rng.randrange(1, 40)]
    if keep_frame and len(data) >= HEAD:
        order = ">" if data[2] & BIG_ENDIAN else "<"
        data[16:20] = struct.pack(order + "I", len(data) - HEAD)
    return bytes(data)
