# SPDX-License-Identifier: ISC
"""mailtally-agent --standalone: an SNMP agent of its own, and who may ask."""
import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest

import ber
import oracle
import snmp
from daemon import poll
from snmp import ROOT_OID, STANDALONE, SnmpError

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
V3 = snmp.V3[3:]
USER = ('user = "joe" auth = "SHA-256" auth_password = "joesauth1" '
        'privacy = "AES" privacy_password = "joespriv1"')
CONF = f'community = "public" {USER}'
# What differs from moment to moment.
MOMENTS = {oracle.AGE, oracle.LAST_LINE_AGE, oracle.DISCONTINUITY, oracle.SENT}


@pytest.fixture(scope="module", autouse=True)
def network():
    yield from snmp.network()


@pytest.fixture
def place():
    with snmp.Place(CONF) as made:
        made.publish(oracle.rich())
        yield made


@pytest.fixture
def agent(place):
    return place.agent(standalone=True).start()


def user(name="joe", level="authPriv", auth="joesauth1", privacy="joespriv1",
         hash_="SHA-256", cipher="AES"):
    return ("-v3", "-u", name, "-l", level, "-a", hash_, "-A", auth,
            "-x", cipher, "-X", privacy)


def community(name, version="-v2c"):
    return (version, "-c", name)


# ---- who asks rightly -----------------------------------------------------


def test_every_version_sees_the_snapshot(agent):
    text = agent.place.snapshot()
    plain = agent.client().walk()
    oracle.assert_served(text, plain)
    for how in (snmp.V2C, snmp.V3):
        oracle.assert_served(text, agent.client(how=how).bulkwalk())
        oracle.assert_served(text, agent.client(how=how).walk())
    old = agent.client(how=snmp.V1).walk()
    without = [(oid, value) for oid, value in plain
               if value[0] != "Counter64"]
    assert [oid for oid, _ in old] == [oid for oid, _ in without]
    assert [value for oid, value in old if oid not in MOMENTS] == [
        value for oid, value in without if oid not in MOMENTS]
    assert len(plain) > len(old) > 50
    with pytest.raises(SnmpError, match="noSuchName"):
        agent.client(how=snmp.V1).get(oracle.TOTALS + (110, 0))


def test_snmpd_shows_the_same(place, agent):
    place.master().start()
    behind = place.agent(name="behind").start()
    there, here = behind.client().walk(), agent.client().walk()
    assert [oid for oid, _ in there] == [oid for oid, _ in here]
    differ = [(a, b) for a, b in zip(there, here)
              if a != b and a[0] not in MOMENTS]
    assert not differ, differ


def test_a_walk_of_all_there_is_shows_the_system_and_our_tree(agent):
    found = agent.client().walk((1, 3, 6, 1))
    system = [(oid, value) for oid, value in found if snmp.below(oid, SYSTEM)]
    assert [(oid[len(SYSTEM):], value[0]) for oid, value in system] == [
        ((1, 0), "STRING"), ((2, 0), "OID"), ((3, 0), "Timeticks"),
        ((5, 0), "STRING")]
    assert b"mailtally" in system[0][1][1]
    assert snmp.below(system[1][1][1], (1, 3, 6, 1, 4, 1))
    assert system[3][1][1] == socket.gethostname().encode()
    rest = found[len(system):]
    assert found[:len(system)] == system
    oracle.assert_served(agent.place.snapshot(), rest)
    for end in ((1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 26), (1, 3, 6, 2), (2, 1)):
        [(_, value)] = agent.client().getnext(end)
        assert value == ("EndOfMibView", None)
    first = agent.client().value(snmp.UPTIME)
    poll(lambda: agent.client().value(snmp.UPTIME) > first, "time")


def test_nothing_of_the_library_is_visible(agent):
    """Its own counters, its users and views, snmpd's configuration."""
    for how in (snmp.V2C, snmp.V3):
        client = agent.client(how=how)
        for below in ((1, 3, 6, 1, 6), (1, 3, 6, 1, 2, 1, 11),
                      (1, 3, 6, 1, 4, 1, 2021), (1, 3, 6, 1, 4, 1, 8072, 1),
                      (1, 3, 6, 1, 4, 1, 8072, 2),
                      (1, 3, 6, 1, 6, 3, 10), (1, 3, 6, 1, 6, 3, 15)):
            assert client.walk(below) == [], below
        assert [value for _, value in client.get(
            (1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0), SYSTEM + (4, 0))] == [
                ("NoSuchObject", None)] * 2


