#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""mib - agent/MAILTALLY-MIB.txt is what agent/mib.py makes; smilint says
nothing about it; libsmi and net-snmp both load it, and read in it just the
counters of the catalogue and the columns of agent/columns.c.

What the tools read decides, not the generator's own functions.  Debian has no
MIB files of the IETF: dist/snmp/mibs has stand-ins.  Run by itself: for pytest
it has the name of what it imports.
"""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import checks

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "agent"))
sys.dont_write_bytecode = True
import mib  # noqa: E402

FILE = os.path.join(ROOT, "agent/MAILTALLY-MIB.txt")
MIBS = os.path.join(ROOT, "dist/snmp/mibs") + ":/usr/share/snmp/mibs"
BASE = "1.3.6.1.4.1.8072.9999.9999.25"
QUEUE = range(1600, 1700)
WIDTH = 76
TABLES = {"source": 5, "host": 6, "domain": 7}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def run(*command):
    """All that a tool writes; none of its files, settings or MIBs are those of
    this machine."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "SMIPATH": MIBS,
                 "MIBDIRS": os.path.join(ROOT, "agent") + ":" + MIBS,
                 "SNMPCONFPATH": folder, "SNMP_PERSISTENT_DIR": folder})
    # What net-snmp says of the folder that it was just given.
    errors = re.sub(r"^Created directory: .*\n", "", done.stderr, flags=re.M)
    assert done.returncode == 0, (command, done.returncode, errors)
    return done.stdout, errors


def smidump(form):
    output, errors = run("smidump", "-c", "/dev/null", "-f", form, FILE)
    assert errors == "", errors
    return output


def smilint(text):
    """All that smilint says: it exits with 0 whatever it finds.  Debian's own
    smi.conf would hide a part."""
    with tempfile.NamedTemporaryFile("w", prefix="mailtally-mib") as file:
        file.write(text)
        file.flush()
        return "".join(run("smilint", "-c", "/dev/null", "-l", "6", "-s", "-m",
                           file.name))


def nodes():
    """{name: (oid below ours, type, access, DESCRIPTION)} of all objects and
    notifications, as libsmi reads them."""
    found = {}
    for node in xml.etree.ElementTree.fromstring(smidump("xml")).iter():
        oid = node.get("oid", "")
        if not oid.startswith(BASE + "."):
            continue
        kind = node.find("syntax/type")
        name = node.get("name")
        assert name not in found, name
        found[name] = (oid[len(BASE) + 1:],
                       "" if kind is None else kind.get("name"),
                       node.findtext("access", ""),
                       re.sub(r"[ \n]+", " ",
                              node.findtext("description", "")).strip())
    return found


def catalogue():
    """{number: (name, unit, meaning)}"""
    entries = [line.split(" ", 4) for line in
               read("collector/rules.d/catalogue").splitlines()
               if line[:1].isdigit()]
    return {int(number): (name, unit, meaning)
            for number, name, unit, _, meaning in entries}


def columns(table):
    text = read("agent/columns.c").partition(f" {table}[] = {{")[2]
    text = re.sub(r"/\*.*?\*/", "", text.partition("}")[0], flags=re.S)
    return [int(word) for word in text.split(",") if word.strip().isdigit()]


def camel(name):
    return "".join(word[0].upper() + word[1:]
                   for word in name.replace("_", ".").split("."))


def below(found, prefix):
    """{last arc: name} of the nodes right below an arc."""
    return {int(oid[len(prefix):]): name for name, (oid, *_) in found.items()
            if oid.startswith(prefix) and oid[len(prefix):].isdigit()}


def test_the_file_is_up_to_date():
    assert read(FILE) == mib.Module().text(), "run `make docs`"


def test_the_parsers_see_the_tables():
    assert len(catalogue()) > 200
    assert catalogue()[110][0] == "dkim.pass"
    assert all(len(columns(table)) > 30 for table in TABLES)
    assert nodes()["mtDkimPass"][0] == "1.1.110"


def test_every_counter_has_one_scalar():
    found = nodes()
    for arc, kind, numbers in (
            ("1.1.", "Counter64", set(catalogue()) - set(QUEUE)),
            ("1.2.", "Gauge32", set(catalogue()) & set(QUEUE))):
        scalars = below(found, arc)
        assert set(scalars) == numbers, set(scalars) ^ numbers
        for number, name in scalars.items():
            counter, unit, meaning = catalogue()[number]
            assert name == "mt" + camel(counter), (number, name)
            assert found[name][1:3] == (kind, "readonly"), found[name]
            # And then what to do about it.
            assert re.match(re.escape(f"{meaning}. Unit: {unit}s. ") + "[A-Z`]",
                            found[name][3]), (name, found[name][3])


