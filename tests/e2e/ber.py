# SPDX-License-Identifier: ISC
"""SNMP packets as bytes (RFC 3416, BER): made, taken apart, received."""
import socket

INTEGER, STRING, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
COUNTER32, GAUGE, TICKS, COUNTER64 = 0x41, 0x42, 0x43, 0x46
NO_OBJECT, NO_INSTANCE, END_OF_VIEW = 0x80, 0x81, 0x82
GET, GETNEXT, RESPONSE, SET, TRAP1, GETBULK, INFORM, TRAP2 = range(0xa0, 0xa8)
V1, V2C, V3 = 0, 1, 3
TRAP_OID = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)


def tlv(tag, content=b""):
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(number, tag=INTEGER):
    return tlv(tag, number.to_bytes(number.bit_length() // 8 + 1, "big",
                                    signed=True))


def arc(number):
    found = [number & 0x7f]
    while number > 0x7f:
        number >>= 7
        found.append(0x80 | number & 0x7f)
    return bytes(reversed(found))


def oid(arcs):
    return tlv(OID, bytes((arcs[0] * 40 + arcs[1],))
               + b"".join(map(arc, arcs[2:])))


def varbinds(names, value=tlv(NULL)):
    return tlv(SEQUENCE, b"".join(tlv(SEQUENCE, oid(arcs) + value)
                                  for arcs in names))


def request(kind, names, number=1, community=b"public", version=V2C,
            second=0, third=0, value=tlv(NULL)):
    """second, third: error and index, or what GETBULK has there."""
    return tlv(SEQUENCE, integer(version) + tlv(STRING, community) + tlv(
        kind, integer(number) + integer(second) + integer(third)
        + varbinds(names, value)))


def parse(data):
    """(tag, bytes or list of such, or number, or OID) of the whole data."""
    found, rest = _take(data)
    assert not rest, "something stands behind the packet"
    return found


def _take(data):
    tag, size, at = data[0], data[1], 2
    if size & 0x80:
        at += size & 0x7f
        size = int.from_bytes(data[2:at], "big")
    content, rest = data[at:at + size], data[at + size:]
    assert len(content) == size, "cut short"
    if tag & 0x20:
        parts = []
        while content:
            part, content = _take(content)
            parts.append(part)
        return (tag, parts), rest
    if tag == INTEGER:
        return (tag, int.from_bytes(content, "big", signed=True)), rest
    if tag in (COUNTER32, GAUGE, TICKS, COUNTER64):
        return (tag, int.from_bytes(content, "big")), rest
    if tag == OID:
        return (tag, _arcs(content)), rest
    return (tag, content), rest


def _arcs(content):
    found, number = [], 0
    for byte in content:
        number = number << 7 | byte & 0x7f
        if not byte & 0x80:
            found.append(number)
            number = 0
    first = min(found[0] // 40, 2)
    return (first, found[0] - 40 * first, *found[1:])


class Packet:
    """A response or a notification of version 1 or 2c."""

    def __init__(self, data):
        _, (version, community, pdu) = parse(data)
        self.version, self.community = version[1], community[1]
        self.kind, fields = pdu
        if self.kind == TRAP1:
            self.enterprise, self.generic, self.specific = (
                fields[0][1], fields[2][1], fields[3][1])
            self.trap = self.enterprise + (0, self.specific)
        else:
            self.number, self.error, self.index = (
                field[1] for field in fields[:3])
        self.varbinds = [(bound[1][0][1], bound[1][1])
                         for bound in fields[-1][1]]
        if self.kind in (TRAP2, INFORM):
            named = dict(self.varbinds)
            self.trap = named[TRAP_OID][1]


class Receiver:
    """Takes notifications at a port of 127.0.0.1; none is lost for want of
    room.  A context manager."""

    def __init__(self, port, size=64 << 20):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, size)  # RCVBUFFORCE
        self.socket.bind(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.packets = []

    def received(self):
        """All packets since the start."""
        while True:
            try:
                self.packets.append(Packet(self.socket.recv(1 << 16)))
            except BlockingIOError:
                return self.packets

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