def test_another_root_is_served_and_nothing_at_the_first(place):
    root = (1, 3, 6, 1, 4, 1, 32473, 7)
    place.configure(CONF, root=snmp.show(root)[1:])
    agent = place.agent(standalone=True).start(wait=False)
    poll(lambda: agent.client(timeout_s=1).answers(), "the agent",
         alive=agent)
    found = agent.client().walk(root)
    oracle.assert_served(place.snapshot(), [
        (ROOT_OID + oid[len(root):], value) for oid, value in found])
    assert agent.client().walk(ROOT_OID) == []


# ---- who does not ---------------------------------------------------------


@pytest.mark.parametrize("how, why", [
    (community("private"), "Timeout"),
    (community("private", "-v1"), "Timeout"),
    (community(""), "Timeout"),
    (community("publi"), "Timeout"),
    (user(auth="joesauth2"), "Authentication failure"),
    (user(privacy="joespriv2"), "Decryption error|Timeout|Unknown"),
    (user(hash_="SHA"), "Authentication failure"),
    (user(cipher="DES"), "Decryption error|Timeout|Unknown"),
    (user(level="authNoPriv"), "authorizationError|Unsupported security"),
    (user(level="noAuthNoPriv"), "authorizationError|Unsupported security"),
    (user("jim"), "Unknown user name"),
    (user("public"), "Unknown user name"),
])
def test_refused(standing, how, why):
    client = standing(how, timeout_s=0.3)
    for action in (lambda: client.get(snmp.STATE),
                   lambda: client.getnext(ROOT_OID)):
        with pytest.raises(SnmpError, match=why):
            action()
    assert standing().value(snmp.STATE)


@pytest.fixture(scope="module")
def standing(network):
    """One agent for all who are refused: how to ask it."""
    with snmp.Place(CONF) as place:
        def client(how=snmp.V2C, **more):
            return place.client(how=how, port=STANDALONE + 1, **more)
        place.publish(oracle.rich())
        agent = place.agent("--standalone", f"127.0.0.1:{STANDALONE + 1}"
                            ).start(wait=False)
        poll(client(timeout_s=1).answers, "the agent", alive=agent)
        yield client
        assert agent.is_alive()


@pytest.mark.parametrize("how", [snmp.V1, snmp.V2C, snmp.V3])
def test_nothing_can_be_set(standing, how):
    client = standing(how)
    before = standing().walk()
    for oid, kind, value in (
            (snmp.STATE, "i", "3"), (oracle.VERSION, "s", "9"),
            (SYSTEM + (5, 0), "s", "evil"), (ROOT_OID + (9, 9), "i", "1"),
            ((1, 3, 6, 1, 6, 3, 15, 1, 1, 0), "i", "1")):
        with pytest.raises(SnmpError, match="noAccess|notWritable|readOnly|"
                           "noSuchName|authorizationError"):
            client.run("snmpset", client.address, snmp.show(oid), kind, value)
    after = standing().walk()
    assert [(oid, value) for oid, value in after if oid not in MOMENTS] == [
        (oid, value) for oid, value in before if oid not in MOMENTS]


def test_only_a_user_means_no_community(place):
    place.configure(USER)
    agent = place.agent(standalone=True).start(wait=False)
    poll(lambda: agent.client(how=snmp.V3, timeout_s=1).answers(), "the agent",
         alive=agent)
    for name in ("public", "", "private"):
        with pytest.raises(SnmpError, match="Timeout"):
            agent.client(how=community(name), timeout_s=0.3).get(snmp.STATE)


def test_only_a_community_means_no_user(place):
    place.configure('community = "public"')
    agent = place.agent(standalone=True).start()
    with pytest.raises(SnmpError, match="Unknown user name"):
        agent.client(how=snmp.V3, timeout_s=1).get(snmp.STATE)


# ---- where it listens -----------------------------------------------------


def refused(place, *arguments):
    """What the agent says when it does not start at all."""
    agent = place.agent(*arguments, name="refused").start(wait=False)
    try:
        status = agent.process.wait(5)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"{arguments}: it runs; {agent.state()}") from None
    said = agent.said()
    agent.errors.unlink()
    assert status in (1, 2), (status, said)
    assert said.strip(), "it said nothing"
    assert "Sanitizer" not in said and "usage" not in said.split("\n")[0]
    return said


@pytest.mark.parametrize("address", [
    "0.0.0.0:11171", "192.0.2.1:11171", "[::]:11171", "[2001:db8::1]:11171",
    "[::ffff:192.0.2.1]:11171", "[fe80::1]:11171", "128.0.0.1:11171",
    "255.255.255.255:11171"])
