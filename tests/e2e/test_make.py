# SPDX-License-Identifier: ISC
"""The README's commands do what it says: demo, install, a build that is done."""
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PNG = b"\x89PNG\r\n\x1a\n"


def make(*args):
    done = subprocess.run(["make", "-s", *args], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_second_make_does_nothing():
    make("all")
    assert make("all") == ""


def test_demo_counts_the_bundled_log_and_draws_it():
    out = make("demo")
    assert "At least one DKIM signature verified" in out
    graphs = [line for line in out.splitlines() if line.endswith(".png")]
    assert len(graphs) == 7, out
    for graph in graphs:
        with open(os.path.join(ROOT, graph), "rb") as file:
            assert file.read(8) == PNG
    rrds = [line for line in out.splitlines() if line.endswith(".rrd")]
    assert any(line.endswith("/dkim.rrd") for line in rrds), out
    for rrd in rrds:
        assert os.path.getsize(os.path.join(ROOT, rrd)) > 0


def test_demo_ends_with_a_walk_and_a_table_by_name():
    walk, table = make("demo").split("; snmpwalk\n")[1].split("\n\n")
    walk = walk.splitlines()
    assert walk[0] == "mtCollectorState.0 = running", walk
    assert 20 <= len(walk) <= 30, walk
    with open(os.path.join(ROOT, "dist/demo/truth.json")) as file:
        truth = json.load(file)["total"]
    for name in ("dkim.pass", "dkim.signatures", "spf.pass", "dmarc.fail"):
        group, word = name.split(".")
        line = f"mt{group.capitalize()}{word.capitalize()}.0 = {truth[name]}"
        assert line in walk, walk
    rows = {line.split()[0]: line.split()[1:]
            for line in table.splitlines()[1:] if ":" not in line}
    assert rows["Name"][0] == "DkimPass", table
    assert rows["opendkim"][0] == str(truth["dkim.pass"]), table
    assert len(rows) == 5, table


def test_demo_takes_a_log_of_ones_own(tmp_path):
    log = tmp_path / "mail.log"
    log.write_text("2026-11-20T10:00:00+00:00 mx opendkim[1]: 4F1A2B3C: "
                   "DKIM verification successful\n")
    out = make("demo", "LOG=%s" % log)
    assert " pass " in out and "100.0 %" in out
    assert log.read_text().count("\n") == 1


def test_install_puts_everything_in_its_place(tmp_path):
    make("install", "DESTDIR=%s" % tmp_path, "PREFIX=/usr")
    for path in ("usr/sbin/mailtallyd", "usr/bin/mailtally",
                 "usr/sbin/mailtally-agent",
                 "usr/share/snmp/mibs/MAILTALLY-MIB.txt",
                 "usr/share/mailtally/mibs/SNMPv2-SMI.txt",
                 "usr/share/mailtally/snmp/snmpd.conf",
                 "usr/share/mailtally/snmp/snmp.yml",
                 "usr/share/mailtally/cacti/"
                 "cacti_device_template_mailtally.xml",
                 "usr/share/mailtally/cacti/snmp_queries/"
                 "mailtally_hosts.xml",
                 "usr/share/mailtally/cacti/thold/mailtally_thold.xml",
                 "usr/share/man/man8/mailtally-agent.8",
                 "usr/libexec/mailtally/mailtally-rrd",
                 "usr/share/man/man1/mailtally.1",
                 "usr/share/man/man5/mailtally.conf.5",
                 "usr/share/man/man8/mailtallyd.8",
                 "etc/mailtally/mailtally.conf"):
        assert (tmp_path / path).is_file(), path
    done = subprocess.run([tmp_path / "usr/bin/mailtally", "--version"],
                          stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.startswith("mailtally ")
    done = subprocess.run([tmp_path / "usr/bin/mailtally", "graph", "--help"],
                          stdout=subprocess.PIPE, text=True, check=True)
    assert "graph" in done.stdout


def test_install_keeps_an_edited_configuration(tmp_path):
    conf = tmp_path / "etc/mailtally/mailtally.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text("# mine\n")
    make("install", "DESTDIR=%s" % tmp_path, "PREFIX=/usr")
    assert conf.read_text() == "# mine\n"
