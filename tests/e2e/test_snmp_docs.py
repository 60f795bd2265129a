# SPDX-License-Identifier: ISC
"""docs/snmp.md does what it says, with the snmpd.conf and snmp.yml that we
ship, on a machine of its own: from useradd to the exporter."""
import contextlib
import shutil
import subprocess
import time

import pytest

import document
import machine
import snmp
from daemon import ROOT, poll

DOCUMENT = ROOT / "docs" / "snmp.md"
PROGRAMS = ("snmpd", "snmptrapd", "snmptable", "snmptranslate", "useradd",
            "runuser", "nsenter", "prometheus-snmp-exporter", "curl")


def why_not():
    missing = [name for name in PROGRAMS
               if not shutil.which(name, path=machine.PATH)]
    return snmp.why_not() or (
        "not installed: " + ", ".join(missing) if missing else None)


class Services:
    """systemctl, for snmpd."""

    def __init__(self, there):
        self.there = there
        self.snmpd = None

    def __call__(self, what, unit):
        assert unit == "snmpd"
        if what in ("stop", "restart") and self.snmpd:
            self.there.must("pkill -x snmpd")  # there is no other one there
            self.snmpd.wait(20)
            self.snmpd = None
        if what in ("start", "restart"):
            # RuntimeDirectory=agentx
            self.there.must("rm -rf /run/agentx; mkdir -m 755 /run/agentx")
            self.snmpd = self.there.start("snmpd",
                                          machine.unit_command("snmpd"))


ASK = "snmpget -v2c -c change-me -t 1 -r 0 -Oqv -m '' "
LINES = ".1.3.6.1.4.1.8072.9999.9999.25.1.1.1700.0"
# What a command that was started is ready for.
READY = {
    "mailtally-agent": f"{ASK} localhost {LINES} | grep -qx 2628",
    "--standalone": f"{ASK} localhost:11161 {LINES} | grep -qx 2628",
    "snmptrapd": "ss -Hlun 'sport = :162' | grep -q 127.0.0.1",
    "prometheus-snmp-exporter": "curl -sf http://127.0.0.1:9116/ >/dev/null",
}


ALERT = "dkim_failures all"
SAYS = ("31.50 5.00 critical More than 5 % of DKIM signatures have failed for "
        "10 minutes")
SNAPSHOT = "/run/mailtally/snapshot"


def raise_an_alert(there):
    """What the collector will do one day; snmptrapd has heard of it then."""
    there.must("pkill -x mailtallyd; "
               "while pgrep -x mailtallyd >/dev/null; do sleep 0.1; done")
    lines = there.must(f"cat {SNAPSHOT}").splitlines()
    now = int(time.time())
    lines = [f"written {now}" if line.startswith("written ") else line
             for line in lines[:-1]]
    lines += [f"alert {ALERT} raised {now} {SAYS}",
              f"change 1 {now} {ALERT} raised {SAYS}"]
    (there.folder / "snapshot").write_text(
        "\n".join([*lines, f"end {len(lines) - 1}", ""]))
    there.must(f"install -m 640 -g mailtally {there.folder}/snapshot "
               f"{SNAPSHOT}.new && mv {SNAPSHOT}.new {SNAPSHOT}")
    poll(lambda: there.run("grep -q AlertRaised /var/log/snmptrapd.log")[0]
         == 0, "the notification", 30)


@contextlib.contextmanager
def place():
    """(run, wait): the machine with its log; wait until all is up."""
    with machine.Machine() as there:
        there.must(f"cp {ROOT}/dist/demo/mail.log /var/log/mail.log && "
                   "chown root:adm /var/log/mail.log && "
                   "chmod 640 /var/log/mail.log && "
                   "install -d -o Debian-snmp /var/lib/snmp")
        run = document.Run(
            there, Services(there), ROOT,
            {"snmptrapd.log": lambda: raise_an_alert(there)})

        def wait():
            for command in run.started:
                for word, ready in READY.items():
                    if word in command:
                        poll(lambda: there.run(ready)[0] == 0, command)

        yield run, wait


@pytest.fixture(scope="module", autouse=True)
def network():
    reason = why_not()
    if reason:
        pytest.skip(reason)
    yield from snmp.network()


def test_the_document():
    with place() as (run, wait):
        for box in document.boxes(DOCUMENT):
            for command, shown, printed in run.box(box):
                assert document.missing(shown, printed) is None, \
                    f"{command}\n" + "\n".join(printed)
            wait()


def test_snmp_yml_is_what_the_generator_makes_of_the_mib(tmp_path):
    for name in ("generator.yml", "snmp.yml"):
        shutil.copy(ROOT / "dist" / "snmp" / name, tmp_path)
    made = tmp_path / "snmp.yml"
    shipped = made.read_text()
    made.unlink()
    mibs = ":".join((f"{ROOT}/dist/snmp/mibs", f"{ROOT}/agent",
                     "/usr/share/snmp/mibs"))
    subprocess.run(
        ["prometheus-snmp-generator", "--log.level=error", "generate"],
        cwd=tmp_path, check=True, stderr=subprocess.DEVNULL, env={
            "PATH": machine.PATH, "HOME": str(tmp_path), "MIBDIRS": mibs,
            "SNMP_PERSISTENT_DIR": str(tmp_path)})
    assert made.read_text() == shipped, "make docs"


def test_the_sample_names_the_root_of_the_mib():
    sample = (ROOT / "dist" / "snmp" / "snmpd.conf").read_text()
    assert f"included {snmp.show(snmp.ROOT_OID)}\n" in sample