def test_not_beyond_loopback_unless_asked(place, address):
    said = refused(place, "--standalone", address)
    assert "--expose" in said and address.rsplit(":", 1)[0] in said, said


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
    "127.0.0.1:-1", "127.0.0.1:1x", "127.0.0.1: 161", "127.0.0.1:161:161",
    "localhost:11171", ":11171", "", "::1:11171", "[::1]", "[::1:11171",
    "[::1]11171", "::1", "127.1:11171", "udp:127.0.0.1:11171",
    "127.0.0.1:11171,udp:0.0.0.0:11172", "127.0.0.256:11171",
    "2130706433:11171", "0x7f.0.0.1:11171", "[127.0.0.1]:11171"])
def test_what_is_no_address(place, address):
    for more in ((), ("--expose",)):
        refused(place, "--standalone", address, *more)


def test_exposed_when_asked(place):
    agent = place.agent("--standalone", f"0.0.0.0:{STANDALONE}", "--expose"
                        ).start(wait=False)
    client = place.client(port=STANDALONE, timeout_s=1)
    poll(client.answers, "the agent", alive=agent)
    oracle.assert_served(place.snapshot(), client.walk())


def test_listens_at_its_one_port_only(agent):
    def ports(name):
        lines = open(f"/proc/thread-self/net/{name}").read().split("\n")[1:-1]
        return [(line.split()[1], line.split()[3]) for line in lines]
    def listens():
        return [(name, at) for name in ("udp", "udp6", "tcp", "tcp6")
                for at, state in ports(name)
                if (name[:3] == "udp" or state == "0A")
                and not at.endswith(f":{STANDALONE + 1:04X}")]
    assert listens() == [("udp", f"0100007F:{STANDALONE:04X}")]


def test_the_other_loopback(place):
    agent = place.agent("--standalone", f"[::1]:{STANDALONE}"
                        ).start(wait=False)
    client = place.client(port=STANDALONE, address="udp6:[::1]",
                          timeout_s=1)
    poll(client.answers, "the agent", alive=agent)
    oracle.assert_served(place.snapshot(), client.walk())


