# SPDX-License-Identifier: ISC
"""The same comparison for other daemons: tests/e2e/lab's stacks B, C and D.

A few cases of each; all of them with MAILTALLY_FULL=1. MAILTALLY_LAB_B=DIR
(_C, _D) takes what an earlier run left
(python3 -m tests.e2e.lab --stack B --out DIR).
"""
import json
import os
import pathlib
import subprocess

import pytest

from tests.e2e.lab import summary

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MAILTALLY_BUILD",
                                    ROOT / "build" / "release"))
MAILTALLY = BUILD / "bin" / "mailtally"
FULL = ["--full"] if os.environ.get("MAILTALLY_FULL") == "1" else []
# What rspamd writes itself is read beside the mail log.
LOGS = {"B": ("mail.log",), "C": ("mail.log",),
        "D": ("mail.log", "rspamd.log")}
CANNOT = 77


def mailtally(*arguments):
    done = subprocess.run([MAILTALLY, *arguments], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(stack, out):
    """The folder that a run of the lab leaves."""
    earlier = os.environ.get("MAILTALLY_LAB_" + stack)
    if earlier:
        return pathlib.Path(earlier)
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "tests.e2e.lab", "--stack", stack,
         "--out", str(out), *FULL],
        cwd=ROOT, capture_output=True, text=True, timeout=600)
    if done.returncode == CANNOT:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return out


class Outcome:
    """What was caused, and what was counted."""

    def __init__(self, stack, folder):
        self.truth = json.loads((folder / "truth.json").read_text())
        self.logs = [folder / name for name in LOGS[stack]]
        self.counted = json.loads(mailtally("scan", "--json", *self.logs))
        summary.note(stack, self.truth, self.counted)


@pytest.fixture(scope="session", params=LOGS)
def outcome(request, tmp_path_factory):
    assert MAILTALLY.exists(), f"{MAILTALLY} is not built"
    return Outcome(request.param,
                   run(request.param, tmp_path_factory.mktemp("lab")))


def differences(wanted, got):
    """What differs, in words; empty if nothing does."""
    return [f"{name}: caused {number}, counted {got.get(name, 0)}"
            for name, number in wanted.items() if got.get(name, 0) != number]


def test_every_total_is_what_was_caused(outcome):
    assert not differences(outcome.truth["total"], outcome.counted["total"])


def test_every_source_row_is_what_was_caused(outcome):
    wrong = [f"{source} {text}"
             for source, counters in outcome.truth["source"].items()
             for text in differences(
                 counters, outcome.counted["source"].get(source, {}))]
    assert not wrong


def test_no_source_row_has_what_was_not_caused(outcome):
    wrong = [f"{source} {name}"
             for source, counters in outcome.counted["source"].items()
             for name in counters
             if name in outcome.truth["zero"]
             or name in outcome.truth["total"]
             and name not in outcome.truth["source"].get(source, {})]
    assert not wrong


def test_nothing_is_counted_that_was_not_caused(outcome):
    zero = dict.fromkeys(outcome.truth["zero"], 0)
    assert not differences(zero, outcome.counted["total"])


def test_every_line_is_known(outcome):
    assert mailtally("explain", "--unmatched", *outcome.logs) == ""
    assert [outcome.counted[name]
            for name in ("unmatched", "foreign", "malformed")] == [0, 0, 0]
