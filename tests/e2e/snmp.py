# SPDX-License-Identifier: ISC
"""snmpd, snmptrapd, mailtally-agent and the clients of net-snmp, in a network
of their own with nothing but loopback.

    @pytest.fixture(scope="module", autouse=True)
    def network():
        yield from snmp.network()

    with snmp.Place() as place:             # a folder, all programs in it
        place.publish(snapshot)             # oracle.Made, or its text
        place.master().start()              # snmpd, waits until it answers
        agent = place.agent().start()       # waits until it serves
        assert place.client().walk(snmp.ROOT_OID) == ...

An OID is a tuple of numbers, a value (type, number or bytes): ("Counter64",
5), ("STRING", b"mx1"), ("NoSuchInstance", None).  Waits poll with a deadline;
processes are ended by their number.  oracle.py says what has to be served.
"""
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from daemon import BIN, ENV, poll

ROOT_OID = (1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 25)
UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
MASTER, STANDALONE, TRAPS = 11161, 11171, 11162  # ports on 127.0.0.1
V2C = ("-v2c", "-c", "public")
V1 = ("-v1", "-c", "public")
V3 = ("-v3", "-u", "joe", "-l", "authPriv", "-a", "SHA-256", "-A",
      "joesauth1", "-x", "AES", "-X", "joespriv1")
PROGRAMS = ("snmpd", "snmptrapd", "snmpget", "snmpgetnext", "snmpwalk",
            "snmpbulkget", "snmpbulkwalk", "unshare", "ip")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CLONE_NEWNET = 0x40000000
NUMBERS = 100  # OIDs of one call; the programs take 128


# ---- the network ----------------------------------------------------------


def why_not():
    """The reason why these tests cannot run here, or None."""
    if os.geteuid() != 0:
        return "needs root for a network of its own"
    missing = [name for name in PROGRAMS if not shutil.which(name, path=PATH)]
    if missing:
        return "not installed: " + ", ".join(missing)
    done = subprocess.run(["unshare", "-n", "true"], stderr=subprocess.PIPE,
                          text=True)
    if done.returncode:
        return "unshare is not permitted: " + done.stderr.strip()
    return None


def network():
    """Moves this thread, and all that it starts, into a new network; a
    generator for a fixture, moves back behind its yield."""
    import pytest
    reason = why_not()
    if reason:
        pytest.skip(reason)
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        yield
    finally:
        libc.setns(before, CLONE_NEWNET)
        os.close(before)


# ---- names and values -----------------------------------------------------


def parse_oid(text):
    return tuple(int(arc) for arc in text.strip(".").split("."))


def show(oid):
    return "." + ".".join(map(str, oid))


def below(oid, root=ROOT_OID):
    """Whether oid is root or below it."""
    return oid[:len(root)] == tuple(root)


NOTHING = {
    "No Such Object available on this agent at this OID": "NoSuchObject",
    "No Such Instance currently exists at this OID": "NoSuchInstance",
    "No more variables left in this MIB View (It is past the end of the MIB "
    "tree)": "EndOfMibView"}
NUMBER = re.compile(r"(INTEGER|Counter64|Counter32|Gauge32|OID|OPAQUE): "
                    r"(-?[0-9.]+)")
TICKS = re.compile(r"Timeticks: \((\d+)\) [0-9:.days ]+")


def parse_value(text):
    """One value as -On -Oe -OU -Ox shows it; strict."""
    text = text.strip(" \n")
    if text in NOTHING:
        return NOTHING[text], None
    if text == '""':
        return "STRING", b""
    if text.startswith("Hex-STRING: "):
        return "STRING", bytes.fromhex(text[len("Hex-STRING: "):])
    found = TICKS.fullmatch(text)
    if found:
        return "Timeticks", int(found[1])
    found = NUMBER.fullmatch(text)
    assert found, f"a value that nobody knows: {text!r}"
    if found[1] == "OID":
        return "OID", parse_oid(found[2])
    return found[1], int(found[2])


def parse(output):
    """[(oid, value)] of what a client printed."""
    found = []
    for entry in re.split(r"\n(?=\.)", output.rstrip("\n")):
        if entry:
            oid, equals, value = entry.partition(" = ")
            if not equals and entry.endswith(" ="):
                oid, value = entry[:-2], '""'
            found.append((parse_oid(oid), parse_value(value)))
    return found


class SnmpError(Exception):
    """A client failed: what it said."""


