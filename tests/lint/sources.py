#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""sources - docs/sources.md is what docs/sources.py makes of the rule files;
what `needs` says can come true; each counter that a source can tell is counted
by a golden case of that source, and no other is.

Run by itself: for pytest it has the name of what it imports.
"""
import glob
import json
import os
import sys

import checks

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "docs"))
sys.dont_write_bytecode = True
import sources  # noqa: E402


def test_the_sheet_is_up_to_date():
    assert sources.read(sources.SHEET) == sources.sheet(), "run `make docs`"


def test_a_counter_that_needs_a_setting_has_a_rule():
    _, found = sources.load()
    wrong = [(source, name) for source, needs in found.needs.items()
             for name in needs if name not in found.counters[source]]
    assert wrong == [], wrong


def test_the_generator_sees_the_rules():
    _, found = sources.load()
    assert {"dkim.pass", "dkim.signatures", "adsp.fail"} <= \
        found.counters["opendkim"]
    assert {"spf.pass", "policy.reject"} <= found.counters["policyd-spf"]
    assert {"smtp.sent", "smtp.filter_hop", "smtpd.tls_trusted"} <= \
        found.counters["postfix"]
    assert "dkim.pass" in found.needs["opendkim"]


def counted_by_the_golden_cases():
    """{source: {counter}} of all lines of all cases."""
    counted = {}
    for path in glob.glob(os.path.join(ROOT, "tests/golden/*/expected")):
        for line in sources.read(path).splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # the scan behind them, over several lines
            if isinstance(entry, dict) and isinstance(entry.get("source"), str):
                counted.setdefault(entry["source"], set()).update(
                    entry["counters"])
    return counted


def test_each_counter_of_a_source_has_a_golden_case():
    _, found = sources.load()
    counted = counted_by_the_golden_cases()
    for source, counters in sorted(found.counters.items()):
        missing = sorted(counters - counted.get(source, set()))
        assert missing == [], (source, missing)


def test_what_the_golden_cases_count_is_in_the_sheet():
    _, found = sources.load()
    for source, counters in sorted(counted_by_the_golden_cases().items()):
        unseen = sorted(counters - found.counters.get(source, set()))
        assert unseen == [], (source, unseen)


if __name__ == "__main__":
    sys.exit(checks.run(globals()))