def test_a_port_that_is_taken(place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", STANDALONE))
        said = refused(place, "--standalone", f"127.0.0.1:{STANDALONE}")
    assert f"127.0.0.1:{STANDALONE}" in said
    assert os.strerror(98) in said, said


def test_without_rights_for_anybody_it_does_not_start(place):
    place.configure("")
    said = refused(place, "--standalone", f"127.0.0.1:{STANDALONE}")
    assert "community" in said and "user" in said


# ---- its life -------------------------------------------------------------


def boots():
    """The engine's id, its boots and its time (RFC 3414 section 4)."""
    empty = ber.tlv(4)
    scoped = ber.tlv(ber.SEQUENCE, empty * 2 + ber.tlv(
        ber.GET, ber.integer(1) + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE)))
    usm = ber.tlv(ber.SEQUENCE, empty + ber.integer(0) * 2 + empty * 3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(ber.tlv(ber.SEQUENCE, ber.integer(3) + ber.tlv(
            ber.SEQUENCE, ber.integer(1) + ber.integer(65507)
            + ber.tlv(4, b"\4") + ber.integer(3))
            + ber.tlv(4, usm) + scoped), ("127.0.0.1", STANDALONE))
        _, whole = ber.parse(client.recv(1 << 16))
    (_, fields) = ber.parse(whole[2][1])
    return fields[0][1], fields[1][1], fields[2][1]


def test_the_engine_stays_and_its_boots_grow(place):
    seen = []
    for end in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
        agent = place.agent(standalone=True, name=f"agent{len(seen)}").start()
        seen.append(boots())
        assert agent.client(how=snmp.V3).value(snmp.STATE) == 1
        agent.signal(end)
        agent.process.wait(5)
    assert len({engine for engine, *_ in seen}) == 1
    numbers = [number for _, number, _ in seen]
    assert numbers == sorted(set(numbers)) and numbers[0] > 0, numbers


def test_a_password_changed_is_the_one_that_counts(place, agent):
    assert agent.terminate() == 0
    place.configure(CONF.replace("joesauth1", "another-one"))
    agent.start()
    with pytest.raises(SnmpError, match="Authentication failure"):
        agent.client(how=snmp.V3).get(snmp.STATE)
    assert agent.client(how=user(auth="another-one")).value(snmp.STATE) == 1
    assert agent.terminate() == 0
    place.configure(CONF.replace("joe", "jim"))
    agent.start()
    with pytest.raises(SnmpError, match="Unknown user name"):
        agent.client(how=snmp.V3).get(snmp.STATE)


def test_its_secrets_are_its_own(place, agent):
    found = [path for path in (place.state / "agent").rglob("*")]
    assert found, "nothing is kept"
    for path in found:
        mode = path.stat().st_mode & 0o777
        if path.is_file() and re.search(rb"usmUser|0x|joes", path.read_bytes()):
            assert mode & 0o077 == 0, (path, oct(mode))
    assert not [p for p in found if p.is_file() and b"joesauth1"
                in p.read_bytes()]


def test_ends_at_once_on_sigterm_and_sigint(place):
    for number, signo in enumerate((signal.SIGTERM, signal.SIGINT)):
        agent = place.agent(standalone=True, name=f"agent{number}").start()
        began = time.monotonic()
        agent.signal(signo)
        assert agent.process.wait(5) == 0
        assert time.monotonic() - began < 3


def test_sighup_takes_a_new_community(place, agent):
    place.configure(CONF.replace("public", "other"))
    agent.signal(signal.SIGHUP)
    client = agent.client(how=community("other"), timeout_s=1)
    poll(client.answers, "the new community", alive=agent)
    with pytest.raises(SnmpError, match="Timeout"):
        agent.client(timeout_s=0.3).get(snmp.STATE)
    oracle.assert_served(place.snapshot(), client.walk())


def test_sighup_with_a_mistake_goes_on_with_the_old(place, agent):
    place.conf.write_text(place.conf.read_text() + "nonsense = 1\n")
    wrong = len(place.conf.read_text().splitlines())
    agent.signal(signal.SIGHUP)
    agent.wait_said(f"{place.conf}:{wrong}:")
    assert agent.is_alive() and agent.serves()
    place.configure("")  # nobody may ask
    agent.signal(signal.SIGHUP)
    agent.wait_said("community", timeout_s=5)
    poll(lambda: agent.is_alive() and agent.serves(), "the old community")


# ---- what it touches ------------------------------------------------------


def poison(place):
    """Files that the library would read, with rights for a stranger: an
    environment that leads to them."""
    evil = place.folder / "evil"
    for folder in (".snmp", "etc", "var"):
        (evil / folder).mkdir(parents=True)
        for name in ("snmp", "snmpd", "agentx", "mailtally", "snmpapp",
                     "mailtally-agent", "snmp.local", "snmpd.local"):
            (evil / folder / f"{name}.conf").write_text(
                "rocommunity evil\nrwcommunity evil2\n"
                "agentAddress udp:127.0.0.1:11199\n"
                "defVersion 3\nnonsense\n")
    return dict(place.env, HOME=str(evil), SNMPCONFPATH=str(evil / "etc"),
                SNMP_PERSISTENT_DIR=str(evil / "var"),
                SNMP_PERSISTENT_FILE=str(evil / "odd"))


WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|\b(?:mkdir|rename|unlink|link|"
                    r"symlink|chmod|chown|truncate|mknod)")


def test_reads_no_file_of_the_system_and_writes_only_its_own(place):
    env = poison(place)
    trace = place.folder / "trace"
    own = place.state / "agent"
    strace = shutil.which("strace", path=snmp.PATH)
    agent = place.agent(standalone=True, wrap=[
        strace, "-D", "-f", "--seccomp-bpf", "-qq", "-e", "trace=%file",
        "-o", str(trace)]
        if strace and "asan" not in os.environ.get("MODE", "") else [],
        env=env)
    before = set(place.folder.rglob("*"))
    agent.start()
    for name in ("evil", "evil2"):
        with pytest.raises(SnmpError, match="Timeout"):
            agent.client(how=community(name), timeout_s=0.3).get(snmp.STATE)
    agent.client(how=snmp.V3).walk()
    made = {path for path in place.folder.rglob("*")
            if place.folder / "var" not in path.parents  # the clients' own
            } - before - {trace, agent.errors}
    assert made and all(path == own or own in path.parents
                        for path in made), made
    if not trace.exists():
        return
    assert agent.terminate() == 0
    for line in trace.read_text(errors="replace").splitlines():
        assert not re.search(r'"[^"]*/(\.snmp|etc/snmp|share/snmp|lib/snmp)'
                             r'[/"]', line), line
        assert "/evil/" not in line, line
        paths = re.findall(r'"([^"]*)"', line)
        if WRITES.search(line) and paths and paths[0] != "/dev/null":
            assert all(path.startswith(str(own)) for path in paths), line


def test_an_unprivileged_user_is_enough(place):
    os.chown(place.state, 65534, 65534)
    place.conf.chmod(0o644)
    agent = place.agent(standalone=True, wrap=[
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
    agent.start()
    status = open(f"/proc/{agent.pid}/status").read()
    assert re.search(r"^Uid:\s+65534\s+65534", status, re.M)
    oracle.assert_served(place.snapshot(), agent.client(how=snmp.V3).walk())
    assert agent.terminate() == 0


def test_a_folder_that_it_may_not_write_is_said(place):
    shutil.rmtree(place.state)
    place.state.write_text("a file")
    said = refused(place, "--standalone", f"127.0.0.1:{STANDALONE}")
    assert str(place.state) in said
