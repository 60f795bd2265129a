#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Counts the golden logs and compares with what was written down by hand.

A case is a folder with

    log       lines of a mail log, of 2026, in UTC
    log.2 …   optional: further files of the same scan
    truth     what must be counted: {"COUNTER": N, …, "source": {"SOURCE":
              {"COUNTER": N, …}, …}}; "host" and "domain" like "source".
              Written by hand, before the rules ran.  The counters at the top
              are the total row's.  What is not named is 0, if its kind of row
              is; of log.* only unmatched and malformed, unless named.
    expected  `mailtally explain --json log`, line by line, without line numbers
              of rules.  Written by --update; never by hand.
    rules.d   optional: own rules for this case
    conf      optional: configuration for this case

A case without truth is skipped.  Every counter of the catalogue must be reached
by one of the cases.
"""
import argparse
import difflib
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CATALOGUE = os.path.join(ROOT, "collector/rules.d/catalogue")
ROW_KINDS = ("source", "host", "domain")
STRICT_LOG = ("log.unmatched", "log.malformed")
DIFF_LINES = 12


class Failure(Exception):
    pass


def run(program, command, folder):
    args = [program, command, "--json", "--year", "2026"]
    if os.path.isdir(os.path.join(folder, "rules.d")):
        args += ["--rules", "rules.d"]
    if os.path.exists(os.path.join(folder, "conf")):
        args += ["-c", "conf"]
    logs = ["log"]
    while os.path.exists(os.path.join(folder, "log.%d" % (len(logs) + 1))):
        logs.append("log.%d" % (len(logs) + 1))
    done = subprocess.run(args + logs, cwd=folder, text=True,
                          env={**os.environ, "TZ": "UTC"},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          errors="surrogateescape")
    if done.returncode != 0:
        raise Failure("%s: exit status %d: %s" %
                      (command, done.returncode, done.stderr.strip()))
    return done.stdout


def differences(wanted, got, row):
    """Lines that say where two vectors differ."""
    names = {name for name in {**wanted, **got}
             if not name.startswith("log.")}
    for name in STRICT_LOG if row == "total" else ():
        names.add(name)
    names |= {name for name in wanted if name.startswith("log.")}
    return ["%s: %s is %d, should be %d" %
            (row, name, got.get(name, 0), wanted.get(name, 0))
            for name in sorted(names)
            if got.get(name, 0) != wanted.get(name, 0)]


def check_truth(folder, scanned):
    with open(os.path.join(folder, "truth"), encoding="utf-8") as file:
        truth = json.load(file)
    kinds = {kind: truth.pop(kind) for kind in ROW_KINDS if kind in truth}
    total = dict(scanned["total"])
    for name in ("unmatched", "malformed", "foreign"):
        total.setdefault("log." + name, scanned[name])
    wrong = differences(truth, total, "total")
    for kind, rows in kinds.items():
        for key in sorted({**rows, **scanned[kind]}):
            wrong += differences(rows.get(key, {}),
                                 scanned[kind].get(key, {}), key)
    if wrong:
        raise Failure("\n".join(wrong))


def stable(explained):
    """What `expected` keeps: rules move when their file is edited."""
    return re.sub(r'("rule":\s*"[^":]*):\d+"', r'\1"', explained)


def check_expected(folder, explained, is_update):
    path = os.path.join(folder, "expected")
    expected = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8",
                  errors="surrogateescape") as file:
            expected = file.read()
    if explained == expected:
        return
    if is_update:
        with open(path, "w", encoding="utf-8",
                  errors="surrogateescape") as file:
            file.write(explained)
        return
    diff = list(difflib.unified_diff(
        expected.splitlines(), explained.splitlines(), "expected",
        "explain", n=0, lineterm=""))[2:]
    more = len(diff) - DIFF_LINES
    raise Failure("\n".join(diff[:DIFF_LINES] +
                            (["… %d more lines" % more] if more > 0 else [])))


def check(program, folder, is_update):
    explained = stable(run(program, "explain", folder))
    wrong = []
    for test in (lambda: check_truth(
                     folder, json.loads(run(program, "scan", folder))),
                 lambda: check_expected(folder, explained, is_update)):
        try:
            test()
        except Failure as failure:
            wrong.append(str(failure))
    if wrong:
        raise Failure("\n".join(wrong))


def unreached_counters(folders):
    """Counters of the catalogue that no line says, and no total has."""
    with open(CATALOGUE, encoding="utf-8") as file:
        names = {line.split()[1] for line in file if line[:1].isdigit()}
    names = {name for name in names
             if not name.startswith(("log.", "queue."))}
    for folder in folders:
        path = os.path.join(folder, "expected")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8",
                  errors="surrogateescape") as file:
            for line in file:
                names -= set(json.loads(line)["counters"])
        with open(os.path.join(folder, "truth"), encoding="utf-8") as file:
            names -= set(json.load(file))
    return sorted(names)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true",
                        help="write the expected files anew")
    parser.add_argument("--program", default=os.path.join(
        ROOT, "build/release/bin/mailtally"))
    parser.add_argument("case", nargs="*", help="only these")
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    names = args.case or sorted(
        name for name in os.listdir(HERE)
        if os.path.exists(os.path.join(HERE, name, "log")))
    passed = failed = skipped = 0
    for name in names:
        folder = os.path.join(HERE, name)
        if not os.path.exists(os.path.join(folder, "truth")):
            skipped += 1
            print("skip %s: no truth" % name)
            continue
        try:
            check(program, folder, args.update)
            passed += 1
            print("ok   %s" % name)
        except Failure as failure:
            failed += 1
            print("FAIL %s\n     %s" %
                  (name, str(failure).replace("\n", "\n     ")))
    if not args.case:
        unreached = unreached_counters(
            [os.path.join(HERE, name) for name in names])
        if unreached:
            failed += 1
            print("FAIL no golden line reaches " + " ".join(unreached))
        else:
            passed += 1
            print("ok   every counter is reached")
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
