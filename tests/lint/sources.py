#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""sources - docs/sources.md is what docs/sources.py makes of the rule files,
and what `needs` says can come true.

Run by itself, or by pytest.
"""
import os
import sys

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


def main():
    failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
        except AssertionError as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