class Client:
    """A manager: net-snmp's programs against one agent."""

    def __init__(self, place, port=MASTER, how=V2C, address="127.0.0.1",
                 timeout_s=5):
        self.place, self.how = place, how
        self.address = f"{address}:{port}"
        self.timeout_s = timeout_s

    def run(self, program, *arguments):
        """What it printed, as it is; SnmpError when it failed."""
        done = subprocess.run(
            [program, *self.how, "-On", "-Oe", "-OU", "-Ox", "-r", "0", "-t",
             str(self.timeout_s), *arguments], env=self.place.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", timeout=120)
        if done.returncode or done.stderr.strip():
            raise SnmpError(f"{program}: {done.stderr.strip()} "
                            f"{done.stdout.strip()[-300:]}")
        return done.stdout

    def _many(self, program, oids):
        found = []
        for at in range(0, len(oids), NUMBERS):
            part = oids[at:at + NUMBERS]
            answers = parse(self.run(program, self.address,
                                     *map(show, part)))
            assert len(answers) == len(part)
            found += answers
        return found

    def get(self, *oids):
        """[(oid, value)] for each; any number of OIDs."""
        return self._many("snmpget", oids)

    def value(self, oid):
        """Just the number or bytes of one object."""
        return self.get(oid)[0][1][1]

    def getnext(self, *oids):
        return self._many("snmpgetnext", oids)

    def getbulk(self, oids, repetitions, singles=0):
        return parse(self.run("snmpbulkget", f"-Cr{repetitions}",
                              f"-Cn{singles}", self.address,
                              *map(show, oids)))

    def walk(self, root=ROOT_OID):
        """All below root; [] when there is nothing."""
        # -CI: nothing there is nothing, not a GET of root.
        found = self.run("snmpwalk", "-CI", self.address, show(root))
        # So version 1 ends where nothing at all stands behind root.
        return _only_below(root, parse(found.removesuffix("End of MIB\n")))

    def bulkwalk(self, root=ROOT_OID, repetitions=50):
        return _only_below(root, parse(self.run(
            "snmpbulkwalk", f"-Cr{repetitions}", self.address,
            show(root))))

    def answers(self):
        """Whether somebody answers at all."""
        try:
            self.get(UPTIME)
        except SnmpError:
            return False
        return True


def _only_below(root, found):
    ends = ("EndOfMibView", "NoSuchObject", "NoSuchInstance")
    if found and found[-1][1][0] in ends:
        found.pop()
    outside = [entry for entry in found
               if not below(entry[0], root) or entry[1][0] in ends]
    assert not outside, outside
    return found


# ---- programs -------------------------------------------------------------


class Program:
    """One process; a context manager, ends with its Place at the latest."""

    def __init__(self, place, name, command, wrap=(), env=None):
        self.place, self.name = place, name
        self.command, self.wrap = list(command), list(wrap)
        self.env = env or place.env
        self.errors = place.folder / f"{name}.err"
        self.process = None
        place.programs.append(self)

    @property
    def pid(self):
        return self.process.pid

    def start(self, wait=True):
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(
                [*self.wrap, *map(str, self.command)], env=self.env,
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                cwd=self.place.folder)
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, timeout_s=20):
        """Until it does what it is for."""

    def said(self):
        """What it has logged, over all of its starts."""
        return (self.errors.read_text(errors="replace")
                if self.errors.exists() else "")

    def state(self):
        return f"{self.name} said: {self.said()[-1500:]}"

    def wait_said(self, text, timeout_s=20):
        return poll(lambda: text in self.said(), f"'{text}' in the log",
                    timeout_s, self)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, signo):
        self.process.send_signal(signo)

    def kill(self):
        """SIGKILL; the end is waited for."""
        if self.is_alive():
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        if self.process is not None:
            self.process.wait()

    def terminate(self, timeout_s=20):
        """SIGTERM; the status."""
        self.process.terminate()
        return self.process.wait(timeout_s)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    # ---- what it costs

    def rss_kib(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def fds(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu_s(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")")[1]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Master(Program):
    """snmpd, with AgentX on place.socket and nothing of the system."""

    def __init__(self, place, conf="", **how):
        self.conf = place.folder / "snmpd.conf"
        self.configure(place, conf)
        super().__init__(place, "snmpd", [
            "snmpd", "-f", "-C", "-c", self.conf, "-Lf",
            place.folder / "snmpd.log"], **how)

    def configure(self, place, conf=""):
        self.conf.write_text(
            f"agentAddress udp:127.0.0.1:{MASTER}\n"
            "rocommunity public 127.0.0.1\n"
            "rwcommunity private 127.0.0.1\n"
            'createUser joe SHA-256 "joesauth1" AES "joespriv1"\n'
            "rouser joe priv\n"
            "master agentx\n"
            f"agentXSocket unix:{place.socket}\n"
            "agentXTimeout 1\nagentXRetries 0\n"
            "dontLogTCPWrappersConnects yes\n"
            f"smuxsocket 127.0.0.1:11199\n{conf}\n")

    def wait_ready(self, timeout_s=20):
        # Its socket is the last thing that it makes.
        client = Client(self.place, timeout_s=0.1)
        poll(client.answers, "snmpd", timeout_s, self)

    def logged(self):
        path = self.place.folder / "snmpd.log"
        return path.read_text(errors="replace") if path.exists() else ""


class Traps(Program):
    """snmptrapd on TRAPS."""

    def __init__(self, place, conf=""):
        self.conf = place.folder / "snmptrapd.conf"
        self.log = place.folder / "snmptrapd.log"
        # User joe's engine is not known here: an inform needs none.
        self.conf.write_text("authCommunity log public\n"
                             'createUser joe SHA-256 "joesauth1" AES '
                             f'"joespriv1"\nauthUser log joe priv\n{conf}\n')
        super().__init__(
            place, "snmptrapd",
            ["snmptrapd", "-f", "-C", "-c", self.conf, "-On", "-Oe", "-OU",
             "-Ox", "-F", "TRAP\t%P\t%N %q\t%v\tEND\n", "-Lf", self.log,
             f"udp:127.0.0.1:{TRAPS}"],
            env=dict(place.env,
                     SNMP_PERSISTENT_DIR=str(place.folder / "trapd-var")))

    def wait_ready(self, timeout_s=20):
        local = f"0100007F:{TRAPS:04X}"
        poll(lambda: local in Path("/proc/thread-self/net/udp").read_text(),
             "snmptrapd", timeout_s, self)

    def received(self):
        """[{oid: value}] of each notification, in order of arrival; one of
        SNMPv1 has "v1": (enterprise, specific number), too."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        found = []
        for kind, of_v1, bindings in re.findall(
                r"^TRAP\t(.*?)\t(.*?)\t(.*?)\tEND\n", text, re.M | re.S):
            found.append(dict(parse(re.sub(r"\t(?=\.)", "\n", bindings))))
            if "SNMP v1" in kind:
                enterprise, specific = of_v1.split(" ")
                found[-1]["v1"] = (parse_oid(enterprise),
                                   int(specific.strip(".")))
        return found


class Agent(Program):
    """mailtally-agent; its configuration is place.conf."""

    def __init__(self, place, *arguments, name="agent", standalone=False,
                 **how):
        self.standalone = standalone
        if standalone:
            arguments += ("--standalone", f"127.0.0.1:{STANDALONE}")
        super().__init__(place, name, [
            BIN / "mailtally-agent", "-c", place.conf, *arguments], **how)

    def client(self, **how):
        return Client(self.place, STANDALONE if self.standalone else MASTER,
                      **how)

    def serves(self):
        """Whether a manager sees mtCollectorState."""
        try:
            return self.client(timeout_s=0.5).value(STATE) is not None
        except SnmpError:
            return False

    def wait_ready(self, timeout_s=20):
        poll(self.serves, "the agent's objects", timeout_s, self)


STATE = ROOT_OID + (1, 4, 1, 0)  # mtCollectorState


class Place:
    """A folder for all of them; everybody may enter it.

    run/snapshot is what the agent reads, mailtally.conf its configuration,
    agentx the socket."""

    def __init__(self, snmp=""):
        self.folder = Path(tempfile.mkdtemp(prefix="mailtally-e2e-"))
        self.folder.chmod(0o755)
        self.socket = self.folder / "agentx"
        self.run, self.state = self.folder / "run", self.folder / "state"
        self.conf = self.folder / "mailtally.conf"
        self.programs = []
        for made in (self.run, self.state, self.folder / "etc",
                     self.folder / "var", self.folder / "rules.d"):
            made.mkdir()
        self.env = dict(
            ENV, PATH=PATH, HOME=str(self.folder), MIBS="",
            MIBDIRS="/dev/null", SNMPCONFPATH=str(self.folder / "etc"),
            SNMP_PERSISTENT_DIR=str(self.folder / "var"))
        # The library's unix_recv() loses 110 bytes when snmpd ends while it
        # reads; what we allocate is looked at, and all of it by valgrind.
        known = self.folder / "etc/lsan"
        known.write_text("leak:libnetsnmp.so\n")
        self.env["LSAN_OPTIONS"] = f"suppressions={known}:print_suppressions=0"
        self.configure(snmp)

    def snmp_conf(self, more="", root=""):
        """The section, for whoever writes the configuration himself."""
        root = f'root = "{root}"' if root else ""
        return f'snmp {{ socket = "unix:{self.socket}" {root} {more} }}\n'

    def configure(self, snmp="", root="", more=""):
        """Writes mailtally.conf; snmp: more settings of its section."""
        self.conf.write_text(
            f'state_dir = "{self.state}"\nrun_dir = "{self.run}"\n'
            f'rules_dir = "{self.folder}/rules.d"\n'
            + self.snmp_conf(snmp, root)
            + f'input "{self.folder}/mail.log" {{ }}\n{more}\n')

    def publish(self, snapshot, mode=0o644):
        """Replaces the snapshot as the collector does."""
        text = snapshot if isinstance(snapshot, bytes) else snapshot.text()
        new = self.run / "snapshot.new"
        new.write_bytes(text)
        new.chmod(mode)
        new.rename(self.run / "snapshot")

    def snapshot(self):
        return (self.run / "snapshot").read_bytes()

    def master(self, conf="", **how):
        return Master(self, conf, **how)

    def traps(self, conf=""):
        return Traps(self, conf)

    def agent(self, *arguments, **how):
        return Agent(self, *arguments, **how)

    def client(self, **how):
        return Client(self, **how)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self.programs):
            program.kill()
        shutil.rmtree(self.folder)
