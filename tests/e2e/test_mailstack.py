# SPDX-License-Identifier: ISC
"""mailtally counts what real daemons write about mail whose truth is known.

tests/e2e/lab runs Postfix, OpenDKIM, OpenDMARC and the SPF services; what it
caused stands in truth.json. MAILTALLY_LAB=DIR takes the logs of an earlier
run (python3 -m tests.e2e.lab --out DIR) instead of a new one; MAILTALLY_FULL=1
has every case in every way.
"""
import json
import os
import pathlib
import re
import subprocess

import pytest

from tests.e2e.lab import summary

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MAILTALLY_BUILD",
                                    ROOT / "build" / "release"))
MAILTALLY = BUILD / "bin" / "mailtally"
FULL = ["--full"] if os.environ.get("MAILTALLY_FULL") == "1" else []
LOGS = ("mail.log", "mail-iso.log")
CANNOT = 77


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The folder that a run of the lab leaves."""
    assert MAILTALLY.exists(), f"{MAILTALLY} is not built"
    if "MAILTALLY_LAB" in os.environ:
        return pathlib.Path(os.environ["MAILTALLY_LAB"])
    out = tmp_path_factory.mktemp("lab")
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "tests.e2e.lab", "--out", str(out),
         *FULL], cwd=ROOT, capture_output=True, text=True, timeout=1200)
    if done.returncode == CANNOT:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def truth(lab):
    return json.loads((lab / "truth.json").read_text())


def mailtally(*arguments):
    done = subprocess.run([MAILTALLY, *arguments], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session", params=LOGS)
def log(lab, request):
    return lab / request.param


@pytest.fixture(scope="session")
def configuration(truth, tmp_path_factory):
    """What mailtally must be told of the lab's networks and domains."""
    path = tmp_path_factory.mktemp("conf") / "mailtally.conf"
    path.write_text('input "/var/log/mail.log" { }\n' + "".join(
        f"{name} = {{ " + ", ".join(f'"{word}"' for word in words) + " }\n"
        for name, words in truth["configuration"].items()))
    return path


@pytest.fixture(scope="session")
def counted(log, truth, configuration):
    got = json.loads(mailtally("scan", "-c", configuration, "--json", log))
    summary.note("A, " + log.name, truth, got)
    return got


def differences(wanted, got):
    """What differs, in words; empty if nothing does."""
    return [f"{name}: caused {number}, counted {got.get(name, 0)}"
            for name, number in wanted.items() if got.get(name, 0) != number]


def test_every_total_is_what_was_caused(truth, counted):
    assert not differences(truth["total"], counted["total"])


def test_every_source_row_is_what_was_caused(truth, counted):
    wrong = [f"{source} {text}"
             for source, counters in truth["source"].items()
             for text in differences(counters,
                                     counted["source"].get(source, {}))]
    assert not wrong


def test_nothing_is_counted_that_was_not_caused(truth, counted):
    assert not differences(dict.fromkeys(truth["zero"], 0), counted["total"])


def test_every_line_is_known(log, counted):
    assert mailtally("explain", "--unmatched", log) == ""
    assert [counted[name] for name in ("unmatched", "foreign", "malformed")
            ] == [0, 0, 0]


def test_every_line_is_read(log, counted):
    with open(log, "rb") as lines:
        assert counted["lines"] == sum(1 for _ in lines)


def test_the_hosts_share_the_total(counted):
    names = {name for counters in counted["host"].values()
             for name in counters}
    wrong = [name for name in names
             if sum(counters.get(name, 0)
                    for counters in counted["host"].values())
             != counted["total"].get(name, 0)]
    assert not wrong


def test_the_bytes_are_those_of_new_messages(log, counted):
    """The one thing that only the log knows: sizes, with all headers. A copy
    from a filter is not new, unless it is all that there is in the queue."""
    text = log.read_text(errors="replace")
    copies = set(re.findall(
        r"(\S+) postfix/smtpd\[\d+\]: (\w+): client=localhost\[127\.0\.0\.1\]"
        r"(?!, orig_client=)", text))
    sizes = {}
    for host, queue_id, size in re.findall(
            r"(\S+) postfix/qmgr\[\d+\]: (\w+): from=<.*>, size=(\d+), "
            r"nrcpt=\d+ \(queue active\)", text):
        if (host, queue_id) not in copies:
            sizes.setdefault((host, queue_id), int(size))
    assert counted["total"]["qmgr.bytes"] == sum(sizes.values())
    assert counted["total"]["qmgr.accepted"] == len(sizes)


def test_the_demo_log_counts_what_was_caused():
    demo = ROOT / "dist" / "demo"
    truth = json.loads((demo / "truth.json").read_text())
    counted = json.loads(mailtally("scan", "--json", demo / "mail.log"))
    assert mailtally("explain", "--unmatched", demo / "mail.log") == ""
    assert not differences(truth["total"], counted["total"])