def test_the_queues_are_the_gauges():
    assert {number for number, (name, *_) in catalogue().items()
            if name.startswith("queue.")} == set(catalogue()) & set(QUEUE)


def test_the_tables_have_the_columns_of_the_agent():
    found = nodes()
    for table, arc in TABLES.items():
        names = below(found, f"1.{arc}.1.")
        prefix = "mt" + camel(table)
        assert [names.pop(1), names.pop(2)] == [prefix + "Index",
                                                prefix + "Name"]
        assert sorted(names) == columns(table), table
        for number, name in names.items():
            counter = catalogue()[number][0]
            assert name == prefix + camel(counter), (number, name)
            assert found[name][1:3] == ("Counter64", "readonly"), name
            assert found[name][3] == (f"{counter} of this {table}: see "
                                      f"mt{camel(counter)}."), name


def test_what_descriptions_name_is_there():
    found = nodes()
    names = {name for name, *_ in catalogue().values()}
    groups = "|".join({name.partition(".")[0] for name in names})
    for name, (*_, description) in found.items():
        wrong = set(re.findall(r"\bmt[A-Z]\w*", description)) - \
            set(found)
        assert not wrong, (name, wrong)
        wrong = set(re.findall(rf"\b(?:{groups})\.[a-z_0-9]+",
                               description)) - names
        assert not wrong, (name, wrong)


def test_smilint_says_nothing():
    said = smilint(read(FILE))
    assert said == "", said


def test_smilint_would_find_faults():
    good = read(FILE)
    for fault, old, new in (
            ("object-identifier-not-prefix", "{ mtHealth 3 }", "{ mtHealth 2 }"),
            ("unknown type", "SYNTAX      MtShare", "SYNTAX      MtShares"),
            ("revision-missing", 'LAST-UPDATED "2026', 'LAST-UPDATED "2025'),
            ("group-membership", "mtLag, mtInputs,", "mtInputs,"),
            ("missing column", "    mtSourceDkimPass Counter64,\n", "")):
        assert good.count(old) > 0, fault
        assert smilint(good.replace(old, new, 1)) != "", fault


def test_net_snmp_reads_what_libsmi_reads():
    """All names and arcs; -Tp is what people look at."""
    wanted = {name: BASE + "." + oid for name, (oid, *_) in nodes().items()}
    output, errors = run("snmptranslate", "-m", "MAILTALLY-MIB", "-Tz")
    assert errors == "", errors
    read_by_it = {name: oid for name, oid in
                  re.findall(r'^"(\w+)"\s+"([0-9.]+)"$', output, re.M)
                  if oid.startswith(BASE + ".")}
    assert read_by_it == wanted, set(read_by_it.items()) ^ set(wanted.items())
    for option in "-Tp", "-Tl":
        output, errors = run("snmptranslate", "-m", "MAILTALLY-MIB", option)
        assert errors == "", errors
        missing = [name for name in wanted if f"{name}(" not in output]
        assert missing == [], (option, missing)
    output, errors = run("snmptranslate", "-m", "MAILTALLY-MIB", "-To")
    assert errors == "", errors
    assert {"." + oid for oid in wanted.values()} <= set(output.split())


def test_libsmi_draws_every_object():
    found, tree = nodes(), smidump("tree")
    missing = [name for name in found if f"{name}(" not in tree]
    assert missing == [], missing


def test_managers_can_pick_notifications_apart():
    """SNMPv1 has no Counter64: a trap with one would never arrive there."""
    found = nodes()
    carried = below(found, "1.11.")
    assert sorted(carried) == list(range(1, 9))
    for name in carried.values():
        assert found[name][1] not in ("Counter64", "CounterBasedGauge64"), name
        assert found[name][2] == "notifyonly", found[name]


def test_nothing_can_be_set():
    assert {access for _, _, access, _ in nodes().values()} <= {
        "", "readonly", "noaccess", "notifyonly"}


def test_the_file_is_made_for_terminals():
    text = read(FILE)
    assert text.isascii() and "\t" not in text
    wide = [line for line in text.splitlines() if len(line) > WIDTH]
    assert wide == [], wide


if __name__ == "__main__":
    sys.exit(checks.run(globals()))
