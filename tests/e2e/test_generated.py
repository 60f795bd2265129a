# SPDX-License-Identifier: ISC
"""`mailtally scan` counts exactly what a generated log holds."""
import gzip
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / os.environ.get("MODE", "release")
ENV = dict(os.environ, TZ="UTC")
LINES = 20000


def load_bench():
    sys.path.append(str(ROOT / "tests" / "bench"))
    spec = importlib.util.spec_from_file_location(
        "bench", ROOT / "tests" / "bench" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


differences = load_bench().differences


def generate(folder, stamp, seed):
    log = folder / f"{stamp}-{seed}.log"
    truth = log.with_suffix(".json")
    subprocess.run(
        [BUILD / "tests/bench/generate", "--lines", str(LINES), "--seed",
         str(seed), "--format", stamp, "--out", log, "--truth", truth],
        check=True)
    return log, json.loads(truth.read_text())


def scan(*files, stdin=None):
    done = subprocess.run(
        [BUILD / "bin/mailtally", "scan", "--json", "--year", "2026", *files],
        stdin=stdin, stdout=subprocess.PIPE, check=True, env=ENV)
    return json.loads(done.stdout)


def add(one, other):
    """Rows of counters, or rows of rows, added up."""
    if not isinstance(one, dict):
        return one + other
    total = dict(one)
    for key, value in other.items():
        total[key] = add(one[key], value) if key in one else value
    return total


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("stamp", ["bsd", "iso", "mixed"])
def test_counts_are_the_truth(tmp_path, stamp, seed):
    log, truth = generate(tmp_path, stamp, seed)
    assert differences(truth, scan(log)) == []


def test_the_same_seed_writes_the_same_log(tmp_path):
    logs = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        logs.append(generate(folder, "bsd", 7)[0].read_bytes())
    assert logs[0] == logs[1]
    assert logs[0] != generate(tmp_path, "bsd", 8)[0].read_bytes()


def test_the_truth_knows_its_own_file(tmp_path):
    log, truth = generate(tmp_path, "mixed", 3)
    text = log.read_bytes()
    assert truth["total"]["log.lines"] == text.count(b"\n") == LINES
    assert truth["total"]["log.bytes"] == len(text)


def test_a_gzip_file_and_stdin_count_the_same(tmp_path):
    log, truth = generate(tmp_path, "bsd", 4)
    packed = tmp_path / "mail.log.2.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    plain = scan(log)
    assert differences(truth, plain) == []
    assert scan(packed) == plain
    with open(log, "rb") as stdin:
        assert scan("-", stdin=stdin) == plain


def test_two_files_count_their_sum(tmp_path):
    one, truth_one = generate(tmp_path, "bsd", 5)
    two, truth_two = generate(tmp_path, "iso", 6)
    assert differences(add(truth_one, truth_two), scan(one, two)) == []
