#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Writes tests/fuzz/corpus/mutate: golden messages, each for one carrier."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/golden"))
import planted  # noqa: E402


def main():
    golden = os.path.join(ROOT, "tests/golden")
    folder = os.path.join(ROOT, "tests/fuzz/corpus/mutate")
    os.makedirs(folder, exist_ok=True)
    carriers = len(planted.read_carriers())
    for case in sorted(os.listdir(golden)):
        path = os.path.join(golden, case, "log")
        if not os.path.exists(path):
            continue
        with open(path, encoding="latin-1", newline="") as file:
            lines = file.read().split("\n")[:-1]
        with open(os.path.join(folder, case), "w", encoding="latin-1",
                  newline="") as file:
            for i, line in enumerate(lines[::7]):
                closer = planted.CLOSERS[i % len(planted.CLOSERS)]
                number = (i * 37 + len(case) * 11) % carriers
                message = planted.message_of(line) or line
                file.write("%s\n%d %s%s\n" % (
                    line[:500], number, closer.replace("\n", ""),
                    message[:500]))


if __name__ == "__main__":
    main()
