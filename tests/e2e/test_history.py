# SPDX-License-Identifier: ISC
"""`mailtally history` and `mailtally graph` tell what the RRD files hold."""
import csv
import io
import json
import os
import random
import shutil
import subprocess
import xml.dom.minidom
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / os.environ.get("MODE", "release")
ENV = dict(os.environ, TZ="UTC", ASAN_OPTIONS="detect_leaks=0")
START = 1790000040 // 3600 * 3600
STEPS = 600

if not shutil.which("rrdtool"):
    pytest.skip("needs rrdtool", allow_module_level=True)


def run(*args, status=0):
    done = subprocess.run([BUILD / "bin/mailtally-rrd", *map(str, args)],
                          env=ENV, capture_output=True, check=False)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout if status == 0 else done.stderr.decode()


@pytest.fixture(name="store", scope="module")
def make_store(tmp_path_factory):
    """One file with two counters; {name: [count per minute]}."""
    folder = tmp_path_factory.mktemp("rrd")
    path = folder / "total/total/dkim.rrd"
    path.parent.mkdir(parents=True)
    subprocess.run(
        ["rrdtool", "create", path, "--step", "60", "--start",
         str(START - 120), "DS:pass:DERIVE:600:0:U", "DS:fail:DERIVE:600:0:U",
         "RRA:AVERAGE:0.5:1:2880", "RRA:AVERAGE:0.5:60:2400"], check=True)
    rnd = random.Random(1)
    counts = {name: [rnd.randrange(9) for _ in range(STEPS)]
              for name in ("dkim.pass", "dkim.fail")}
    sums, lines = [0, 0], [f"{START}:0:0"]
    for i, both in enumerate(zip(*counts.values())):
        sums = [a + b for a, b in zip(sums, both)]
        lines.append(f"{START + 60 * (i + 1)}:{sums[0]}:{sums[1]}")
    subprocess.run(["rrdtool", "update", path, *lines], check=True)
    return folder, counts


def history(store, *args):
    return run("history", "--rrd", store[0], "--from", START, "--to",
               START + STEPS * 60, *args)


def test_each_minute_is_told(store):
    rows = json.loads(history(store, "--json", "--step", "60", "dkim.pass",
                              "dkim.fail"))
    assert [row["time"] for row in rows] == [START + 60 * i
                                             for i in range(STEPS)]
    for name in ("dkim.pass", "dkim.fail"):
        assert [row[name] for row in rows] == store[1][name]


def test_hours_are_the_sums_of_their_minutes(store):
    text = history(store, "--csv", "--step", "1h", "dkim.pass").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    counts = store[1]["dkim.pass"]
    assert [int(row["dkim.pass"]) for row in rows] == [
        sum(counts[i:i + 60]) for i in range(0, STEPS, 60)]
    assert rows[0]["time"].endswith(":00:00Z")


def test_a_range_that_begins_within_a_step_takes_the_whole_step(store):
    rows = json.loads(run("history", "--rrd", store[0], "--json", "--step",
                          "1h", "--from", START + 1799, "--to",
                          START + STEPS * 60, "dkim.pass"))
    assert rows[0]["time"] == START
    assert rows[0]["dkim.pass"] == sum(store[1]["dkim.pass"][:60])


def test_the_table_ends_in_the_total(store):
    lines = history(store, "dkim.pass", "dkim.fail").decode().splitlines()
    assert lines[0].split() == ["dkim.pass", "dkim.fail"]
    assert lines[-1].split() == [
        "total", *(str(sum(c)) for c in store[1].values())]


def test_unknown_is_null_and_a_dash(store):
    later = START + STEPS * 60
    args = ("--rrd", store[0], "--from", later, "--to", later + 7200,
            "dkim.pass")
    rows = json.loads(run("history", "--json", *args))
    assert [row["dkim.pass"] for row in rows] == [None, None]
    assert run("history", *args).split()[-2:] == [b"total", b"-"]


@pytest.mark.parametrize("moment", [
    "2026-09-21T13:00:00Z", "2026-09-21T15:00:00+02:00", "2026-09-21 13:00",
    "1789995600",
])
def test_times_may_be_written_in_many_ways(store, moment):
    rows = json.loads(run("history", "--rrd", store[0], "--json", "--from",
                          moment, "--to", "1789999200", "dkim.pass"))
    assert [row["time"] for row in rows] == [1789995600]


def test_a_wrong_counter_lists_what_there_is(store):
    error = run("history", "--rrd", store[0], "dkim.foo", status=1)
    assert "dkim.pass" in error and "dkim.fail" in error
    error = run("history", "--rrd", store[0], "foo.bar", status=1)
    assert "dkim.*" in error


@pytest.mark.parametrize("args", [
    (), ("history",), ("history", "--json", "--csv", "dkim.pass"),
    ("history", "--from", "soon", "dkim.pass"), ("graph", "--range", "x", "a"),
    ("graph", "a", "b"), ("graph", "--no-such-option"),
    ("graph", "dkim", "--scope", "planet", "--key", "x", "--rrd", "/"),
    ("history", "dkim.pass", "--scope", "host", "--rrd", "/"),
    ("history", "--from", "now", "--to", "-1d", "dkim.pass"),
])
def test_wrong_usage_is_status_2(args):
    run(*args, status=2)


def test_help(store):
    assert b"usage:" in run("--help")
    for name in ("graph", "history"):
        assert b"--scope" in run(name, "--help")


def test_pictures(store, tmp_path):
    for suffix in ("png", "svg"):
        run("graph", "dkim", "--rrd", store[0], "--end", START + STEPS * 60,
            "-o", tmp_path / f"a.{suffix}")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    root = xml.dom.minidom.parse(str(tmp_path / "a.svg")).documentElement
    assert root.tagName == "svg"
    assert run("graph", "dkim", "--rrd", store[0], "-o",
               "-").startswith(b"\x89PNG")
    assert b"dkim\n" in run("graph", "--rrd", store[0])


def test_no_history_is_one_sentence(store, tmp_path):
    error = run("graph", "arc", "--rrd", store[0], "-o", tmp_path / "a.png",
                status=1)
    assert "no history of graph 'arc' for total" in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "a.png").exists()


def test_the_folder_comes_from_the_configuration(store, tmp_path):
    conf = tmp_path / "mailtally.conf"
    conf.write_text('input "/var/log/mail.log" { }\n'
                    f'rrd {{ dir = "{store[0]}" }}\n')
    rows = json.loads(run("history", "-c", conf, "--json", "--from", START,
                          "--to", START + 3600, "dkim.pass"))
    assert rows[0]["dkim.pass"] == sum(store[1]["dkim.pass"][:60])
    assert "no-such.conf" in run("history", "-c", tmp_path / "no-such.conf",
                                 "dkim.pass", status=1)
